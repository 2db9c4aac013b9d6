"""Plans for the exports of other systems: data-set plans that fit any workspace, recognised by a file's headings alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

import msgspec

from patron.kernel.text import fold
from patron.records import registry
from patron.records.imports import dataset
from patron.records.imports.binding import importable
from patron.records.imports.cells import headings_of
from patron.records.imports.dataset import DataSet
from patron.records.imports.plan import Column, Plan
from patron.records.kinds import View

_folders: list[Path] = []


class Found(NamedTuple):
    """What a file is: the system's preset, its name for the file, the plan for it, and its place among the system's files."""

    preset: DataSet
    file: str
    plan: Plan
    place: int


def add_folder(folder: Path) -> None:
    """Register a folder of presets; called while Django starts by the package whose types they name."""
    _folders.append(folder)
    known.cache_clear()


@cache
def known() -> tuple[DataSet, ...]:
    """Every preset."""
    return tuple(dataset.read(path) for folder in _folders for path in sorted(folder.glob("*.toml")))


def recognise(headings: Sequence[str]) -> Found | None:
    """The preset whose fingerprint the headings have: of several that fit, the one that spells them as they are, then the one with the longest."""
    have, spelt = {fold(h.strip()) for h in headings}, {h.strip() for h in headings}
    best: Found | None = None
    highest = (False, 0)
    for preset in known():
        for place, step in enumerate(preset.steps):
            wanted = preset.files[step.file]
            rank = (spelt.issuperset(wanted), len(wanted))
            if rank > highest and have.issuperset(map(fold, wanted)):
                best, highest = Found(preset, step.file, step.plan, place), rank
    return best


def type_of(headings: Sequence[str]) -> str:
    """What the rows of an export of another system are; "" where no preset knows the headings."""
    found = recognise(headings)
    return found.plan.type if found else ""


def fitted(plan: Plan, headings: Sequence[str], view: View, type_key: str = "") -> Plan:
    """The plan for this very file: headings as it writes them, without columns that it lacks or that this person may not set.

    Of several columns for one field the first that the file has is taken. Columns of the file that the plan does not name are not imported.
    """
    written = {fold(h.strip()): h for h in reversed(headings)}
    record_type = registry.get(type_key or plan.type)
    allowed = importable(record_type, view.access, history=plan.history)
    columns: list[Column] = []
    taken: set[str] = set()
    for column in plan.columns:
        own = _written(column, written)
        if own is None or (own.field and own.field in taken) or (own.field and own.field not in allowed and not own.field.startswith("+")):
            continue
        taken.add(own.field)
        columns.append(own)
    named = {c.column for c in columns if c.column}
    columns += [Column(column=h) for h in headings if h not in named]
    fields = {c.field for c in columns}
    key = [way for way in plan.key if all(part.strip() in fields for part in way.split("+"))]
    return msgspec.structs.replace(plan, columns=columns, key=key, mode=plan.mode if key or plan.mode == "create" else "create")


def _written(column: Column, written: Mapping[str, str]) -> Column | None:
    """The column with the file's own spelling of the headings; None where it lacks one."""
    names = {name: written.get(fold(name)) for name in headings_of(column)}
    if any(own is None for own in names.values()):
        return None
    if column.template:
        text = column.template
        for name, own in names.items():
            text = text.replace("{" + name, "{" + str(own)).replace("|=" + name, "|=" + str(own))
        return msgspec.structs.replace(column, template=text, when={str(names[name]): words for name, words in column.when.items()})
    when = {str(names[name]): words for name, words in column.when.items()}
    return msgspec.structs.replace(column, column=str(names[column.column]) if column.column else "", when=when)
