"""What people see of the chain: the command, the doctor, the nightly verification and whom it tells."""

from __future__ import annotations

import json
import logging
import os
from typing import Any

import pytest
from click.testing import CliRunner, Result
from django.db import connection

from patron.collab.domain import notifications
from patron.config import health, libpq
from patron.config.commands import trail as command
from patron.config.database import parse
from patron.kernel.tenancy import workspace
from patron.ledger import checks, trail
from patron.ledger.models import Check
from patron.setup import jobs
from patron.testing import Scene, make_workspace
from tests.database import as_owner
from tests.ledger.chain_kit import act, seal, seals


def run(scene: Scene, *arguments: str) -> Result:
    return CliRunner().invoke(command.command, ["--workspace", scene.workspace.slug, *arguments])


def told(scene: Scene, *arguments: str) -> Any:
    result = run(scene, "--json", *arguments)
    (row,) = json.loads(result.stdout)
    assert result.exit_code == (0 if row.get("holds", True) else 1)
    return row


def spoil(scene: Scene, what: str = "UPDATE ledger_operation SET reason = 'other'") -> None:
    as_owner(f"{what} WHERE workspace_id = '{scene.workspace.pk}'")


def test_the_command_shows_the_head_seals_and_verifies(lasting_scene: Scene) -> None:
    scene = lasting_scene
    before = told(scene)
    assert (before["number"], before["hash"], before["operations"], before["waiting"]) == (0, "", 0, len(as_owner(_OPERATIONS.format(scene.workspace.pk))))
    assert "no block yet" in run(scene).output
    sealed = told(scene, "--seal")
    assert (sealed["number"], sealed["sealed"], sealed["waiting"], sealed["hash"]) == (1, 1, 0, seals(scene)[0].hash)
    act(scene)
    verified = told(scene, "--verify")
    assert (verified["waiting"], verified["holds"], verified["verified_blocks"], verified["found"]) == (1, True, 1, None)
    shown = run(scene, "--verify").output
    assert sealed["hash"] in shown and "holds: 1 blocks are what the tables say" in shown


_OPERATIONS = "SELECT id FROM ledger_operation WHERE workspace_id = '{}'"


def test_a_broken_chain_is_said_in_words_and_ends_with_1(lasting_scene: Scene) -> None:
    seal(lasting_scene)
    spoil(lasting_scene)
    shown = run(lasting_scene, "--verify")
    assert shown.exit_code == 1
    assert "does not hold: Operation" in shown.output and "of block 1 was changed. The 0 blocks before hold." in shown.output
    row = told(lasting_scene, "--verify")
    assert (row["holds"], row["found_kind"], row["found_block"]) == (False, "changed_operation", 1)


def test_a_head_kept_elsewhere_is_held_against_the_chain(lasting_scene: Scene) -> None:
    head = told(lasting_scene, "--seal")
    assert told(lasting_scene, "--verify", "--expect", f"1:{head['hash'].upper()}")["holds"]
    assert told(lasting_scene, "--verify", "--expect", f"1:{'0' * 64}")["found_kind"] == "other_than_expected"
    assert told(lasting_scene, "--verify", "--expect", f"2:{head['hash']}")["found"] == "Block 2 is missing."


@pytest.mark.parametrize("arguments", [["--expect", f"1:{'0' * 64}"], ["--verify", "--expect", "1:abc"], ["--verify", "--expect", f"0:{'0' * 64}"]])
def test_an_expectation_that_makes_no_sense_is_not_understood(lasting_scene: Scene, arguments: list[str]) -> None:
    assert run(lasting_scene, *arguments).exit_code == 2


def test_an_unknown_workspace_is_said(lasting_scene: Scene) -> None:
    result = CliRunner().invoke(command.command, ["--workspace", "nowhere"])
    assert result.exit_code == 1 and "There is no workspace nowhere." in result.output


