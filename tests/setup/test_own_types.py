"""The settings of record types: what the screens do, without script too."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.own_records import CustomType
from patron.testing import Scene, open_workspace
from tests.records.making import make
from tests.records.own_kit import COURSES, courses, make_type
from tests.setup.conftest import As

Url = Callable[..., str]
FORM = {"label": "Course", "plural": "Courses", "icon": "graduation-cap", "nav": "own", "prefix": "crs", "order": "0", "state-value": ["", ""], "state-label": ["Planned", "Over"], "state-tone": ["info", "none"], "state-closed": ["1"]}


def test_a_type_is_made_changed_and_in_use_at_once(scene: Scene, as_: As, url: Url) -> None:
    dora = as_()
    assert "No record types of your own yet" in dora.get(url("types")).content.decode()
    assert 'value="shapes" checked' in dora.get(url("types", "new")).content.decode()
    answer = dora.post(url("types", "new"), FORM)
    assert answer.status_code == 302, answer.content.decode()[:3000]
    with workspace(scene.workspace.pk):
        made = CustomType.objects.get()
        assert (made.key, made.prefix, made.icon) == (COURSES, "CRS", "graduation-cap")
        assert made.states == [{"value": "planned", "label": "Planned", "tone": "info", "closed": False}, {"value": "over", "label": "Over", "tone": "none", "closed": True}]
    base = url().removesuffix("settings/")
    assert "Courses" in dora.get(f"{base}accounts/").content.decode()
    assert dora.post(f"{base}{COURSES}/new/?form=all", {"name": "Welding", "state": "planned"}).status_code == 302
    assert "CRS-0001" in dora.get(f"{base}{COURSES}/").content.decode()
    assert "Courses" in dora.get(f"{base}search/?q=cours").content.decode()
    page = dora.get(answer["Location"]).content.decode()
    assert 'value="Planned"' in page and COURSES in page
    again = {**FORM, "label": "Training", "plural": "Trainings", "revision": str(made.revision), "state-value": ["planned", "over"], "state-label": ["Foreseen", "Over"]}
    assert dora.post(url("types", made.pk), again).status_code == 302
    assert "Foreseen" in dora.get(f"{base}{COURSES}/").content.decode()
    with workspace(scene.workspace.pk):
        last = Operation.objects.filter(verb="record-types.edit").latest("at")
    assert dora.post(f"{base}history/{last.pk}/undo/").status_code == 302
    with workspace(scene.workspace.pk):
        assert CustomType.objects.get().plural == "Courses"


def test_what_is_wrong_is_said_beside_it_and_nothing_is_lost(scene: Scene, as_: As, url: Url) -> None:
    answer = as_().post(url("types", "new"), {**FORM, "plural": "Accounts", "prefix": "1"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "There is a record type of this name already." in page and "Use up to eight capitals and digits" in page
    assert 'value="Planned"' in page and 'value="1"' in page
    empty = as_().post(url("types", "new"), {"label": "", "plural": " ", "nav": "own", "icon": "shapes", "order": "0"})
    assert empty.status_code == 422 and "Enter a value for “Name of one”." in empty.content.decode()
    with workspace(scene.workspace.pk):
        assert not CustomType.objects.exists()


@pytest.mark.parametrize(("order", "labels"), [("add", ["Planned", "Over", ""]), ("up:1", ["Over", "Planned"]), ("down:0", ["Over", "Planned"]), ("remove:0", ["Over"]), ("up:9", ["Planned", "Over"])])
def test_rows_of_states_are_moved_without_script(as_: As, url: Url, order: str, labels: list[str]) -> None:
    page = as_().post(url("types", "new"), {**FORM, "row": order}).content.decode()
    assert [part.split('"')[0] for part in page.split('name="state-label" value="')[1:]] == labels
    assert "<html" in page and 'value="Courses"' in page
    fragment = as_(hx=True).post(url("types", "new"), {**FORM, "row": order}).content.decode()
    assert "<html" not in fragment and fragment.count('name="state-label"') == len(labels)


def test_retire_bring_back_delete(scene: Scene, as_: As, url: Url) -> None:
    with open_workspace(scene) as access:
        used, unused = courses(access), make_type(access, "Vehicles", "Vehicle")
        make(registry.get(COURSES), access)
    dora = as_()
    refused = as_(hx=True).post(url("types", used.pk, "delete"))
    assert refused.status_code == 422 and "1 records of this type" in refused["HX-Trigger"]
    assert dora.post(url("types", unused.pk, "delete")).status_code == 302
    assert dora.post(url("types", used.pk, "archive")).status_code == 302
    assert "1 retired record type" in dora.get(url("types")).content.decode()
    assert dora.post(url("types", used.pk, "restore")).status_code == 302
    with workspace(scene.workspace.pk):
        assert list(CustomType.objects.values_list("key", "archived_at")) == [(COURSES, None)]


def test_others_have_no_business_here(scene: Scene, as_: As, url: Url) -> None:
    assert as_("alice").get(url("types")).status_code == 403
    assert as_("alice").post(url("types", "new"), FORM).status_code == 403


def test_the_matrix_of_a_role_offers_the_type(scene: Scene, as_: As, url: Url) -> None:
    from patron.identity.models import Role

    with open_workspace(scene) as access:
        courses(access)
        role = Role.objects.get(key="sales-agent").pk
    page = as_().get(url("roles", role)).content.decode()
    assert f'name="own-{COURSES}"' in page and "Own records" in page


def test_the_list_takes_a_constant_number_of_queries(scene: Scene, as_: As, url: Url) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as asked:
            assert dora.get(url("types")).status_code == 200
        return len(asked)

    dora: Any = as_()
    with open_workspace(scene) as access:
        courses(access)
    count()
    few = count()
    with open_workspace(scene) as access:
        for name in ("Vehicles", "Contracts", "Lessons", "Rooms"):
            make_type(access, name, name[:-1])
    count()
    assert count() <= few
