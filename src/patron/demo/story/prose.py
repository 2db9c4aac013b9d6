"""Turns templates into what somebody would have typed after a call, a meeting or a visit."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache

from .chance import Chance, Deck
from .clock import MONTHS, working_day_after
from .house import House
from .words.industries import INDUSTRIES, Industry

WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday")
#: Colleagues who help with technique, price, delivery and support.
HELPERS = ("emre", "aoife", "zsofia", "katharina", "anneke", "lucia", "sven", "noemie")
NOBODY = ("their plant manager", "the shift leader", "their purchasing", "the site manager", "their IT")


@dataclass(frozen=True, slots=True)
class Cast:
    """Who and what a text may speak of."""

    contact: str  # first names
    others: tuple[str, ...]
    industry: str
    city: str
    company: str
    products: tuple[str, ...]
    rivals: tuple[str, ...]
    thousands: int  # what it is worth


def spoken(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1]}"


class Scene(dict[str, str]):
    """Fills the gaps of one text; a gap that occurs twice gets the same word."""

    def __init__(self, cast: Cast, at: datetime, author: str | None, house: House, chance: Chance) -> None:
        super().__init__(contact=cast.contact, city=cast.city, company=cast.company)
        self._cast = cast
        self._author = author
        self._house = house
        self._at = at
        self._chance = chance

    def __missing__(self, gap: str) -> str:
        word: str = getattr(self, f"_{gap}")()
        self[gap] = word
        return word

    def speak_of(self, day: date) -> None:
        """Dates in the text mean that day."""
        self["date"] = spoken(day)
        self["weekday"] = WEEKDAYS[min(day.weekday(), len(WEEKDAYS) - 1)]

    @property
    def _industry(self) -> Industry:
        return INDUSTRIES[self._cast.industry]

    def _other(self) -> str:
        return self._chance.one(self._cast.others or NOBODY)

    def _somebody(self, *candidates: str) -> str:
        """First name of the first candidate who is with us on the day and is not the author."""
        day = self._at.date()
        here = (key for key in candidates if key != self._author and self._house.is_here(key, day))
        return self._house.people[next(here, "henrike")].first_name

    def _colleague(self) -> str:
        return self._somebody(*self._chance.sample(HELPERS, len(HELPERS)))

    def _support(self) -> str:
        return self._somebody("lucia", "katharina", "anneke")

    def _accounting(self) -> str:
        return self._somebody("birgit")

    def _pricing(self) -> str:
        return self._somebody("zsofia", "noemie", "tobias")

    def _delivery(self) -> str:
        return self._somebody("anneke", "katharina")

    def _solution(self) -> str:
        return self._somebody("emre", "aoife")

    def _boss(self) -> str:
        return self._somebody("maya", "henrike")

    def _head(self) -> str:
        return self._somebody("henrike")

    def _asset(self) -> str:
        return self._chance.one(self._industry.assets)

    def _site(self) -> str:
        return self._chance.one(self._industry.sites)

    def _product(self) -> str:
        return self._chance.one(self._cast.products)

    def _rival(self) -> str:
        return self._chance.one(self._cast.rivals)

    def _need(self) -> str:
        return self._chance.one(self._industry.needs)

    def _n(self) -> str:
        return str(self._chance.skewed(4, 60))

    def _few(self) -> str:
        return self._chance.one(("two", "three", "four", "five", "six"))

    def _percent(self) -> str:
        return self._chance.one(("3", "4", "5", "6", "8", "10", "12"))

    def _money(self) -> str:
        return f"{max(2, round(self._cast.thousands * self._chance.uniform(0.8, 1.15)))}k"

    def _weekday(self) -> str:
        return self._chance.one(WEEKDAYS)

    def _month(self) -> str:
        return MONTHS[(self._at.month - 1 + self._chance.between(1, 4)) % 12]

    def _date(self) -> str:
        day = working_day_after(self._at.date() + timedelta(days=self._chance.between(4, 24)))
        return spoken(day)


@dataclass(frozen=True, slots=True)
class Topic:
    """Something one talks about: its names in calls and meetings, what was said, what goes with it, what comes next."""

    key: str
    phases: tuple[str, ...]
    calls: tuple[str, ...]
    meetings: tuple[str, ...]
    said: tuple[str, ...]
    detail: tuple[str, ...]
    then: tuple[str, ...]


def parse_topics(text: str) -> list[Topic]:
    """Topics from text: `# key | phases`, then lines that begin with `c` (calls), `m` (meetings), `-`, `+` and `>`."""
    topics = []
    for block in text.strip().split("\n# "):
        head, *lines = block.removeprefix("# ").splitlines()
        key, phases = head.split("|")
        parts: dict[str, list[str]] = {mark: [] for mark in "cm-+>"}
        mark = ""
        for line in lines:
            if line.startswith("  "):
                parts[mark][-1] += " " + line.strip()
            elif line:
                mark = line[0]
                parts[mark].append(line[2:])
        calls, meetings = (tuple(name for line in parts[kind] for name in line.split("; ")) for kind in "cm")
        said, detail, then = (tuple(parts[kind]) for kind in "-+>")
        topics.append(Topic(key.strip(), tuple(phases.split()), calls, meetings, said, detail, then))
    return topics


_SENTENCE = re.compile(r"(?:^|(?<=[.!?] )|(?<=\\n))[a-zà-ž]")


@cache
def _begins_with_gap(template: str) -> bool:
    return re.search(r"(?:^|[.!?] |\n)\{", template) is not None


def told(template: str, scene: "Scene") -> str:
    """The template with its gaps filled; every sentence begins with a capital."""
    text = template.format_map(scene)
    return _SENTENCE.sub(lambda match: match.group().upper(), text) if _begins_with_gap(template) else text


LATEST = 4  # topics that do not come again at once
#: How a text is put together, and how often.
FORMS = {"s": 0.22, "st": 0.28, "sd": 0.19, "sdt": 0.18, "t": 0.03, "list": 0.05, "short": 0.05}


class TopicTalk:
    """Writes texts about one topic, without saying the same thing again too soon."""

    def __init__(self, topic: Topic, short: Deck, chance: Chance) -> None:
        self.topic = topic
        self._chance = chance
        self._said = Deck(topic.said, chance)
        self._detail = Deck(topic.detail, chance)
        self._then = Deck(topic.then, chance)
        self._short = short

    def text(self, scene: Scene, seen: set[str]) -> str:
        form = self._chance.weighted(FORMS)
        if form == "short":
            return told(self._short.draw(seen), scene)
        decks = {"s": self._said, "d": self._detail, "t": self._then}
        parts = [told(decks[mark].draw(seen), scene) for mark in ("sdt" if form == "list" else form)]
        if form == "list":
            return "\n".join(f"- {part.rstrip('.')}" for part in parts)
        return ("\n\n" if len(parts) > 2 and self._chance.maybe(0.12) else " ").join(parts)


class Talk:
    """All topics by the phase of business in which one talks about them."""

    def __init__(self, topics: Iterable[Topic], short: Mapping[str, Iterable[str]], chance: Chance) -> None:
        self._chance = chance
        self._short = {phase: Deck(texts, chance) for phase, texts in short.items()}
        self._phases: dict[str, list[TopicTalk]] = {}
        for topic in topics:
            talk = TopicTalk(topic, self._short[topic.phases[0]], chance)
            for phase in topic.phases:
                self._phases.setdefault(phase, []).extend([talk] * len(topic.said))

    def pick(self, phase: str, recent: list[str]) -> TopicTalk:
        """A topic of the phase that was not the latest ones; those that have more to say come more often."""
        talks = self._phases[phase]
        latest = recent[-LATEST:]
        talk = self._chance.one(talks)
        for _ in range(len(talks)):
            if talk.topic.key not in latest:
                break
            talk = self._chance.one(talks)
        recent.append(talk.topic.key)
        return talk


class Phrases:
    """Decks of single texts by name."""

    def __init__(self, texts: Mapping[str, Iterable[str]], chance: Chance) -> None:
        self._decks = {name: Deck(lines, chance) for name, lines in texts.items()}

    def text(self, name: str, scene: Scene, seen: set[str] | None = None) -> str:
        return told(self._decks[name].draw(set() if seen is None else seen), scene)
