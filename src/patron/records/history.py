"""History in plain words: the ledger's rows as sentences, with the change that can be undone beside each."""

from __future__ import annotations

import base64
import datetime
import json
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.utils.translation import gettext as _

from patron.kernel.db import prepared
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.models import Change, Operation
from patron.records import registry, uploads
from patron.records.customs import definitions, own_rows
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType

PAGE = 30
_QUIET = {"archived_at", "created_at"}


@dataclass(slots=True)
class Entry:
    """One operation as it touched a record: who did what, when, the fields with old and new value, and whether it can be undone."""

    operation_id: uuid.UUID
    who: str
    what: str
    at: datetime.datetime
    reason: str
    changes: list[tuple[str, str, str]] = field(default_factory=list)
    undone: bool = False


@dataclass(slots=True)
class Page:
    entries: list[Entry]
    older: str


def of_record(record_type: RecordType, record: Any, view: View, *, before: str = "") -> Page:
    """A page of a record's history, newest first: a constant number of queries."""
    rows = Change.objects.filter(row_id=record.pk, table_name=record_type.table)
    if before:
        rows = rows.filter(seq__lt=_edge(before))
    found = list(rows.order_by("-at", "-seq")[: PAGE + 1])
    older = base64.urlsafe_b64encode(str(found[PAGE - 1].seq).encode()).decode() if len(found) > PAGE else ""
    return Page(entries(found[:PAGE], view), older)


def _edge(text: str) -> int:
    try:
        return int(base64.urlsafe_b64decode(text))
    except ValueError:
        raise Invalid(_("This page of the list no longer exists. Start from the first page.")) from None


def entries(changes: list[Change], view: View) -> list[Entry]:
    """The changes grouped by operation, with names for everything they point to."""
    operations, undone = _operations({c.operation_id for c in changes})
    names = names_of(changes, view)
    found: dict[uuid.UUID, Entry] = {}
    for change in changes:
        signed = operations.get(change.operation_id)
        if signed is None:
            continue
        entry = found.get(signed.pk)
        if entry is None:
            entry = found[signed.pk] = Entry(signed.pk, signed.actor_name, what(signed), change.at, signed.reason, undone=signed.pk in undone)
        if change.action == "U":
            entry.changes += field_changes(change, names, view)
        elif change.action == "D":
            entry.what = _("deleted this")
    return list(found.values())


_OPERATIONS = """
SELECT o.id, o.verb, o.actor_name, o.reason, o.undoes, o.details,
  EXISTS (SELECT FROM ledger_operation u WHERE u.workspace_id = o.workspace_id AND u.undoes = o.id)
FROM ledger_operation o WHERE o.workspace_id = %(workspace)s AND o.id = ANY(%(ids)s)
"""


def _operations(ids: set[uuid.UUID]) -> tuple[dict[uuid.UUID, Operation], set[uuid.UUID]]:
    """The operations by id, and those of them that were undone."""
    if not ids:
        return {}, set()
    rows = prepared.fetch(_OPERATIONS, {"workspace": current_workspace_id(), "ids": list(ids)})
    made = [
        (Operation(id=pk, verb=verb, actor_name=actor, reason=reason, undoes=undoes, details=json.loads(details) if isinstance(details, str) else details), gone)
        for pk, verb, actor, reason, undoes, details, gone in rows
    ]
    return {signed.pk: signed for signed, _gone in made}, {signed.pk for signed, gone in made if gone}


def what(signed: Operation) -> str:
    """The verb in the past, as a person says it."""
    key, _dot, name = signed.verb.partition(".")
    if signed.undoes:
        original = str(signed.details.get("verb", ""))
        return _("undid: %(what)s") % {"what": _label(*original.split(".", 1)) if "." in original else _("a change")}
    plain = {"create": _("created this"), "edit": _("changed this"), "import": _("imported this"), "load": _("added this with the demo data"), "bulk_edit": _("changed this with others")}
    return plain.get(name) or _label(key, name or key)


def _label(key: str, name: str) -> str:
    try:
        return registry.verb(key, name).past
    except registry.Unknown:
        return {"create": _("created"), "edit": _("changed"), "import": _("import"), "bulk_edit": _("bulk edit")}.get(name, name.replace("_", " "))


