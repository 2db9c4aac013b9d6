"""The story of the demo company: the same every time, of the promised size, and without contradictions."""

import re
import time as stopwatch
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from patron.demo.story import Story, tell
from patron.demo.story.clock import ZONE
from patron.demo.story.things import Activity, Deal, Ref

TODAY = date(2026, 11, 19)
NOW = datetime.combine(TODAY, time(18, 0), tzinfo=ZONE)
CENT = Decimal("0.01")
CLOSED = {"won", "partially_won", "lost"}


@pytest.fixture(scope="module")
def story() -> Story:
    return tell(TODAY)


def keyed(things: Iterable[Any]) -> dict[str | None, Any]:
    things = list(things)
    result: dict[str | None, Any] = {thing.key: thing for thing in things}
    assert len(result) == len(things), "a key occurs twice"
    return result


def records(story: Story) -> dict[str, dict[str | None, Any]]:
    """Everything that a `Ref` may point to, by type and key."""
    kinds = ("accounts", "contacts", "leads", "deals", "products", "tasks", "saved_views")
    return {kind: keyed(getattr(story, kind)) for kind in kinds} | {"deal-reviews": keyed(story.reviews)}


def walk(thing: Any) -> Iterable[Any]:
    """The thing and all that is in it."""
    yield thing
    if isinstance(thing, (list, tuple)):
        for part in thing:
            yield from walk(part)
    elif is_dataclass(thing):
        for field in fields(thing):
            yield from walk(getattr(thing, field.name))


def parts(story: Story, kind: type) -> list[Any]:
    return [part for field in fields(story) for part in walk(getattr(story, field.name)) if isinstance(part, kind)]


def test_same_day_and_seed_tell_an_equal_story_quickly(story: Story) -> None:
    start = stopwatch.process_time()
    assert tell(TODAY) == story
    assert stopwatch.process_time() - start <= 2
    assert tell(TODAY, seed=8).deals != story.deals


def test_sizes_are_as_promised(story: Story) -> None:
    sizes = {field.name: len(getattr(story, field.name)) for field in fields(story) if field.name != "workspace"}
    expected = {"accounts": 200, "contacts": 420, "leads": 260, "deals": 1500, "activities": 6000, "tasks": 900}
    expected |= {"people": 26, "offices": 3, "teams": 5, "product_lines": 6, "products": 33, "pipelines": 2}
    expected |= {"connections": 43, "exchange_rates": 4 * 26, "notifications": 12, "reviews": 450, "saved_views": 36}
    assert {name: sizes[name] for name in expected} == expected
    assert Counter(deal.outcome for deal in story.deals) == {"won": 720, "lost": 390, "open": 330, "partially_won": 60}
    open_stages = {deal.stage for deal in story.deals if deal.outcome == "open"}
    assert open_stages == {s.key for p in story.pipelines for s in p.stages if s.kind == "open"}


def test_leads_are_in_every_state(story: Story) -> None:
    states = Counter(lead.state for lead in story.leads)
    assert states == {"new": 62, "working": 80, "qualified": 75, "disqualified": 43}
    assert sum(lead.reopened for lead in story.leads) == 10
    assert {lead.kind for lead in story.leads} == {"company", "person", "person in company"}
    assert sum(bool(lead.resembles) for lead in story.leads) >= 30
    assert all(lead.company or lead.last_name for lead in story.leads)


def test_every_role_is_held_by_somebody(story: Story) -> None:
    roles = "administrator manager account-manager sales-agent project-manager brand-manager consultant support-agent"
    assert {person.role for person in story.people} == {*roles.split(), "accountant", "auditor"}
    assert [person.key for person in story.people if person.role == "administrator"] == [story.administrator]


def test_accounts_stand_in_trees(story: Story) -> None:
    parents = {account.key: account.parent for account in story.accounts}

    def depth(key: str) -> int:
        parent = parents[key]
        return 1 if parent is None else depth(parent) + 1

    branches = set(parents.values())
    assert sum(parent is None and key not in branches for key, parent in parents.items()) == 59
    depths = Counter(depth(key) for key in parents)
    assert (max(depths), depths[4]) == (4, 3)


