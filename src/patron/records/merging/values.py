"""Which record's value wins, field by field (D19).

Without a choice: what somebody filled in beats what is empty or merely the default, the record that stays beats the others, and of these the
one that was changed last. Lists of words are united. Fields that belong together (an address, a name) come from one record as a whole: from the
one that has most of them. Where a type says that a value wins (`merge_wins`: do not call, do not e-mail …), it wins over every choice.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models.fields import NOT_PROVIDED
from django.utils.translation import gettext as _

from patron.records.record_type import RecordType
from patron.records.verbs import Refused

_BOOKKEEPING = {"id", "workspace", "revision", "created_at", "updated_at", "archived_at", "custom"}
Choices = Mapping[str, uuid.UUID]


@dataclass(frozen=True, slots=True)
class Result:
    """The value that a column ends with. `source` is the record it comes from, None where it is united; `forced`: no choice changes it."""

    name: str
    attname: str
    value: Any
    source: uuid.UUID | None
    forced: bool = False


def columns_of(record_type: RecordType) -> list[Any]:
    """The columns that a merge decides on; own fields are decided key by key (`custom_of`)."""
    return [f for f in record_type.model._meta.local_fields if f.name not in _BOOKKEEPING and not getattr(f, "generated", False)]


def results(record_type: RecordType, records: list[Any], choices: Choices) -> dict[str, Result]:
    """The resulting value of every column by name; `records` begins with the one that stays. Raises `Refused` for a choice that is none."""
    _known(record_type, records, choices)
    ordered = [records[0], *sorted(records[1:], key=lambda r: (r.updated_at, r.pk), reverse=True)]
    chosen = {name: next(r for r in records if r.pk == pk) for name, pk in choices.items()}
    groups = {name: group for group in record_type.merge_together for name in group}
    return {column.name: _result(record_type, column, groups, ordered, chosen) for column in columns_of(record_type)}


def _result(record_type: RecordType, column: Any, groups: Mapping[str, tuple[str, ...]], ordered: list[Any], chosen: Mapping[str, Any]) -> Result:
    name, group = column.name, groups.get(column.name, ())
    for other in group or (name,):
        if (winner := _forced(record_type, other, ordered)) is not None:
            return Result(name, column.attname, getattr(winner, column.attname), winner.pk, True)
    pick = next((chosen[n] for n in group if n in chosen), None) if group else chosen.get(name)
    if pick is None and isinstance(column, ArrayField):
        united = list(dict.fromkeys(word for r in ordered for word in getattr(r, column.attname) or ()))
        return Result(name, column.attname, united, None)
    if pick is None:
        pick = _fullest(record_type, group, ordered) if group else _first(record_type, column, ordered)
    return Result(name, column.attname, getattr(pick, column.attname), pick.pk)


def _forced(record_type: RecordType, name: str, ordered: list[Any]) -> Any:
    """The first record that has the value that wins, where the type names one and any has it."""
    if name not in record_type.merge_wins:
        return None
    return next((r for r in ordered if getattr(r, name) == record_type.merge_wins[name]), None)


def _first(record_type: RecordType, column: Any, ordered: list[Any]) -> Any:
    kept = column.name in record_type.protected  # a state moves by verbs: being the default one does not make it empty
    return next((r for r in ordered if filled(column, r, count_default=kept)), ordered[0])


def _fullest(record_type: RecordType, group: tuple[str, ...], ordered: list[Any]) -> Any:
    columns = [record_type.model._meta.get_field(n) for n in group]
    return max(ordered, key=lambda r: (sum(filled(c, r) for c in columns), r is ordered[0]))


def filled(column: Any, record: Any, *, count_default: bool = False) -> bool:
    """Whether somebody gave the record a value of its own."""
    value = getattr(record, column.attname)
    if value in (None, "", []):
        return False
    default = None if column.default is NOT_PROVIDED or callable(column.default) else column.default
    return count_default or default is None or value != default


def custom_of(records: list[Any], choices: Choices) -> dict[str, Any]:
    """Own values key by key: the chosen record's, else the first that has one; lists are united."""
    ordered = [records[0], *sorted(records[1:], key=lambda r: (r.updated_at, r.pk), reverse=True)]
    found: dict[str, Any] = {}
    for record in ordered:
        for key, value in record.custom.items():
            if isinstance(value, list) and isinstance(found.get(key), list):
                found[key] = found[key] + [v for v in value if v not in found[key]]
            elif found.get(key) in (None, "", []):
                found[key] = value
    for name, pk in choices.items():
        record = next(r for r in records if r.pk == pk)
        if name in found and name not in {f.name for f in record._meta.local_fields}:
            found[name] = record.custom.get(name)
    return {k: v for k, v in found.items() if v is not None}


def _known(record_type: RecordType, records: list[Any], choices: Choices) -> None:
    names = {*record_type.fields, *(c.name for c in columns_of(record_type)), *(k for r in records for k in getattr(r, "custom", {}))}
    ids = {r.pk for r in records}
    for name, pk in choices.items():
        if name not in names:
            raise Refused(_("There is no field “%(name)s” to choose a value for.") % {"name": name}, field="choices")
        if pk not in ids:
            raise Refused(_("The value for “%(name)s” must come from one of the records that are merged.") % {"name": name}, field="choices")
