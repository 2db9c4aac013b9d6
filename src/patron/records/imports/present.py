"""What the import pages show: columns with their checks, rows with what was and what would be."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patron.kernel.tenancy import current_workspace_id
from patron.records import lookup, registry
from patron.records.fields import Field
from patron.records.import_models import Import, ImportRow, ImportState, RowAction
from patron.records.imports import database, extras, own, proposal
from patron.records.imports.binding import importable
from patron.records.imports.cells import Cells, Named, Problem, Texts
from patron.records.imports.plan import Column, Plan
from patron.records.imports.targets import MISSING, Target
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.records.transfer import matching
from patron.records.verbs import Refused

PAGE = 50
_SHOWN = 12  # doubtful values that a column lists
TONES = {"new": "good", "change": "info", "same": "none", "duplicate": "warn", "error": "bad"}
STATE_TONES = {"applied": "good", "failed": "bad", "undone": "none", "checking": "info", "applying": "info", "checked": "note"}


def words(action: str) -> str:
    """What becomes of a row, behind a number."""
    return {"new": _("new"), "change": _("changed"), "same": _("unchanged"), "duplicate": _("duplicates, left out"), "error": _("with errors, left out")}[action]


@dataclass(slots=True)
class Shown:
    """A column of the file on the mapping page."""

    index: int
    heading: str
    samples: str
    column: Column
    kind: str = ""
    tone: str = "none"
    check: str = ""
    doubtful: list[tuple[str, str, str]] = field(default_factory=list)  # value, what it is fixed to, what is wrong
    ways: list[tuple[str, str]] = field(default_factory=list)
    creatable: bool = False
    target: str = ""
    open: bool = False


def columns(item: Import, plan: Plan, view: View, record_type: RecordType, confidence: Mapping[str, float] | None = None) -> list[Shown]:
    """Every column of the file with what it is matched to, tried on its samples and on what the last check refused."""
    known = importable(record_type, view.access, history=plan.history)
    by_heading = {c.column: c for c in plan.columns if c.column and not c.template and c.constant is None}
    refused = _refused(item)
    found = []
    for index, source in enumerate(item.source["columns"]):
        column = by_heading.get(source["name"], Column(column=source["name"]))
        shown = Shown(index, source["name"], " · ".join(dict.fromkeys(source["samples"][:6])), column)
        named = known.get(column.field)
        if column.field.startswith(extras.MARK) or (named is not None and named.kind == "file"):
            shown.tone, shown.check = "good", _("Matched")
        elif named is None:
            shown.check = _("Not imported")
        else:
            try:
                _examine(shown, named, source["samples"], refused.get(index, []), view, record_type, (confidence or {}).get(source["name"], 1.0))
            except Refused as error:
                shown.tone, shown.check, shown.open = "bad", error.message, True
        found.append(shown)
    return found


def _examine(shown: Shown, named: Field, samples: Sequence[str], refused: list[str], view: View, record_type: RecordType, sure: float) -> None:
    """Try the column on values of the file: which cannot be used, and whether its dates can be read in two ways."""
    shown.kind = "relation" if named.is_relation else named.kind
    if named.is_relation:
        shown.creatable = proposal.creatable(named, record_type, view)
        target = registry.find_model(named.model)
        shown.target = str(target.plural if target else named.label).lower()
        shown.ways = [(n, _label(target, n)) for n in database.columns(named.model)] if target else []
    elif own.grows(named, view.access):
        shown.creatable = True
    values = list(dict.fromkeys([*refused, *samples]))
    own_kind = named.model is record_type.model
    wrong, makes = _wrong(refused if own_kind else values, named, shown.column, view)
    fixed = shown.column.fixes
    likely = proposal.suggested([v for v in wrong if v not in fixed], named, view) if wrong else {}
    shown.doubtful = [(value, fixed.get(value, ""), wrong.get(value, "")) for value in fixed]
    shown.doubtful += [(value, likely.get(value, ""), message) for value, message in wrong.items() if value not in fixed][:_SHOWN]
    open_ = len([v for v in wrong if v not in fixed])
    order = matching.detect_date_order(samples) if named.kind in ("date", "datetime") else None
    if open_:
        shown.tone, shown.open = "warn", True
        words = ngettext("%(n)s new value", "%(n)s new values", open_) if shown.creatable else ngettext("%(n)s value does not fit", "%(n)s values do not fit", open_)
        shown.check = words % {"n": open_}
    elif order is not None and order.ambiguous and not shown.column.date_order:
        shown.tone, shown.check, shown.open = "warn", _("Day or month first?"), True
    elif makes:
        shown.tone, shown.check = "info", ngettext("%(n)s new value is made", "%(n)s new values are made", len(makes)) % {"n": len(makes)}
    else:
        shown.tone, shown.check = ("good", _("Matched")) if sure >= 0.75 else ("warn", _("Is this right?"))


def _label(target: RecordType | None, name: str) -> str:
    return str(target.fields[name].label) if target and name in target.fields else name


def _wrong(values: Sequence[str], named: Field, column: Column, view: View) -> tuple[dict[str, str], list[str]]:
    """Values that cannot be used, with the reason, fixes applied; and those that would be made."""
    cells = Cells(named, column, Texts(None), view)
    read = {value: cells.value(column.fixes.get(value.strip(), value)) for value in values}
    texts = {value: found.text for value, found in read.items() if isinstance(found, Named)}
    known = Target(named, column.relation, view).resolve(set(texts.values())) if texts else {}
    wrong: dict[str, str] = {}
    makes = []
    for value, found in read.items():
        meant = known[found.text] if isinstance(found, Named) else found
        if isinstance(meant, Problem):
            wrong[value.strip()] = meant.message
        elif meant is MISSING:
            makes.append(value)
    makes += [value for value in values if value.strip() in cells.grown]
    return wrong, makes


def _refused(item: Import) -> dict[int, list[str]]:
    """Cells that the last check refused, most frequent first, by the column's index."""
    if item.state not in (ImportState.CHECKED, ImportState.FAILED):
        return {}
    places = {c["name"]: index for index, c in enumerate(item.source["columns"])}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT p ->> 'column', array_agg(DISTINCT cells[place.n]) FROM ("
            "  SELECT cells, jsonb_array_elements(problems) AS p FROM records_importrow "
            "  WHERE workspace_id = %s AND import_id = %s AND part = 0 AND action = 'error' ORDER BY line LIMIT 2000) AS bad "
            "JOIN unnest(%s::text[]) WITH ORDINALITY AS place(name, n) ON place.name = p ->> 'column' GROUP BY 1",
            [current_workspace_id(), item.pk, list(places)],
        )
        return {places[name]: [v for v in values if v][: 4 * _SHOWN] for name, values in cursor.fetchall()}


