"""Reports, builder and dashboards through their addresses: who sees what, what is saved, what can be taken back."""

from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import parse_qsl, urlparse

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patron.identity.models import Role
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.reports import state
from patron.reports.domain import dashboards, reports
from patron.reports.models import Dashboard, Report, Tile
from patron.reports.shipped import DASHBOARDS, SHIPPED
from patron.sales.domain.start import ship_lists
from patron.testing import Scene, make_workspace

BASIC = {"type": "accounts", "g1": "country", "m1_agg": "count", "chart": "bar"}


def client_of(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def address(scene: Scene, *parts: Any) -> str:
    return f"/w/{scene.workspace.slug}/" + "".join(f"{p}/" for p in parts)


@pytest.fixture
def filled(scene: Scene) -> Scene:
    """Three accounts in two countries."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        ship_lists()
        for name, country in (("One", "DE"), ("Two", "DE"), ("Three", "NO")):
            changes.create(registry.get("accounts"), {"name": name, "country": country}, access=scene.access())
    return scene


def saved(scene: Scene, name: str = "dora", scope: str = "private", title: str = "By country") -> str:
    answer = client_of(scene, name).post(address(scene, "reports", "save"), {"name": title, "scope": scope}, query_params=BASIC)
    assert answer.status_code == 302, answer.content.decode()[-500:]
    return str(answer["Location"].rstrip("/").rpartition("/")[2])


@pytest.mark.parametrize("key", list(SHIPPED))
def test_every_shipped_report_opens_exports_and_can_be_copied(filled: Scene, key: str) -> None:
    client = client_of(filled)
    page = client.get(address(filled, "reports", key))
    assert page.status_code == 200 and str(SHIPPED[key].name) in page.content.decode()
    for form in ("csv", "xlsx"):
        assert client.get(address(filled, "reports", key, "export") + f"?format={form}").status_code == 200
    copy = client.get(address(filled, "reports", "build") + f"?from={key}", follow=True)
    assert copy.status_code == 200 and 'class="note' not in copy.content.decode()


@pytest.mark.parametrize("key", list(SHIPPED))
def test_the_address_of_the_builder_holds_the_whole_report(filled: Scene, key: str) -> None:
    from dataclasses import replace

    definition = SHIPPED[key].definition
    read = state.from_params(dict(state.to_pairs(definition)))
    labelled = tuple(replace(m, label=str(m.label)) for m in definition.measures)
    if definition.method:
        assert (read.method, read.type_key, read.chart) == (definition.method, definition.type_key, definition.chart)
    else:
        assert read == replace(definition, measures=labelled)


def test_a_report_is_built_saved_shown_drilled_into_and_exported(filled: Scene) -> None:
    client = client_of(filled)
    assert client.get(address(filled, "reports", "build")).status_code == 200
    preview = client.get(address(filled, "reports", "build"), BASIC, headers={"HX-Request": "true"}).content.decode()
    assert "Germany: 2" in preview and "<html" not in preview
    key = saved(filled)
    page = client.get(address(filled, "reports", key)).content.decode()
    link = re.search(r'href="([^"]+accounts/\?[^"]+)"[^>]*aria-label="Germany: 2"', page)
    assert link
    rows = client.get(link[1].replace("&amp;", "&")).content.decode()
    assert rows.count("<tr data-id=") == 2 and "Three" not in rows
    body = b"".join(client.get(address(filled, "reports", key, "export")).streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert body.split() == ["Country,Accounts", "Germany,2", "Norway,1", "Total,3"]


def test_faults_are_said_in_the_builder_and_nothing_is_saved(filled: Scene) -> None:
    client = client_of(filled)
    for wrong in ({"m1_agg": "formula", "m1_formula": "x +"}, {"g1": "nothing"}, {"top": "many"}, {"f": "{broken"}, {"m1_agg": "sum", "m1_field": "name"}, {"chart": "pie"}, {"g1": "tags"}):
        page = client.get(address(filled, "reports", "build"), {**BASIC, **wrong})
        assert page.status_code == 200 and 'class="note' in page.content.decode(), wrong
    wrong = {**BASIC, "m1_agg": "formula", "m1_formula": "missing"}
    assert client.post(address(filled, "reports", "save"), {"name": "X", "scope": "private"}, query_params=wrong).status_code == 422
    assert client.post(address(filled, "reports", "save"), {"name": " ", "scope": "private"}, query_params=BASIC).status_code == 422
    with workspace(filled.workspace.pk):
        assert not Report.objects.exists()


def test_the_filter_dialog_leads_back_with_its_filter(filled: Scene) -> None:
    client = client_of(filled)
    tree = json.dumps({"and": [["country", "is", ["NO"]]]})
    for into, kept in (("f", "f"), ("m1_where", "m1_where")):
        assert client.get(address(filled, "reports", "build", "filter"), {**BASIC, "into": into}).status_code == 200
        back = client.get(address(filled, "reports", "build"), {**BASIC, "into": into, "f": tree})
        assert back.status_code == 302 and dict(parse_qsl(urlparse(back["Location"]).query))[kept] == tree


def test_sharing_decides_who_finds_it_and_who_changes_it(filled: Scene) -> None:
    other = make_workspace()
    private, shared = saved(filled, "alice"), saved(filled, "dora", "workspace", "Shared")
    bob = client_of(filled, "bob")
    assert bob.get(address(filled, "reports", private)).status_code == 404
    assert bob.get(address(filled, "reports", shared)).status_code == 200
    assert bob.post(address(filled, "reports", shared, "delete")).status_code == 403
    assert bob.post(address(filled, "reports", private, "delete")).status_code == 404
    for key in (private, shared):
        assert client_of(other).get(address(other, "reports", key)).status_code == 404
        assert client_of(other).get(address(filled, "reports", key)).status_code == 404
    refused = client_of(filled, "alice").post(address(filled, "reports", "save"), {"name": "All", "scope": "workspace"}, query_params=BASIC)
    assert refused.status_code == 422 and "administrator" in refused.content.decode()
    change = client_of(filled, "bob").post(address(filled, "reports", "save"), {"name": "Mine now", "scope": "private", "save": "change"}, query_params={**BASIC, "report": shared})
    assert change.status_code == 302
    with workspace(filled.workspace.pk):
        assert Report.objects.get(pk=shared).name == "Shared" and Report.objects.filter(name="Mine now").exists()


def test_a_report_of_a_team_is_its_teams(filled: Scene) -> None:
    from patron.identity.models import Team

    with workspace(filled.workspace.pk):
        north = Team.objects.get(name="North")
    client = client_of(filled, "alice")
    answer = client.post(address(filled, "reports", "save"), {"name": "Team", "scope": "team", "team": str(north.pk)}, query_params=BASIC)
    key = answer["Location"].rstrip("/").rpartition("/")[2]
    assert client_of(filled, "bob").get(address(filled, "reports", key)).status_code == 200
    assert client_of(filled, "charlie").get(address(filled, "reports", key)).status_code == 404
    foreign = client_of(filled, "charlie").post(address(filled, "reports", "save"), {"name": "T", "scope": "team", "team": str(north.pk)}, query_params=BASIC)
    assert foreign.status_code == 422


def test_deleting_takes_tiles_along_and_undo_brings_all_back(filled: Scene) -> None:
    client, key = client_of(filled), saved(filled)
    client.post(address(filled, "dashboards", "add") + f"?report={key}", {"name": "Mine"})
    with workspace(filled.workspace.pk):
        board = Dashboard.objects.get(name="Mine")
        assert board.tiles.count() == 1
    assert client.post(address(filled, "reports", key, "delete")).status_code == 302
    page = client.get(address(filled, "reports")).content.decode()
    undo = re.search(r'/history/[0-9a-f-]+/undo/', page)
    assert undo
    with workspace(filled.workspace.pk):
        assert not Report.objects.exists() and not Tile.objects.exists()
    assert client.post(address(filled) + undo[0].lstrip("/")).status_code == 302
    with workspace(filled.workspace.pk):
        assert Report.objects.get().pk and Tile.objects.get().dashboard_id == board.pk


@pytest.mark.parametrize("key", list(DASHBOARDS))
def test_shipped_dashboards_show_and_every_tile_loads_by_itself(filled: Scene, key: str) -> None:
    client = client_of(filled)
    page = client.get(address(filled, "dashboards", key)).content.decode()
    tiles = re.findall(r'hx-get="([^"]+/tiles/[^"]+)"', page)
    assert len(tiles) == len(DASHBOARDS[key].tiles)
    for tile in tiles:
        answer = client.get(tile, headers={"HX-Request": "true"})
        assert answer.status_code == 200 and b"<html" not in answer.content
        assert client.get(tile).status_code == 302


def test_a_tile_takes_the_same_queries_for_any_size(filled: Scene) -> None:
    client, path = client_of(filled), address(filled, "dashboards", "data-quality", "tiles", "accounts-gaps")

    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert client.get(path, headers={"HX-Request": "true"}).status_code == 200
        return len(seen)

    client.get(path, headers={"HX-Request": "true"})
    few = queries()
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        for n in range(20):
            changes.create(registry.get("accounts"), {"name": f"More {n}"}, access=filled.access())
    assert queries() == few


def test_a_dashboard_is_copied_arranged_by_buttons_and_shared(filled: Scene) -> None:
    client = client_of(filled)
    answer = client.post(address(filled, "dashboards", "new") + "?like=activity", {"name": "Our week", "scope": "workspace", "is_default": "true"})
    key = answer["Location"].rstrip("/").rpartition("/")[2]
    assert client.get(address(filled, "dashboards"))["Location"].rstrip("/").endswith(key)

    def names() -> list[str]:
        with workspace(filled.workspace.pk):
            access = filled.access()
            board = dashboards.find(key, access)
            assert board
            return [t.report for t in dashboards.tiles(board, access)]

    def ids() -> list[str]:
        with workspace(filled.workspace.pk):
            return [str(pk) for pk in Tile.objects.order_by("position").values_list("pk", flat=True)]

    first = names()
    edit = address(filled, "dashboards", key, "edit")
    assert client.get(edit).status_code == 200
    a, b, c = ids()
    client.post(edit, {"tile": [a, b, c], "down": a, f"width-{a}": "12"})
    assert names() == [first[1], first[0], first[2]]
    client.post(edit, {"tile": ids(), "remove": b})
    assert names() == [first[0], first[2]]
    client.post(edit, {"add": "1", "report": "win-rate"})
    assert names() == [first[0], first[2], "win-rate"]
    assert client.post(edit, {"tile": [c, a]}, headers={"HX-Request": "true"}).status_code == 204
    assert names() == [first[2], first[0], "win-rate"]
    with workspace(filled.workspace.pk):
        assert Tile.objects.get(pk=a).width == 12
    assert client.post(edit, {"tile": [a], f"width-{a}": "7"}).status_code == 422
    bob = client_of(filled, "bob")
    assert bob.get(address(filled, "dashboards", key)).status_code == 200
    for path in (edit, address(filled, "dashboards", key, "settings")):
        assert bob.get(path).status_code == bob.post(path, {}).status_code == 404
    assert bob.post(address(filled, "dashboards", key, "delete")).status_code == 403
    assert client.post(address(filled, "dashboards", key, "delete")).status_code == 302


def test_a_tile_whose_report_is_private_is_left_out_for_others(filled: Scene) -> None:
    key = saved(filled)
    with workspace(filled.workspace.pk):
        access = filled.access()
        board = dashboards.save(access=access, name="All", scope="workspace")
        dashboards.add(board, key, access=access)
        dashboards.add(board, "win-rate", access=access)
        for name, count in (("dora", 2), ("bob", 1)):
            reader = filled.access(name)
            found = dashboards.find(str(board.pk), reader)
            assert found and len(dashboards.tiles(found, reader)) == count


def test_who_may_not_see_the_records_finds_no_report_on_them(filled: Scene) -> None:
    from dataclasses import replace

    with workspace(filled.workspace.pk):
        blind = replace(filled.access("bob"), matrix={"accounts": {"view": "all"}, "reports": {"view": "all"}})
        assert reports.find("win-rate", blind) is None
        assert {n.key for n in reports.shipped(blind)} == {"account-growth", "accounts-gaps"}
        assert reports.shipped(replace(blind, matrix={"accounts": {"view": "all"}})) == [], "a role without reports"


def test_a_reader_with_narrower_rights_than_the_maker_is_told(filled: Scene) -> None:
    """Who made it saw no more than this; who got it from somebody else may have."""
    shared, own = saved(filled, "dora", "workspace", "Shared"), saved(filled, "alice")
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        Report.objects.filter(pk__in=[shared, own]).update(definition={**SHIPPED["stage-age"].definition.stored()})
    client = client_of(filled, "alice")
    assert "Partial" in client.get(address(filled, "reports", shared)).content.decode()
    assert "Partial" not in client.get(address(filled, "reports", own)).content.decode()
    assert "Partial" not in client_of(filled).get(address(filled, "reports", shared)).content.decode()


def test_home_leads_to_the_dashboards(filled: Scene) -> None:
    assert address(filled, "dashboards") in client_of(filled).get(address(filled)).content.decode()


def test_home_shows_no_sums_of_what_a_role_hides(filled: Scene) -> None:
    with workspace(filled.workspace.pk), operation("test", access=filled.access()):
        Role.objects.filter(key="sales-agent").update(field_rules={"deals": {"base_amount": "hidden"}})
    agent = client_of(filled, "alice")
    page = agent.get(address(filled)).content.decode()
    assert "What needs me today" in page and "Open pipeline" not in page and 'id="sales"' not in page
    assert agent.get(address(filled, "reports", "sales")).status_code == 403
    assert "Open pipeline" in client_of(filled).get(address(filled)).content.decode()
