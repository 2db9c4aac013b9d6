"""A restored chain holds and goes on: what was sealed stays sealed, what was not is sealed once, whatever numbers the cluster counts with."""

from __future__ import annotations

import csv
import datetime
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from patron.config import libpq
from patron.config.database import parse
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger import canonical, sealing
from patron.ledger.verifying import Break
from patron.records.archive import tables, whole
from patron.testing import Scene
from tests.database import as_owner
from tests.ledger.chain_kit import act, broken, each_once, seal, seals, verdict

GUIDE = Path(__file__).parents[2] / "docs" / "how-to" / "verify-the-trail.md"


@pytest.fixture
def owner() -> Iterator[psycopg.Connection[Any]]:
    with libpq.connect(parse(os.environ["DATABASE_URL"]) | {"NAME": connection.settings_dict["NAME"]}) as raw:
        yield raw


@pytest.fixture
def exported(lasting_scene: Scene, tmp_path: Path) -> Iterator[tuple[Scene, Path]]:
    """Two blocks, and behind them operations that are in none: also one whose number of transaction lies far ahead of this cluster's, as from a busier one."""
    before, settings.DATA_DIR = settings.DATA_DIR, tmp_path / "data"
    seal(lasting_scene)
    act(lasting_scene, 3)
    seal(lasting_scene)
    ahead = act(lasting_scene)
    act(lasting_scene)
    as_owner(f"UPDATE ledger_operation SET xid = {2**40} WHERE id = '{ahead}'")
    whole.to_file(lasting_scene.workspace, tmp_path / "a.zip", lasting_scene.system)
    yield lasting_scene, tmp_path / "a.zip"
    settings.DATA_DIR = before


def restored(path: Path, owner: Any, slug: str) -> Scene:
    whole.from_file(path, owner, slug=slug)
    return Scene(Workspace.objects.get(slug=slug))


def test_a_restored_workspace_verifies_and_goes_on(exported: tuple[Scene, Path], owner: Any) -> None:
    scene, path = exported
    head, order = seals(scene)[-1].hash, _order(scene)
    assert len(order) > 3
    again = restored(path, owner, f"{scene.workspace.slug}-again")
    assert verdict(again).found is None and verdict(again).hash == head
    made = seal(again)
    assert [(b.number, b.operations) for b in made] == [(3, 2)]
    after = act(again)
    seal(again)
    assert each_once(again)[-1] == after
    assert verdict(again, {2: head}).found is None
    assert _order(scene) == order, "the other workspace keeps its order"


def _order(scene: Scene) -> list[Any]:
    return as_owner(f"SELECT id FROM ledger_operation WHERE workspace_id = '{scene.workspace.pk}' AND xid > 2 ORDER BY xid, seq")


def test_a_workspace_restored_twice_still_seals_each_once(exported: tuple[Scene, Path], owner: Any, tmp_path: Path) -> None:
    scene, path = exported
    once = restored(path, owner, f"{scene.workspace.slug}-once")
    act(once)
    seal(once, most=1)
    for _ in range(3):
        act(once)
    # numbers of another cluster may be those of this one as well
    as_owner(
        "ALTER TABLE ledger_operation ALTER COLUMN seq DROP IDENTITY",
        f"UPDATE ledger_operation SET seq = 7 WHERE workspace_id = '{once.workspace.pk}'",
        "ALTER TABLE ledger_operation ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY",
        "SELECT setval(pg_get_serial_sequence('ledger_operation', 'seq'), (SELECT max(seq) FROM ledger_operation))",
    )
    whole.to_file(once.workspace, tmp_path / "b.zip", once.system)
    twice = restored(tmp_path / "b.zip", owner, f"{scene.workspace.slug}-twice")
    assert [b.operations for b in seal(twice, most=1)] == [1, 1, 1]
    each_once(twice)
    assert verdict(twice).found is None


def test_a_cluster_restored_from_a_backup_begins_its_order_anew(lasting_scene: Scene) -> None:
    scene = lasting_scene
    seal(scene)
    waiting = [act(scene), act(scene)]
    with psycopg.connect(**_where(), autocommit=False) as raw, raw.cursor() as cursor:
        sealing.start_anew(cursor, scene.workspace.pk)
    seal(scene)
    assert each_once(scene)[-2:] == waiting
    act(scene)
    seal(scene)
    assert verdict(scene).found is None


def _where() -> dict[str, Any]:
    place = parse(os.environ["DATABASE_URL"])
    return {"host": place["HOST"], "port": place["PORT"], "user": place["USER"], "password": place["PASSWORD"], "dbname": connection.settings_dict["NAME"]}


def test_a_file_that_was_changed_does_not_verify(exported: tuple[Scene, Path], owner: Any, tmp_path: Path) -> None:
    from tests.records.test_archive import rewritten

    scene, path = exported
    bad = rewritten(path, tmp_path / "bad.zip", {"tables/ledger_change.csv": lambda text: text.replace("Team ", "Taem ", 1)})
    other = restored(bad, owner, f"{scene.workspace.slug}-bad")
    assert broken(other).what == "changed_change"


def test_secrets_are_those_that_form_1_leaves_out() -> None:
    """A column that becomes secret is no longer in exports: blocks of form 1 that cover it would not verify after a restore. It takes a form 2."""
    assert tables.secrets() == canonical.SECRET


def test_no_file_holds_what_means_something_in_one_cluster_alone(exported: tuple[Scene, Path]) -> None:
    with zipfile.ZipFile(exported[1]) as archive:
        for name in ("ledger_operation", "ledger_head"):
            assert "xid" not in next(csv.reader(io.StringIO(archive.read(f"tables/{name}.csv").decode())))


# --- the guide's program: written from the reference alone, with nothing but Python's own library ----------------------


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """The program that the guide prints."""
    text = GUIDE.read_text()
    target = tmp_path / "verify.py"
    target.write_text(text.partition("```python\n")[2].partition("```")[0])
    return target


def test_an_outsider_verifies_an_export_with_the_guides_program(exported: tuple[Scene, Path], program: Path, tmp_path: Path) -> None:
    from patron.setup.domain import tokens
    from tests.records.test_archive import rewritten

    scene, _path = exported
    with workspace(scene.workspace.pk):
        tokens.create(scene.members["dora"], "robot", ["*.view"], access=scene.access(), lasts=datetime.timedelta(days=3))
    act(scene, 1001)
    seal(scene)
    path = tmp_path / "c.zip"
    whole.to_file(scene.workspace, path, scene.system)
    last = seals(scene)[-1]
    done = subprocess.run([sys.executable, "-I", program, path], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, f"{last.number} blocks hold. The last one's hash is {last.hash}\n"), done.stderr
    for part, change in {
        "tables/ledger_change.csv": lambda text: text.replace("Team ", "Taem ", 1),
        "tables/ledger_operation.csv": lambda text: text.replace("test.act", "test.akt", 1),
        "tables/ledger_seal.csv": lambda text: text.replace(last.hash, "0" * 64),
    }.items():
        bad = rewritten(path, tmp_path / f"{json.dumps(part).split('_')[1]}.zip", {part: change})
        refused = subprocess.run([sys.executable, "-I", program, bad], capture_output=True, text=True, check=False)
        assert refused.returncode == 1 and refused.stderr.startswith("Block "), (part, refused.stderr)
    assert Break("missing_block", 1).words == "Block 1 is missing."
