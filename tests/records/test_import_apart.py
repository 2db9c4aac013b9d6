"""A large file is read by a process of its own, and words are sorted into the search index by a second connection: nothing else is different."""

from __future__ import annotations

import contextlib
import gc
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from patron.kernel.db import gin
from patron.kernel.parsing import Invalid
from patron.records import bulk, registry
from patron.records.import_models import ImportRow
from patron.records.imports import applying, files, service, staging
from patron.records.imports.apart import CutOff, apart
from patron.records.transfer.reading import Unreadable
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import checked, imported, inside, messages, numbers, staged, table, upload

COLUMNS: dict[str, Any] = {
    "Key": "external_id", "Mail": "email", "Last": "last_name", "Budget": "budget", "Staff": "employees", "Tags": "tags",
    "Source": {"field": "source", "relation": {"create": True}}, "Ends": "",
}  # fmt: skip
PLAN: dict[str, Any] = {"columns": {c: f for c, f in COLUMNS.items() if f}, "key": ["external_id"], "mode": "upsert"}


def mixed(count: int) -> bytes:
    """Leads with most of what a file may hold: mistakes, blank lines, money with a currency, tags, new related records, rows that are there twice."""
    rows = [
        (f"K-{n}", "no address" if n % 7 == 0 else f"p{n}@x.example", f"Näme {n}\t", ("1.500,00 EUR", "12", "much")[n % 3], "x" if n % 11 == 0 else str(n), f"a{n % 3}, b",
         f"Fair {n % 5}", '"\\')
        for n in range(count)
    ]  # fmt: skip
    return table(list(COLUMNS), *rows, *rows[:2]) + b"\r\n\r\n"


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Processes that staging starts, even for files of a few rows in chunks of a few."""
    found: list[int] = []

    @contextlib.contextmanager
    def noted(produce: Any) -> Iterator[Any]:
        found.append(1)
        with apart(produce) as items:
            yield items

    monkeypatch.setattr(staging, "apart", noted)
    monkeypatch.setattr(staging, "APART", 1)
    monkeypatch.setattr(staging, "CHUNK", 7)
    return found


def outcome(view: Any, content: bytes) -> tuple[Any, ...]:
    """What a check finds, without what is new each time."""
    with transaction.atomic():
        item = checked(view, "leads", content, PLAN)
        rows = [(r.line, r.action, r.cells, {k: v for k, v in (r.values or {}).items() if k != "source_id"}, r.problems, r.marks, r.title) for r in staged(item)]
        found = item.counts, rows, sorted(ImportRow.objects.filter(import_id=item.pk, part=1).values_list("line", "cells"))
        transaction.set_rollback(True)
    return found


# --- reading ----------------------------------------------------------------------------------------------------------


def test_a_check_says_the_same_with_and_without_the_second_process(scene: Scene, started: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with inside(scene) as view:
        apart_found = outcome(view, mixed(40))
        assert started == [1]
        monkeypatch.setattr(staging, "APART", 10**9)
        assert outcome(view, mixed(40)) == apart_found
        assert started == [1]
    counts, rows, made = apart_found
    assert (counts["rows"], counts["blank"], counts["made"]) == (42, 2, {"lead-sources": 5})
    assert {row[1] for row in rows} == {"new", "error", "duplicate"}
    assert len(made) == 5


def test_a_file_of_few_rows_needs_no_process(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(staging, "apart", None)
    with inside(scene) as view:
        assert checked(view, "leads", mixed(3), PLAN).counts["rows"] == 5


def test_where_there_is_no_room_for_a_process_the_file_is_read_here(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_room() -> int:
        raise BlockingIOError("Resource temporarily unavailable")

    monkeypatch.setattr(staging, "APART", 1)
    monkeypatch.setattr(os, "fork", no_room)
    with inside(scene) as view:
        assert checked(view, "leads", mixed(9), PLAN).counts["rows"] == 11


def test_what_is_wrong_with_a_file_arrives_in_words_and_nothing_is_staged(scene: Scene, started: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    with inside(scene) as view:
        item = upload(view, "leads", mixed(40))
        columns = [{"column": c, "field": f} if isinstance(f, str) else {"column": c, **f} for c, f in PLAN["columns"].items()]
        item = service.save_plan(item, service.plans.from_json({**PLAN, "type": "leads", "columns": columns}), view)
        files.path_of(item).write_bytes(mixed(30) + b"K-\xff\xfe,broken\r\n")
        told = []
        for rows in (1, 10**9):
            monkeypatch.setattr(staging, "APART", rows)
            with pytest.raises((Invalid, UnicodeDecodeError)) as caught, transaction.atomic():
                service.check(item, view)
            told.append((type(caught.value), str(caught.value)))
            assert not ImportRow.objects.filter(import_id=item.pk).exists()
        assert told[0] == told[1]
        assert started == [1]
        assert gc.get_freeze_count() == 0


def test_the_planner_is_told_of_very_many_rows(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Any] = []
    monkeypatch.setattr(service.database, "statistics", told.append)
    monkeypatch.setattr(service, "TOLD", 20)
    with inside(scene) as view:
        plan = {"columns": {"Last": "last_name"}, "mode": "create"}
        for rows, told_of in ((20, []), (21, [ImportRow])):
            assert numbers(checked(view, "leads", table(("Last",), *((f"Name {n}",) for n in range(rows))), plan)) == {"new": rows}
            assert told == told_of


# --- the process ------------------------------------------------------------------------------------------------------


def test_an_exception_keeps_its_class_and_words() -> None:
    def produce() -> Iterator[int]:
        yield 1
        raise Unreadable("Save the file again.")

    found = []
    with pytest.raises(Unreadable) as caught, apart(produce) as items:
        found.extend(items)
    assert (found, str(caught.value), caught.value.message) == ([1], "Save the file again.", "Save the file again.")
    assert "in produce" in caught.value.__notes__[0]


def test_an_exception_that_cannot_travel_is_told() -> None:
    class Odd(Exception):
        def __init__(self) -> None:
            super().__init__("nobody knows this class elsewhere")

    def produce() -> Iterator[int]:
        raise Odd
        yield

    with pytest.raises(RuntimeError, match="nobody knows this class elsewhere"), apart(produce) as items:
        list(items)


def test_a_child_that_is_killed_is_no_end_of_the_file() -> None:
    def produce() -> Iterator[int]:
        yield os.getpid()
        os.kill(os.getpid(), signal.SIGKILL)

    with pytest.raises(CutOff), apart(produce) as items:
        list(items)


def test_the_child_has_no_connection_of_its_parents(scene: Scene) -> None:
    with inside(scene), connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        ours = connection.connection.fileno()

        def produce() -> Iterator[list[str]]:
            yield os.listdir("/dev/fd")

        with apart(produce) as items:
            assert str(ours) not in next(items)
        cursor.execute("SELECT 2")
        assert cursor.fetchone() == (2,)


def test_the_child_ends_with_the_block() -> None:
    def produce() -> Iterator[int]:
        while True:
            yield os.getpid()

    with apart(produce) as items:
        child = next(items)
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


_ENDLESS = """
import os, signal
from patron.records.imports.apart import apart

