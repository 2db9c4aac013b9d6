"""Very many rows are not put in an order that no index has: whoever asks for one is told, and sees the rest of what was asked for."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import ordering, registry, sized
from patron.records.keyset import Sort
from patron.testing import Scene
from tests.api.conftest import program_of
from tests.records.making import make

ASKED = "There are too many records here to sort them by “Legal name”. Narrow the list first."


@pytest.fixture
def many(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> Scene:
    """Five accounts, which are more than may be sorted."""
    monkeypatch.setattr(ordering, "MOST", -1)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for n in range(5):
            make(registry.get("accounts"), scene.access(), name=f"Walnut {n}", city="Ulm" if n else "Bonn")
    return scene


def page(scene: Scene, query: str) -> Any:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users["dora"])
    return client.get(f"/w/{scene.workspace.slug}/accounts/{query}")


def test_an_order_that_no_index_has_is_refused_in_words_and_the_filter_stays(many: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    f = quote(json.dumps({"and": [["city", "is", ["Ulm"]]]}))
    plain, narrowed = page(many, "?sort=-legal_name"), page(many, f"?sort=legal_name&f={f}")
    assert (plain.status_code, narrowed.status_code) == (400, 200), "few rows are sorted by anything"
    assert ASKED in plain.text
    assert "Walnut 3" in plain.text
    assert "Walnut 3" in narrowed.text
    assert "Walnut 0" not in narrowed.text
    monkeypatch.setattr(sized, "FEW", 2)
    monkeypatch.setattr(sized, "FEWER", 2)
    refused = page(many, f"?sort=legal_name&f={f}")
    assert refused.status_code == 400
    assert ASKED in refused.text
    assert "Walnut 3" in refused.text
    assert "Walnut 0" not in refused.text, "the filter holds"


def test_heads_offer_the_orders_that_there_are(many: Scene) -> None:
    heads = page(many, "?columns=name,legal_name,city").text
    assert "sort=city" in heads
    assert "sort=legal_name" not in heads


def test_an_application_is_told_which_parameter_it_was(many: Scene) -> None:
    answer = program_of(many).get("accounts/?sort=legal_name")
    assert answer.status_code == 400
    assert [(e["field"], ASKED in e.values()) for e in answer.data["errors"]] == [("sort", True)]


def test_what_is_called_at_hand_needs_no_sorting(scene: Scene) -> None:
    with workspace(scene.workspace.pk), connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_sort = off; SET LOCAL enable_incremental_sort = off; SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        for record_type in registry.all_types():
            for field in record_type.fields.values():
                sort = Sort(field, False)
                if not sort.linked and ordering.at_hand(record_type.model, sort):
                    rows = record_type.model.objects.annotate(_sort=sort.expression).filter(_sort__isnull=False).order_by("_sort", "pk").values_list("_sort", "pk")[:50]
                    sql, params = rows.query.sql_with_params()
                    cursor.execute(f"EXPLAIN {sql}", params)
                    assert not any("Sort Key" in line for (line,) in cursor.fetchall()), (record_type.key, field.name)


def test_the_order_in_which_a_list_opens_is_at_hand() -> None:
    for record_type in registry.all_types():
        if record_type.nav in ("sales", "home", "catalog"):
            field = record_type.fields[record_type.sort.lstrip("-")]
            assert ordering.at_hand(record_type.model, Sort(field, False)), record_type.key
