"""Short ways to import something in a test."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator, Sequence
from typing import Any

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records.import_models import Import, ImportRow
from patron.records.imports import files, service
from patron.records.imports import plan as plans
from patron.records.kinds import View
from patron.sales.domain.start import ship_lists
from patron.testing import Scene

ACTIONS = ("new", "change", "same", "duplicate", "error")


@contextlib.contextmanager
def inside(scene: Scene, name: str = "dora") -> Iterator[View]:
    """Inside the workspace as that person, with the shipped lists, without an open operation."""
    with workspace(scene.workspace.pk):
        access = scene.access(name) if name else scene.system
        with operation("test.lists", access=access):
            ship_lists()
        yield view_for(access)


def view_for(access: Access) -> View:
    return View(access, Formats(access.locale, access.zone))


def table(header: Sequence[str], *rows: Sequence[str]) -> bytes:
    """A CSV file."""
    buffer = io.StringIO()
    csv.writer(buffer).writerows([header, *rows])
    return buffer.getvalue().encode()


def upload(view: View, type_key: str, content: bytes, filename: str = "rows.csv") -> Import:
    return service.start(type_key, io.BytesIO(content), filename, access=view.access)


def checked(view: View, type_key: str, content: bytes, plan: dict[str, Any], filename: str = "rows.csv", **told: Any) -> Import:
    """Upload, plan, check. `plan` may give columns as {heading: field}; `told` says how the file is read."""
    item = upload(view, type_key, content, filename)
    if told:
        item.source = files.as_json(files.look_at(item, **told))
        item.save(update_fields=["source"])
    columns = plan.get("columns", {})
    if isinstance(columns, dict):
        columns = [{"column": c, "field": f} if isinstance(f, str) else {"column": c, **f} for c, f in columns.items()]
    item = service.save_plan(item, plans.from_json({**plan, "type": type_key, "columns": columns}), view)
    return service.check(item, view)


def imported(view: View, type_key: str, content: bytes, plan: dict[str, Any], filename: str = "rows.csv") -> Import:
    """Upload, plan, check, apply."""
    return service.apply(checked(view, type_key, content, plan, filename), view)


def numbers(item: Import) -> dict[str, int]:
    """The counts that are not zero."""
    return {action: item.counts[action] for action in ACTIONS if item.counts[action]}


def staged(item: Import) -> list[ImportRow]:
    return list(ImportRow.objects.filter(import_id=item.pk, part=0).order_by("line"))


def messages(item: Import) -> list[str]:
    """What is said about each row of the file, "" for nothing."""
    return [" ".join(p["message"] for p in row.problems or ()) for row in staged(item)]
