"""The steps of an import, measured: `bench.imports` runs them."""

from __future__ import annotations

import csv
import os
import random
import resource
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from patron.identity.access import Access
from patron.identity.domain import workspaces
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import bulk, registry, undoing
from patron.records.archive import writing
from patron.records.imports import service
from patron.records.imports.plan import Column, Plan
from patron.records.kinds import View
from patron.sales.domain.start import ship_lists

_TICK = os.sysconf("SC_CLK_TCK")
_HEADER = ["Id", "First name", "Last name", "Company", "Email", "Phone", "Title", "City", "Country", "Website", "Notes"]
_FIELDS = ["external_id", "first_name", "last_name", "company", "email", "phone", "title", "city", "country", "website", "description"]


def make(path: Path, rows: int) -> None:
    """A file of leads, the same for the same number of rows; every thousandth row is the same as the one before."""
    dice = random.Random(7)
    firsts, lasts = [f"First{n}" for n in range(900)], [f"Last{n}" for n in range(5000)]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_HEADER)
        for n in range(rows):
            first, last = dice.choice(firsts), dice.choice(lasts)
            writer.writerow([
                f"L-{n}", first, last, f"Company {dice.randrange(rows)} Ltd", f"{first}.{last}.{n}@example.org".lower(), f"+4930{10000000 + n}", "Buyer", f"City {n % 700}",
                ("DE", "FR", "US")[n % 3], f"https://c{n}.example.org", "Met at the fair; wants a quotation." if n % 5 == 0 else "",
            ])  # fmt: skip


def _backends() -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND backend_type IN ('client backend', 'parallel worker')")
        return [pid for (pid,) in cursor.fetchall()]


def _ticks(pid: int) -> float:
    try:
        parts = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(parts[11]) + int(parts[12])) / _TICK


def _own() -> float:
    """Processor seconds of this process and of the children that it has waited for."""
    child = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + child.ru_utime + child.ru_stime


@contextmanager
def measured(name: str, rows: int, found: list[dict[str, Any]]) -> Iterator[None]:
    """Time a step: this process with its children, and the backends that were there before or came meanwhile."""
    before = {pid: _ticks(pid) for pid in _backends()}
    wall, own = time.perf_counter(), _own()
    yield
    wall, own = time.perf_counter() - wall, _own() - own
    server = sum(_ticks(pid) - before.get(pid, 0.0) for pid in {*before, *_backends()})
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    row = {"step": name, "rows": rows, "wall": round(wall, 2), "python": round(own, 2), "postgresql": round(server, 2), "peak_mb": round(peak), "rows_per_s": round(rows / wall)}
    found.append(row)
    print(f"{name:<10} {rows:>8} rows  wall {wall:8.2f} s  python {own:8.2f} s  postgresql {server:8.2f} s  peak {peak:5.0f} MB  {rows / wall:8.0f} rows/s", flush=True)


def place(rows: int) -> Any:
    found = workspaces.found(f"Bench {rows}", f"bench-{rows}-{uuid.uuid4().hex[:6]}")
    with workspace(found.pk), operation("workspaces.found", access=Access.system(found)):
        workspaces.ship_roles()
        ship_lists()
    return found


def _edit(rows: int, ours: Any, access: Access, view: View, found: list[dict[str, Any]]) -> None:
    """Change up to 100 000 leads at once, take that back; and write the file of everything in between."""
    model = registry.get("leads").model
    edited = min(rows, 100_000)
    with workspace(ours.pk), measured("bulk edit", edited, found):
        last = model.objects.order_by("pk").values_list("pk", flat=True)[edited - 1]
        chosen = model.objects.filter(pk__lte=last)
        done = bulk.edit_many(registry.get("leads"), chosen, {"city": "Berlin"}, access=access)
    with tempfile.TemporaryFile() as target, measured("export", rows, found):
        manifest = writing.write(ours, target)
    print(f"           the file of everything holds {manifest.rows} rows: {manifest.rows / found[-1]['wall']:.0f} rows/s")
    with workspace(ours.pk), measured("undo edit", edited, found):
        undoing.undo_operation(done.operation_id, view=view)


def run(rows: int, edit: bool = True) -> list[dict[str, Any]]:
    """All steps for one size; without `edit` neither bulk edit nor export."""
    found: list[dict[str, Any]] = []
    ours = place(rows)
    access = Access.system(ours)
    view = View(access, Formats(access.locale, access.zone))
    plan = Plan(type="leads", mode="upsert", key=["external_id"], columns=[Column(column=c, field=f) for c, f in zip(_HEADER, _FIELDS, strict=True)])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "leads.csv"
        make(path, rows)
        with workspace(ours.pk), path.open("rb") as stream, measured("upload", rows, found):
            item = service.save_plan(service.start("leads", stream, path.name, access=access), plan, view)
    with workspace(ours.pk), measured("check", rows, found):
        item = service.check(item, view)
    with workspace(ours.pk), measured("apply", rows, found):
        item = service.apply(item, view)
    assert item.state == "applied" and item.counts["new"] == rows, (item.state, item.message, item.counts)
    if edit:
        _edit(rows, ours, access, view, found)
    with workspace(ours.pk), measured("undo", rows, found):
        item = service.undo(item, view)
    with workspace(ours.pk):
        assert not registry.get("leads").model.objects.exists()
    return found
