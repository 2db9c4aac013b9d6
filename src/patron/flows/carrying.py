"""What of a lead goes along into the records that it becomes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.verbs import Refused
from patron.sales.models import Lead

#: Lead field -> field of the new record.
ACCOUNT = {
    "website": "website",
    "street": "street",
    "postcode": "postcode",
    "city": "city",
    "country": "country",
    "employees": "employees",
    "industry_id": "industry",
}
CONTACT = {
    "first_name": "first_name",
    "last_name": "last_name",
    "title": "title",
    "email": "email",
    "phone": "phone",
    "city": "city",
    "country": "country",
}


def for_account(lead: Lead) -> dict[str, Any]:
    """Values of the account; the reachability of a lead without a person is the company's own."""
    values = _filled(lead, ACCOUNT)
    if not lead.person:
        values |= _filled(lead, {"email": "email", "phone": "phone", "description": "description"})
    return values


def for_contact(lead: Lead) -> dict[str, Any]:
    return _filled(lead, CONTACT)


def for_deal(lead: Lead) -> dict[str, Any]:
    """Values of the deal: where it came from, and what is known of need, budget, authority and timeline as its description."""
    values = _filled(lead, {"source_id": "source", "campaign": "campaign", "currency": "currency", "budget": "amount"})
    notes = [(_("Need"), lead.need), (_("Authority"), lead.authority), (_("Timeline"), lead.timeline)]
    text = "\n\n".join([*filter(None, [lead.description]), *(f"{label}: {words}" for label, words in notes if words)])
    return {**values, **({"description": text} if text else {})}


def _filled(lead: Lead, names: dict[str, str]) -> dict[str, Any]:
    return {there: getattr(lead, here) for here, there in names.items() if getattr(lead, here) not in (None, "")}


def make(type_key: str, values: dict[str, Any], lead: Lead, *, access: Access) -> Any:
    """Make a record with the lead's owner, tags and own fields. `Refused` where the person may not, or the values do not do."""
    record_type = registry.get(type_key)
    if not access.can(type_key, "create"):
        raise Refused(_("Your role does not allow to make %(plural)s.") % {"plural": str(record_type.plural).lower()}, field=_input(type_key))
    try:
        record = changes.create(record_type, {"owner": lead.owner_id, "tags": list(lead.tags), **values}, access=access)
    except changes.NotValid as error:
        raise Refused(" ".join(error.errors.values()), field=_input(type_key)) from error
    if lead.custom:
        record_type.model.objects.filter(pk=record.pk).update(custom={**lead.custom, **record.custom})
        record.refresh_from_db()
    return record


def enrich(record: Any, values: dict[str, Any], lead: Lead, *, access: Access) -> None:
    """Fill what an existing record leaves empty, and add the lead's tags and own fields. What it says already stays.

    Does nothing where the person may see the record but not change it.
    """
    record_type = registry.of_model(type(record))
    if not record_type.allows(record, access, "edit"):
        return
    editable = record_type.editable_fields(access)
    missing = {n: v for n, v in values.items() if n in editable and editable[n].get(record) in (None, "")}
    tags = list(dict.fromkeys([*record.tags, *lead.tags]))
    try:
        changes.edit(record_type, record, {**missing, **({"tags": tags} if "tags" in editable else {})}, access=access)
    except changes.NotValid as error:
        raise Refused(" ".join(error.errors.values()), field=_input(record_type.key)) from error
    custom = {**lead.custom, **record.custom}
    if custom != record.custom:
        record_type.model.objects.filter(pk=record.pk).update(custom=custom)


def seen(record: Any, access: Access) -> Any:
    """The record, if the person may see it; `Refused` otherwise."""
    record_type = registry.of_model(type(record))
    if not record_type.model.objects.visible_to(access).filter(pk=record.pk).exists():
        raise Refused(_("Choose one from the list."), field=_input(record_type.key))
    return record


def _input(type_key: str) -> str:
    return type_key.removesuffix("s")


def present(records: Iterable[Any]) -> list[Any]:
    return [record for record in records if record is not None]
