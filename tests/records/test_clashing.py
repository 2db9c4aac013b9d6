"""Two people edit one record by its form: what only one of them changed is kept, what both changed is theirs to choose. The real pages, as browsers send them."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from patron.kernel.tenancy import workspace
from patron.records import changes, registry
from patron.sales.domain.start import ship_lists
from patron.testing import Scene, open_workspace
from tests.collab.file_kit import make_field as file_field
from tests.collab.file_kit import names, sent, upload
from tests.records.form_kit import sent_by
from tests.records.own_kit import own_field
from tests.records.together import client

pytestmark = pytest.mark.usefixtures("storage")
COLOURS = [{"value": v, "label": v.title()} for v in ("red", "green", "blue", "grey")]
BEFORE: dict[str, Any] = {"name": "Acme", "city": "Bonn", "industry": "", "description": "One\nTwo", "tags": ["a", "b"], "x_colours": ["red"], "x_code": "K1", "x_vip": True}


@pytest.fixture
def dora(scene: Scene) -> Client:
    with open_workspace(scene) as access:
        own_field(access, "accounts", key="colours", kind="multi_choice", choices=COLOURS)
        own_field(access, "accounts", key="code", kind="text")
        own_field(access, "accounts", key="vip", kind="checkbox")
        own_field(access, "accounts", key="met", kind="datetime")
    return client(scene)


def made(scene: Scene, key: str = "accounts", **values: Any) -> Any:
    with open_workspace(scene) as access:
        return changes.create(registry.get(key), {**BEFORE, **values} if key == "accounts" else values, access=access)


def theirs(scene: Scene, record: Any, key: str = "accounts", **values: Any) -> None:
    """What somebody else saves meanwhile."""
    with open_workspace(scene) as access:
        record_type = registry.get(key)
        changes.edit(record_type, record_type.model.objects.get(pk=record.pk), values, access=access)


def held(scene: Scene, record: Any, *wanted: str, key: str = "accounts") -> dict[str, Any]:
    with workspace(scene.workspace.pk):
        record_type = registry.get(key)
        now = record_type.model.objects.get(pk=record.pk)
        return {name: record_type.fields[name].get(now) for name in wanted}


def at(scene: Scene, record: Any, *parts: str, key: str = "accounts") -> str:
    return f"/w/{scene.workspace.slug}/{key}/{record.pk}/" + "".join(f"{part}/" for part in parts)


def test_what_nobody_else_touched_is_saved_with_the_choice(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm", postcode="89073", x_code="K2")
    mine = {"city": "Mainz", "tags": "a, c", "x_colours": ["green", "blue"], "x_vip": None, "description": "Three\r\nFour"}
    clash = dora.post(url, sent_by(form, url, **mine))
    assert clash.status_code == 409
    assert "Saved with your choice:" in clash.content.decode()
    dialog = sent_by(clash, url)
    assert [n for n in dialog if n.startswith("keep-")] == ["keep-city"], "nothing else was changed by both"
    assert dora.post(url, {**dialog, "keep-city": "mine"}).status_code == 302
    assert held(scene, one, "city", "tags", "x_colours", "x_vip", "description") == {
        "city": "Mainz", "tags": ["a", "c"], "x_colours": ["green", "blue"], "x_vip": False, "description": "Three\nFour"
    }  # fmt: skip
    assert held(scene, one, "postcode", "x_code", "name") == {"postcode": "89073", "x_code": "K2", "name": "Acme"}


def test_giving_up_a_field_saves_the_others(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm", tags=["x"])
    clash = dora.post(url, sent_by(form, url, city="Mainz", tags="mine", name="Acme Ltd"))
    dialog = sent_by(clash, url)
    assert dialog["keep-city"] == dialog["keep-tags"] == "theirs"
    assert dora.post(url, dialog).status_code == 302
    assert held(scene, one, "city", "tags", "name") == {"city": "Ulm", "tags": ["x"], "name": "Acme Ltd"}


def test_whole_forms_in_which_different_fields_were_changed_go_together(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm", tags=["x"], x_colours=["grey"])
    assert dora.post(url, sent_by(form, url, name="Acme Ltd")).status_code == 302
    assert held(scene, one, "city", "tags", "x_colours", "name") == {"city": "Ulm", "tags": ["x"], "x_colours": ["grey"], "name": "Acme Ltd"}


def test_an_input_that_shows_less_than_is_stored_loses_nothing(scene: Scene, dora: Client) -> None:
    met = datetime.datetime(2026, 3, 1, 9, 30, 17, tzinfo=datetime.UTC)
    one = made(scene, x_met=met)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm")
    assert dora.post(url, sent_by(form, url, name="Acme Ltd")).status_code == 302
    assert held(scene, one, "x_met", "name", "city") == {"x_met": met, "name": "Acme Ltd", "city": "Ulm"}
    form = dora.get(url)
    theirs(scene, one, city="Mainz")
    assert dora.post(url, sent_by(form, url, x_met="2026-03-02T10:00")).status_code == 302, "only one of them changed it"


def test_a_third_person_is_noticed_while_somebody_chooses(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm")
    dialog = sent_by(dora.post(url, sent_by(form, url, city="Mainz", name="Acme Ltd", tags="mine")), url)
    theirs(scene, one, name="Acme SE", postcode="1")
    again = dora.post(url, {**dialog, "keep-city": "mine"})
    assert again.status_code == 409
    second = sent_by(again, url)
    assert [n for n in second if n.startswith("keep-")] == ["keep-name"]
    assert dora.post(url, second).status_code == 302
    assert held(scene, one, "city", "name", "tags", "postcode") == {"city": "Mainz", "name": "Acme SE", "tags": ["mine"], "postcode": "1"}


def test_a_refused_form_still_knows_what_it_was_opened_with(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm")
    refused = dora.post(url, sent_by(form, url, name="", x_colours=["green", "blue"]))
    assert refused.status_code == 422
    again = sent_by(refused, url, name="Acme Ltd")
    assert again["x_colours"] == ["green", "blue"], "what was ticked stays ticked"
    assert dora.post(url, again).status_code == 302
    assert held(scene, one, "city", "name", "x_colours") == {"city": "Ulm", "name": "Acme Ltd", "x_colours": ["green", "blue"]}


def test_a_choice_that_is_refused_leads_to_the_whole_form_with_everything_in_it(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm", description="Theirs")
    dialog = sent_by(dora.post(url, sent_by(form, url, city="Mainz", description="Mine", x_code="K9")), url)
    refused = dora.post(url, {**dialog, "keep-description": "mine", "price_adjuster": "many"})
    assert refused.status_code == 422
    again = sent_by(refused, url, price_adjuster="0")
    assert dora.post(url, again).status_code == 302
    assert held(scene, one, "city", "description", "x_code", "name", "tags", "x_colours", "x_vip") == {
        "city": "Ulm", "description": "Mine", "x_code": "K9", "name": "Acme", "tags": ["a", "b"], "x_colours": ["red"], "x_vip": True
    }  # fmt: skip


def test_an_amount_and_its_currency_are_one_thing(scene: Scene, dora: Client) -> None:
    with open_workspace(scene):
        ship_lists()
    deal = made(scene, "deals", name="D", account=made(scene).pk, amount=Decimal("100"), currency="EUR")
    url = at(scene, deal, "edit", key="deals")
    form = dora.get(url)
    theirs(scene, deal, "deals", currency="USD")
    clash = dora.post(url, sent_by(form, url, amount="120", next_step="Call"))
    assert clash.status_code == 409
    page = clash.content.decode()
    assert "$100" in page and "€120" in page, "each amount in the currency that it was meant in"
    dialog = sent_by(clash, url)
    assert {"keep-amount", "keep-currency"} <= set(dialog)
    assert dora.post(url, {**dialog, "keep-amount": "mine", "keep-currency": "mine"}).status_code == 302
    assert held(scene, deal, "amount", "currency", "next_step", key="deals") == {"amount": Decimal("120"), "currency": "EUR", "next_step": "Call"}


def test_removed_files_are_carried_and_new_ones_named(scene: Scene, dora: Client) -> None:
    with open_workspace(scene) as access:
        file_field(access, "drawings", several=True)
    one = made(scene, x_drawings=[upload("a.txt"), upload("b.txt")])
    url = at(scene, one, "edit")
    form = dora.get(url)
    theirs(scene, one, city="Ulm")
    first = held(scene, one, "x_drawings")["x_drawings"][0]
    clash = dora.post(url, {**sent_by(form, url, city="Mainz"), "x_drawings": sent("c.txt"), "drop-x_drawings": first})
    assert "Choose “c.txt” again" in clash.content.decode()
    dialog = sent_by(clash, url)
    assert dora.post(url, dialog).status_code == 302
    assert [name for name, field in names(scene) if field] == ["b.txt"]


def test_a_cell_is_saved_although_another_field_changed(scene: Scene, dora: Client) -> None:
    one = made(scene)
    url = at(scene, one, "field", "city")
    form = dora.get(url)
    theirs(scene, one, name="Acme SE")
    assert dora.post(url, sent_by(form, url, city="Mainz")).status_code == 200
    assert held(scene, one, "city", "name") == {"city": "Mainz", "name": "Acme SE"}


@pytest.mark.parametrize(("choice", "stays"), [("theirs", "Ulm"), ("mine", "Mainz")])
def test_a_cell_that_both_changed_takes_the_chosen_value(scene: Scene, dora: Client, choice: str, stays: str) -> None:
    one, hx = made(scene), client(scene, hx=True)
    url = at(scene, one, "field", "city")
    form = hx.get(url)
    theirs(scene, one, city="Ulm")
    clash = hx.post(url, sent_by(form, url, city="Mainz"))
    assert clash.status_code == 409
    target = at(scene, one, "edit")
    done = hx.post(target, {**sent_by(clash, target), "keep-city": choice})
    assert done.status_code == 204, "the dialog closes and the page refreshes"
    assert held(scene, one, "city", "tags", "name") == {"city": stays, "tags": ["a", "b"], "name": "Acme"}
