"""Webhooks as a record type: rights, history and verbs as everything else; their screens are in the settings."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.automation import addresses
from patron.automation.domain import secrets, subscriptions
from patron.automation.models import Webhook
from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records.fields import Field
from patron.records.record_type import RecordType, Section
from patron.records.registry import register


@register
class WebhookRecord(RecordType):
    """Settings: nobody but administrators sees or changes them."""

    key = "webhooks"
    model = Webhook
    label, plural, icon = _("Webhook"), _("Webhooks"), "webhook"
    description = _("Addresses that are told of changes, as they happen.")
    columns = ("name", "url", "events", "state", "member")
    filters = ("state",)
    sections = (Section(_("Webhook"), ("name", "url", "events")),)
    sort = "name"
    owners = ()
    keys = ("name",)
    protected = ("state", "member")
    tones: ClassVar[dict[str, dict[str, str]]] = {"state": {"active": "good", "paused": "note", "off": "none"}}
    searchable = False
    has_page = False
    importable = False
    duplicate_fields = ()

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        return super().restrict(queryset, access, action) if access.manages_settings else queryset.none()

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return access.manages_settings and super().allows(record, access, action)

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return super().editable_fields(access) if access.manages_settings else {}

    def defaults(self, access: Access) -> dict[str, Any]:
        return {"member": access.member_id}

    def clean(self, record: Webhook, *, access: Access, changed: set[str]) -> dict[str, str]:
        if not access.manages_settings:
            return {"": _now("Only administrators change the settings. Ask one of them.")}
        if record.member_id is None:
            return {"": _now("A webhook has the rights of a person.")}
        errors = {}
        if "url" in changed:
            try:
                addresses.check_url(record.url)
            except Invalid as error:
                errors["url"] = error.message
        record.events = subscriptions.cleaned(record.events or [])
        if "events" in changed and (problem := subscriptions.problem(record.events, access)):
            errors["events"] = problem
        return errors

    def saved(self, record: Webhook, *, access: Access, created: bool, changed: set[str]) -> None:
        if created:
            secrets.make(record.pk)
