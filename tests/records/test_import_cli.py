"""`patron import` and `patron export`, against a workspace that is really there."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from patron.config.commands import export, import_
from patron.kernel.tenancy import workspace
from patron.records.import_models import Import
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import inside, table

FILE = table(("First name", "E-mail", "Lead source"), ("Ann", "ann@x.example", "Phone"), ("Bo", "bo at x", "Phone"))


@pytest.fixture
def place(lasting_scene: Scene, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Scene:
    monkeypatch.chdir(tmp_path)
    Path("leads.csv").write_bytes(FILE)
    with inside(lasting_scene):
        pass
    return lasting_scene


def run(place: Scene, command: Any, *arguments: str) -> Result:
    return CliRunner().invoke(command.command, [*arguments, "--workspace", place.workspace.slug])


def leads(place: Scene) -> list[str]:
    with workspace(place.workspace.pk):
        return list(Lead.objects.order_by("email").values_list("email", flat=True))


def test_a_dry_run_writes_nothing(place: Scene) -> None:
    result = run(place, import_, "leads.csv", "--type", "leads", "--dry-run")
    assert result.exit_code == 0, result.output
    assert "2 rows: 1 new, 1 with errors" in result.output
    assert "row 3: “bo at x” is not an e-mail address" in result.output
    with workspace(place.workspace.pk):
        assert (Lead.objects.count(), Import.objects.count()) == (0, 0)


def test_a_file_is_imported_by_name_and_content(place: Scene) -> None:
    result = run(place, import_, "leads.csv", "--type", "leads", "--mode", "upsert", "--key", "email", "--json", "--left-out", "out.csv")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["new"], found["error"], found["state"]) == (1, 1, "applied")
    assert leads(place) == ["ann@x.example"]
    assert list(csv.reader(Path("out.csv").open(encoding="utf-8-sig")))[1][:2] == ["Bo", "bo at x"]  # noqa: SIM115


def test_a_plan_says_how(place: Scene) -> None:
    Path("plan.toml").write_text(
        'type = "leads"\nmode = "upsert"\nkey = ["email"]\n'
        'columns = [{ column = "First name", field = "last_name" }, { column = "E-mail", field = "email", fixes = { "bo at x" = "bo@x.example" } }]\n'
    )
    result = run(place, import_, "leads.csv", "--plan", "plan.toml", "--as", f"dora@{place.workspace.slug}.example")
    assert result.exit_code == 0, result.output
    assert leads(place) == ["ann@x.example", "bo@x.example"]
    with workspace(place.workspace.pk):
        assert Import.objects.get().member_id == place.members["dora"].pk


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["leads.csv"], "Say with --type"),
        (["leads.csv", "--type", "nothing"], "Choose what the rows"),
        (["leads.csv", "--type", "leads", "--key", "city"], "no column is matched"),
        (["leads.csv", "--type", "leads", "--as", "nobody@x.example"], "no active member"),
        (["empty.csv", "--type", "leads"], "empty"),
        (["bad.toml.csv", "--type", "leads"], "No row of the file could be imported"),
        (["leads.csv", "--plan", "broken.toml"], "is no plan"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_said_and_exits_with_1(place: Scene, arguments: list[str], words: str) -> None:
    Path("empty.csv").touch()
    Path("bad.toml.csv").write_bytes(table(("E-mail",), ("x",)))
    Path("broken.toml").write_text("type = [")
    result = run(place, import_, *arguments)
    assert result.exit_code == 1, result.output
    assert words in result.output
    assert leads(place) == []


def test_export_and_import_are_a_round_trip(place: Scene) -> None:
    run(place, import_, "leads.csv", "--type", "leads")
    for name in ("out.csv", "out.xlsx"):
        assert run(place, export, "--type", "leads", "--out", name).exit_code == 0
        result = run(place, import_, name, "--type", "leads", "--json")
        found = json.loads(result.output)
        assert (found["rows"], found["same"]) == (1, 1), result.output


def test_export_as_json_and_filtered(place: Scene) -> None:
    run(place, import_, "leads.csv", "--type", "leads")
    result = run(place, export, "--type", "leads", "--format", "json", "--filter", '["email", "contains", "ann"]')
    [lead] = json.loads(result.stdout)
    assert (lead["email"], lead["source"]["title"]) == ("ann@x.example", "Phone")
    result = run(place, export, "--type", "leads", "--format", "json", "--filter", '["email", "contains", "zoe"]')
    assert json.loads(result.stdout) == []
    for arguments in (["--type", "leads", "--filter", "{"], ["--type", "nothing"], ["--type", "leads", "--format", "xlsx"]):
        assert run(place, export, *arguments).exit_code == 1


def test_several_files_are_one_import(place: Scene) -> None:
    Path("accounts.csv").write_text("External id,Name\nx:1,Ring Ltd\n")
    Path("people.csv").write_text("Record ID,First Name,Last Name,Email,Associated Company IDs\n7,Emmy,Noe,emmy@ring.example,1\n")
    dry = run(place, import_, "people.csv", "accounts.csv", "--dry-run", "--json")
    assert dry.exit_code == 0, dry.output
    result = run(place, import_, "people.csv", "accounts.csv", "leads.csv", "--type", "leads", "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert (found["state"], found["new"], found["error"], {n: t["type"] for n, t in found["files"].items()}) == (
        "applied", 3, 1, {"accounts.csv": "accounts", "people.csv": "contacts", "leads.csv": "leads"},
    )  # fmt: skip
    assert leads(place) == ["ann@x.example"]


def test_a_folder_gives_the_files_that_a_column_names(place: Scene) -> None:
    from patron.collab.models import Attachment

    Path("docs").mkdir()
    Path("docs/offer.txt").write_text("offer")
    Path("accounts.csv").write_text("Name,File\nRing Ltd,offer.txt\n")
    Path("plan.toml").write_text('type = "accounts"\ncolumns = [{ column = "Name", field = "name" }, { column = "File", field = "+files" }]\n')
    assert run(place, import_, "accounts.csv", "--plan", "plan.toml", "--json").exit_code == 1
    result = run(place, import_, "accounts.csv", "--plan", "plan.toml", "--files", "docs")
    assert result.exit_code == 0, result.output
    with workspace(place.workspace.pk):
        assert Attachment.objects.get().name == "offer.txt"


def test_everything_goes_out_and_an_existing_file_is_kept(place: Scene) -> None:
    result = run(place, export, "--all", "--out", "all.zip")
    assert result.exit_code == 0, result.output
    assert run(place, export, "--all", "--out", "all.zip").exit_code == 1
    assert run(place, export, "--all", "--type", "leads").exit_code == 2
