"""A clock that is set while everything runs, back and forth, for web and worker (clock.c). PostgreSQL, which Patron starts with a bare environment, keeps
the true time: the two disagree meanwhile, which is harder than a clock that is set for both."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import signal
import struct
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from patron.config import embedded
from tests.automation.receiving import receiving
from tests.soak.conftest import Patron, trials
from tests.soak.test_kills import fresh, settled_import
from tests.soak.test_webhook_kills import by_ledger, everything_is_delivered, in_order

pytestmark = pytest.mark.soak
_HOUR = 3600
#: How far the clock is from the true time, one after the other; nothing beyond the two weeks of a session.
_CLOCKS = (0, -_HOUR, 5 * _HOUR, -26 * _HOUR, 90, -90, 3 * 24 * _HOUR, -600, 45, -45, 20 * _HOUR, 0)


class Jumping(Patron):
    """A Patron whose clock is a file."""

    def __init__(self, data: Path, clock: Path) -> None:
        super().__init__(data)
        self.clock = clock

    @property
    def environment(self) -> dict[str, str]:
        return {**super().environment, "LD_PRELOAD": str(self.clock.with_name("clock.so")), "PATRON_CLOCK": str(self.clock)}

    def set_clock(self, seconds: int) -> None:
        """Put the clock so far from the true time, at once and whole."""
        with self.clock.open("r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("q", seconds))


@pytest.fixture
def jumping(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Jumping]:
    if not os.environ.get("PATRON_SOAK"):
        pytest.skip("slow: make soak runs it")
    if not (compiler := shutil.which("cc")):
        pytest.skip("no C compiler: apt-get install gcc libc6-dev")
    folder = Path(tempfile.mkdtemp(prefix="patron-clock-"))
    subprocess.run([compiler, "-shared", "-fPIC", "-O2", "-o", folder / "clock.so", Path(__file__).with_name("clock.c"), "-ldl"], check=True)
    found = Jumping(tmp_path_factory.mktemp("clock") / "data", folder / "clock")
    found.set_clock(0)
    embedded.ensure_running(found.data, throwaway=True)
    embedded.stop(found.data)
    found.keep_promises()
    made = found.run("init")
    assert made.returncode == 0, made.stderr
    found.session = found.act("found")["session"]
    found.start()
    yield found
    found.signal_group(signal.SIGTERM)
    found.wait(40)
    embedded.discard(found.data)
    shutil.rmtree(folder)


def listed(patron: Patron) -> list[str]:
    """The ids of all leads as somebody leafs through the list, newest first."""
    found: list[str] = []
    address = "leads/?sort=-created_at&columns=city"
    while address:
        page = patron.ask(address)
        assert page.status == 200
        found += re.findall(r'<tr[^>]*data-id="([0-9a-f-]{36})"', page.text)
        onward = re.search(r'href="[^"]*/(leads/\?[^"]*after=[^"]*)"', page.text)
        address = onward[1].replace("&amp;", "&") if onward else ""
    return found


def test_everything_goes_on_whatever_the_clock_says(jumping: Jumping) -> None:
    count = trials(50)
    with receiving() as receiver:
        jumping.act("hook", receiver.url)
        ids: list[str] = []
        for trial, clock in enumerate(itertools.islice(itertools.cycle(_CLOCKS), count)):
            jumping.set_clock(clock)
            first = fresh(60)
            upload = jumping.act("upload", first, 60)
            assert settled_import(jumping, upload["id"]) == "applied", (trial, clock)
            ids += [str(pk) for (pk,) in jumping.rows("SELECT id FROM sales_lead WHERE email LIKE %s", f"p{first // 1_000_000}______@soak.example")]
            for step in range(2):
                assert jumping.ask("leads/bulk/edit/?all=1", {"field": "city", "city": f"City {trial}.{step}"}).status == 200, (trial, clock)
            assert sorted(listed(jumping)) == sorted(ids), (trial, clock)
            everything_is_delivered(jumping, 120)
            jumping.set_clock(0)
            jumping.well()
        assert jumping.log().count("the clock was set") >= count - 1 - count // len(_CLOCKS)
        told_, done = in_order(receiver), by_ledger(jumping, ids)
        assert {pk: told_[pk] for pk in ids} == done
        last = jumping.value("SELECT operation_id FROM ledger_change WHERE table_name = 'sales_lead' AND action = 'U' AND changes ? 'city' ORDER BY seq DESC LIMIT 1")
        assert jumping.ask(f"history/{last}/undo/", {}).status == 200
        assert jumping.value("SELECT count(DISTINCT city) FROM sales_lead WHERE city = %s", f"City {count - 1}.0") == 1
        was = jumping.value("SELECT max(id) FROM procrastinate_jobs WHERE task_name = 'automation.sweep'") or 0
        jumping.wait(lambda: jumping.value("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'automation.sweep' AND id > %s", was), seconds=100)
