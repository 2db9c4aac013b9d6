"""Records beside each other, field by field, in the person's words: for the merge page and the queue of duplicates."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from patron.records import lookup, uploads
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType


@dataclass(frozen=True, slots=True)
class Side:
    """One record: its name, address and when it was made and changed last."""

    id: uuid.UUID
    title: str
    url: str
    created_at: Any
    updated_at: Any


@dataclass(slots=True)
class Line:
    """One field: the value of each record as text ("" for none), and whether they differ."""

    name: str
    label: str
    texts: list[str] = field(default_factory=list)
    differs: bool = False


def compare(record_type: RecordType, records: list[Any], names: Iterable[str], view: View) -> tuple[list[Side], list[Line]]:
    """Heads and lines; fields that none of the records has a value in are left out, and formulas. One query per kind of record that is pointed to."""
    visible = record_type.visible_fields(view.access)
    fields = [f for f in (visible[n] for n in names if n in visible) if f.kind != "json" and (f.own_key or not f.is_custom)]
    titles = _titles(fields, records, view)
    sides = [Side(r.pk, str(getattr(r, record_type.title, "") or r), view.href(record_type.key, r.pk), r.created_at, r.updated_at) for r in records]
    lines = []
    for item in fields:
        texts = [text_of(item, r, view, titles) for r in records]
        if any(texts):
            lines.append(Line(item.name, str(item.label), texts, len(set(texts)) > 1))
    return sides, lines


def text_of(item: Field, record: Any, view: View, titles: dict[Any, Any]) -> str:
    """A value of a loaded record as plain text."""
    value = _value(item, record)
    if value in (None, "", []) or (item.is_custom and value is False):
        return ""
    if item.is_relation:
        return titles.get(value, "•••")
    if item.kind == "file":
        return ", ".join(titles[i].name for i in value if i in titles)
    if item.kind == "money":
        currency = getattr(record, item.currency, "") if item.currency else ""
        return str(view.fmt.money(value, currency or view.access.workspace.currency))
    return kind_of(item.kind).text(value, item, view)


def _value(item: Field, record: Any) -> Any:
    return item.get(record) if item.is_custom else getattr(record, item.path, None)


def _titles(fields: list[Field], records: list[Any], view: View) -> dict[Any, Any]:
    """Names of what the records point to, as far as the person may see it, and what there is to say of their files."""
    from patron.records import registry

    wanted: dict[Any, set[Any]] = {}
    for item in fields:
        if item.is_relation and item.model is not None:
            wanted.setdefault(item.model, set()).update(v for r in records if (v := _value(item, r)))
    found: dict[Any, Any] = {}
    files = [i for item in fields if item.kind == "file" for r in records for i in item.get(r)]
    if files:
        found.update(uploads.keeper().told(files, view.access))
    for model, ids in wanted.items():
        target = registry.find_model(model)
        if target is not None and target.key != "people":
            found.update({pk: title for (_key, pk), title in lookup.titles({target.key: ids}, view).items()})
        else:
            found.update({pk: str(name) for pk, name in model.objects.filter(pk__in=ids).values_list("pk", "name")})
    return found