def test_contacts_have_places_and_roles(story: Story) -> None:
    assert Counter(len(contact.affiliations) for contact in story.contacts) == {0: 20, 1: 370, 2: 30}
    places = [place for contact in story.contacts for place in contact.affiliations]
    assert {role for place in places for role in place.roles} == {"decision_maker", "technical", "billing"}
    assert {place.account for place in places} == {account.key for account in story.accounts}
    assert all([a.primary for a in c.affiliations] == [True, False][: len(c.affiliations)] for c in story.contacts)


def test_the_administrator_has_something_to_do(story: Story) -> None:
    me = story.administrator
    mine = [task for task in story.tasks if task.assignee == me and task.state == "open"]
    assert sum(task.due == TODAY for task in mine) >= 6
    assert sum(task.due is not None and task.due < TODAY for task in mine) >= 5
    today = [activity for activity in story.activities if activity.at.date() == TODAY and activity.state == "done"]
    assert sum(activity.by == me for activity in today) >= 4
    assert len(today) >= 25
    assert sum(deal.owner == me and deal.outcome == "open" for deal in story.deals) >= 15
    assert {note.kind for note in story.notifications} == {"assigned", "mentioned", "review due", "lead assigned"}
    assert {note.to for note in story.notifications} == {me}


#: What the attributes of each kind of thing point to: `attribute>list`.
POINTERS = {
    "people": "manager>people office>offices",
    "teams": "lead>people members>people",
    "lost_reasons": "group>teams",
    "product_lines": "brand_manager>people",
    "products": "line>product_lines",
    "accounts": "parent>accounts industry>industries segment>segments account_manager>people project_manager>people"
    " backup_project_managers>people tags>tags created_by>people",
    "contacts": "owner>people tags>tags created_by>people",
    "connections": "type>connection_types",
    "leads": "industry>industries source>lead_sources owner>people disqualify_reason>disqualify_reasons tags>tags"
    " created_by>people",
    "deals": "account>accounts lead>leads pipeline>pipelines owner>people lost_reason>lost_reasons continues>deals"
    " tags>tags source>lead_sources created_by>people",
    "reviews": "deal>deals group>teams reason>lost_reasons assignee>people found_by>people",
    "activities": "by>people contact>contacts contacts>contacts people>people mentions>people",
    "tasks": "assignee>people created_by>people done_by>people",
    "notifications": "to>people by>people",
    "saved_views": "owner>people team>teams",
    "favourites": "person>people",
}


@pytest.mark.parametrize("kind", POINTERS)
def test_keys_lead_to_things(story: Story, kind: str) -> None:
    for pointer in POINTERS[kind].split():
        attribute, target = pointer.split(">")
        known = set(keyed(getattr(story, target)))
        for thing in getattr(story, kind):
            value = getattr(thing, attribute)
            keys = value if isinstance(value, tuple) else () if value is None else (value,)
            assert set(keys) <= known, (pointer, value)
            assert len(set(keys)) == len(keys), (pointer, value)


def test_refs_and_keys_inside_deals_and_leads_lead_to_things(story: Story) -> None:
    known, people = records(story), set(keyed(story.people))
    assert [ref for ref in parts(story, Ref) if ref.key not in known[ref.type]] == []
    competitors, reasons = keyed(story.competitors), keyed(story.lost_reasons)
    stages = {stage.key: pipeline.key for pipeline in story.pipelines for stage in pipeline.stages}
    for deal in story.deals:
        assert {stages[move.stage] for move in deal.moves} | {stages[deal.stage]} == {deal.pipeline}
        assert {move.by for move in deal.moves} <= people
        assert {member.person for member in deal.team} <= people - {deal.owner}
        assert keyed_by(deal.stakeholders, "contact") <= set(known["contacts"])
        assert keyed_by(deal.rivals, "competitor") <= set(competitors)
        assert {line.product for line in deal.lines} <= set(known["products"])
        assert {line.lost_reason for line in deal.lines} <= {None, *reasons}
    assert {move.by for lead in story.leads for move in lead.moves} <= people
    keyed(line for deal in story.deals for line in deal.lines)


