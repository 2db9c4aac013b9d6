"""Tasks and follow-ups: what was done, what is overdue, what is due today and what comes."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from .cast import ADMINISTRATOR, SELLERS
from .casting import Casting
from .chance import Chance
from .clock import Clock, working_day_after, working_day_before
from .house import House
from .parties import Parties
from .prose import Phrases, told
from .things import Account, CheckItem, Contact, Deal, Lead, Ref, Task
from .words import task_talk

TOTAL, OPEN = 900, 340
OVERDUE, TODAY, UNDATED = 64, 26, 14  # of the open ones
FOR_ADMINISTRATOR = {"overdue": 5, "today": 7, "future": 12}
GIVEN_BY_OTHERS = ("ingrid", "tobias", "henrike")  # tasks that the administrator was given lately
NEXT_STEPS = 120  # of open deals that are tasks as well
PRIORITIES = {"normal": 0.64, "high": 0.23, "low": 0.13}
FOLLOW_UPS, DESCRIBED, LISTS, GIVEN = 0.42, 0.3, 0.07, 0.14
PLACES = {"deals": 0.46, "accounts": 0.28, "leads": 0.15, "contacts": 0.08, "": 0.03}
#: Colleagues beside the sellers who have tasks on accounts.
HELPERS = ("katharina", "anneke", "joao", "lucia", "emre", "aoife", "zsofia", "noemie")

Thing = Deal | Account | Lead | Contact


@dataclass(frozen=True, slots=True)
class Duty:
    """Somebody has to do something about something."""

    kind: str  # record type, or empty
    thing: Thing | None
    assignee: str

    @property
    def ref(self) -> Ref | None:
        return Ref(self.kind, self.thing.key) if self.thing else None


class TaskBook:
    def __init__(self, house: House, parties: Parties, leads: list[Lead], deals: list[Deal], seed: int) -> None:
        self._house = house
        self._clock: Clock = house.clock
        self._parties = parties
        self._deals = deals
        self._chance = Chance(seed, "tasks")
        self._casting = Casting(house, parties, self._chance)
        self._titles = Phrases(task_talk.TITLES, self._chance)
        self._words = Phrases({"": task_talk.DESCRIPTIONS}, self._chance)
        self._active = [deal for deal in deals if deal.outcome == "open" and deal.next_step]
        self._owned_leads = [lead for lead in leads if lead.owner]
        self._seen: dict[str, set[str]] = defaultdict(set)

    def tasks(self) -> list[Task]:
        """All of them, in the order in which they were made."""
        drafts = self._next_steps()
        drafts += self._open(OPEN - len(drafts), [draft.due for draft in drafts])
        drafts += [self._done() for _ in range(TOTAL - len(drafts))]
        drafts.sort(key=lambda task: (task.created_at, task.title))
        return [replace(task, key=f"task-{number:03d}") for number, task in enumerate(drafts, start=1)]

    def _next_steps(self) -> list[Task]:
        deals = [deal for deal in self._deals if deal.next_step_on]
        result = []
        for deal in self._chance.some(deals, NEXT_STEPS):
            task = self._task(Duty("deals", deal, deal.owner), deal.next_step_on)
            result.append(replace(task, title=deal.next_step, checklist=()))
        return result

    def _open(self, count: int, taken: list[date | None]) -> list[Task]:
        """The other open ones, so that enough are overdue, due today and without a date."""
        today = self._clock.today
        overdue = max(OVERDUE - sum(due is not None and due < today for due in taken), FOR_ADMINISTRATOR["overdue"])
        now = max(TODAY - sum(due == today for due in taken), FOR_ADMINISTRATOR["today"])
        kinds = self._chance.dealt({"overdue": overdue, "today": now, "undated": UNDATED})
        kinds += ["future"] * (count - len(kinds))
        left = dict(FOR_ADMINISTRATOR)
        result = []
        for kind in kinds:
            mine = left.get(kind, 0) > 0
            left[kind] = left.get(kind, 0) - 1
            due = self._due(kind)
            known = min(due or self._clock.today, self._clock.last_day)
            duty = self._duty(ADMINISTRATOR if mine else self._chance.one(SELLERS), known)
            result.append(self._task(duty, due))
        return self._given(result)

    def _given(self, tasks: list[Task]) -> list[Task]:
        """Some of the administrator's were assigned by colleagues in the last days."""
        givers = list(GIVEN_BY_OTHERS)
        result = []
        for task in tasks:
            if givers and task.assignee == ADMINISTRATOR and task.due and task.due >= self._clock.today and task.about:
                day = self._clock.past(-self._chance.between(0, 2))
                at = max(self._clock.moment(day, self._chance), task.created_at)
                result.append(replace(task, created_by=givers.pop(), created_at=at))
            else:
                result.append(task)
        return result

    def _due(self, kind: str) -> date | None:
        if kind == "today":
            return self._clock.today
        if kind == "overdue":
            return min(self._clock.past(-self._chance.skewed(1, 40)), self._clock.day(-1))
        return self._clock.future(self._chance.skewed(1, 60)) if kind == "future" else None

    def _duty(self, person: str, known: date) -> Duty:
        """Something of the person's that is open and was there before that day."""
        kind = self._chance.weighted(PLACES)
        accounts = [p.account for p in self._parties.profiles if p.account.account_manager == person]
        things: dict[str, list[Thing]] = {
            "deals": [deal for deal in self._active if deal.owner == person],
            "accounts": [*accounts],
            "leads": [lead for lead in self._owned_leads if lead.owner == person and lead.state in {"new", "working"}],
            "contacts": [c for account in accounts for c in self._parties.by_account[account.key]],
        }
        old = [thing for thing in things.get(kind, []) if thing.created_at.date() < known]
        if not old:
            return Duty("", None, person)
        helped = kind == "accounts" and person != ADMINISTRATOR and self._chance.maybe(0.3)
        return Duty(kind, self._chance.one(old), self._chance.one(HELPERS) if helped else person)

    def _done(self) -> Task:
        """Something on a record that was worked on at that time."""
        kind = self._chance.weighted(PLACES)
        thing, first, last = self._past_thing(kind)
        made = self._clock.past(self._chance.between(self._clock.offset(first), self._clock.offset(last)))
        made = max(made, first)
        owner = self._owner_of(thing) or self._chance.one(SELLERS)
        assignee = self._house.present(owner, made)
        due = working_day_after(made + timedelta(days=self._chance.skewed(0, 21)))
        done = working_day_before(due + timedelta(days=self._chance.one((-2, -1, 0, 0, 0, 0, 1, 2, 5))))
        done = min(max(done, made), self._clock.last_day)
        task = self._task(Duty(kind if thing else "", thing, assignee), due, made)
        done_at = self._clock.moment(done, self._chance)
        if done_at <= task.created_at:
            done_at = self._clock.soon_after(task.created_at, self._chance)
        doer = self._house.present(task.assignee, done)
        steps = tuple(replace(step, done=True) for step in task.checklist)
        return replace(task, state="done", done_at=done_at, done_by=doer, checklist=steps)

    def _past_thing(self, kind: str) -> tuple[Thing | None, date, date]:
        """A record and the days between which something was to be done on it."""
        last_day = self._clock.last_day
        if kind == "deals":
            deal = self._chance.one(self._deals)
            return deal, deal.created_at.date(), deal.closed_at.date() if deal.closed_at else last_day
        if kind == "leads":
            lead = self._chance.one(self._owned_leads)
            ended = lead.state in {"qualified", "disqualified"}
            return lead, lead.created_at.date(), lead.moves[-1].at.date() if ended else last_day
        start = self._clock.past(-700)
        if kind == "accounts":
            account = self._chance.one(self._parties.customers()).account
            return account, max(account.created_at.date(), start), last_day
        if kind == "contacts":
            contact = self._chance.one(self._parties.contacts)
            return contact, max(contact.created_at.date(), start), last_day
        return None, start, last_day

    @staticmethod
    def _owner_of(thing: Thing | None) -> str | None:
        return thing.account_manager if isinstance(thing, Account) else thing.owner if thing else None

    def _task(self, duty: Duty, due: date | None, made: date | None = None) -> Task:
        created_at = self._created_at(duty, due, made)
        about = duty.ref
        cast = self._casting.of(duty.thing) if duty.thing else self._casting.nothing()
        scene = self._casting.scene(cast, created_at, duty.assignee)
        title = self._titles.text(duty.kind or "office", scene, self._seen[duty.assignee])
        steps: tuple[CheckItem, ...] = ()
        if duty.kind in {"deals", "accounts"} and self._chance.maybe(LISTS):
            heading, items = self._chance.one(tuple(task_talk.CHECKLISTS.items()))
            title = told(heading, scene)
            steps = tuple(CheckItem(told(item, scene), self._chance.maybe(0.35)) for item in items)
        return Task(
            key="",
            kind="follow_up" if about and due and self._chance.maybe(FOLLOW_UPS) else "task",
            title=title,
            description=self._words.text("", scene) if about and self._chance.maybe(DESCRIBED) else "",
            about=about,
            assignee=duty.assignee,
            created_by=self._giver(duty.assignee, created_at),
            created_at=created_at,
            due=due,
            priority=self._chance.weighted(PRIORITIES),
            state="open",
            done_at=None,
            done_by=None,
            checklist=steps,
        )

    def _giver(self, assignee: str, at: datetime) -> str:
        manager = self._house.people[assignee].manager
        giver = manager if manager and self._chance.maybe(GIVEN) else assignee
        return self._house.present(giver, at.date())

    def _created_at(self, duty: Duty, due: date | None, made: date | None) -> datetime:
        day = made or min(due or self._clock.last_day, self._clock.last_day)
        if made is None:
            day = self._clock.past(self._clock.offset(day) - self._chance.skewed(1, 30))
        at = self._clock.moment(day, self._chance)
        begin = duty.thing.created_at if duty.thing else at
        return at if at >= begin else self._clock.soon_after(begin, self._chance)
