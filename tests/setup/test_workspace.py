"""The workspace's own settings: saving, refusing, undoing."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.setup.domain.workspace import HUES, VERB, formats, zones
from patron.testing import Scene

GIVEN = {
    "name": "Larkfield", "currency": "EUR", "country": "AT", "time_zone": "Europe/Vienna", "language": "de", "fiscal_month": "4", "hue": "150",
    "counts_orders": "true", "order_window_days": "365",
}  # fmt: skip


def fresh(scene: Scene) -> Workspace:
    return Workspace.objects.get(pk=scene.workspace.pk)


def test_saves_everything_and_signs_it(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_()
    answer = client.post(url("workspace"), GIVEN)
    assert answer.url == url("workspace")
    place = fresh(scene)
    assert (place.name, place.country, place.time_zone, place.language, place.fiscal_month, place.hue, place.order_window_days) == (
        "Larkfield", "AT", "Europe/Vienna", "de", 4, 150, 365,
    )  # fmt: skip
    with workspace(place.pk):
        signed = Operation.objects.get(verb=VERB)
    assert signed.actor_id == scene.members["dora"].pk
    assert signed.details["changes"]["hue"] == [262, 150]
    page = client.get(url("workspace")).content.decode()
    assert "data-toast" in page
    assert f"/settings/workspace/undo/{signed.pk}/" in page
    assert 'style="--hue:150"' in page


def test_undo_puts_back_and_can_be_undone(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_(hx=True)
    client.post(url("workspace"), GIVEN)
    with workspace(scene.workspace.pk):
        signed = Operation.objects.get(verb=VERB)
    undone = client.post(url("workspace", "undo", signed.pk))
    assert undone.status_code == 204
    assert fresh(scene).name == scene.workspace.name
    assert client.post(url("workspace", "undo", signed.pk)).status_code == 409, "twice"
    client.post(json.loads(undone.headers["HX-Trigger"])["toast"]["undo"])
    assert fresh(scene).name == "Larkfield"


def test_undo_is_refused_where_something_newer_stands_in_the_way(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_()
    client.post(url("workspace"), GIVEN)
    with workspace(scene.workspace.pk):
        signed = Operation.objects.get(verb=VERB)
    client.post(url("workspace"), {**GIVEN, "name": "Newer"})
    refused = client.post(url("workspace", "undo", signed.pk))
    assert refused.status_code == 409
    assert "Name was changed again since" in refused.content.decode()
    assert fresh(scene).name == "Newer"


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", " ", "Enter a value for “Name”."),
        ("currency", "XXXX", ""),
        ("time_zone", "Mars/Olympus", ""),
        ("fiscal_month", "13", ""),
        ("hue", "400", "359"),
        ("order_window_days", "-3", ""),
        ("order_window_days", "many", ""),
    ],
)
def test_bad_values_are_refused_where_they_stand(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], field: str, value: str, said: str) -> None:
    answer = as_().post(url("workspace"), {**GIVEN, field: value})
    assert answer.status_code == 422
    assert "field needs a change" in answer.content.decode()
    assert said in answer.content.decode()
    assert fresh(scene).name == scene.workspace.name, "nothing was saved"


def test_base_currency_stands_once_there_is_money(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    assert 'name="currency"' in as_().get(url("workspace")).content.decode()
    as_().post(url("workspace"), {**GIVEN, "currency": "CHF"})
    assert fresh(scene).currency == "CHF"
    made("deals")
    page = as_().get(url("workspace")).content.decode()
    assert 'name="currency"' not in page
    assert "so it stands" in page
    as_().post(url("workspace"), {**GIVEN, "currency": "USD"})
    assert fresh(scene).currency == "CHF"


def test_nothing_changed_signs_nothing(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    as_().post(url("workspace"), GIVEN)
    as_().post(url("workspace"), GIVEN)
    with workspace(scene.workspace.pk):
        assert Operation.objects.filter(verb=VERB).count() == 1


def test_choices_are_real() -> None:
    names = [name for name, _label in zones()]
    assert "Europe/Berlin" in names
    assert not [n for n in names if n.startswith("Etc/")]
    assert dict(formats("en"))["de"] == "German: 31.12.2026, 1.234,50"
    assert len(set(HUES)) == 12


def test_first_page_of_the_settings(as_: Callable[..., Any], url: Callable[..., str]) -> None:
    assert as_().get(url()).url == url("workspace")
    assert as_("alice").get(url()).url == url("profile")
