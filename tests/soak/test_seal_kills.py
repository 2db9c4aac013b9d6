"""`kill -9` of the worker, of PostgreSQL and of the command in the middle of sealing: afterwards every operation is in exactly one block, and the chain holds."""

from __future__ import annotations

import functools
import itertools
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from patron.config import embedded
from tests.config.conftest import SOURCE
from tests.soak.acts import SLUG
from tests.soak.conftest import Patron, trials
from tests.soak.test_kills import moments

pytestmark = pytest.mark.soak
OPERATIONS, TEAMS = 6000, 10
_WAITING = "SELECT count(*) FROM ledger_heads() WHERE since IS NOT NULL"
_TWICE = "SELECT id FROM (SELECT unnest(operations) AS id FROM ledger_seal) AS sealed GROUP BY id HAVING count(*) > 1 LIMIT 1"


def all_sealed(patron: Patron) -> bool:
    return not patron.value(_WAITING)


def nothing_waits(patron: Patron, killed: str) -> bool:
    """Whether every operation is in a block by now; each is in one at most, and the chain holds. Jobs of the worker may write one while this looks: ask again."""
    patron.act("seal")
    patron.wait(lambda: all_sealed(patron))
    assert patron.rows(_TWICE) == [], killed
    done = patron.run("trail", "--workspace", SLUG, "--verify", "--json")
    assert done.returncode == 0, (killed, done.stdout, done.stderr)
    (row,) = json.loads(done.stdout)
    ((operations, blocks, last),) = patron.rows("SELECT (SELECT count(*) FROM ledger_operation), count(*), max(number) FROM ledger_seal")
    return bool(row["waiting"] == 0 and row["operations"] == operations and row["number"] == last == blocks)


def test_every_operation_is_in_one_block_whoever_is_killed(patron: Patron) -> None:
    patron.act("many", OPERATIONS, TEAMS)
    patron.act("seal")
    began = time.monotonic()
    patron.wait(lambda: all_sealed(patron))
    whole = time.monotonic() - began
    count = trials(50)
    for moment, victim in zip(moments(count, whole), itertools.cycle(("worker", "database", "command", "backend"))):
        blocks = patron.value("SELECT count(*) FROM ledger_seal")
        patron.act("many", OPERATIONS, TEAMS)
        if victim == "command":
            killed_command(patron, moment)
        else:
            patron.act("seal")
            time.sleep(moment)
            patron.kill(victim)
        patron.well()
        before = patron.value("SELECT count(*) FROM ledger_seal") - blocks
        assert before >= 0
        patron.wait(functools.partial(nothing_waits, patron, f"{victim} after {moment:.2f} s"))


def test_a_backup_restored_elsewhere_holds_and_goes_on(patron: Patron, tmp_path: Path) -> None:
    """What was sealed is not sealed again, what waited is, in a cluster whose transactions count from elsewhere."""
    patron.act("many", OPERATIONS, TEAMS)
    assert patron.run("backup", str(tmp_path / "b.tar")).returncode == 0
    other = Patron(tmp_path / "other" / "data")
    embedded.ensure_running(other.data, throwaway=True)
    embedded.stop(other.data)
    try:
        restored = other.run("restore", str(tmp_path / "b.tar"))
        assert restored.returncode == 0, restored.stderr
        (held,) = json.loads(other.run("trail", "--verify", "--json").stdout)
        (made,) = json.loads(other.run("trail", "--seal", "--json").stdout)
        (after,) = json.loads(other.run("trail", "--verify", "--json").stdout)
        assert held["holds"] and after["holds"] and after["waiting"] == 0
        assert made["operations"] == held["operations"] + held["waiting"] and made["number"] == held["number"] + made["sealed"]
    finally:
        embedded.discard(other.data)


def killed_command(patron: Patron, moment: float) -> None:
    """Somebody seals by hand, and is killed once their program has begun to."""
    program = subprocess.Popen(patron.patron("trail", "--workspace", SLUG, "--seal"), env=patron.environment, cwd=SOURCE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    before = patron.value("SELECT count(*) FROM ledger_seal")
    until = time.monotonic() + 60
    while program.poll() is None and time.monotonic() < until and patron.value("SELECT count(*) FROM ledger_seal") == before:
        time.sleep(0.01)
    time.sleep(moment / 2)
    program.send_signal(signal.SIGKILL)
    program.wait(30)
