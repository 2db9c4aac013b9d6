"""Lists of values and pipelines: what is in them, used by whom, in which order."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.undo import undo
from patron.records import registry
from patron.setup.domain import lists
from patron.setup.rules import LISTS, TABLES
from patron.testing import Scene

PRESENT = [key for key in LISTS if registry.find(key)]
ORDERED = [key for key in PRESENT if lists.ordered(registry.get(key))]
PLAIN = [key for key in PRESENT if lists.is_plain(registry.get(key))]


def names(scene: Scene, key: str) -> list[str]:
    record_type = registry.get(key)
    with workspace(scene.workspace.pk):
        return [str(getattr(r, record_type.title)) for r in lists.rows(record_type)]


def test_every_list_of_the_table_exists() -> None:
    """A type that is renamed must be renamed in setup.rules, too."""
    assert [key for key in (*LISTS, *TABLES) if registry.find(key) is None] == []


def test_overview_leads_to_every_list(as_: Callable[..., Any], url: Callable[..., str]) -> None:
    page = as_().get(url("lists")).content.decode()
    for key in PRESENT:
        assert url("lists", key) in page
        assert as_().get(url("lists", key)).status_code == 200


@pytest.mark.parametrize("key", PLAIN)
def test_entry_is_added_at_the_end_once(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], key: str) -> None:
    before = names(scene, key)
    added = as_(hx=True).post(url("lists", key, "add"), {"name": "Zz last of all"})
    assert added.status_code == 200
    assert 'value=""' in added.content.decode(), "the form again, empty"
    assert "added" in added.headers["HX-Trigger"]
    assert names(scene, key) == [*before, "Zz last of all"]
    twice = as_(hx=True).post(url("lists", key, "add"), {"name": "zz LAST of all"})
    assert twice.status_code == 422
    assert 'value="zz LAST of all"' in twice.content.decode()
    assert "already" in twice.content.decode()
    empty = as_().post(url("lists", key, "add"), {"name": " "})
    assert empty.status_code == 422
    assert 'id="e-name"' in empty.content.decode()


@pytest.mark.parametrize("key", ORDERED)
def test_order_by_buttons_and_by_dragging_with_undo(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any], key: str) -> None:
    for _i in range(3):
        made(key)
    record_type = registry.get(key)
    with workspace(scene.workspace.pk):
        first, *rest = [r.pk for r in lists.rows(record_type)]
    start = names(scene, key)
    moved = as_(hx=True).post(url("lists", key, "order"), {"down": str(first)})
    assert moved.status_code == 204
    assert names(scene, key) == [start[1], start[0], *start[2:]]
    as_().post(url("lists", key, "order"), {"up": str(first)})
    assert names(scene, key) == start
    assert "at the end already" in as_(hx=True).post(url("lists", key, "order"), {"up": str(first)}).headers["HX-Trigger"]
    as_().post(url("lists", key, "order"), {"ids": [str(pk) for pk in (*reversed(rest), first)]})
    assert names(scene, key) == [*reversed(start[1:]), start[0]]
    with workspace(scene.workspace.pk):
        undo(Operation.objects.filter(verb=f"{key}.arrange").latest("at", "id").pk, access=scene.access())
    assert names(scene, key) == start


def test_stale_order_is_refused(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    ids = [str(made("industries").pk) for _i in range(2)]
    made("industries")
    refused = as_(hx=True).post(url("lists", "industries", "order"), {"ids": ids})
    assert refused.status_code == 409
    assert as_().post(url("lists", "industries", "order"), {"up": "nonsense"}).status_code == 404


def test_used_entry_is_archived_and_unused_one_deleted(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    used, unused = made("industries", name="Used"), made("industries", name="Unused")
    for _i in range(3):
        made("accounts", industry=used.pk)
    page = as_().get(url("lists", "industries")).content.decode()
    link = re.search(r'<a href="(/w/[^"]+)">3 accounts</a>', page)
    assert link is not None
    assert as_().get(link[1].replace("&amp;", "&")).content.decode().count("<tr data-id=") == 3
    assert "Archive Used" in page
    assert "Delete Unused" in page
    refused = as_(hx=True).post(url("lists", "industries", used.pk, "delete"))
    assert refused.status_code == 422
    assert "Other records need this one" in json.loads(refused.headers["HX-Trigger"])["toast"]["text"]
    assert as_(hx=True).post(url("lists", "industries", unused.pk, "delete")).status_code == 204
    assert as_(hx=True).post(url("lists", "industries", used.pk, "archive")).status_code == 204
    assert names(scene, "industries") == []
    page = as_().get(url("lists", "industries")).content.decode()
    assert "1 archived entry" in page
    as_().post(url("lists", "industries", used.pk, "restore"))
    assert names(scene, "industries") == ["Used"]


def test_list_takes_a_constant_number_of_queries(as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    client = as_()
    made("lost-reasons")
    client.get(url("lists", "lost-reasons"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("lists", "lost-reasons"))
    for _i in range(10):
        made("lost-reasons")
    with CaptureQueriesContext(connection) as many:
        client.get(url("lists", "lost-reasons"))
    assert len(many) <= len(few) + 1


def test_only_lists_are_reached_here(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    account = made("accounts")
    assert as_().get(url("lists", "accounts")).status_code == 404
    assert as_().post(url("lists", "accounts", account.pk, "delete")).status_code == 404
    assert as_().post(url("lists", "industries", made("industries").pk, "assign")).status_code == 404
    assert as_("erin").post(url("lists", "industries", "add"), {"name": "X"}).status_code == 403


# --- Pipelines --------------------------------------------------------------------------------------------------------


def test_stages_stand_in_their_pipeline_and_move_within_it(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    one, other = made("pipelines", name="One"), made("pipelines", name="Other")
    stages = [made("stages", pipeline=one.pk, name=f"Step {i}", order=i * 10) for i in range(1, 4)]
    foreign = made("stages", pipeline=other.pk, name="Elsewhere", order=15)
    page = as_().get(url("pipelines")).content.decode()
    assert page.index("Step 1") < page.index("Step 2") < page.index("Step 3")
    as_().post(url("lists", "stages", "order"), {"up": str(stages[2].pk)})
    with workspace(scene.workspace.pk):
        inside = [s.name for s in lists.rows(registry.get("stages"), within=one.pk)]
        assert inside == ["Step 1", "Step 3", "Step 2"]
        assert type(foreign).objects.get(pk=foreign.pk).order == 15
    mixed = as_(hx=True).post(url("lists", "stages", "order"), {"ids": [str(s.pk) for s in (*stages, foreign)]})
    assert mixed.status_code == 409


def test_pipelines_page_takes_a_constant_number_of_queries(as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    client = as_()
    made("stages")
    client.get(url("pipelines"))
    with CaptureQueriesContext(connection) as few:
        client.get(url("pipelines"))
    pipeline = made("pipelines")
    for _i in range(6):
        made("stages", pipeline=pipeline.pk)
    with CaptureQueriesContext(connection) as many:
        client.get(url("pipelines"))
    assert len(many) <= len(few)