# --- rows -------------------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Cell:
    """One value on the review page: what it would be, what it is now (None where nothing changes), whether it is wrong."""

    text: str
    before: str | None = None
    bad: bool = False


@dataclass(slots=True)
class Line:
    number: int
    action: str
    tone: str
    words: str
    all: str
    cells: list[Cell]
    href: str = ""


def page(item: Import, show: str, after: int, before: int) -> tuple[list[ImportRow], int, int]:
    """Up to 50 staged rows after (or before) a line, and the lines at which the next and the previous page begin (0 for none)."""
    actions = [show] if show in RowAction.values else list(RowAction.values)
    found: list[ImportRow] = []
    for action in actions:
        rows = ImportRow.objects.filter(import_id=item.pk, part=0, action=action)
        rows = rows.filter(line__lt=before).order_by("-line") if before else rows.filter(line__gt=after).order_by("line")
        found += rows[: PAGE + 1]
    found.sort(key=lambda row: -row.line if before else row.line)
    more = len(found) > PAGE
    found = sorted(found[:PAGE], key=lambda row: row.line)
    if not found:
        return [], 0, 0
    return found, found[-1].line if more or before else 0, found[0].line if (more and before) or after else 0


def lines(rows: Sequence[ImportRow], shown: Sequence[tuple[int, Field]], view: View, record_type: RecordType, item: Import) -> list[Line]:
    """Staged rows as the review page shows them; `shown` are the matched columns."""
    names = _names(rows, shown, view, item)
    fresh = _fresh(rows, item)
    found = []
    for row in rows:
        problems = {p["column"]: p["message"] for p in row.problems or ()}
        words = next(iter(problems.values()), str(RowAction(row.action).label))
        said = " ".join(f"{column}: {message}" if column else message for column, message in problems.items())
        cells = [_cell(row, index, named, names, view, item, problems) for index, named in shown]
        exists = row.target_id and row.action != RowAction.NEW and record_type.has_page and not (row.action == RowAction.DUPLICATE and row.target_id in fresh)
        found.append(Line(row.line, row.action, TONES[row.action], words, said, cells, view.href(record_type.key, row.target_id) if exists else ""))
    return found