def keyed_by(things: Iterable[Any], attribute: str) -> set[str]:
    keys = [getattr(thing, attribute) for thing in things]
    assert len(set(keys)) == len(keys)
    return set(keys)


def test_lists_are_in_an_order_to_load(story: Story) -> None:
    for things, attribute in ((story.accounts, "parent"), (story.people, "manager"), (story.deals, "continues")):
        seen: set[str | None] = {None}
        for thing in things:
            assert getattr(thing, attribute) in seen
            seen.add(thing.key)


def test_names_and_addresses_are_unique_and_invented(story: Story) -> None:
    keyed_by(story.accounts, "name")
    emails = [contact.email for contact in story.contacts] + [person.email for person in story.people]
    assert len(set(emails)) == len(emails)
    assert all(address.isascii() and address.endswith(".example") for address in emails)
    assert all(account.domain.endswith(".example") for account in story.accounts)
    phones = {account.phone for account in story.accounts} | {contact.phone for contact in story.contacts}
    assert all(re.fullmatch(r"\+\d{8,15}", phone) for phone in phones - {""})


def test_nothing_that_happened_lies_in_the_future(story: Story) -> None:
    planned = [activity for activity in story.activities if activity.state == "planned"]
    happened = [activity for activity in story.activities if activity.state == "done"]
    assert len(planned) >= 50
    assert all(activity.kind == "meeting" and activity.at > NOW for activity in planned)
    for things in (story.accounts, story.contacts, story.leads, story.deals, story.reviews, story.tasks, happened):
        assert max(part for part in walk(things) if isinstance(part, datetime)) <= NOW


def test_until_cuts_the_day_off() -> None:
    early, before_work = tell(TODAY, until=time(10, 30)), tell(TODAY, until=time(6, 0))
    done = [activity for activity in early.activities if activity.state == "done"]
    happened = [part for part in walk((done, early.leads, early.deals, early.tasks)) if isinstance(part, datetime)]
    assert max(happened).date() == TODAY
    assert max(happened) <= datetime.combine(TODAY, time(10, 30), tzinfo=ZONE)
    assert max(a.at for a in before_work.activities if a.state == "done").date() == TODAY - timedelta(days=1)


def test_calls_and_meetings_are_at_working_hours(story: Story) -> None:
    for activity in story.activities:
        assert activity.at.weekday() < 5
        assert time(8, 0) <= activity.at.time() <= time(18, 45), activity


def test_stages_follow_each_other(story: Story) -> None:
    for deal in story.deals:
        times = [move.at for move in deal.moves]
        assert times == sorted(set(times)), deal.key
        assert (deal.created_at, deal.stage) == (times[0], deal.moves[-1].stage)
        assert (deal.closed_at is not None) == (deal.outcome in CLOSED)
        if deal.closed_at:
            assert deal.closed_at == times[-1]
            assert deal.close_date == deal.closed_at.date() <= TODAY
            assert deal.stage == f"{deal.pipeline}.{'lost' if deal.outcome == 'lost' else 'won'}"


def test_people_act_only_while_they_are_with_us(story: Story) -> None:
    people = keyed(story.people)
    left = {person.key for person in story.people if person.left}
    deeds = [(activity.by, activity.at) for activity in story.activities]
    deeds += [(move.by, move.at) for deal in story.deals for move in deal.moves]
    deeds += [(task.done_by or "", task.done_at) for task in story.tasks if task.done_at]
    deeds += [(review.found_by or "", review.found_at) for review in story.reviews if review.found_at]
    for by, at in deeds:
        assert people[by].started <= at.date() <= (people[by].left or TODAY + timedelta(days=60)), (by, at)
    busy = {deal.owner for deal in story.deals if deal.outcome == "open"}
    assert left
    assert not left & (busy | {task.assignee for task in story.tasks if task.state == "open"})


