"""A lead whom somebody knows as a contact: found, shown with reasons, qualified into it or told apart for good."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from patron.customers.models import Account, Contact
from patron.flows.matching import matches
from patron.kernel.tenancy import set_local, workspace
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.quality import subjects
from patron.quality.domain import apart, queue, scanning
from patron.quality.models import Pair, Scan
from patron.records import perform, registry
from patron.records.merging import engine
from patron.records.verbs import Refused
from patron.sales.domain.start import ship_lists
from patron.sales.enums import LeadStatus
from patron.sales.models import DisqualifyReason, Lead, LeadSource
from patron.testing import Scene
from tests.quality.test_scanning import view
from tests.records.merge_kit import signed
from tests.records.test_every_type import address, client_of

KEY, LEADS = "leads/contacts", registry.get("leads")


@pytest.fixture
def met(scene: Scene) -> dict[str, Any]:
    """Helena, a contact of Brightwater, who wrote again; Otto, told by name and company; a namesake elsewhere; and others."""
    with signed(scene):
        ship_lists()
        source = LeadSource.objects.first()
        firm = Account.objects.create(name="Brightwater GmbH")
        helena = Contact.objects.create(first_name="Helena", last_name="Brandt", email="helena@brightwater.example", mobile="+493012345678", account=firm, owner=scene.members["alice"])
        otto = Contact.objects.create(first_name="Otto", last_name="Quandt", account=firm)
        for n in range(30):
            Contact.objects.create(first_name=f"Given{n}", last_name=f"Family{n}", email=f"p{n}@other{n}.example")
            Lead.objects.create(first_name=f"Other{n}", last_name=f"Person{n}", email=f"q{n}@else{n}.example", company=f"Else {n}", source=source)
        again = Lead.objects.create(first_name="Helena", last_name="Brand", email="Helena@Brightwater.example", phone="+493012345678", company="Brightwater", owner=scene.members["alice"], source=source)
        by_name = Lead.objects.create(first_name="Otto", last_name="Quandt", company="Brightwater", source=source)
        known = Lead.objects.create(first_name="Otto", last_name="Quandt", company="Brightwater", contact=otto, source=source)
        Lead.objects.create(first_name="Otto", last_name="Quandt", company="Brightwater", status=LeadStatus.DISQUALIFIED, disqualified_reason=DisqualifyReason.objects.first(), disqualified_at=timezone.now(), source=source)
    return {"firm": firm, "helena": helena, "otto": otto, "again": again, "by_name": by_name, "known": known}


def scan(*, full: bool = True) -> Scan:
    begun = scanning.begin(subjects.get(KEY), full=full)
    assert begun is not None
    scanning.run(begun)
    return Scan.objects.get(pk=begun.pk)


def found_pairs() -> set[tuple[Any, Any]]:
    return set(Pair.objects.filter(type_key=KEY).values_list("a_id", "b_id"))


def test_a_lead_that_is_a_contact_is_found_by_address_number_or_name_and_company(scene: Scene, met: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        done = scan()
        assert done.counts["found"] == 2
        assert found_pairs() == {(met["again"].pk, met["helena"].pk), (met["by_name"].pk, met["otto"].pk)}
        first, second = queue.page(view(scene), subjects.get(KEY)).groups
        assert {first.records[0].id, second.records[0].id} == {met["again"].pk, met["by_name"].pk}
        helena = next(g for g in (first, second) if g.records[0].id == met["again"].pk)
        assert helena.kinds == ["Lead", "Contact"] and helena.probability > 0.9
        assert {"same phone", "same e-mail", "same company", "last name differs by one letter"} <= {r.text for r in helena.reasons}
        lines = {line.name: line.texts for line in helena.rows}
        assert lines["company"] == ["Brightwater", "Brightwater GmbH"] and lines["last_name"] == ["Brand", "Brandt"]
        assert [a.label for a in helena.acts] == ["Qualify into Helena Brandt…"]


def test_the_button_qualifies_the_lead_into_contact_and_account(scene: Scene, met: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        scan()
        act = next(g for g in queue.page(view(scene), subjects.get(KEY)).groups if g.records[0].id == met["again"].pk).acts[0]
    client = client_of(scene)
    dialog = client.get(act.url)
    assert dialog.status_code == 200
    for name, record in (("contact", met["helena"]), ("account", met["firm"])):
        assert f'name="{name}" value="{record.pk}" checked' in dialog.content.decode()
    answer = client.post(act.url, {"contact": str(met["helena"].pk), "account": str(met["firm"].pk)})
    assert answer.status_code == 302
    with workspace(scene.workspace.pk):
        lead = Lead.objects.get(pk=met["again"].pk)
        assert (lead.status, lead.converted_contact_id, lead.converted_account_id) == (LeadStatus.QUALIFIED, met["helena"].pk, met["firm"].pk)
        assert queue.count(view(scene), subjects.get(KEY)) == 1
        assert scan().counts["found"] == 1


def test_not_the_same_is_remembered_by_scans_and_proposals_and_can_be_undone(scene: Scene, met: dict[str, Any]) -> None:
    with workspace(scene.workspace.pk):
        scan()
        assert met["helena"].pk in {m.id for m in matches(met["again"], scene.access()).contacts}
    place = address(scene, "duplicates")
    answer = client_of(scene).post(place + "apart/", {"type": KEY, "ids": [str(met["again"].pk), str(met["helena"].pk)]})
    assert answer.status_code == 302
    with workspace(scene.workspace.pk):
        assert apart.said(subjects.get(KEY)) == {(met["again"].pk, met["helena"].pk)}
        assert queue.count(view(scene), subjects.get(KEY)) == 1
        assert scan().counts["found"] == 1
        assert met["helena"].pk not in {m.id for m in matches(met["again"], scene.access()).contacts}
        with signed(scene) as access:  # what was said of Helena holds for whom she was merged into
            twin = Contact.objects.create(first_name="Helena", last_name="Brandt", email="helena@brightwater.example")
        engine.merge(registry.get("contacts"), twin.pk, [met["helena"].pk], access=access)
        assert scan().counts["found"] == 1
        done = perform.perform(registry.verb("leads", "keep_apart"), LEADS, met["by_name"], access=scene.access(), inputs={"others": [str(met["otto"].pk)], "kind": "contacts"})
        assert scan().counts["found"] == 0
        undo(done.operation_id, access=scene.access())
        assert found_pairs() == set() and scan().counts["found"] == 1
        with pytest.raises(Refused, match="not compared"):
            perform.perform(registry.verb("leads", "keep_apart"), LEADS, met["by_name"], access=scene.access(), inputs={"others": [str(met["firm"].pk)], "kind": "accounts"})


def test_both_must_be_visible_and_the_lead_be_theirs_to_change(scene: Scene, met: dict[str, Any]) -> None:
    role = scene.members["alice"].role
    with workspace(scene.workspace.pk):
        scan()
        with operation("test", access=scene.access()):
            role.matrix = {**role.matrix, "contacts": {"view": "own"}, "leads": {"view": "all", "edit": "own"}}
            role.save()
        (group,) = queue.page(view(scene, "alice"), subjects.get(KEY)).groups
        assert {r.id for r in group.records} == {met["again"].pk, met["helena"].pk} and group.editable
        assert queue.page(view(scene, "charlie"), subjects.get(KEY)).groups == []
    assert client_of(scene, "rita").get(address(scene, "duplicates"), {"type": KEY}).status_code == 404


def test_the_nightly_scan_sees_a_change_on_either_side(scene: Scene, met: dict[str, Any]) -> None:
    long_ago = timezone.now() - datetime.timedelta(days=9)
    with workspace(scene.workspace.pk):
        scan()
        with signed(scene):
            set_local(keep_times="on")
            for model in (Lead, Contact):
                model.objects.update(updated_at=long_ago)
            set_local(keep_times="")
        Scan.objects.update(started_at=long_ago + datetime.timedelta(days=1))
        quiet = scan(full=False)
        assert (quiet.counts["changed"], len(found_pairs())) == (0, 2)
        with signed(scene):
            Contact.objects.filter(pk=met["otto"].pk).update(first_name="Xaver", last_name="Zimmer", name="")
        Scan.objects.update(started_at=long_ago + datetime.timedelta(days=1))
        there = scan(full=False)
        assert (there.counts["changed"], there.counts["found"], there.full) == (1, 1, False)
        with signed(scene):
            Lead.objects.create(first_name="Xaver", last_name="Zimmer", company="Brightwater GmbH", source=LeadSource.objects.first())
        Scan.objects.update(started_at=long_ago + datetime.timedelta(days=1))
        here = scan(full=False)
        assert (here.counts["changed"], here.counts["found"]) == (2, 2)


def test_the_page_says_who_is_what(scene: Scene, met: dict[str, Any]) -> None:
    client, place = client_of(scene), address(scene, "duplicates")
    assert "Nobody has searched here yet" in client.get(place, {"type": KEY}).content.decode()
    with workspace(scene.workspace.pk):
        scan()
    page = client.get(place, {"type": KEY}).content.decode()
    assert page.count("data-twin") == 2 and "Leads that are contacts" in page and "Qualify into Helena Brandt" in page and "Merge…" not in page


def test_one_side_without_records_finds_nothing(scene: Scene) -> None:
    with signed(scene):
        ship_lists()
        Lead.objects.create(first_name="Helena", last_name="Brandt", source=LeadSource.objects.first())
    with workspace(scene.workspace.pk):
        assert scan().counts == {"records": 1, "changed": 1, "pairs": 0, "found": 0}