def test_a_chain_made_anew_is_found_by_what_earlier_checks_saw(lasting_scene: Scene) -> None:
    """Somebody takes all blocks and the head away, and has everything sealed again."""
    scene = lasting_scene
    seal(scene)
    with workspace(scene.workspace.pk):
        assert checks.check().found is None
    for table in ("ledger_seal", "ledger_head"):
        spoil(scene, f"DELETE FROM {table}")
    seal(scene)
    row = told(scene, "--verify")
    assert (row["found_kind"], row["found_block"]) == ("other_than_expected", 1)
    with workspace(scene.workspace.pk):
        assert list(Check.objects.order_by("at").values_list("what", flat=True)) == ["", "other_than_expected"]


def notices(scene: Scene, name: str) -> list[str]:
    with workspace(scene.workspace.pk):
        return [n.text for n in notifications.notices(scene.access(name)).items]


def test_the_night_tells_administrators_once_and_nobody_else(committing: None, caplog: pytest.LogCaptureFixture) -> None:
    good, bad = make_workspace(), make_workspace()
    for scene in (good, bad):
        seal(scene)
    spoil(bad)
    with caplog.at_level(logging.ERROR):
        jobs.verify_trails.func(0)
    assert jobs.verify_trails.func(0) >= 1
    (words,) = notices(bad, "dora")
    assert words.startswith("The sealed history of this workspace does not hold. Operation") and words.endswith("of block 1 was changed.")
    assert notices(bad, "alice") == [] and notices(good, "dora") == []
    assert f"The sealed history of the workspace {bad.workspace.slug} does not hold" in caplog.text
    assert good.workspace.slug not in caplog.text
    with workspace(good.workspace.pk):
        assert [c.what for c in Check.objects.all()] == ["", ""]


def test_who_asked_is_told_that_all_holds(lasting_scene: Scene) -> None:
    seal(lasting_scene)
    jobs.verify_trail.func(str(lasting_scene.workspace.pk), str(lasting_scene.members["dora"].pk))
    assert notices(lasting_scene, "dora") == ["The sealed history was verified: all blocks up to number 1 hold."]


def test_the_head_of_each_workspace_is_read_alone(committing: None) -> None:
    one, two = make_workspace(), make_workspace()
    seal(one)
    with workspace(one.workspace.pk):
        head = trail.head()
        assert (head.number, head.sound, head.since, trail.waiting()) == (1, True, None, 0)
    with workspace(two.workspace.pk):
        head = trail.head()
        assert (head.number, head.hash, head.sound) == (0, "", True) and head.since and trail.waiting()


def test_the_doctor_says_how_the_chains_stand(lasting_scene: Scene) -> None:
    scene = lasting_scene
    seal(scene)
    with libpq.connect(parse(os.environ["DATABASE_URL"]) | {"NAME": connection.settings_dict["NAME"]}) as owner:
        owner.autocommit = False
        owner.execute("UPDATE ledger_operation SET at = now() WHERE workspace_id <> %s", [scene.workspace.pk])  # other tests leave theirs
        owner.execute("DELETE FROM ledger_head WHERE workspace_id <> %s", [scene.workspace.pk])
        owner.execute("DELETE FROM ledger_seal WHERE workspace_id <> %s", [scene.workspace.pk])
        assert health._trail(owner).verdict == "ok" and "in 1 blocks" in health._trail(owner).detail
        owner.execute("DELETE FROM ledger_head WHERE workspace_id = %s", [scene.workspace.pk])
        owner.execute("UPDATE ledger_operation SET at = at - interval '2 hours' WHERE workspace_id = %s", [scene.workspace.pk])
        broken = health._trail(owner)
        assert broken.verdict == "fail" and scene.workspace.slug in broken.detail
        owner.execute("DELETE FROM ledger_seal WHERE workspace_id = %s", [scene.workspace.pk])
        late = health._trail(owner)
        assert late.verdict == "warn" and scene.workspace.slug in late.detail and "more than an hour" in late.detail
        owner.rollback()