def type_of(table: str, row_id: uuid.UUID) -> RecordType | None:
    """The type of a row that the ledger names, also of one that is gone; None for a table without a type."""
    if table == own_rows.TABLE:
        return own_rows.type_of(row_id)
    return next((t for t in registry.all_types() if t.table == table), None)


def field_changes(change: Change, names: dict[str, str], view: View) -> list[tuple[str, str, str]]:
    """(label, old, new) of what a person may know: hidden fields say only that they changed."""
    record_type = type_of(change.table_name, change.row_id)
    if record_type is None:
        return []
    by_column = {f.column or f.path: f for f in (*record_type.fields.values(), *retired_fields(record_type.key))}
    shown = []
    for column, (old, new) in sorted(change.changes.items()):
        known = by_column.get(column)
        if known is None or column in _QUIET:
            continue
        if view.access.hides(record_type.key, known.name):
            shown.append((str(known.label), "•••", "•••"))
        elif known.structure and isinstance(old, dict) and isinstance(new, dict):
            shown += [(f"{known.label} › {n}", _plain(old.get(n)), _plain(new.get(n))) for n in sorted({*old, *new}) if old.get(n) != new.get(n)]
        elif known.kind == "file":
            shown.append((str(known.label), *_files(old, new, names)))
        else:
            shown.append((str(known.label), _text(known, old, names, view), _text(known, new, names, view)))
    return shown


def retired_fields(type_key: str) -> list[Field]:
    """Own fields that are on no screen any more: history goes on telling what they held."""
    return [d.field for d in definitions.current().retired.get(type_key, {}).values()]


class Deed(str):
    """What was done, in the place of a new value: of several in a row none replaces the one before."""

    __slots__ = ()


def _files(old: Any, new: Any, names: dict[str, str]) -> tuple[str, Deed]:
    """Files that came and went, in words."""
    before, after = list(old or []), list(new or [])
    said = [
        (_("added %(names)s"), [i for i in after if i not in before]),
        (_("removed %(names)s"), [i for i in before if i not in after]),
    ]
    return "", Deed(", ".join(words % {"names": ", ".join(names.get(i, _("a file")) for i in ids)} for words, ids in said if ids))


def _text(known: Field, value: Any, names: dict[str, str], view: View) -> str:
    """A value out of the ledger's JSON in the person's words."""
    if value in (None, "", []):
        return ""
    if known.is_relation:
        return names.get(str(value), _("a record you cannot see"))
    try:
        return kind_of(known.kind).text(_typed(known.kind, value), known, view)
    except (ValueError, ArithmeticError, TypeError):
        return str(value)


def _plain(value: Any) -> str:
    """A member of a structure."""
    return "" if value in (None, "", [], {}) else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _typed(kind: str, value: Any) -> Any:
    if kind in ("money", "number", "percent"):
        return Decimal(str(value))
    if kind == "date":
        return datetime.date.fromisoformat(value)
    return datetime.datetime.fromisoformat(value) if kind == "datetime" else value


def names_of(changes: list[Change], view: View) -> dict[str, str]:
    """Names of all records and files that the changes mention: one query per kind of record, two for files."""
    wanted: dict[Any, set[str]] = {}
    files: set[str] = set()
    own_rows.learn(c.row_id for c in changes if c.table_name == own_rows.TABLE)
    for change in changes:
        record_type = type_of(change.table_name, change.row_id)
        if record_type is None or change.action != "U":
            continue
        for known in (*record_type.fields.values(), *retired_fields(record_type.key)):
            column = known.column or known.path
            if known.kind == "file" and column in change.changes and not view.access.hides(record_type.key, known.name):
                files.update(i for ids in change.changes[column] for i in ids or ())
            if known.is_relation and known.model is not None and column in change.changes:
                wanted.setdefault(known.model, set()).update(v for v in change.changes[column] if v)
    found = uploads.keeper().names(files) if files else {}
    for model, ids in wanted.items():
        target = registry.find_model(model)
        rows = target.visible(view.access) if target else model.objects.all()
        found.update({str(pk): str(name) for pk, name in rows.filter(pk__in=ids).values_list("pk", target.title_path if target else "name")})
    return found


def label_of_table(table: str) -> str:
    """What a table's rows are called."""
    record_type = next((t for t in registry.all_types() if t.table == table and table != own_rows.TABLE), None)
    if record_type is not None:
        return str(record_type.plural)
    model = next((m for m in apps.get_models() if m._meta.db_table == table), None)
    return str(model._meta.verbose_name_plural) if model else table