def produce():
    while True:
        yield os.getpid()

with apart(produce) as items:
    print(next(items), flush=True)
    os.kill(os.getpid(), signal.SIGKILL)
"""


def test_the_child_ends_when_its_parent_is_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", _ENDLESS], stdout=subprocess.PIPE)
    told, _errors = parent.communicate(timeout=60)  # which the child has open, too: it comes to an end when both are gone
    assert parent.returncode == -signal.SIGKILL
    assert int(told) != parent.pid


# --- words ------------------------------------------------------------------------------------------------------------


def waiting() -> int:
    """Pages of words that were not sorted in yet; they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT sort_in_words('sales_lead')")
        return int(cursor.fetchone()[0])


def test_words_of_an_import_are_sorted_in_beside_it(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    content = table(("Key", "Last"), *((f"K-{n}", f"Walnut{n}") for n in range(30)))
    plan: dict[str, Any] = {"columns": {"Key": "external_id", "Last": "last_name"}, "key": ["external_id"], "mode": "upsert"}
    with inside(scene) as view:
        waiting()
        assert numbers(imported(view, "leads", content, plan)) == {"new": 30}
        assert waiting() > 0
        monkeypatch.setattr(gin, "MANY", 1)
        assert numbers(imported(view, "leads", content.replace(b"K-", b"N-"), plan)) == {"new": 30}
        assert waiting() == 0
        bulk.edit_many(registry.get("leads"), Lead.objects.all(), {"city": "Riga"}, access=view.access)
        assert waiting() == 0
        assert Lead.objects.filter(search__contains="riga").count() == 60


def test_the_helper_ends_with_an_import_that_fails(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gin, "MANY", 1)
    monkeypatch.setattr(applying, "CHUNK", 5)
    with inside(scene) as view:
        item = checked(view, "leads", table(("Last",), *((f"Name {n}",) for n in range(12))), {"columns": {"Last": "last_name"}, "mode": "create"})
        ImportRow.objects.filter(import_id=item.pk, line=9).update(values={"last_name": "x" * 101})
        item = service.apply(item, view)
        assert item.state == "failed"
        assert "value too long" in item.message
        assert not Lead.objects.filter(last_name__startswith="Name").exists()
    assert "words" not in {thread.name for thread in threading.enumerate()}


def test_an_import_goes_on_without_a_second_connection(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gin, "MANY", 1)

    class Crowded:
        def ensure_connection(self) -> None:
            raise DatabaseError("sorry, too many clients already")

    monkeypatch.setattr(type(connection._connections["default"]), "copy", lambda self: Crowded())  # type: ignore[attr-defined]
    with inside(scene) as view:
        item = imported(view, "leads", table(("Last",), ("One",), ("Two",)), {"columns": {"Last": "last_name"}, "mode": "create"})
        assert (item.state, messages(item)) == ("applied", ["", ""])


@pytest.mark.parametrize("name", ["identity_user", "records_importrow", "ledger_change", "pg_class", "sales_lead; DROP TABLE sales_lead", ""])
def test_only_searched_tables_of_workspaces_are_sorted_in(db: None, name: str) -> None:
    with pytest.raises(DatabaseError, match="no table of a workspace that is searched"), connection.cursor() as cursor:
        cursor.execute("SELECT sort_in_words(%s)", [name])


def test_only_the_serving_role_may_have_words_sorted_in(db: None) -> None:
    with connection.cursor() as cursor:
        roles = [settings.PATRON_APP_ROLE, settings.PATRON_READER_ROLE]
        cursor.execute("SELECT array_agg(has_function_privilege(role, 'sort_in_words(text)', 'EXECUTE') ORDER BY place) FROM unnest(%s::text[]) WITH ORDINALITY AS r(role, place)", [roles])
        assert cursor.fetchone() == ([True, False],)
    with pytest.raises(DatabaseError, match="must be owner"), connection.cursor() as cursor:
        cursor.execute("SELECT gin_clean_pending_list('lead_search')")
