"""The warning while someone types: records that share an e-mail address, telephone, domain, or nearly a name."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import gettext as _

from patron.kernel import parsing
from patron.kernel.parsing import Invalid
from patron.records import palette, search
from patron.records.imports import database
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType

Apart = Callable[[RecordType, uuid.UUID], set[uuid.UUID]]
_apart: list[Apart] = []
LIKE = 0.72  # word similarity from which two names are worth a look
MOST, FEW = 5, 20


def told_apart(provider: Apart) -> Apart:
    """Register who knows which records a record was told apart from: the warning leaves these out."""
    _apart.append(provider)
    return provider


def rules(record_type: RecordType) -> tuple[str, ...]:
    """The fields of a type by which a duplicate shows; none where the type has no search."""
    return tuple(n for n in record_type.duplicate_fields if n in record_type.fields)


def while_typing(record_type: RecordType, data: Mapping[str, Any], view: View) -> list[dict[str, str]]:
    """Up to five likely duplicates among what the person may see, each with the reason. Half-typed values are ignored, not refused; so are fields that their role hides.

    `_record` in the data is the id of the record that is being edited: it is no duplicate of itself, nor of those it was told apart from.
    """
    hidden = _not_meant(record_type, str(data.get("_record", "")))
    reasons: dict[uuid.UUID, str] = {}
    for name in rules(record_type):
        if (text := str(data.get(name, "")).strip()) and not view.access.hides(record_type.key, name):
            for pk, reason in _by_field(record_type, name, text, view):
                reasons.setdefault(pk, reason)
    if not reasons:
        return []
    rows = record_type.live(view.access).filter(pk__in=[pk for pk in reasons if pk not in hidden][:FEW])
    found = {pk: str(title) for pk, title in rows.values_list("pk", record_type.title_path)}
    return [{"label": found[pk], "url": view.href(record_type.key, pk), "reason": reasons[pk]} for pk in reasons if pk in found][:MOST]


def _not_meant(record_type: RecordType, text: str) -> set[uuid.UUID]:
    try:
        own = uuid.UUID(text)
    except ValueError:
        return set()
    return {own} | not_the_same(record_type, own)


def not_the_same(record_type: RecordType, record_id: uuid.UUID) -> set[uuid.UUID]:
    """The records, of whatever type, of which somebody said that they are not this one."""
    return set[uuid.UUID]().union(*(provider(record_type, record_id) for provider in _apart))


def same(model: Any, column: str, text: str) -> list[uuid.UUID]:
    """Ids of the rows whose column is the text but for case, found as an index has it where one does; none for no text. Knows no rights."""
    known = database.columns(model)
    if not text or column not in known:
        return list(model.objects.filter(**{f"{column}__iexact": text}).values_list("pk", flat=True)[:FEW]) if text else []
    return [pk for pk, _word in database.match(model, column, [database.normaliser(known[column])(text)])]


def _by_field(record_type: RecordType, name: str, text: str, view: View) -> list[tuple[uuid.UUID, str]]:
    field = record_type.fields[name]
    if field.kind in ("email", "phone", "url"):
        try:
            value = kind_of(field.kind).parse(text, field, view.parsing())
        except Invalid:
            return []
        by_domain = field.kind == "url" and "domain" in record_type.fields and not view.access.hides(record_type.key, "domain")
        column, text = ("domain", parsing.domain_of(value)) if by_domain else (name, str(value))
        return [(pk, _("same %(field)s") % {"field": str(field.label).lower()}) for pk in same(record_type.model, column, text)[:FEW]]
    if len(text) < 3 or not palette.may_near(record_type, view):
        return []
    return [(pk, _("similar name")) for pk, _likeness in search.near(record_type.model, text, MOST, LIKE)]
