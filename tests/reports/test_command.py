"""`patron report` prints the sales report, saved reports by name and shipped ones by key."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from patron.config.commands.report import show
from patron.config.runtime import Failure
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.reports import state
from patron.reports.domain import reports
from patron.sales.domain.start import ship_lists
from patron.testing import Scene
from tests.reports.test_screens import BASIC


@pytest.fixture
def stocked(scene: Scene) -> Scene:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        ship_lists()
        for name, country in (("One", "DE"), ("Two", "DE"), ("Three", "NO")):
            changes.create(registry.get("accounts"), {"name": name, "country": country}, access=scene.access())
        reports.save(state.from_params(BASIC), access=scene.access("alice"), name="By country", scope="private")
    return scene


@pytest.fixture
def run(stocked: Scene, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """What the command prints; without the part that opens and closes the database, which is this test's own."""

    def answer(name: str, *, as_json: bool = False) -> str:
        with workspace(stocked.workspace.pk):
            show(stocked.workspace, name, as_json)
        return capsys.readouterr().out

    return answer


def test_a_saved_report_by_name_as_table_and_as_json(run: Callable[..., str]) -> None:
    assert [line.split() for line in run("by COUNTRY").splitlines()] == [["Country", "Accounts"], ["Germany", "2"], ["Norway", "1"], ["Total", "3"]]
    found = json.loads(run("By country", as_json=True))
    assert [(line["groups"], line["values"]) for line in found["lines"]] == [(["Germany"], {"a": "2"}), (["Norway"], {"a": "1"})]


def test_the_sales_report_and_shipped_ones(run: Callable[..., str]) -> None:
    assert json.loads(run("sales", as_json=True))["deals"] == 0
    for name in ("accounts-gaps", "Accounts with gaps", "forecast-by-month"):
        assert run(name)


def test_a_name_that_is_not_there_or_twice_is_said(stocked: Scene, run: Callable[..., str]) -> None:
    with pytest.raises(Failure, match="pipeline-by-stage"):
        run("nothing")
    with workspace(stocked.workspace.pk), operation("test", access=stocked.access()):
        reports.save(state.from_params(BASIC), access=stocked.access("bob"), name="By country", scope="private")
    with pytest.raises(Failure, match="give the id"):
        run("By country")