def test_nothing_happens_before_its_record_exists(story: Story) -> None:
    known = records(story)
    for activity in story.activities:
        assert activity.at >= known[activity.about.type][activity.about.key].created_at, activity
        for key in {activity.contact, *activity.contacts} - {None}:
            assert known["contacts"][key].created_at <= activity.at, activity
    for task in story.tasks:
        assert task.about is None or task.created_at >= known[task.about.type][task.about.key].created_at, task
        assert task.done_at is None or task.created_at <= task.done_at, task
        assert (task.state == "done") == (task.done_at is not None)
        assert task.due or task.kind == "task"
    assert all(d.created_at >= known["accounts"][d.account].created_at for d in story.deals if d.account)


def test_money_has_two_digits(story: Story) -> None:
    money = [part for part in walk((story.deals, story.products, story.accounts)) if isinstance(part, Decimal)]
    assert {amount.as_tuple().exponent for amount in money} == {-2}


def test_lines_add_up_to_the_deal(story: Story) -> None:
    months = {"one_off": 0, "monthly": 1, "quarterly": 3, "annual": 12}
    for deal in story.deals:
        assert 1 <= len(deal.lines) <= 5
        assert deal.value == sum(line.value for line in deal.lines) > 0
        assert deal.monthly == sum(line.monthly for line in deal.lines)
        assert deal.one_off == sum(line.net for line in deal.lines if line.frequency == "one_off")
        assert deal.total_cost == sum(line.total_cost for line in deal.lines)
        assert deal.won_value == sum(line.value for line in deal.lines if line.outcome == "won")
        assert deal.lost_value == sum(line.value for line in deal.lines if line.outcome == "lost")
        for line in deal.lines:
            net = (line.quantity * line.unit_price * (100 - line.discount) / 100).quantize(CENT, "ROUND_HALF_UP")
            assert line.net == net
            period = months[line.frequency]
            assert line.commitment_months % period == 0 if period else line.commitment_months == 0
            assert line.value == net * (line.commitment_months // period if period else 1)


def test_outcomes_of_lines_make_the_outcome_of_the_deal(story: Story) -> None:
    """D2."""
    expected = {"open": {"open"}, "won": {"won"}, "lost": {"lost"}, "partially_won": {"won", "lost"}}
    for deal in story.deals:
        assert {line.outcome for line in deal.lines} - {"deferred"} == expected[deal.outcome], deal.key
        assert all((line.lost_reason is not None) == (line.outcome == "lost") for line in deal.lines)
        assert (deal.lost_reason is not None) == (deal.outcome in {"lost", "partially_won"})
        assert any(rival.outcome == "lost_to" for rival in deal.rivals) == (deal.lost_reason == "rival")


def test_deferred_lines_go_on_in_a_linked_deal(story: Story) -> None:
    deals = keyed(story.deals)
    linked = {deal.continues: deal for deal in story.deals if deal.continues}
    deferring = {deal.key for deal in story.deals if any(line.outcome == "deferred" for line in deal.lines)}
    assert len(deferring) >= 8
    assert deferring == set(linked)
    for origin, deal in linked.items():
        deferred = [(line.product, line.value) for line in deals[origin].lines if line.outcome == "deferred"]
        assert [(line.product, line.value) for line in deal.lines] == deferred
        assert deal.account == deals[origin].account
        assert deal.created_at > deals[origin].closed_at


def test_every_loss_is_reviewed_by_the_group_of_its_reason(story: Story) -> None:
    groups = {reason.key: reason.group for reason in story.lost_reasons}
    deals = keyed(story.deals)
    assert set(groups.values()) == {team.key for team in story.teams if team.kind == "consultants"}
    assert sorted(review.deal for review in story.reviews) == sorted(d.key for d in story.deals if d.lost_reason)
    for review in story.reviews:
        assert (review.reason, review.group) == (deals[review.deal].lost_reason, groups[review.reason])
        assert (review.state == "done") == bool(review.finding) == bool(review.found_at) == bool(review.winnable)
    assert sum(review.state == "open" for review in story.reviews) >= 10


def test_the_pipeline_has_what_a_real_one_has(story: Story) -> None:
    opened = [deal for deal in story.deals if deal.outcome == "open"]
    days = {stage.key: stage.expected_days or 0 for pipeline in story.pipelines for stage in pipeline.stages}

    def is_rotting(deal: Deal) -> bool:
        return (TODAY - deal.moves[-1].at.date()).days > days[deal.stage]

    assert 20 <= sum(deal.close_date < TODAY for deal in opened) <= 60
    assert 30 <= sum(is_rotting(deal) for deal in opened) <= 100
    assert 30 <= sum(not deal.next_step for deal in opened) <= 70
    assert sum(deal.account is None for deal in opened) == 12 == 2 * sum(deal.lead is not None for deal in opened)
    blacklisted = {account.key for account in story.accounts if account.blacklisted}
    assert len(blacklisted) == 4
    assert not blacklisted & {deal.account for deal in opened}
    currencies = Counter(deal.currency for deal in story.deals)
    assert set(currencies) == {"EUR", "USD", "GBP", "SEK", "CHF"}
    assert currencies["EUR"] > 1000
    idle = {Ref("deals", deal.key) for deal in opened if not deal.next_step}
    assert not idle & {task.about for task in story.tasks if task.state == "open"}


def test_business_grows_and_is_unevenly_spread(story: Story) -> None:
    won: dict[str | None, Decimal] = defaultdict(Decimal)
    years: Counter[bool] = Counter()
    for deal in story.deals:
        if deal.closed_at and deal.won_value:
            won[deal.account] += deal.won_value
            years[deal.closed_at.date() > TODAY - timedelta(days=364)] += 1
    amounts = sorted(won.values(), reverse=True)
    assert sum(amounts[: len(amounts) // 5]) > sum(amounts) * 6 / 10
    assert years[True] > years[False] * 1.1


def test_qualified_leads_made_what_they_name(story: Story) -> None:
    known, made_accounts = records(story), []
    for lead in story.leads:
        assert (lead.qualification is not None) == (lead.state == "qualified") == (lead.moves[-1].state == "qualified")
        assert (lead.disqualify_reason is not None) == (lead.state == "disqualified")
        assert [move.at for move in lead.moves] == sorted(move.at for move in lead.moves)
        if made := lead.qualification:
            assert known["deals"][made.deal].created_at == made.at == lead.moves[-1].at
            assert (known["accounts"][made.account].created_at == made.at) == made.made_account
            assert (known["contacts"][made.contact].created_at == made.at) == made.made_contact
            made_accounts += [made.account] if made.made_account else []
    assert len(made_accounts) == len(set(made_accounts)) >= 30


def test_texts_are_whole_and_varied(story: Story) -> None:
    assert [text for text in parts(story, str) if "{" in text or "  " in text] == []
    written = [activity.body for activity in story.activities if len(activity.body) > 40]
    assert len(set(written)) > len(written) * 0.85 > 3000
    timelines: dict[Ref, list[Activity]] = defaultdict(list)
    for activity in story.activities:
        if len(activity.body) > 40 and activity.outcome in {"", "reached"}:
            timelines[activity.about].append(activity)
    for timeline in timelines.values():
        assert len({activity.body for activity in timeline}) == len(timeline)


def test_the_story_moves_with_today(story: Story) -> None:
    shift = timedelta(days=91)
    later = tell(TODAY + shift)
    newest, oldest = (
        (max(a.at for a in told.activities if a.state == "done").date(), min(d.created_at for d in told.deals).date())
        for told in (later, story)
    )
    assert newest[0] - oldest[0] == shift
    assert abs(newest[1] - oldest[1] - shift) <= timedelta(days=35)
    assert [account.name for account in later.accounts] == [account.name for account in story.accounts]
    assert max(rate.day for rate in later.exchange_rates) == date(2027, 2, 1)


@pytest.mark.parametrize("today", [date(2026, 11, 21), date(2027, 1, 1), date(2028, 2, 29), date(2026, 3, 31)])
def test_any_day_will_do(today: date) -> None:
    told = tell(today)
    assert (len(told.deals), len(told.activities), len(told.notifications)) == (1500, 6000, 12)
    newest = max(activity.at for activity in told.activities if activity.state == "done").date()
    assert today - timedelta(days=4) <= newest <= today
    assert sum(task.due == today and task.state == "open" for task in told.tasks) >= 20
