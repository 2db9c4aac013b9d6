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

from patron.records.customs import definitions
from patron.records.merging.relations import own_links
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

_BOOKKEEPING = {"id", "workspace", "revision", "created_at", "updated_at", "archived_at", "custom", "own_text"}
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
    """The columns that a merge decides on; own fields are decided key by key (`own_results`)."""
    return [f for f in record_type.model._meta.local_fields if f.name not in _BOOKKEEPING and not getattr(f, "generated", False)]


def results(record_type: RecordType, records: list[Any], choices: Choices) -> dict[str, Result]:
    """The resulting value of every column by name; `records` begins with the one that stays. Raises `Refused` for a choice that is none."""
    _known(record_type, records, choices)
    ordered = in_order(records)
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


def own_results(record_type: RecordType, records: list[Any], choices: Choices) -> dict[str, Result]:
    """The resulting own value of every key that any of the records has: the chosen record's, else the first that has one; lists are united,
    but for fields that take one file: the files of the others stay on the record.

    Values of retired and deleted fields too: nobody chooses them, nobody loses them. A link between the merged records would lead to itself: it is none.
    """
    if not hasattr(records[0], "custom"):
        return {}
    ordered, gone = in_order(records), {str(r.pk) for r in records}
    inward = {f.own_key for f in own_links(record_type) if f.model is record_type.model}
    alone = {f.own_key for f in definitions.current().kept(record_type.key) if f.kind == "file" and not f.several}
    chosen = {name_of_key: next(r for r in records if r.pk == pk) for name, pk in choices.items() if (name_of_key := _own_key(record_type, name))}
    found = {}
    for key in dict.fromkeys(key for r in ordered for key in r.custom):
        has = [r for r in ordered if r.custom.get(key) not in (None, "", []) and not (key in inward and r.custom[key] in gone)]
        pick = chosen.get(key) or next(iter(has), ordered[0])
        value, source = (pick.custom[key] if pick in has else None), pick.pk
        if key not in chosen and key not in alone and has and all(isinstance(r.custom[key], list) for r in has):
            value, source = list(dict.fromkeys(word for r in has for word in r.custom[key])), None
        found[key] = Result(key, key, value, source)
    return found


def in_order(records: list[Any]) -> list[Any]:
    """The record that stays, then the others, changed last first."""
    return [records[0], *sorted(records[1:], key=lambda r: (r.updated_at, r.pk), reverse=True)]


def _own_key(record_type: RecordType, name: str) -> str:
    field = record_type.fields.get(name)
    return field.own_key if field is not None and field.is_custom else ""


def _known(record_type: RecordType, records: list[Any], choices: Choices) -> None:
    names = {*(n for n, f in record_type.fields.items() if not f.is_custom or f.own_key), *(c.name for c in columns_of(record_type))}
    ids = {r.pk for r in records}
    for name, pk in choices.items():
        if name not in names:
            raise Refused(_("There is no field “%(name)s” to choose a value for.") % {"name": name}, field="choices")
        if pk not in ids:
            raise Refused(_("The value for “%(name)s” must come from one of the records that are merged.") % {"name": name}, field="choices")
