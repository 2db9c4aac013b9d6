"""Several related files by one plan file: which files they are, the workspace they make, and one import after the other."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any, BinaryIO

import msgspec
from django.utils.translation import gettext as _

from patron.records.import_models import Import, ImportState
from patron.records.imports import files, service
from patron.records.imports import plan as plans
from patron.records.imports.plan import Plan
from patron.records.kinds import View
from patron.records.transfer import reading
from patron.records.verbs import Refused

Say = Callable[[str], object]


class _Part(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    pass


class Step(_Part):
    """One import: of a file of the set, or of a small table in the plan itself (`header`, `rows`)."""

    title: str
    plan: Plan
    file: str = ""
    header: list[str] = []
    rows: list[list[str]] = []


class DataSet(_Part):
    """`files` are the names of the set's files with the headings by which they are recognised; `workspace` the settings of the one it makes; plans that fit any workspace have none."""

    key: str
    name: str
    files: dict[str, list[str]]
    steps: list[Step]
    workspace: dict[str, Any] = {}
    source: str = ""


def read(path: Path) -> DataSet:
    """A data set's plan from a TOML file; `Refused` with the place that is wrong."""
    try:
        found = msgspec.convert(tomllib.loads(path.read_text()), DataSet)
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
        raise Refused(_("“%(file)s” is no plan: %(why)s") % {"file": path.name, "why": error}) from error
    for step in found.steps:
        plans.from_json(step.plan.as_json())
        if bool(step.file) == bool(step.rows) or (step.file and step.file not in found.files):
            raise Refused(_("“%(file)s” is no plan: %(why)s") % {"file": path.name, "why": _("“%(title)s” names no file of the set.") % {"title": step.title}})
    return found


def recognises(plan: DataSet, folder: Path) -> bool:
    """Whether the folder holds all files of the set, each with the headings that it should have."""
    for name, headings in plan.files.items():
        path = folder / name
        if not path.is_file():
            return False
        try:
            found = [c.name for c in reading.probe(path).columns]
        except reading.Unreadable:
            return False
        if not set(headings) <= set(found):
            return False
    return True


def run(plan: DataSet, folder: Path, view: View, say: Say = lambda words: None) -> list[Import]:
    """Import every step in order, into the open workspace; `Refused` at the first that cannot be done. Steps before it stay: undo them one by one.

    Called inside one transaction it is all or nothing.
    """
    done = []
    for step in plan.steps:
        with _opened(step, folder) as stream:
            item = service.start(step.plan.type, stream, step.file or f"{step.title}.csv", access=view.access)
        try:
            item = service.save_plan(item, step.plan, view)
            item = service.apply(service.check(item, view), view)
        finally:
            files.remove(item)
        if item.state != ImportState.APPLIED:
            raise Refused(f"{step.title}: {item.message}")
        say(f"{step.title}: {service.in_words(item.counts)}")
        done.append(item)
    return done


def _opened(step: Step, folder: Path) -> BinaryIO:
    if step.file:
        return (folder / step.file).open("rb")
    buffer = io.StringIO()
    csv.writer(buffer).writerows([step.header, *step.rows])
    return io.BytesIO(buffer.getvalue().encode())
