"""Two people at the same record at the same moment: one is first, the other one is told in words. Real threads, real PostgreSQL, the real pages."""

from __future__ import annotations

from typing import Any

import pytest

from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.records import changes, registry, undoing
from patron.records.import_models import Import
from patron.records.imports import service
from patron.records.models import SavedView
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import checked, inside, table
from tests.records.together import client, held, statuses, together, words


def a_lead(scene: Scene, **values: Any) -> Lead:
    with inside(scene) as view:
        made: Lead = changes.create(registry.get("leads"), {"last_name": "Byron", "company": "Engines", "city": "Bonn", "owner": scene.members["alice"].pk, **values}, access=view.access)
        return made


def now(scene: Scene, lead: Lead) -> Lead:
    with workspace(scene.workspace.pk):
        found: Lead = Lead.objects.get(pk=lead.pk)
        return found


def at(scene: Scene, *parts: object) -> str:
    return f"/w/{scene.workspace.slug}/" + "".join(f"{part}/" for part in parts)


def form(lead: Lead, **wanted: str) -> dict[str, str]:
    """The edit form as it was opened, with what the person typed over it."""
    was = {name: str(getattr(lead, name) or "") for name in wanted}
    return {"revision": str(lead.revision), **{f"was-{n}": v for n, v in was.items()}, **wanted}


# --- one record ---------------------------------------------------------------------------------------------------------


