"""Who sees what, and why: for administrators about anybody, for everybody about themselves."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patron.identity.access import Access
from patron.identity.domain import people
from patron.identity.middleware import access_of
from patron.identity.models import Membership
from patron.records import registry
from patron.records.record_type import RecordType
from patron.records.views.base import href
from patron.setup.domain import rights
from patron.setup.views.base import administrators, everyone, page


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Choose a person, a type and, if wanted, one record."""
    person = Membership.objects.select_related("role").filter(pk=_uuid(request.GET.get("person", ""))).first() if request.GET.get("person") else None
    return _answer(request, person, mine=False)


@require_safe
@everyone
def mine(request: HttpRequest) -> HttpResponse:
    """The same about oneself."""
    return _answer(request, Membership.objects.select_related("role").filter(pk=access_of(request).member_id).first(), mine=True)


def _answer(request: HttpRequest, person: Membership | None, *, mine: bool) -> HttpResponse:
    reader, text = access_of(request), request.GET.get("record", "").strip()
    of_address, record_id = rights.named(text)
    types = sorted((t for t in registry.all_types() if t.has_page or t.nav), key=lambda t: (not t.nav, t.nav_order))
    record_type = of_address or registry.find(request.GET.get("type", "")) or (types[0] if types else None)
    shown: dict[str, Any] = {}
    if person is not None and record_type is not None:
        access = people.access_of(person, reader)
        record, problem = _record(record_type, record_id, text, reader)
        shown = {
            "answers": rights.answers(access, record_type, record), "record": record, "problem": problem, "team": rights.colleagues(person), "rules": rights.rules(access, record_type),
            "role_url": href(reader, "settings", "roles", person.role_id) if reader.manages_settings else "", "people_url": href(reader, "people"),
        }  # fmt: skip
    choices = [] if mine else [(str(pk), name) for pk, name in Membership.objects.filter(archived_at__isnull=True).order_by("name").values_list("pk", "name")]
    context = {"whom": person, "choices": choices, "types": [(t.key, t.plural) for t in types], "record_type": record_type, "text": text, "mine": mine, **shown}
    return page(request, "setup/rights.html", context)


def _record(record_type: RecordType, record_id: uuid.UUID | None, text: str, reader: Access) -> tuple[Any, str]:
    """The record, as far as the reader may know of it: for others it looks like one that does not exist."""
    if not text:
        return None, ""
    if record_id is None:
        return None, _("Paste the address of the record, as it stands in the browser.")
    found = record_type.visible(reader).filter(pk=record_id).first()
    return found, "" if found else _("There is no such record, or it is not among those that you may see.")


def _uuid(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None
