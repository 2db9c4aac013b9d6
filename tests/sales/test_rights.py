"""Who sees and changes what: deals by owner and team, parts by their deal, reviews by their group."""

from __future__ import annotations

from decimal import Decimal

import pytest

from patron.customers.models import Account, Contact
from patron.identity.access import Access
from patron.identity.enums import TeamKind
from patron.identity.models import Team, TeamMember
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.sales.domain.around import add_competitor, add_member, add_stakeholder
from patron.sales.domain.closing import lose_deal
from patron.sales.domain.reviews import record_finding, take_review
from patron.sales.enums import StakeholderRole, Winnable
from patron.sales.models import Competitor, Deal, DealLine, DealReview, LostReason
from patron.testing import Scene
from tests.sales.conftest import MakeDeal

D = Decimal


def names(scene: Scene, who: str) -> list[str]:
    return sorted(Deal.objects.visible_to(scene.access(who)).values_list("name", flat=True))


def test_a_deal_belongs_to_its_owner_its_team_and_theirs(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    make_deal(name="alices", owner=scene.members["alice"])
    shared = make_deal(name="shared", owner=scene.members["dora"])
    assert (names(scene, "alice"), names(scene, "bob"), names(scene, "charlie")) == (["alices"], ["alices"], [])
    add_member(shared, access=access, member=scene.members["charlie"])
    assert names(scene, "charlie") == ["shared"]
    deals = registry.get("deals")
    assert deals.allows(shared, scene.access("charlie"), "edit")
    assert not deals.allows(shared, scene.access("alice"), "edit")


def test_parts_are_seen_with_their_deal_alone(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, 50, owner=scene.members["alice"])
    make_deal(70, owner=scene.members["charlie"])
    seen = {who: DealLine.objects.visible_to(scene.access(who)).count() for who in ("alice", "bob", "charlie", "erin", "rita")}
    assert seen == {"alice": 2, "bob": 2, "charlie": 1, "erin": 3, "rita": 3}
    lines, line = registry.get("deal-lines"), deal.lines.first()
    assert [lines.allows(line, scene.access(who), "edit") for who in ("alice", "bob", "charlie", "rita")] == [True, False, False, False]


def test_nobody_adds_a_line_to_a_deal_of_others(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, owner=scene.members["alice"])
    with pytest.raises(changes.NotValid, match="may change"):
        changes.create(registry.get("deal-lines"), {"deal": deal.pk, "description": "Mine"}, access=scene.access("charlie"))


def test_a_verb_is_refused_to_who_only_sees(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100, owner=scene.members["alice"])
    with pytest.raises(perform.NotAllowed):
        perform.perform(registry.verb("deals", "win"), registry.get("deals"), deal, access=scene.access("bob"), inputs={})


def test_splits_do_not_pass_the_whole(scene: Scene, access: Access, make_deal: MakeDeal) -> None:
    deal = make_deal(100)
    add_member(deal, access=access, member=scene.members["alice"], split=D(60))
    with pytest.raises(Refused, match="100 %"):
        add_member(deal, access=access, member=scene.members["bob"], split=D("40.01"))
    assert add_member(deal, access=access, member=scene.members["alice"], split=D(100)).split == D(100)
    assert deal.members.count() == 1


def test_the_first_stakeholder_becomes_the_contact(access: Access, make_deal: MakeDeal) -> None:
    deal, ada = make_deal(100), Contact.objects.create(name="Ada Byron")
    add_stakeholder(deal, access=access, contact=ada, role=StakeholderRole.DECISION_MAKER)
    add_stakeholder(deal, access=access, contact=ada, role=StakeholderRole.CHAMPION)
    deal.refresh_from_db()
    assert (deal.contact, [s.role for s in deal.stakeholders.all()]) == (ada, ["champion"])


def test_a_competitor_brings_what_we_know_of_it(access: Access, make_deal: MakeDeal) -> None:
    rival = Competitor.objects.create(name="Initech", strengths="cheap", weaknesses="slow")
    noted = add_competitor(make_deal(100), access=access, competitor=rival, weaknesses="no service")
    assert (noted.strengths, noted.weaknesses) == ("cheap", "no service")


def test_a_review_is_done_with_a_finding(scene: Scene, access: Access, account: Account, make_deal: MakeDeal, price: LostReason) -> None:
    group = Team.objects.create(name="Pricing", kind=TeamKind.CONSULTANTS)
    TeamMember.objects.create(team=group, member=scene.members["bob"])
    LostReason.objects.filter(pk=price.pk).update(consultant_group=group)
    price.refresh_from_db()
    lose_deal(make_deal(100), access=access, reason=price)
    review = DealReview.objects.get()
    consultant = Access(scene.workspace, scene.members["bob"].pk, None, "Bob", "", {"deal-reviews": {"view": "team", "act": "team"}})
    stranger = Access(scene.workspace, scene.members["charlie"].pk, None, "Charlie", "", {"deal-reviews": {"view": "team", "act": "team"}})
    assert DealReview.objects.visible_to(consultant).count() == 1
    assert DealReview.objects.visible_to(stranger).count() == 0
    reviews = registry.get("deal-reviews")
    assert reviews.allows(review, consultant, "act")
    assert not reviews.allows(review, stranger, "act")
    take_review(review, access=consultant)
    with pytest.raises(Refused, match="found"):
        record_finding(review, access=consultant, finding=" ", winnable=Winnable.NO)
    record_finding(review, access=consultant, finding="Too dear by a third", winnable=Winnable.YES, action="New price book")
    assert (review.state, review.assignee_id, review.done_by_id) == ("done", consultant.member_id, consultant.member_id)
