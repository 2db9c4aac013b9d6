"""What a merge or an unmerge would do, told before it is done: every resulting value, every relation that moves, everything that stays."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.ledger.tolerant import Left
from patron.records import history, registry
from patron.records.customs import definitions
from patron.records.kinds import View
from patron.records.merging import parting, values
from patron.records.merging.relations import own_fields_to, own_rows, relations_to
from patron.records.merging.side_by_side import Side, compare
from patron.records.record_type import RecordType


@dataclass(slots=True)
class Choice:
    """One field of the merge page: the records' texts, whose value wins ("" for all of them together), and whether the person may choose."""

    name: str
    label: str
    texts: list[str]
    differs: bool
    source: str = ""
    result: str = ""
    open: bool = False
    united: bool = False
    together: str = ""
    why: str = ""


@dataclass(slots=True)
class Preview:
    sides: list[Side]
    lines: list[Choice] = field(default_factory=list)
    moves: list[tuple[str, int]] = field(default_factory=list)


def of_merge(record_type: RecordType, records: list[Any], choices: Mapping[str, uuid.UUID], view: View) -> Preview:
    """Every field that the person may see and any of the records has a value in, and how many rows of each kind move. Raises `Refused`."""
    decided, own = values.results(record_type, records, choices), values.own_results(record_type, records, choices)
    visible = record_type.visible_fields(view.access)
    names = [n for n in dict.fromkeys([record_type.title, *record_type.form_fields, *visible]) if n in visible and (n in decided or visible[n].is_custom)]
    sides, lines = compare(record_type, records, names, view)
    groups = {name: group for group in record_type.merge_together for name in group}
    found = Preview(sides, moves=moves(record_type, records[0].pk, [r.pk for r in records[1:]]))
    for line in lines:
        group = groups.get(line.name, ())
        result = decided.get(line.name) or own.get(visible[line.name].own_key)
        item = Choice(line.name, line.label, line.texts, line.differs)
        source = result.source if result is not None else records[0].pk
        item.united = result is not None and source is None
        item.source = str(source or "")
        item.together = _united(line.texts) if visible[line.name].kind in ("tags", "multi_choice", "file") else ""
        item.result = _united(line.texts) if item.united else line.texts[next((n for n, r in enumerate(records) if r.pk == source), 0)]
        if result is not None and result.value is None:
            item.result = ""
        leads = not group or line.name == next((x.name for x in lines if x.name in group), "")
        item.open = line.differs and leads and not (result and result.forced) and view.access.field_rule(record_type.key, line.name) is None
        item.why = _("the stricter value wins") if result and result.forced and line.differs else _("goes with the field above") if line.differs and not leads else ""
        found.lines.append(item)
    return found


def _united(texts: list[str]) -> str:
    return ", ".join(dict.fromkeys(word for text in texts for word in text.split(", ") if word))


def moves(record_type: RecordType, survivor: uuid.UUID, others: list[uuid.UUID]) -> list[tuple[str, int]]:
    """(what, how many): the rows that point to the others, by kind, hidden ones included: they move too."""
    found: dict[str, int] = {}
    for relation in relations_to(record_type):
        if count := relation.rows(others).count():
            found[relation.label] = found.get(relation.label, 0) + count
    for other, link in own_fields_to(record_type):
        if count := own_rows(other, link, record_type, others, but=[survivor, *others]).count():
            found[str(other.plural)] = found.get(str(other.plural), 0) + count
    return sorted(found.items(), key=lambda pair: -pair[1])


def unmerge_dialog(record: Any, access: Access) -> dict[str, Any]:
    """What the unmerge dialog says: the last merge, who comes back, and what was changed since and so stays."""
    record_type, view = registry.of_model(type(record)), View(access, Formats(access.locale, access.zone))
    merges = parting.merges_of(record_type, record.pk)
    if not merges:
        return {"merges": [], "left": []}
    refusal = parting.refusal(merges[0])
    left = parting.preview(merges[0], access=access).left if refusal is None else []
    return {
        "merges": merges, "latest": merges[0], "when": view.fmt.ago(merges[0].at), "left": words(left, view), "problem": refusal or "",
        "back": [m["title"] for m in merges[0].merged], "moves": sum(merges[0].counts.values()),
    }  # fmt: skip


def words(left: list[Left], view: View) -> list[tuple[str, str]]:
    """(what, why) for at most 50 of the things that stay as they are."""
    why = {
        "changed": _("changed since"), "gone": _("removed since"), "target": _("what it pointed to is gone"), "taken": _("another record has this value now"),
    }  # fmt: skip
    titles = _titles(left[:50], view)
    return [(f"{titles.get(x.row_id) or history.label_of_table(x.table)}{': ' if x.columns else ''}{', '.join(_column(x, c) for c in x.columns)}", why[x.why]) for x in left[:50]]


def _titles(left: list[Left], view: View) -> dict[uuid.UUID, str]:
    found: dict[uuid.UUID, str] = {}
    for record_type in registry.all_types():
        ids = [x.row_id for x in left if x.table == record_type.table]
        if not ids:
            continue
        rows = record_type.visible(view.access).filter(pk__in=ids)
        found.update({pk: f"{record_type.label} “{title}”" for pk, title in rows.values_list("pk", record_type.title_path)})
    return found


def _column(item: Left, column: str) -> str:
    if column.startswith("custom."):
        record_type = history.type_of(item.table, item.row_id)
        own = definitions.current().kept(record_type.key) if record_type else []
        return str(next((f.label for f in own if f.column == column), column.removeprefix("custom.")))
    model = next((m for m in apps.get_models() if m._meta.db_table == item.table), None)
    found = next((f for f in model._meta.local_fields if f.column == column), None) if model else None
    return str(capfirst(found.verbose_name)) if found is not None else column