def _fresh(rows: Sequence[ImportRow], item: Import) -> set[uuid.UUID]:
    """What duplicates are the same as, where that is a row of the file and no record yet."""
    ids = {row.target_id for row in rows if row.action == RowAction.DUPLICATE and row.target_id}
    new = ImportRow.objects.filter(import_id=item.pk, part=0, action=RowAction.NEW, target_id__in=ids) if ids else ImportRow.objects.none()
    return set(new.values_list("target_id", flat=True))


def _cell(row: ImportRow, index: int, named: Field, names: Mapping[str, str], view: View, item: Import, problems: Mapping[str, str]) -> Cell:
    heading = item.source["columns"][index]["name"]
    written = row.cells[index] if index < len(row.cells) else ""
    if heading in problems:
        return Cell(written, bad=True)
    values, old = row.values or {}, row.before or {}
    if named.path in old and named.path in values:
        return Cell(_text(named, values[named.path], names, view), _text(named, old[named.path], names, view) or _("empty"))
    if row.action == RowAction.NEW and named.path in values:
        return Cell(_text(named, values[named.path], names, view) or written)
    return Cell(written)


def _text(named: Field, value: Any, names: Mapping[str, str], view: View) -> str:
    if value in (None, "", []):
        return ""
    if named.is_relation:
        return names.get(str(value), _("a record you cannot see"))
    return kind_of(named.kind).text(_typed(named.kind, value), named, view)


def _typed(kind: str, value: Any) -> Any:
    """A value of the staging table's JSON as its kind has it."""
    if kind in ("money", "number", "percent"):
        return Decimal(str(value))
    if kind == "date":
        return datetime.date.fromisoformat(value)
    return datetime.datetime.fromisoformat(value) if kind == "datetime" else value


def _names(rows: Sequence[ImportRow], shown: Sequence[tuple[int, Field]], view: View, item: Import) -> dict[str, str]:
    """Names of the records that the rows would point to or point to now: one query per kind of record, and one for those to be made."""
    found: dict[str, str] = {}
    wanted: set[str] = set()
    for _index, named in shown:
        if named.is_relation:
            ids = {str(v[named.path]) for row in rows for v in (row.values or {}, row.before or {}) if v.get(named.path)}
            if ids:
                wanted |= ids
                queryset, title = lookup.candidates(named, view)
                found.update({str(pk): str(name) for pk, name in queryset.filter(pk__in=ids).values_list("pk", title)})
    missing = [uuid.UUID(i) for i in wanted - found.keys()]
    if missing:
        made = ImportRow.objects.filter(import_id=item.pk, target_id__in=missing).order_by("part").values_list("target_id", "part", "cells", "title")
        found.update({str(pk): (cells[0] if part else title or "") for pk, part, cells, title in made})
    return found


def tally(item: Import, record_type: RecordType) -> list[tuple[str, str, int]]:
    """(tone, words, number) of what becomes of the rows; what is not there is left out."""
    plural = str(record_type.plural).lower()
    done = item.state in (ImportState.APPLIED, ImportState.UNDONE)
    words = {
        "new": _("New %(plural)s") % {"plural": plural}, "change": (_("Changed %(plural)s") if done else _("%(plural)s to change")) % {"plural": plural},
        "same": _("Rows without a change"), "duplicate": _("Duplicates, left out"), "error": _("Rows with errors, left out"),
    }  # fmt: skip
    found = [(TONES[a], words[a][:1].upper() + words[a][1:], item.counts.get(a, 0)) for a in words if item.counts.get(a) or a in ("new", "change")]
    for key, count in item.counts.get("made", {}).items():
        other = registry.find(key)
        found.append(("note", _("%(plural)s made on the way") % {"plural": other.plural if other else key}, count))
    if item.counts.get("blank"):
        found.append(("none", _("Empty lines"), item.counts["blank"]))
    return found
