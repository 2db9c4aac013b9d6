"""Reports and dashboards through the API and for assistants: the same rule of who sees what, the same figures, faults by their place."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest

from patron.api import direct
from patron.identity.models import Role, Team
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.reports.models import Dashboard, Report, Schedule, Tile
from patron.reports.shipped import SHIPPED
from patron.testing import Scene
from tests.api.conftest import Program, program_of
from tests.reports.test_screens import address, client_of, filled  # noqa: F401  (a fixture)

COUNTRIES = {"type_key": "accounts", "groupings": [{"field": "country"}], "measures": [{"key": "n"}]}


def kept(program: Program, **values: Any) -> Any:
    answer = program.post("reports/", {"name": "By country", "definition": COUNTRIES, **values})
    assert answer.status_code == 201, answer.content
    return answer.data


def test_a_report_made_by_a_program_is_that_of_the_screens(filled: Scene) -> None:  # noqa: F811
    dora = program_of(filled)
    made = kept(dora, description="Where they are")
    assert (made["scope"], made["definition"], made["revision"]) == ("private", COUNTRIES, 1)
    page = client_of(filled).get(address(filled, "reports", made["id"])).content.decode()
    assert "By country" in page and "Germany: 2" in page
    assert "By country" in client_of(filled).get(address(filled, "reports")).content.decode()
    figures = dora.get(f"reports/{made['id']}/read/figures/")
    assert figures.status_code == 200
    assert [(line["groups"], line["values"]["n"]) for line in figures.data["lines"]] == [(["Germany"], "2"), (["Norway"], "1")]
    assert figures.data["total"]["values"]["n"] == "3"
    changed = dora.patch(f"reports/{made['id']}/", {"definition": {**COUNTRIES, "sort": "group", "compare": ""}})
    assert changed.data["revision"] == 2
    back = dora.post(f"operations/{changed.headers['Patron-Operation']}/undo/")
    assert back.status_code == 200 and dora.get(f"reports/{made['id']}/").data["definition"] == COUNTRIES


def test_figures_come_as_csv_to_who_may_take_them_away_and_that_is_recorded(filled: Scene) -> None:  # noqa: F811
    dora = program_of(filled)
    path = f"reports/{kept(dora)['id']}/read/figures/"
    answer = dora.get(path, Accept="text/csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8" and "by-country.csv" in answer.headers["Content-Disposition"]
    assert list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))) == [["Country", "Accounts"], ["Germany", "2"], ["Norway", "1"], ["Total", "3"]]
    with workspace(filled.workspace.pk):
        assert Operation.objects.filter(verb="reports.export").count() == 1
    assert dora.get(path, Accept="application/xml").status_code == 406
    assert dora.get("dashboards/sales/read/figures/", Accept="text/csv").status_code == 406
    narrow = program_of(filled, "dora", "*.view")
    assert narrow.get(path).status_code == 200
    assert narrow.get(path, Accept="text/csv").status_code == 403


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"type_key": "nothing"}, "type_key"), ({"type_key": 7}, "type_key"), ({"chart": "pie"}, "chart"), ({"top": "3"}, "top"), ({"top": 5000}, "top"), ({"colour": "red"}, "colour"),
        ({"groupings": [{"field": "no_such"}]}, "groupings[0].field"), ({"groupings": [{"field": "tags"}]}, "groupings[0].field"), ({"groupings": ["country"]}, "groupings[0]"),
        ({"groupings": [{"field": "created_at", "bucket": "moon"}]}, "groupings[0].bucket"), ({"groupings": [{}]}, "groupings[0].field"),
        ({"measures": [{"key": "n"}, {"key": "n"}]}, "measures[1].key"), ({"measures": [{"key": "n", "aggregate": "sum", "field": "name"}]}, "measures[0].field"),
        ({"measures": [{"key": "n"}, {"key": "f", "aggregate": "formula", "formula": "n +"}]}, "measures[1].formula"),
        ({"measures": [{"key": "f", "aggregate": "formula", "formula": "gone / 2"}]}, "measures[0].formula"),
        ({"filter": ["no_such", "is", "x"]}, "filter"), ({"filter": ["created_at", "on", {"a": 1}]}, "filter"), ({"filter": "name"}, "filter"),
        ({"measures": [{"key": "n", "where": ["country", "nearly", "DE"]}]}, "measures[0].where"), ({"compare": "year", "groupings": []}, "compare"), ({"method": "magic"}, "method"),
    ],
)  # fmt: skip
def test_a_faulty_definition_is_refused_by_its_place_and_nothing_is_kept(filled: Scene, change: dict[str, Any], place: str) -> None:  # noqa: F811
    answer = program_of(filled).post("reports/", {"name": "Faulty", "definition": {**COUNTRIES, **change}})
    assert answer.status_code == 422, answer.content
    assert [e["field"] for e in answer.data["errors"]] == [f"definition.{place}"], answer.data["errors"]
    with workspace(filled.workspace.pk):
        assert not Report.objects.exists()


@pytest.mark.parametrize("key", list(SHIPPED))
def test_what_comes_with_patron_is_read_by_its_key_and_its_definition_makes_a_variant(filled: Scene, key: str) -> None:  # noqa: F811
    dora = program_of(filled)
    figures, told = dora.get(f"reports/{key}/read/figures/"), dora.get(f"reports/{key}/read/definition/")
    assert figures.status_code == told.status_code == 200, figures.content
    assert figures.data["report"] == told.data["name"] == str(SHIPPED[key].name)
    again = kept(dora, name="Variant", definition=told.data["definition"])
    assert dora.get(f"reports/{again['id']}/read/figures/").data["columns"] == figures.data["columns"]
    assert dora.get(f"reports/no-{key}/read/figures/").status_code == 404


def test_everybody_gets_the_figures_that_they_may_see(filled: Scene) -> None:  # noqa: F811
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        changes.create(registry.get("accounts"), {"name": "Alice's", "country": "DE", "owner": filled.members["alice"].pk}, access=filled.access())
        own = Role.objects.get(key="sales-agent")
        own.matrix = {**own.matrix, "accounts": {"view": "own"}}
        own.save()
    dora, alice = program_of(filled), program_of(filled, "alice")
    shared = kept(dora, scope="workspace")["id"]
    assert alice.get(f"reports/{shared}/read/figures/").data["total"]["values"]["n"] == "1"
    assert "Partial" in alice.get(f"reports/{shared}/read/figures/").data["notes"][0]
    assert dora.get(f"reports/{shared}/read/figures/").data["total"]["values"]["n"] == "4"
    blind = program_of(filled, "alice", "reports.view")
    refused = blind.get(f"reports/{shared}/read/figures/")
    assert refused.status_code == 422 and "does not show these records" in refused.data["detail"]


# --- Who sees and changes what -----------------------------------------------------------------------------------------

SEES = {
    "private": {"alice", "dora"}, "team": {"alice", "bob", "dora"}, "workspace": {"alice", "bob", "charlie", "dora", "erin", "rita"},
}  # fmt: skip


@pytest.mark.parametrize("key", ["reports", "dashboards"])
@pytest.mark.parametrize("scope", SEES)
def test_one_rule_of_sharing_at_every_door(filled: Scene, key: str, scope: str) -> None:  # noqa: F811
    record_type = registry.get(key)
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        team = Team.objects.get(name="North")
        values = {"name": "Alice's", **({"definition": COUNTRIES} if key == "reports" else {}), "owner": filled.members["alice"].pk, "scope": scope, "team": team.pk if scope == "team" else None}
        record = changes.create(record_type, values, access=filled.access())
    for name in filled.members:
        seen, owns = name in SEES[scope], name in ("alice", "dora")
        program, client = program_of(filled, name), client_of(filled, name)
        with workspace(filled.workspace.pk):
            access = filled.access(name)
            for action, reached in (("view", seen), ("edit", owns), ("delete", owns)):
                assert record_type.visible(access, action).filter(pk=record.pk).exists() == record_type.allows(record, access, action) == reached, (name, action)
        assert program.get(f"{key}/{record.pk}/").status_code == (200 if seen else 404), name
        assert (str(record.pk) in program.get(f"{key}/").content.decode()) == seen, name
        assert program.patch(f"{key}/{record.pk}/", {"description": name}).status_code == (200 if owns else 403 if seen else 404), name
        assert program.get(f"{key}/{record.pk}/read/figures/").status_code == (200 if seen else 404), name
        copy = program.post(f"{key}/{record.pk}/do/duplicate/")
        assert copy.status_code == (404 if not seen else 422 if name == "rita" else 200), (name, copy.content)
        assert client.get(address(filled, key, record.pk)).status_code == (200 if seen else 404), name
        listed = client.get(address(filled, "reports")).content.decode()
        assert (str(record.pk) in listed) == seen, name
        change = client.get(address(filled, key, record.pk, "settings")) if key == "dashboards" else client.get(address(filled, "reports", record.pk))
        assert (change.status_code == 200 if key == "dashboards" else b"/delete/" in change.content) == owns, name


def test_sharing_takes_a_team_of_ones_own_and_everyone_an_administrator(filled: Scene) -> None:  # noqa: F811
    alice, dora = program_of(filled, "alice"), program_of(filled)
    made = kept(alice)["id"]
    with workspace(filled.workspace.pk):
        north, south = (str(Team.objects.get(name=n).pk) for n in ("North", "South"))
    for inputs, field in (({"scope": "workspace"}, "scope"), ({"scope": "team"}, "team"), ({"scope": "team", "team": south}, "team")):
        refused = alice.post(f"reports/{made}/do/share/", {"inputs": inputs})
        assert refused.status_code == 422 and [e["field"] for e in refused.data["errors"]] == [field], refused.content
    shared = alice.post(f"reports/{made}/do/share/", {"inputs": {"scope": "team", "team": north}})
    assert shared.status_code == 200 and shared.data["record"]["team"] == north
    assert dora.post(f"reports/{made}/do/share/", {"inputs": {"scope": "workspace"}}).data["record"]["team"] is None
    assert alice.patch(f"reports/{made}/", {"name": "Still mine"}).status_code == 200, "what everyone sees is still its owner's"
    assert program_of(filled, "rita").post("reports/", {"name": "X", "definition": COUNTRIES}).status_code == 403


def test_a_dashboard_is_filled_and_arranged_by_a_program(filled: Scene) -> None:  # noqa: F811
    dora, bob = program_of(filled), program_of(filled, "bob")
    own = kept(dora)["id"]
    board = dora.post("dashboards/", {"name": "Ours", "scope": "workspace", "is_default": True}).data
    tiles = [dora.post("dashboard-tiles/", {"dashboard": board["id"], **values}) for values in ({"report": own}, {"shipped": "win-rate", "width": 12})]
    assert [(t.status_code, t.data["position"]) for t in tiles] == [(201, 0), (201, 1)]
    ids = [t.data["id"] for t in tiles]
    for wrong, field in (({"report": own, "shipped": "win-rate"}, "report"), ({}, "report"), ({"shipped": "win-rate", "width": 7}, "width")):
        refused = dora.post("dashboard-tiles/", {"dashboard": board["id"], **wrong})
        assert refused.status_code == 422 and [e["field"] for e in refused.data["errors"]] == [field], refused.content
    assert dora.post(f"dashboards/{board['id']}/do/arrange/", {"inputs": {"tiles": ids[::-1]}}).status_code == 200
    figures = dora.get(f"dashboards/{board['id']}/read/figures/").data
    assert [t["id"] for t in figures["tiles"]] == ids[::-1] and figures["tiles"][1]["figures"]["total"]["values"]["n"] == "3"
    assert [t["report"] for t in bob.get(f"dashboards/{board['id']}/read/figures/").data["tiles"]] == ["win-rate"], "a private report is left out"
    assert bob.post("dashboard-tiles/", {"dashboard": board["id"], "shipped": "win-rate"}).status_code == 422
    assert bob.patch(f"dashboard-tiles/{ids[0]}/", {"width": 12}).status_code == 403
    other = dora.post("dashboards/", {"name": "Newer", "scope": "workspace", "is_default": True}).data
    assert not dora.get(f"dashboards/{board['id']}/").data["is_default"] and other["is_default"], "one opens first: the later one"
    gone = dora.delete(f"dashboards/{board['id']}/")
    with workspace(filled.workspace.pk):
        assert not Tile.objects.exists() and Dashboard.objects.count() == 1
    assert dora.post(f"operations/{gone.headers['Patron-Operation']}/undo/").status_code == 200
    assert len(dora.get(f"dashboards/{board['id']}/read/figures/").data["tiles"]) == 2


def test_a_schedule_is_planned_moved_and_ended_by_a_program(filled: Scene) -> None:  # noqa: F811
    dora, alice = program_of(filled), program_of(filled, "alice")
    report = kept(dora, scope="workspace")["id"]
    people = [str(filled.members[n].pk) for n in ("alice", "bob")]
    planned = alice.post(f"reports/{report}/do/schedule/", {"inputs": {"frequency": "weekly", "weekday": 2, "hour": 7, "members": people}})
    assert planned.status_code == 200 and planned.data["result"]["type"] == "report-schedules", planned.content
    path = f"report-schedules/{planned.data['result']['id']}/"
    assert sorted(alice.get(f"{path}read/people/").data["people"]) == sorted(people)
    before = alice.get(path).data["next_at"]
    assert alice.patch(path, {"hour": 8}).data["next_at"] != before
    assert alice.patch(path, {"hour": 24}).status_code == 422
    assert program_of(filled, "bob").get(path).status_code == 404, "somebody else's"
    assert dora.get(path).status_code == 200
    assert alice.post(f"reports/{report}/do/schedule/", {"inputs": {"frequency": "daily", "members": ["nobody"]}}).status_code == 422
    assert alice.delete(path).status_code == 204
    with workspace(filled.workspace.pk):
        assert not Schedule.objects.exists()


def test_assistants_read_figures_and_only_propose_changes(filled: Scene) -> None:  # noqa: F811
    from patron.api import credentials
    from patron.api.mcp import calls, tools
    from patron.kernel.origin import Origin

    program = program_of(filled, "alice")
    credential = credentials._key(program.key)
    assert credential is not None
    with workspace(filled.workspace.pk):
        found = {t.name: t for t in tools.all_tools(credential)}
        assert {"read_reports_figures", "read_dashboards_figures", "reports_share", "reports_schedule", "dashboards_arrange"} <= found.keys()
        assert found["read_reports_figures"].reads and "win-rate" in found["read_reports_figures"].inputs["properties"]["id"]["description"]
        answer, failed = calls.call("read_reports_figures", {"id": "accounts-gaps"}, credential=credential, where=Origin(), client="test")
        assert not failed and answer["type"] == "accounts"
        unknown, failed = calls.call("read_reports_figures", {"id": "nothing"}, credential=credential, where=Origin(), client="test")
        assert failed and unknown["code"] == "not-found"
        made, failed = calls.call("create_record", {"type": "reports", "values": {"name": "Wished", "definition": COUNTRIES}}, credential=credential, where=Origin(), client="test")
        assert not failed and made["state"] == "open" and not Report.objects.exists()
        assert direct.read("reports", "accounts-gaps", "definition", credential, Origin())["definition"]["type_key"] == "accounts"


def test_history_tells_what_changed_in_the_definition_and_takes_it_back(filled: Scene) -> None:  # noqa: F811
    dora, client = program_of(filled), client_of(filled)
    made = kept(dora)["id"]
    dora.patch(f"reports/{made}/", {"name": "Renamed", "definition": {**COUNTRIES, "chart": "table"}})
    page = client.get(address(filled, "reports", made, "history")).content.decode()
    assert "Definition › chart" in page and "table" in page and "Renamed" in page and "Definition › groupings" not in page
    assert client.get(address(filled, "reports", "win-rate", "history")).status_code == 404
    assert client_of(filled, "bob").get(address(filled, "reports", made, "history")).status_code == 404
    board = dora.post("dashboards/", {"name": "Ours"}).data["id"]
    assert client.get(address(filled, "dashboards", board, "history")).status_code == 200
    assert client.get(address(filled, "dashboards", "sales", "history")).status_code == 404


def test_roles_that_are_there_go_on_to_keep_reports(filled: Scene) -> None:  # noqa: F811
    """What the migration does to a workspace from before: who could keep reports still can, and what a role says already stays."""
    from importlib import import_module
    from types import SimpleNamespace

    from django.db import connection

    grant = import_module("patron.reports.migrations.0003_rights").grant
    keys = ("reports", "dashboards", "dashboard-tiles", "report-schedules")
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        for role in Role.objects.all():
            role.matrix = {n: v for n, v in role.matrix.items() if n not in keys}
            role.save()
        Role.objects.filter(key="accountant").update(matrix={"*": {"view": "all"}, "reports": {}, "settings": {"edit": "all"}})
        administrator = Role.objects.get(key="administrator").matrix
    grant(None, SimpleNamespace(connection=connection))
    grant(None, SimpleNamespace(connection=connection))
    with workspace(filled.workspace.pk):
        roles = {role.key: role.matrix for role in Role.objects.all()}
    assert roles["administrator"] == administrator
    assert roles["sales-agent"]["reports"] == {"view": "all", "create": "all", "edit": "own", "delete": "own", "act": "own"}
    assert roles["auditor"]["dashboards"]["create"] == "all", "nobody loses what they could do"
    assert roles["accountant"]["reports"] == {} and roles["accountant"]["dashboards"]["edit"] == "all"
    assert kept(program_of(filled, "rita"))["name"] == "By country"


def test_the_page_about_rights_says_that_sharing_decides(filled: Scene) -> None:  # noqa: F811
    mine = client_of(filled, "alice").get(address(filled, "settings", "rights", "mine") + "?type=reports").content.decode()
    assert "All reports that are their own, their teams&#39; or everyone&#39;s" in mine
    assert "All reports that" not in client_of(filled).get(address(filled, "settings", "rights", "mine") + "?type=reports").content.decode()
