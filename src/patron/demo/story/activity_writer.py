"""Writes one activity: what kind, with whom, about what, in which words."""

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from .casting import Casting
from .chance import Chance, Deck
from .house import House
from .parties import Parties
from .prose import Cast, Scene, Talk, TopicTalk, parse_topics, told
from .things import Activity, Contact, Deal, Lead, Ref
from .words import talk_customers, talk_early, talk_late, talk_leads

#: Shares of calls, meetings and notes by the phase of business.
KINDS = {
    "new": (0.62, 0.1, 0.28),
    "qualified": (0.38, 0.32, 0.3),
    "proposal": (0.5, 0.18, 0.32),
    "negotiation": (0.52, 0.22, 0.26),
    "won": (0.36, 0.28, 0.36),
    "lost": (0.7, 0.05, 0.25),
    "renewal": (0.5, 0.2, 0.3),
    "account": (0.42, 0.27, 0.31),
    "lead": (0.68, 0.07, 0.25),
}
OUTCOMES = {"reached": 0.64, "no_answer": 0.15, "left_message": 0.13, "call_back": 0.08}
INCOMING, NO_WORDS, MENTIONING = 0.2, 0.08, 0.06
MEETING_MINUTES = {30: 0.3, 45: 0.22, 60: 0.32, 90: 0.12, 120: 0.04}
MENTIONABLE = ("emre", "aoife", "zsofia", "katharina", "anneke", "lucia", "birgit", "noemie")
COMPANIONS = ("emre", "aoife", "katharina", "joao", "sven")


@dataclass(frozen=True, slots=True)
class Occasion:
    """Something is done at a moment on a record; what it belongs to decides who is there."""

    about: Ref
    at: datetime
    by: str
    phase: str
    deal: Deal | None = None
    lead: Lead | None = None
    account: str | None = None
    contact: Contact | None = None


