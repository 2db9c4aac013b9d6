"""Own fields in imports: their values go through the staging table like columns, in the form in which the records keep them, and end in one object."""

from __future__ import annotations

import copy
import json
import uuid
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.kernel.text import fold
from patron.records import changes, registry, uploads
from patron.records.custom_models import CustomField
from patron.records.customs import rules
from patron.records.customs.definitions import Definition, current
from patron.records.customs.values import SHAPES, stored
from patron.records.fields import Field
from patron.records.imports.cells import Problem

if TYPE_CHECKING:
    from patron.records.imports.binding import Bound
    from patron.records.imports.existing import Draft
    from patron.records.record_type import RecordType

_EMPTY: tuple[Any, ...] = (None, "", [], False)
_MARK = "custom__"


def is_own(path: str) -> bool:
    """Whether a path is that of an own value."""
    return path.startswith(_MARK)


def key_of(path: str) -> str:
    """The key of an own value: `custom__number_size` -> `size`."""
    return path.removeprefix(_MARK).partition("_")[2]


def plain(values: dict[str, Any] | None, paths: Iterable[str]) -> dict[str, Any] | None:
    """The values with own ones as the records keep them."""
    return values and {**values, **{path: stored(values[path]) for path in paths if path in values}}


def object_of(paths: Iterable[str]) -> str:
    """SQL of the object that a staged row's own values make; those that the row does not set are not in it, those that it clears are null."""
    parts = (f"CASE WHEN r.values ? '{p}' THEN jsonb_build_object('{key_of(p)}', r.values -> '{p}') ELSE '{{}}' END" for p in paths if is_own(p))
    return " || ".join(parts)


def constant(fixed: Mapping[str, Any]) -> str:
    """The own values that all new rows share, as JSON."""
    return json.dumps({key_of(path): found for path, value in fixed.items() if is_own(path) and (found := stored(value)) is not None})


def defaults(record_type: RecordType) -> dict[str, Any]:
    """Path -> what every new record starts with. Fields that only some records have are looked at row by row (`Rules`)."""
    added = current().of(record_type.key)
    return {added[n].field.path: value for n, value in rules.defaults(record_type).items() if not _some(added[n])}


def _some(definition: Definition) -> bool:
    """Whether only some records have the field."""
    return bool(definition.visible_if or definition.field_set_id)


def varying(record_type: RecordType) -> set[str]:
    """Paths of fields with a default that only some new records get."""
    added = current().of(record_type.key)
    return {added[n].field.path for n in rules.defaults(record_type) if _some(added[n])}


def by_row(field: Field, record_type: RecordType) -> bool:
    """Whether it takes a look at the row to say if the field must be filled."""
    found = current().of(record_type.key).get(field.name)
    return found is not None and _some(found)


def once(record_type: RecordType, paths: Iterable[str]) -> list[Field]:
    """Own fields among the paths whose values no two records share."""
    wanted = set(paths)
    return [d.field for d in current().of(record_type.key).values() if d.unique and d.field.path in wanted]


def word(field: Field, value: Any) -> str:
    """An own value in the form in which two are compared."""
    return fold(str(value)) if SHAPES[field.kind] == "text" else str(stored(value))


def holders(record_type: RecordType, field: Field, values: Iterable[Any]) -> list[tuple[uuid.UUID, str]]:
    """(id, word) of the records that have one of the values, whoever may see them."""
    wanted = list(values)
    text = SHAPES[field.kind] == "text"
    rows = record_type.model.objects.filter(**{f"{field.path}__folded__in": [word(field, v) for v in wanted]} if text else {f"{field.path}__in": wanted})
    return [(pk, word(field, value)) for pk, value in rows.order_by().values_list("pk", field.path)]


