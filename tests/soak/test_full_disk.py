"""A disk that fills up: what does not fit is refused in words, nothing is torn, and Patron goes on when there is space again."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from patron.config import embedded
from tests.soak.conftest import Patron
from tests.soak.test_kills import settled_import

pytestmark = pytest.mark.soak
_SIZE = "700m"


@pytest.fixture(params=["tables", "tables and log"])
def small(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Patron]:
    """A Patron whose database lies on a small disk of its own: with its log, without which it cannot live for a moment, or without it."""
    if not os.environ.get("PATRON_SOAK"):
        pytest.skip("slow: make soak runs it")
    disk = tmp_path / "disk"
    disk.mkdir()
    found = Patron(tmp_path / "data")
    embedded.ensure_running(found.data, throwaway=True)
    embedded.stop(found.data)
    found.keep_promises()
    mounted = os.getuid() == 0 and subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={_SIZE}", "tmpfs", str(disk)], check=False, capture_output=True).returncode == 0
    if not mounted:
        embedded.discard(found.data)
        pytest.skip("mounting a small disk needs root and the right to mount")
    pgdata = found.cluster.pgdata
    try:
        (pgdata / "conf.d" / "zz-local.conf").open("a").write("max_wal_size = '64MB'\nmin_wal_size = '32MB'\nwal_recycle = off\nautovacuum = off\n")
        if request.param == "tables":
            (pgdata / "pg_wal").rename(pgdata.parent / "pg_wal")
            (pgdata / "pg_wal").symlink_to(pgdata.parent / "pg_wal")
        subprocess.run(["cp", "--archive", f"{pgdata}/.", disk], check=True)
        disk.chmod(0o700)
        shutil.rmtree(pgdata)
        pgdata.mkdir(mode=0o700)
        shutil.chown(pgdata, disk.stat().st_uid, disk.stat().st_gid)
        subprocess.run(["mount", "--bind", str(disk), str(pgdata)], check=True)
        made = found.run("init")
        assert made.returncode == 0, made.stderr
        found.session = found.act("found")["session"]
        found.start()
        yield found
    finally:
        if found.program and found.program.poll() is None:
            found.signal_group(signal.SIGTERM)
            found.wait(40)
        embedded.stop(found.data)
        subprocess.run(["umount", str(pgdata)], check=False)
        subprocess.run(["umount", str(disk)], check=False)
        embedded.discard(found.data)


def fill(patron: Patron, leave: int) -> Path:
    """A file that takes all but `leave` bytes of the small disk."""
    filler = patron.cluster.pgdata / "filler"
    with filler.open("wb") as stream, contextlib.suppress(OSError):  # the database may take the last of it meanwhile
        while (free := shutil.disk_usage(patron.cluster.pgdata).free) > leave:
            stream.write(bytes(min(free - leave, 1_000_000)))
            stream.flush()
    return filler


def test_a_full_disk_refuses_in_words_and_tears_nothing(small: Patron, request: pytest.FixtureRequest) -> None:
    log_too = "log" in request.node.callspec.params["small"]
    small.act("upload", 1_000_000, 3000, "now")
    background = small.act("upload", 2_000_000, 20_000)["id"]
    before = small.value("SELECT count(*) FROM sales_lead WHERE email LIKE 'p1______@%%'")
    filler = fill(small, 4_000_000)
    answers = []
    for n in range(200):
        answers.append(small.ask("leads/bulk/edit/?all=1", {"field": "description", "description": f"{n} " + "words " * 400}))
        if answers[-1].status != 200:
            break
    refused = answers[-1]
    assert refused.status in ((503, 507) if log_too else (507,)), refused.text[:2000]
    assert ("done whole or not at all" if refused.status == 503 else "The disk is full") in refused.text
    filler.unlink()
    small.wait(lambda: small.ask("leads/").status == 200)
    assert small.value("SELECT count(*) FROM sales_lead WHERE email LIKE 'p1______@%%'") == before
    assert small.value("SELECT count(DISTINCT description) FROM sales_lead WHERE email LIKE 'p1______@%%'") == 1
    settled_import(small, background)
    small.rows_and_ledger_agree()
    assert small.ask("leads/bulk/edit/?all=1", {"field": "city", "city": "Ulm"}).status == 200
