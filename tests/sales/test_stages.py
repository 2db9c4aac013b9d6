"""Stages: gates, history, probability, and what the database derives."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.verbs import Refused
from patron.sales.domain.stages import missing, move_stage, probability_changed, set_probability
from patron.sales.domain.start import ship_lists, ship_pipeline
from patron.sales.models import Deal, Pipeline, Stage
from patron.testing import Scene, open_workspace
from tests.sales.conftest import MakeDeal, stage

D = Decimal


def gate(name: str, *fields: str) -> Stage:
    Stage.objects.filter(pk=stage(name).pk).update(required_fields=list(fields))
    return stage(name)


def test_a_move_is_kept_with_time_person_and_days(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    Deal.objects.filter(pk=deal.pk).update(stage_since=timezone.now() - datetime.timedelta(days=10))
    deal.refresh_from_db()
    move_stage(deal, access=access, stage=stage("Qualified"))
    first, second = deal.stage_changes.order_by("at")
    assert (first.from_stage, first.to_stage, second.from_stage.name, second.to_stage.name) == (None, stage("New"), "New", "Qualified")
    assert (second.by_id, round(second.days)) == (access.member_id, 10)
    assert (deal.effective_probability, deal.weighted) == (D(25), D(25))
    assert timezone.now() - deal.stage_since < datetime.timedelta(minutes=1)


def test_moving_to_where_it_stands_changes_nothing(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    move_stage(deal, access=access, stage=deal.stage)
    assert deal.stage_changes.count() == 1


def test_a_gate_names_what_is_missing(access: Access, make_deal: MakeDeal) -> None:
    deal, target = make_deal(100), gate("Proposal sent", "expected_close", "contact", "lines", "stakeholders")
    assert missing(deal, target) == ["expected close", "contact", "stakeholders"]
    with pytest.raises(Refused, match="“Proposal sent” needs: expected close, contact, stakeholders"):
        move_stage(deal, access=access, stage=target)
    assert deal.stage.name == "New"


def test_a_gate_opens_once_it_is_filled(access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, expected_close=access.today())
    assert move_stage(deal, access=access, stage=gate("Qualified", "expected_close", "account")).stage.name == "Qualified"


def test_a_gate_is_overridden_with_a_reason_by_those_who_may(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    deal, target = make_deal(100), gate("Qualified", "expected_close")
    with pytest.raises(Refused, match="role"):
        move_stage(deal, access=scene.access("alice"), stage=target, override="no time")
    move_stage(deal, access=access, stage=target, override="customer decides in May")
    assert deal.stage_changes.latest("at").override_reason == "customer decides in May"


def test_a_closing_stage_takes_win_or_lose(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(Refused, match="win or lose"):
        move_stage(make_deal(100), access=access, stage=stage("Won"))


def test_a_deal_may_go_to_another_pipeline(access: Access, make_deal: MakeDeal) -> None:
    renewals = ship_pipeline("Renewals")
    deal = move_stage(make_deal(100), access=access, stage=Stage.objects.get(pipeline=renewals, name="Negotiation"))
    assert deal.pipeline == renewals


def test_an_own_probability_wins_until_it_is_taken_back(access: Access, make_deal: MakeDeal) -> None:
    deal = set_probability(make_deal(100), access=access, probability=D(60))
    assert (deal.effective_probability, deal.weighted) == (D(60), D(60))
    assert move_stage(deal, access=access, stage=stage("Negotiation")).effective_probability == D(60)
    assert set_probability(deal, access=access, probability=None).effective_probability == D(75)
    with pytest.raises(Refused, match="between 0 and 100"):
        set_probability(deal, access=access, probability=D(101))


def test_open_deals_follow_a_stage_whose_probability_changed(access: Access, make_deal: MakeDeal) -> None:
    plain, own = make_deal(100), set_probability(make_deal(100), access=access, probability=D(60))
    Stage.objects.filter(pk=plain.stage_id).update(probability=D(15))
    probability_changed([plain.stage_id])
    plain.refresh_from_db()
    own.refresh_from_db()
    assert (plain.effective_probability, own.effective_probability) == (D(15), D(60))


def test_the_pipeline_follows_the_stage_whoever_writes(access: Access, make_deal: MakeDeal) -> None:
    deal, renewals = make_deal(100), ship_pipeline("Renewals")
    Deal.objects.filter(pk=deal.pk).update(stage=Stage.objects.get(pipeline=renewals, name="New"))
    deal.refresh_from_db()
    assert deal.pipeline == renewals


def test_the_database_refuses_a_pipeline_without_its_stage(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Deal.objects.filter(pk=make_deal(100).pk).update(pipeline=ship_pipeline("Renewals"))


def test_the_form_moves_a_deal_through_the_same_gate(access: Access, make_deal: MakeDeal) -> None:
    deals, deal, target = registry.get("deals"), make_deal(100), gate("Proposal sent", "expected_close")
    with pytest.raises(changes.NotValid, match="needs"):
        changes.edit(deals, deal, {"stage": target.pk}, access=access)
    changes.edit(deals, deal, {"stage": target.pk, "expected_close": access.today()}, access=access)
    deal.refresh_from_db()
    assert (deal.stage, deal.stage_changes.latest("at").to_stage) == (target, target)


def test_the_form_does_not_close_a_deal(access: Access, make_deal: MakeDeal) -> None:
    with pytest.raises(changes.NotValid, match="win or lose"):
        changes.edit(registry.get("deals"), make_deal(100), {"stage": stage("Won").pk}, access=access)
    with pytest.raises(changes.NotValid, match="win or lose"):
        changes.create(registry.get("deals"), {"name": "Sudden", "stage": stage("Won").pk}, access=access)


def test_a_new_deal_starts_in_the_first_open_stage_with_a_number(access: Access) -> None:
    first = changes.create(registry.get("deals"), {"name": "One"}, access=access)
    second = changes.create(registry.get("deals"), {"name": "Two"}, access=access)
    assert (first.stage.name, first.number, second.number, first.owner_id) == ("New", "D-1001", "D-1002", access.member_id)
    assert (first.opened_on, first.currency, first.stage_changes.count()) == (access.today(), access.workspace.currency, 1)


def test_a_new_deal_goes_where_its_stage_is(access: Access) -> None:
    deals, renewals = registry.get("deals"), ship_pipeline("Renewals")
    proposal = Stage.objects.get(pipeline=renewals, name="Proposal sent")
    by_stage = changes.create(deals, {"name": "From the board", "stage": proposal.pk}, access=access)
    by_pipeline = changes.create(deals, {"name": "By pipeline", "pipeline": renewals.pk}, access=access)
    assert (by_stage.pipeline, by_stage.stage) == (renewals, proposal)
    assert (by_pipeline.pipeline, by_pipeline.stage.name) == (renewals, "New")
    with pytest.raises(changes.NotValid, match="another pipeline"):
        changes.create(deals, {"name": "Neither", "pipeline": renewals.pk, "stage": stage("Qualified").pk}, access=access)


def test_a_new_default_pipeline_takes_the_place_of_the_old(access: Access) -> None:
    old = Pipeline.objects.get()
    new = changes.create(registry.get("pipelines"), {"name": "Renewals", "is_default": True}, access=access)
    assert list(Pipeline.objects.filter(is_default=True)) == [new]
    changes.edit(registry.get("pipelines"), old, {"is_default": True}, access=access)
    assert list(Pipeline.objects.filter(is_default=True)) == [old]


def test_shipping_twice_is_harmless(scene: Scene) -> None:
    with open_workspace(scene):
        ship_lists()
        ship_lists()
        assert (Pipeline.objects.count(), Stage.objects.count()) == (1, 6)


def test_a_manager_may_override_for_the_team_alone(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    target = gate("Negotiation", "expected_close")
    ours, theirs = make_deal(100, owner=scene.members["alice"]), make_deal(100, owner=scene.members["charlie"])
    with pytest.raises(Refused, match="role"):
        move_stage(theirs, access=scene.access("erin"), stage=target, override="no time")
    move_stage(ours, access=scene.access("erin"), stage=target, override="customer decides in May")
    assert ours.stage_changes.latest("at").override_reason == "customer decides in May"
