"""The story's calendar: what counts as a working day, and moments at which working people do things."""

from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .chance import Chance

ZONE = ZoneInfo("Europe/Berlin")
SATURDAY = 5
OPENS, CLOSES = 8 * 60 + 15, 17 * 60 + 40
MARGIN = 10  # minutes before `until` in which nothing happens any more
HOLIDAYS = {(1, 1), (5, 1), (12, 24), (12, 25), (12, 26), (12, 31)}
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def is_working_day(day: date) -> bool:
    return day.weekday() < SATURDAY and (day.month, day.day) not in HOLIDAYS


def working_day_before(day: date) -> date:
    """The day itself, or the nearest working day before it."""
    while not is_working_day(day):
        day -= timedelta(days=1)
    return day


def working_day_after(day: date) -> date:
    """The day itself, or the nearest working day after it."""
    while not is_working_day(day):
        day += timedelta(days=1)
    return day


def spread_back(day: date) -> date:
    """The day itself if one works on it; days off fall on all weekdays before alike, not on Fridays only."""
    return day if is_working_day(day) else working_day_before(day - timedelta(days=1 + day.toordinal() // 7 % 5))


def spread_on(day: date) -> date:
    """The same towards later days."""
    return day if is_working_day(day) else working_day_after(day + timedelta(days=1 + day.toordinal() // 7 % 5))


def first_of_month(day: date, months_back: int) -> date:
    index = day.year * 12 + day.month - 1 - months_back
    return date(index // 12, index % 12 + 1, 1)


def last_working_day_of_month(day: date) -> date:
    return working_day_before(first_of_month(day, -1) - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Clock:
    """Tells the story at `today`, as it stands at the time `until`: nothing that happened lies after it."""

    today: date
    until: time

    @property
    def last_day(self) -> date:
        """The newest day on which something can have happened."""
        started = self.until >= time(9, 0)
        return working_day_before(self.today if started else self.today - timedelta(days=1))

    def day(self, offset: int) -> date:
        return self.today + timedelta(days=offset)

    def past(self, offset: int) -> date:
        """A working day at or shortly before `today + offset`, never later than the last day."""
        return min(spread_back(self.day(offset)), self.last_day)

    def future(self, offset: int) -> date:
        """A working day at or shortly after `today + offset`."""
        return spread_on(self.day(offset))

    def offset(self, day: date) -> int:
        return (day - self.today).days

    def at(self, day: date, minute: int) -> datetime:
        """That minute of the day; what falls on today is drawn together so that it lies well before `until`."""
        if day == self.today:
            room = self.until.hour * 60 + self.until.minute - OPENS - MARGIN
            minute = OPENS + (minute - OPENS) * min(room, CLOSES - OPENS) // (CLOSES - OPENS)
        return datetime.combine(day, time(minute // 60, minute % 60), tzinfo=ZONE)

    def moment(self, day: date, chance: Chance) -> datetime:
        """A moment in working hours, rarely in the lunch break."""
        minute = chance.between(OPENS, CLOSES)
        if 12 * 60 <= minute < 13 * 60 and chance.maybe(0.7):
            minute += chance.one((-90, 75))
        return self.at(day, minute)

    def moments(self, days: Iterable[date], chance: Chance) -> list[datetime]:
        """Ascending moments, one on each of the days (which are put in order)."""
        result: list[datetime] = []
        for day in sorted(days):
            result.append(self.moment(day, chance))
            if len(result) > 1 and result[-1] <= result[-2]:
                result[-1] = self.soon_after(result[-2], chance)
        return result

    def soon_after(self, moment: datetime, chance: Chance) -> datetime:
        """Some minutes later on the same day, or a minute where the day is over."""
        end = self.at(moment.date(), CLOSES + 60)
        later = moment + timedelta(minutes=chance.between(2, 25))
        if later < end and (moment.date() != self.today or later.time() <= self.until):
            return later
        return moment + timedelta(seconds=chance.between(20, 55))


#: How busy each month is for closing deals; summer and early January are quiet.
SEASON = (0.72, 0.95, 1.25, 0.98, 1.0, 1.22, 0.78, 0.66, 1.18, 1.05, 1.15, 1.3)


class ClosingDays:
    """Draws the days on which deals were closed: more and more over the years, busy at the ends of quarters."""

    def __init__(self, clock: Clock, days_back: int) -> None:
        self._days: list[date] = []
        self._reach: list[float] = []
        total = 0.0
        for offset in range(-days_back, 1):
            day = clock.day(offset)
            if is_working_day(day) and day <= clock.last_day:
                total += self._weight(day, 1 + offset / days_back)
                self._days.append(day)
                self._reach.append(total)

    @staticmethod
    def _weight(day: date, progress: float) -> float:
        left = (last_working_day_of_month(day) - day).days
        rush = 1.0 if left > 6 else 1.9 if day.month % 3 == 0 else 1.35
        return (1 + 0.5 * progress) * SEASON[day.month - 1] * rush

    def draw(self, chance: Chance) -> date:
        return self._days[bisect_left(self._reach, chance.random() * self._reach[-1])]
