"""Short ways to make reports and what they are about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import parse_qs, urlparse

import pytest

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.reports.definition import Definition, Grouping, Measure
from patron.reports.result import Result
from patron.reports.run import run
from patron.sales.domain.start import ship_lists
from patron.testing import Scene, open_workspace

Report = Callable[..., Result]


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    """Inside a workspace with the shipped lists, signed as its administrator; rolled back afterwards."""
    with open_workspace(scene) as opened:
        ship_lists()
        yield opened


def view_for(access: Access) -> View:
    return View(access, Formats("en", access.zone))


def report(access: Access, type_key: str, by: tuple[str | tuple[str, str], ...] = (), *measures: Measure, **rest: Any) -> Result:
    groupings = tuple(Grouping(g) if isinstance(g, str) else Grouping(*g) for g in by)
    return run(Definition(type_key, groupings=groupings, measures=measures or (Measure("records"),), **rest), view_for(access))


def figures(result: Result, key: str) -> dict[Any, Any]:
    """{name of the group (or names): figure}."""
    return {(line.labels[0] if len(line.labels) == 1 else line.labels): line.values[key] for line in result.lines}


def listed(result: Result, address: str) -> Any:
    """The rows that the list at this address shows to the same reader."""
    query = {k: v[0] for k, v in parse_qs(urlparse(address).query).items()}
    state = ListState.read({**query, "view": ""})
    return Lister(result.type, result.view, state).queryset()
