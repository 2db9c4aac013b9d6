"""`patron list, get, create, edit, do`: the verbs and rights of every other door, as they are typed."""

from __future__ import annotations

import json
from typing import Any

import pytest
from click.testing import CliRunner

from patron.config import cli
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene
from tests.conftest import Run
from tests.records.making import make


@pytest.fixture
def accounts(scene: Scene) -> list[Any]:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return [make(registry.get("accounts"), scene.access(), name=f"Acme {n}", city="Bonn", owner=scene.members[n].pk) for n in ("alice", "charlie")]


def test_make_read_change_find(run: Run, scene: Scene) -> None:
    made = run("create", "accounts", "--input", "name=Kern AG", "--input", "city=Ulm", "--input", "owner=Alice", "--json")
    assert made.exit_code == 0, made.output
    account = json.loads(made.stdout)
    assert account["owner"] == str(scene.members["alice"].pk)
    assert json.loads(run("edit", "accounts", account["id"], "--input", "city=Trier", "--revision", str(account["revision"]), "--reason", "Moved", "--json").stdout)["city"] == "Trier"
    assert "Somebody changed" in run("edit", "accounts", account["id"], "--input", "city=X", "--revision", str(account["revision"])).output
    assert "Trier" in run("get", "accounts", account["id"]).stdout
    found = run("list", "accounts", "--filter", '["city", "is", "Trier"]', "--fields", "name,city")
    assert found.stdout == f"{account['id']}\tKern AG\tTrier\n"
    with workspace(scene.workspace.pk):
        assert Operation.objects.get(verb="accounts.edit").reason == "Moved"


def test_verbs_on_one_on_several_and_on_a_filter(run: Run, accounts: list[Any], scene: Scene) -> None:
    mine, theirs = accounts
    assert run("do", "accounts", "tag", str(mine.pk), "--input", "tags=vip").exit_code == 0
    refused = run("do", "accounts", "tag", str(theirs.pk), "--input", "tags=vip")
    assert refused.exit_code == 1 and "does not reach" in refused.output
    both = json.loads(run("do", "accounts", "tag", str(mine.pk), str(theirs.pk), "--input", "tags=new", "--json").stdout)
    assert both["count"] == 1
    everything = json.loads(run("do", "accounts", "archive", "--filter", '["city", "is", "Bonn"]', "--json", person="dora").stdout)
    assert everything["count"] == 2
    none = run("do", "accounts", "archive", "--filter", '["city", "is", "Bonn"]', person="dora")
    assert none.exit_code == 1
    with workspace(scene.workspace.pk):
        assert registry.get("accounts").model.objects.get(pk=mine.pk).tags == ["vip", "new"]


@pytest.mark.parametrize(("words", "code", "said"), [
    (["do", "accounts", "fly", "x"], 2, "no verb"), (["do", "nothing", "fly", "x"], 2, "no record type"), (["do", "accounts", "archive", "x"], 2, "no id"),
    (["do", "accounts", "archive"], 2, "either ids or --filter"), (["do", "accounts", "tag", "x", "--input", "colour=red"], 2, "no input colour"),
    (["create", "accounts", "--input", "name"], 2, "NAME=VALUE"), (["create", "accounts"], 1, "Enter a value"), (["create", "accounts", "--input", "nonsense=1"], 1, "nonsense"),
    (["get", "accounts", "00000000-0000-0000-0000-000000000000"], 1, "nothing here"), (["list", "accounts", "--sort", "nonsense"], 1, "sort"),
])  # fmt: skip
def test_what_cannot_be_done_and_what_is_not_understood(run: Run, words: list[str], code: int, said: str) -> None:
    answer = run(*words)
    assert answer.exit_code == code and said in answer.output, answer.output


def test_help_lists_verbs_inputs_and_fields() -> None:
    told = CliRunner().invoke(cli.cli, ["do", "deals", "--help"])
    assert "win" in told.output and "lose" in told.output
    told = CliRunner().invoke(cli.cli, ["do", "leads", "disqualify", "--help"])
    assert "reason" in told.output and "required" in told.output
    assert "annual_revenue" in CliRunner().invoke(cli.cli, ["create", "accounts", "--help"]).output


def test_no_command_approves_for_a_person(run: Run, scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access("alice")):
        proposal = make(registry.get("proposals"), scene.access("dora"))
    answer = run("do", "proposals", "approve", str(proposal.pk), person="dora")
    assert answer.exit_code == 1 and "programs cannot" in answer.output
