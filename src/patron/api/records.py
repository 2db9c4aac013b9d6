"""Proposals of tools and applications as record types: list, page, history and verbs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.api.domain import oauth
from patron.api.enums import ProposalState
from patron.api.models import Application, Proposal
from patron.identity.access import Access
from patron.records.fields import Field
from patron.records.personal import PersonalType
from patron.records.record_type import RecordType, Section
from patron.records.registry import register


@register
class ProposalRecord(PersonalType):
    """What a tool wants to do. One's own are those asked on one's behalf; administrators reach all."""

    key = "proposals"
    model = Proposal
    label, plural, icon = _("Proposal"), _("Proposals"), "bot"
    description = _("Changes that tools ask for; a person approves or declines each.")
    title = "title"
    columns = ("title", "client", "member", "state", "created_at", "expires_at")
    filters = ("state", "member", "client", "type_key")
    facts = ("state", "client", "member", "reason", "created_at", "expires_at", "decided_by", "decided_at", "answer")
    internal = ("credential", "inputs", "record_id")
    protected = ("title", "type_key", "verb", "seen_revision", "reason", "member", "client", "state", "expires_at", "decided_by", "decided_at", "answer")
    badge_of = ("state",)
    tones: ClassVar[dict[str, dict[str, str]]] = {"state": {"open": "note", "approved": "good", "declined": "none"}}

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return {}

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(ProposalState(record.state).label), self.tones["state"][record.state]


@register
class ApplicationRecord(RecordType):
    """A program that people may grant access by OAuth 2; registered by administrators."""

    key = "applications"
    model = Application
    label, plural, icon = _("Application"), _("Applications"), "plug"
    description = _("Programs that people may grant access to their data here, by OAuth 2.")
    columns = ("name", "redirect_uris", "created_at", "disabled_at")
    sections = (Section(_("Application"), ("name", "redirect_uris")),)
    facts = ("name", "redirect_uris", "created_at", "disabled_at")
    sort = "name"
    owners = ()
    keys = ("name",)
    protected = ("disabled_at",)
    searchable = False
    importable = False
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        return super().restrict(queryset, access, action) if action == "view" or access.manages_settings else queryset.none()

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return super().allows(record, access, action) and (action == "view" or access.manages_settings)

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return super().editable_fields(access) if access.manages_settings else {}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if not access.manages_settings:
            return {"": _now("Only administrators register applications.")}
        problems = [p for uri in record.redirect_uris.split() if (p := oauth.uri_problem(uri))]
        return {"redirect_uris": problems[0]} if problems else {}
