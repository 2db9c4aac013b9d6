"""The hand-offs are tried in a workspace with the shipped lists."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from patron.identity.access import Access
from patron.records import changes, registry
from patron.sales.domain.start import ship_lists
from patron.sales.models import Lead
from patron.testing import Scene, open_workspace

MakeLead = Callable[..., Lead]


@pytest.fixture
def access(scene: Scene) -> Iterator[Access]:
    with open_workspace(scene) as opened:
        ship_lists()
        yield opened


@pytest.fixture
def make_lead(access: Access) -> MakeLead:
    """`make_lead(company="")` is a person alone."""

    def made(**values: Any) -> Lead:
        facts = {
            "company": "Globex", "first_name": "Ada", "last_name": "Byron", "title": "Engineer", "email": "ada@globex.example",
            "phone": "+4930123456", "website": "https://globex.example", "need": "telemetry", "timeline": "this year", "campaign": "Fair",
            "tags": ["water"],
        }  # fmt: skip
        lead: Lead = changes.create(registry.get("leads"), {**facts, **values}, access=access)
        lead.refresh_from_db()
        return lead

    return made