class Rules:
    """What own fields demand of each row: shown, locked, asked for. Loads the records that a chunk changes, and their field sets, all at once."""

    def __init__(self, bound: Bound) -> None:
        self.bound, self.type = bound, bound.type
        self.added = {n: d for n, d in current().of(self.type.key).items() if not d.formula}
        self.starts = rules.defaults(self.type)
        self.files = {n: extra for n, extra in bound.filed.items() if n in self.added}
        self.needed = bool(self.files) or any(_some(d) or d.readonly_if or (d.field.required and d.field.kind == "file") for d in self.added.values())
        self.looked_at = ("new", "change", "same") if self.files else ("new", "change")
        self.headings = {c.path: c.heading for c in bound.columns} | {self.added[n].field.path: e.column.column or "" for n, e in self.files.items()}

    def check(self, drafts: list[Draft]) -> None:
        """Give drafts their problems, and new ones the defaults of fields that only some records have."""
        live = [d for d in drafts if d.action in self.looked_at] if self.needed else []
        if not live:
            return
        ids = [d.target for d in live if d.action != "new"]
        known = {r.pk: r for r in self.type.model.objects.filter(pk__in=ids)} if ids else {}
        was = [known.get(d.target) if d.action != "new" else None for d in live]
        records = [self._record(d, old) for d, old in zip(live, was, strict=True)]
        for draft, record, old, sets in zip(live, records, was, rules.sets_of(self.type, records), strict=True):
            self._judge(draft, record, old, sets)

    def _record(self, draft: Draft, old: Any) -> Any:
        """The record as the row would leave it."""
        record = copy.copy(old) if old is not None else self.type.model(pk=uuid.UUID(str(draft.target)))
        columns = {f.attname for f in self.type.model._meta.local_fields}
        given = draft.values if old is not None else {**self.bound.defaults, **draft.values}
        for path, value in given.items():
            if path in columns:
                setattr(record, path, value)
        for definition in self.added.values():
            if definition.field.path in given:
                definition.field.put(record, given[definition.field.path])
        for name, extra in self.files.items():
            if pieces := extra.pieces(draft.cells):
                self.added[name].field.put(record, pieces)
        return record

    def _judge(self, draft: Draft, record: Any, old: Any, sets: set[uuid.UUID]) -> None:
        here = rules.shown(self.type, record, sets=sets)
        locked = rules.locked(self.type, old) if old is not None else set()
        for name, definition in self.added.items():
            if definition.field.kind == "file":
                self._file(draft, definition, name in here, name in locked, new=old is None)
                continue
            field, value = definition.field, draft.values.get(definition.field.path)
            if old is None and name in here and value in _EMPTY and name in self.starts and _some(definition):
                draft.values[field.path] = value = self.starts[name]
            told = {"label": field.label}
            if value not in _EMPTY and name not in here:
                self._say(draft, field, _("This record has no “%(label)s”.") % told)
            elif name in locked and field.path in draft.values:
                self._say(draft, field, _("“%(label)s” is locked.") % told)
            elif old is None and name in here and field.required and _some(definition) and value in _EMPTY and field.kind != "checkbox":
                self._say(draft, field, _("Enter a value for “%(label)s”.") % told)

    def _file(self, draft: Draft, definition: Definition, here: bool, locked: bool, *, new: bool) -> None:
        """The same for a field of files: an empty cell leaves what is there."""
        field, extra = definition.field, self.files.get(definition.field.name)
        pieces, told = extra.pieces(draft.cells) if extra else [], {"label": field.label}
        if pieces and not here:
            self._say(draft, field, _("This record has no “%(label)s”.") % told)
        elif pieces and locked:
            self._say(draft, field, _("“%(label)s” is locked.") % told)
        elif len(pieces) > (uploads.MOST if field.several else 1):
            self._say(draft, field, _("There is room for one file in “%(label)s”.") % told if not field.several else _("There are too many files for “%(label)s”.") % told)
        elif new and here and field.required and not pieces:
            self._say(draft, field, _("Enter a value for “%(label)s”.") % told)

    def _say(self, draft: Draft, field: Field, message: str) -> None:
        draft.problems.append(Problem(self.headings.get(field.path, ""), message))


# --- choices that a file brings ---------------------------------------------------------------------------------------


def grows(field: Field, access: Access) -> bool:
    """Whether the person may add to the field's list of choices."""
    return field.is_custom and field.kind in ("choice", "multi_choice") and access.manages_settings


def add_choices(import_id: uuid.UUID, bound: Bound) -> None:
    """Put the choices that the staged rows bring and the plan asked for on their lists; part of the import's operation."""
    for cell in bound.columns:
        if cell.grows:
            missing = sorted(_values(import_id, cell.field) - {value for value, _label in cell.field.choices})
            record = CustomField.objects.get(type_key=bound.type.key, key=cell.field.own_key)
            if missing:
                choices = [*record.choices, *({"value": v, "label": v} for v in missing)]
                changes.edit(registry.get("custom-fields"), record, {"choices": choices}, access=bound.access)


def _values(import_id: uuid.UUID, field: Field) -> set[str]:
    inner = f"r.values ->> '{field.path}'" if field.kind == "choice" else f"jsonb_array_elements_text(nullif(r.values -> '{field.path}', 'null'))"
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT DISTINCT {inner} FROM records_importrow r WHERE r.workspace_id = %s AND r.import_id = %s AND r.part = 0 AND r.action IN ('new', 'change')",
            [current_workspace_id(), import_id],
        )
        return {value for (value,) in cursor.fetchall() if value}