class Writer:
    def __init__(self, house: House, parties: Parties, casting: Casting, chance: Chance) -> None:
        self._house = house
        self._parties = parties
        self._casting = casting
        self._chance = chance
        pages = (talk_early, talk_late, talk_customers, talk_leads)
        topics = [topic for page in pages for topic in parse_topics(page.TOPICS)]
        short = {phase: texts for page in pages for phase, texts in page.SHORT.items()}
        self._talk = Talk(topics, short, chance)
        self._missed = {outcome: Deck(texts, chance) for outcome, texts in talk_leads.MISSED.items()}
        self._mentions = Deck(talk_leads.MENTIONS, chance)
        self._agendas = {phase: Deck(texts, chance) for phase, texts in talk_leads.AGENDAS.items()}
        self._seen: dict[Ref, set[str]] = defaultdict(set)
        self._topics: dict[Ref, list[str]] = defaultdict(list)
        self._written = 0

    def write(self, occasion: Occasion) -> Activity:
        kind = self._chance.choices(("call", "meeting", "note"), KINDS[occasion.phase])[0]
        if kind == "meeting" and not self._known(occasion):
            kind = "call"
        return {"call": self._call, "meeting": self._held_meeting, "note": self._note}[kind](occasion)

    def mention(self, occasion: Occasion, person: str) -> Activity:
        """A note that calls on a colleague."""
        scene, contact = self._scene(occasion)
        scene["name"] = self._house.people[person].name
        body = told(self._mentions.draw(self._seen[occasion.about]), scene)
        return self._activity(occasion, "note", body=body, contact=contact, mentions=(person,))

    def planned_meeting(self, occasion: Occasion) -> Activity:
        """A meeting to come."""
        scene, contact = self._scene(occasion)
        agenda = self._agendas[occasion.phase].draw(self._seen[occasion.about])
        subject, body = told(agenda, scene).split(": ", 1)
        return self._meeting(occasion, scene, contact, subject, body, state="planned")

    def _held_meeting(self, occasion: Occasion) -> Activity:
        occasion = _on_the_quarter(occasion, self._known(occasion))
        scene, contact = self._scene(occasion)
        talk = self._next_talk(occasion)
        subject = self._chance.one(talk.topic.meetings).format_map(scene)
        body = self._words(talk, scene, self._seen[occasion.about])
        return self._meeting(occasion, scene, contact, subject, body, state="done")

    def _meeting(
        self, occasion: Occasion, scene: Scene, contact: Contact | None, subject: str, body: str, state: str
    ) -> Activity:
        others = [person for person in self._known(occasion) if person != contact]
        attending = ([contact] if contact else []) + self._chance.some(others, self._chance.skewed(0, 3))
        return self._activity(
            occasion,
            "meeting",
            subject=subject,
            body=body,
            contact=contact,
            minutes=self._chance.weighted(MEETING_MINUTES),
            place=self._place(subject, scene),
            contacts=tuple(person.key for person in attending),
            people=self._ours(occasion),
            state=state,
        )

    def _place(self, subject: str, scene: Scene) -> str:
        away = any(word in subject.lower() for word in ("visit", "survey", "on-site", "walk through", "lunch"))
        return "At theirs" if away else self._chance.weighted(talk_leads.PLACES).format_map(scene)

    def _call(self, occasion: Occasion) -> Activity:
        scene, contact = self._scene(occasion)
        talk, seen = self._next_talk(occasion), self._seen[occasion.about]
        incoming = self._chance.maybe(INCOMING)
        outcome = "reached" if incoming or occasion.phase == "lost" else self._chance.weighted(OUTCOMES)
        missed = outcome != "reached"
        body = told(self._missed[outcome].draw(set()), scene) if missed else self._words(talk, scene, seen)
        return self._activity(
            occasion,
            "call",
            subject=self._chance.one(talk.topic.calls).format_map(scene),
            body=body,
            contact=contact,
            direction="in" if incoming else "out",
            outcome=outcome,
            minutes=self._chance.skewed(3, 44, 1.8) if outcome == "reached" else self._chance.between(0, 1),
        )

    def _note(self, occasion: Occasion) -> Activity:
        if self._chance.maybe(MENTIONING) and occasion.phase != "lead":
            here = [k for k in MENTIONABLE if k != occasion.by and self._house.is_here(k, occasion.at.date())]
            return self.mention(occasion, self._chance.one(here))
        scene, contact = self._scene(occasion)
        body = self._next_talk(occasion).text(scene, self._seen[occasion.about])
        return self._activity(occasion, "note", body=body, contact=contact if self._chance.maybe(0.5) else None)

    def _words(self, talk: TopicTalk, scene: Scene, seen: set[str]) -> str:
        return "" if self._chance.maybe(NO_WORDS) else talk.text(scene, seen)

    def _next_talk(self, occasion: Occasion) -> TopicTalk:
        return self._talk.pick(occasion.phase, self._topics[occasion.about])

    def _known(self, occasion: Occasion) -> list[Contact]:
        """The people of theirs who can be there."""
        if occasion.contact:
            return [occasion.contact]
        if occasion.account:
            return self._parties.known(occasion.account, occasion.at)
        if occasion.deal:
            people = [self._parties.contact[stakeholder.contact] for stakeholder in occasion.deal.stakeholders]
            return [person for person in people if person.created_at <= occasion.at]
        return []

    def _scene(self, occasion: Occasion) -> tuple[Scene, Contact | None]:
        known = self._known(occasion)
        contact = known[self._chance.skewed(0, len(known) - 1)] if known else None
        return self._casting.scene(self._cast(occasion, contact), occasion.at, occasion.by), contact

    def _cast(self, occasion: Occasion, contact: Contact | None) -> Cast:
        if occasion.deal:
            return self._casting.deal(occasion.deal, contact, occasion.lead)
        if occasion.lead:
            return self._casting.lead(occasion.lead)
        assert occasion.account
        return self._casting.account(self._parties.profile[occasion.account].account, contact)

    def _ours(self, occasion: Occasion) -> tuple[str, ...]:
        """Who of us attends, the organiser first."""
        members = [member.person for member in occasion.deal.team] if occasion.deal else []
        day = occasion.at.date()
        companions = [*members, *self._chance.sample(COMPANIONS, len(COMPANIONS))]
        free = [p for p in dict.fromkeys(companions) if p != occasion.by and self._house.is_here(p, day)]
        count = self._chance.choices((0, 1, 2), (6, 3, 1))[0]
        return (occasion.by, *free[:count])

    def _activity(
        self,
        occasion: Occasion,
        kind: str,
        *,
        body: str,
        contact: Contact | None,
        subject: str = "",
        direction: str = "",
        outcome: str = "",
        minutes: int = 0,
        place: str = "",
        contacts: tuple[str, ...] = (),
        people: tuple[str, ...] = (),
        mentions: tuple[str, ...] = (),
        state: str = "done",
    ) -> Activity:
        self._written += 1
        return Activity(
            key=f"activity-{self._written:04d}",
            kind=kind,
            about=occasion.about,
            at=occasion.at,
            by=occasion.by,
            subject=subject,
            body=body,
            contact=contact.key if contact else None,
            direction=direction,
            outcome=outcome,
            minutes=minutes,
            place=place,
            contacts=contacts,
            people=people,
            mentions=mentions,
            state=state,
        )


def _on_the_quarter(occasion: Occasion, people: list[Contact]) -> Occasion:
    """Meetings begin at full quarters of an hour, unless somebody or something in them is only minutes old."""
    at = occasion.at.replace(minute=occasion.at.minute // 15 * 15, second=0)
    newest = [thing.created_at for thing in (occasion.deal, *people) if thing]
    return occasion if any(made >= at for made in newest) else replace(occasion, at=at)