def test_changes_of_different_fields_go_together(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    one, two = client(lasting_scene), client(lasting_scene, "erin")
    url = at(lasting_scene, "leads", lead.pk, "edit")
    answers = together(
        lambda: one.post(url, form(lead, city="Ulm")), lambda: two.post(url, form(lead, company="Looms")), gate=held(lasting_scene, Lead, lead.pk)
    )
    assert statuses(answers) == [302, 302]
    found = now(lasting_scene, lead)
    assert (found.city, found.company) == ("Ulm", "Looms")


def test_the_second_writer_of_a_field_sees_what_the_first_wrote(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    people = {"Ulm": client(lasting_scene), "Mainz": client(lasting_scene, "erin")}
    url = at(lasting_scene, "leads", lead.pk, "edit")
    answers = together(
        *(lambda c=c, city=city: c.post(url, form(lead, city=city)) for city, c in people.items()), gate=held(lasting_scene, Lead, lead.pk)  # type: ignore[misc]
    )
    assert statuses(answers) == [302, 409]
    first = now(lasting_scene, lead).city
    loser = next(a for a in answers if a.status_code == 409)
    assert {first, *people} == set(people)
    assert all(city in words(loser) for city in people)


def test_the_second_inline_edit_of_a_field_sees_what_the_first_wrote(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    url = at(lasting_scene, "leads", lead.pk, "field", "city")
    one, two = client(lasting_scene, hx=True), client(lasting_scene, "erin", hx=True)
    answers = together(
        lambda: one.post(url, {"city": "Ulm", "revision": lead.revision}), lambda: two.post(url, {"city": "Mainz", "revision": lead.revision}),
        gate=held(lasting_scene, Lead, lead.pk),
    )  # fmt: skip
    assert statuses(answers) == [200, 409]


def test_a_program_that_edits_too_late_is_told_both_values(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)

    def edit(city: str) -> Any:
        with inside(lasting_scene) as view:
            return changes.edit(registry.get("leads"), lead, {"city": city}, access=view.access, revision=1, base={"city": "Bonn"})

    answers = together(lambda: edit("Ulm"), lambda: edit("Mainz"), gate=held(lasting_scene, Lead, lead.pk))
    clash = next(a for a in answers if isinstance(a, changes.Conflict))
    winner = now(lasting_scene, lead).city
    assert clash.fields == {"city": (winner, "Mainz" if winner == "Ulm" else "Ulm")}


def test_archiving_and_editing_do_not_undo_each_other(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    one, two = client(lasting_scene), client(lasting_scene, "erin")
    answers = together(
        lambda: one.post(at(lasting_scene, "leads", lead.pk, "do", "archive")), lambda: two.post(at(lasting_scene, "leads", lead.pk, "edit"), form(lead, city="Ulm")),
        gate=held(lasting_scene, Lead, lead.pk),
    )  # fmt: skip
    assert statuses(answers) == [302, 302]
    found = now(lasting_scene, lead)
    assert found.archived_at is not None
    assert found.city == "Ulm"


# --- many records -------------------------------------------------------------------------------------------------------


def test_a_bulk_edit_and_an_inline_edit_both_count_and_the_history_tells(lasting_scene: Scene) -> None:
    leads = [a_lead(lasting_scene, last_name=f"L{i}") for i in range(5)]
    one, two = client(lasting_scene), client(lasting_scene, "erin", hx=True)
    ids = "&".join(f"ids={lead.pk}" for lead in leads)
    answers = together(
        lambda: one.post(at(lasting_scene, "leads", "bulk", "edit") + f"?{ids}", {"field": "city", "city": "Ulm"}),
        lambda: two.post(at(lasting_scene, "leads", leads[2].pk, "field", "city"), {"city": "Mainz", "revision": 1}),
        gate=held(lasting_scene, Lead, leads[2].pk),
    )
    assert statuses(answers) in ([200, 302], [302, 409])
    cities = [now(lasting_scene, lead).city for lead in leads]
    assert cities[:2] + cities[3:] == ["Ulm"] * 4
    with workspace(lasting_scene.workspace.pk):
        last = Change.objects.filter(row_id=leads[2].pk, action="U").order_by("seq").last()
    assert last.changes["city"][1] == cities[2]


def test_two_bulk_edits_of_the_same_rows_wait_for_each_other(lasting_scene: Scene) -> None:
    leads = [a_lead(lasting_scene, last_name=f"L{i}") for i in range(8)]
    one, two = client(lasting_scene), client(lasting_scene, "erin")
    ids = [f"ids={lead.pk}" for lead in leads]
    url = at(lasting_scene, "leads", "bulk", "edit")
    answers = together(
        lambda: one.post(f"{url}?{'&'.join(ids)}", {"field": "city", "city": "Ulm"}), lambda: two.post(f"{url}?{'&'.join(ids[::-1])}", {"field": "city", "city": "Mainz"}),
        gate=held(lasting_scene, Lead, leads[3].pk),
    )  # fmt: skip
    assert statuses(answers) == [302, 302]
    assert len({now(lasting_scene, lead).city for lead in leads}) == 1


# --- undo ---------------------------------------------------------------------------------------------------------------


def test_an_undo_does_not_take_back_what_somebody_writes_at_that_moment(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    with inside(lasting_scene) as view:
        changes.edit(registry.get("leads"), lead, {"city": "Ulm"}, access=view.access)
        done = Operation.objects.get(verb="leads.edit").pk
    one, two = client(lasting_scene), client(lasting_scene, "erin", hx=True)
    answers = together(
        lambda: two.post(at(lasting_scene, "leads", lead.pk, "field", "city"), {"city": "Mainz", "revision": 2}), lambda: one.post(at(lasting_scene, "history", done, "undo")),
        gate=held(lasting_scene, Lead, lead.pk),
    )  # fmt: skip
    edited, undone = answers
    assert statuses(answers) in ([200, 409], [302, 409])
    assert now(lasting_scene, lead).city == ("Mainz" if edited.status_code == 200 else "Bonn")
    if undone.status_code == 409:
        assert "newer" in words(undone)


def test_what_two_people_undo_at_once_is_undone_once(lasting_scene: Scene) -> None:
    lead = a_lead(lasting_scene)
    with inside(lasting_scene) as view:
        changes.edit(registry.get("leads"), lead, {"city": "Ulm"}, access=view.access)
        done = Operation.objects.get(verb="leads.edit").pk
    people = [client(lasting_scene), client(lasting_scene)]
    answers = together(*(lambda c=c: c.post(at(lasting_scene, "history", done, "undo")) for c in people), gate=held(lasting_scene, Lead, lead.pk))  # type: ignore[misc]
    assert statuses(answers) == [302, 409]
    assert "undone already" in words(next(a for a in answers if a.status_code == 409))
    with workspace(lasting_scene.workspace.pk):
        assert Operation.objects.filter(undoes=done).count() == 1
    assert now(lasting_scene, lead).city == "Bonn"


# --- imports ------------------------------------------------------------------------------------------------------------


def some_leads(count: int) -> bytes:
    return table(("Mail", "Last"), *((f"p{i}@x.example", f"Name {i}") for i in range(count)))


PLAN: dict[str, Any] = {"columns": {"Mail": "email", "Last": "last_name"}, "key": ["email"], "mode": "upsert"}


def test_a_double_click_imports_once(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        item = checked(view, "leads", some_leads(50), PLAN)
    url = at(lasting_scene, "import", item.pk, "run")
    browsers = [client(lasting_scene), client(lasting_scene)]
    answers = together(*(lambda c=c: c.post(url) for c in browsers))  # type: ignore[misc]
    assert statuses(answers) == [302, 409]
    loser = words(next(a for a in answers if a.status_code == 409))
    assert "being worked on" in loser or "imported already" in loser
    with workspace(lasting_scene.workspace.pk):
        assert Lead.objects.count() == 50
        assert Import.objects.get().state == "applied"
        assert Operation.objects.filter(verb="leads.import").count() == 1


def test_an_import_and_its_undo_at_once_are_one_after_the_other(lasting_scene: Scene) -> None:
    with inside(lasting_scene) as view:
        item = service.apply(checked(view, "leads", some_leads(20), PLAN), view)

    def undo(by: Any) -> Any:
        with inside(lasting_scene) as mine:
            return by(mine)

    answers = together(lambda: undo(lambda v: service.undo(item, v)), lambda: undo(lambda v: undoing.undo_operation(item.operation_id, view=v)))
    assert sum(isinstance(a, Refused) for a in answers) == 1
    with workspace(lasting_scene.workspace.pk):
        assert Lead.objects.count() == 0
        assert service.settled(Import.objects.get()).state == "undone"


# --- saved views --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("round_", range(3))
def test_of_two_defaults_set_at_once_one_stays(lasting_scene: Scene, round_: int) -> None:
    url = at(lasting_scene, "leads", "views", "save")
    people = {"Hot": client(lasting_scene), "Cold": client(lasting_scene)}
    answers = together(*(lambda c=c, n=n: c.post(url, {"name": n, "scope": "workspace", "is_default": "true"}) for n, c in people.items()))  # type: ignore[misc]
    assert statuses(answers) == [302, 302]
    with workspace(lasting_scene.workspace.pk):
        assert SavedView.objects.count() == 2
        assert SavedView.objects.filter(is_default=True).count() == 1
