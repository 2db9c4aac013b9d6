"""Plans for several files: read, recognised, carried out step by step."""

from __future__ import annotations

from pathlib import Path

import pytest

from patron.demo import plans
from patron.records.imports import dataset
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import inside, table

SET = """
key = "two"
name = "Two files"
workspace = { slug = "two", name = "Two" }
[files]
"people.csv" = ["Who", "Mail"]
[[steps]]
title = "Sources"
header = ["name"]
rows = [["Fair"]]
plan = { type = "lead-sources", mode = "upsert", key = ["name"], columns = [{ column = "name", field = "name" }] }
[[steps]]
title = "Leads"
file = "people.csv"
[steps.plan]
type = "leads"
mode = "upsert"
key = ["email"]
columns = [{ column = "Who", field = "last_name" }, { column = "Mail", field = "email" }, { constant = "Fair", field = "source" }]
"""


def written(folder: Path, text: str = SET) -> dataset.DataSet:
    (folder / "set.toml").write_text(text)
    return dataset.read(folder / "set.toml")


def test_steps_follow_each_other(scene: Scene, tmp_path: Path) -> None:
    plan = written(tmp_path)
    (tmp_path / "people.csv").write_bytes(table(("Who", "Mail", "More"), ("Ann", "ann@x.example", "x")))
    assert dataset.recognises(plan, tmp_path)
    said: list[str] = []
    with inside(scene) as view:
        items = dataset.run(plan, tmp_path, view, said.append)
        assert [item.counts["new"] for item in items] == [1, 1]
        assert Lead.objects.get().source.name == "Fair"
    assert said == ["Sources: 1 new", "Leads: 1 new"]


def test_other_files_are_not_taken_for_the_set(tmp_path: Path) -> None:
    plan = written(tmp_path)
    assert not dataset.recognises(plan, tmp_path)
    for content in (b"", table(("Other", "Mail"), ("a", "b"))):
        (tmp_path / "people.csv").write_bytes(content)
        assert not dataset.recognises(plan, tmp_path)
    with pytest.raises(Refused, match="No plan knows"):
        plans.recognise(tmp_path)


def test_a_step_that_cannot_be_done_stops_the_rest(scene: Scene, tmp_path: Path) -> None:
    plan = written(tmp_path, SET.replace('constant = "Fair"', 'constant = "Nowhere"'))
    (tmp_path / "people.csv").write_bytes(table(("Who", "Mail"), ("Ann", "ann@x.example")))
    with inside(scene) as view:
        items = dataset.run(plan, tmp_path, view)
        assert items[1].counts["error"] == 1


@pytest.mark.parametrize(
    "wrong",
    [
        SET.replace('file = "people.csv"', 'file = "other.csv"'),
        SET.replace('file = "people.csv"', ""),
        SET.replace("type =", "typo ="),
        SET.replace('key = "two"', ""),
        SET + "\n[",
        SET.replace('{ column = "Who", field = "last_name" }', '{ column = "Who", field = "last_name", multiply = "x" }'),
    ],
)  # fmt: skip
def test_plans_that_are_wrong_are_refused_when_they_are_read(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(Refused):
        written(tmp_path, wrong)


def test_every_plan_of_the_repository_can_be_read() -> None:
    assert [plan.key for plan in plans.known()] == ["sales-opportunities"]
