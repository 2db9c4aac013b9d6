"""Files that mean harm, or that harm without meaning to: a clear message where it arises, nothing written, nothing run."""

from __future__ import annotations

import io
import resource
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from patron.customers.models import Account
from patron.kernel.parsing import Invalid
from patron.records import registry
from patron.records.import_models import Import, ImportSet
from patron.records.imports import files, proposal, service, several
from patron.records.kinds import View
from patron.records.transfer import export, reading
from patron.records.verbs import Refused
from patron.testing import Scene
from tests.records.import_kit import inside

NASTY = ("=1+1", "+SUM(A1)", "-2+3", "@SUM(A1)", "=HYPERLINK(\"http://evil.example\")", "'=quoted", "'; DROP TABLE customers_account; --", "{{ 7*7 }}", "<script>alert(1)</script>", "../../etc/passwd", "a\r\nX-Header: 1")  # fmt: skip


def _table(rows: list[tuple[str, ...]]) -> bytes:
    import csv

    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def _imported(content: bytes, view: View, name: str = "accounts.csv") -> Import:
    item = service.start("accounts", io.BytesIO(content), name, access=view.access)
    item = service.save_plan(item, proposal.propose(registry.get("accounts"), files.source_of(item), view).plan, view)
    return service.apply(service.check(item, view), view)


def _read(text: str) -> str:
    """What a cell's text becomes: lines end in one way, and the apostrophe that guards a formula in a CSV file is taken for the guard that it is."""
    return text.replace("\r\n", "\n").removeprefix("'") if text.startswith("'=") or "\r" in text else text


def test_injection_strings_go_in_and_out_unharmed_and_are_neutral_in_spreadsheets(scene: Scene, tmp_path: Path) -> None:
    with inside(scene) as view:
        item = _imported(_table([("Name", "Description"), *((f"A{n}", text) for n, text in enumerate(NASTY))]), view)
        assert item.counts["new"] == len(NASTY)
        stored = dict(Account.objects.values_list("name", "description"))
        assert [stored[f"A{n}"] for n in range(len(NASTY))] == [_read(text) for text in NASTY]
        out = tmp_path / "out.csv"
        with out.open("wb") as stream:
            export.write(registry.get("accounts"), Account.objects.all(), view, stream, "csv")
        for row in reading.rows(reading.probe(out), restore=False):
            assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row.cells)
        again = _imported(out.read_bytes(), view)
        assert (again.counts["new"], again.counts["change"], again.counts["error"], again.counts["same"]) == (0, 0, 0, len(NASTY))


def test_a_workbook_with_macros_gives_its_values_only(scene: Scene, tmp_path: Path) -> None:
    path = tmp_path / "book.xlsm"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["Name", "Employees"])
        sheet.write_string(1, 0, "Macro Ltd")
        sheet.write_formula(1, 1, "=20+22", None, 42)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("xl/vbaProject.bin", b"\xd0\xcf\x11\xe0 not to be run")
    with inside(scene) as view:
        assert _imported(path.read_bytes(), view, "book.xlsm").counts["new"] == 1
        assert Account.objects.get().employees == 42


@pytest.mark.parametrize(
    ("name", "make", "words"),
    [
        ("wide.csv", lambda: (",".join(f"c{n}" for n in range(5000)) + "\n" + ",".join("x" for _n in range(5000)) + "\n").encode(), "5000 columns"),
        ("line.csv", lambda: b"name\n" + b"x" * (64 * 1024**2), "."),
        ("page.csv", lambda: b"<!doctype html><table><tr><td>x", "web page"),
        ("zeros.csv", lambda: bytes(4096), "."),
        ("half.xlsx", lambda: _bomb()[:400], "damaged"),
    ],
)  # fmt: skip
def test_what_is_no_table_is_refused_in_words_and_not_kept(scene: Scene, name: str, make: Callable[[], bytes], words: str) -> None:
    with inside(scene) as view:
        with pytest.raises((Invalid, Refused), match=words) as caught:
            service.start("accounts", io.BytesIO(make()), name, access=view.access)
        assert str(caught.value)
        assert not Import.objects.exists()
        assert not list((files.folder() / str(scene.workspace.pk)).glob("*"))


def test_duplicate_headers_are_told_apart(scene: Scene) -> None:
    with inside(scene) as view:
        item = service.start("accounts", io.BytesIO(b"Name,Name,City\nA,B,C\n"), "a.csv", access=view.access)
        assert len({c["name"] for c in item.source["columns"]}) == 3
        assert item.source["notes"]


def _bomb() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("accounts.csv", "w", force_zip64=True) as member:
        for _piece in range(400):
            member.write(bytes(1 << 20))
    return out.getvalue()


def _zip(names: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in names.items():
            archive.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (_bomb, "unpacks to more"),
        (lambda: _zip({"readme.md": b"x"}), "no table"),
        (lambda: _zip({f"accounts {n}.csv": b"name\nx\n" for n in range(61)}), "At most 60"),
    ],
)  # fmt: skip
def test_an_archive_that_means_harm_is_refused_and_not_kept(scene: Scene, make: Callable[[], bytes], words: str) -> None:
    from django.db import transaction

    with inside(scene) as view:
        with pytest.raises((Refused, Invalid), match=words), transaction.atomic():
            several.start([("all.zip", io.BytesIO(make()))], view)
        assert not ImportSet.objects.exists()
        assert not list((files.folder() / str(scene.workspace.pk)).glob("*"))


def test_paths_in_an_archive_lead_nowhere(scene: Scene, tmp_path: Path) -> None:
    """Names are only looked up inside the archive: a cell cannot reach the disk, a member is not written by its name."""
    content = b"name,file\nA,../../../../etc/passwd\nB,/etc/passwd\n"
    with inside(scene) as view:
        group = several.start([("all.zip", io.BytesIO(_zip({"../accounts.csv": content})))], view)
        (item,) = several.items_of(group)
        assert item.filename == "accounts.csv"
        plan = several.plan_of(item)
        plan.columns[1].field = "+files"
        service.save_plan(item, plan, view)
        told = several.check(group, view).report[str(item.pk)]
        assert told["counts"]["error"] == 2


@pytest.mark.soak
def test_a_gigabyte_is_read_in_bounded_memory() -> None:
    """1 GB of rows: the look at it and the reading of all of it stay below 200 MB more than before."""
    line = b"First,Last,someone@example.org,+4930123456," + b"word " * 38 + b"\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "large.csv"
        with path.open("wb") as file:
            file.write(b"first name,last name,email,phone,description\n")
            block = line * 4096
            while file.tell() < 1024**3:
                file.write(block)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        source: Any = reading.probe(path)
        count = sum(1 for _row in reading.rows(source))
        assert count == (path.stat().st_size - 44) // len(line)
        assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024
