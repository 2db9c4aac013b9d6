"""How a deal moved through the stages of its pipeline."""

from datetime import date, datetime, timedelta

from .chance import Chance
from .deal_plan import Plan
from .house import House
from .things import Stage, StageMove

SKIPS, GOES_BACK = 0.12, 0.06
LOST_IN = {0: 0.12, 1: 0.3, 2: 0.38, 3: 0.2}
MOVED_BY_OTHER = 0.08


class Journey:
    def __init__(self, house: House, chance: Chance) -> None:
        self._house = house
        self._chance = chance

    def moves(self, plan: Plan) -> tuple[tuple[StageMove, ...], datetime | None]:
        """The moves of the deal, and when it was closed."""
        stages = self._house.pipelines[plan.pipeline].stages
        if plan.outcome == "open":
            path, days = self._open(plan, stages)
        else:
            path, days = self._closed(plan, stages)
        moments = self._house.clock.moments(days, self._chance)
        if plan.profile and plan.created == plan.profile.since:
            made = plan.profile.account.created_at
            start = made if plan.first else self._house.clock.soon_after(made, self._chance)
            moments = self._from(start, moments)
        moves = tuple(
            StageMove(at, stage.key, self._mover(plan, at.date())) for at, stage in zip(moments, path, strict=True)
        )
        return moves, moments[-1] if plan.outcome != "open" else None

    def _closed(self, plan: Plan, stages: tuple[Stage, ...]) -> tuple[list[Stage], list[date]]:
        assert plan.closed
        opened = [stage for stage in stages if stage.kind == "open"]
        if plan.outcome == "lost":
            deepest = min(self._chance.weighted(LOST_IN), len(opened) - 1)
            path = opened[: deepest + 1]
        else:
            path = self._won_path(opened)
        end = next(stage for stage in stages if stage.kind == ("lost" if plan.outcome == "lost" else "won"))
        return [*path, end], self._spread(plan.created, plan.closed, path)

    def _won_path(self, opened: list[Stage]) -> list[Stage]:
        path = opened[:]
        if self._chance.maybe(SKIPS):
            path.pop(self._chance.between(1, len(path) - 1))
        elif self._chance.maybe(GOES_BACK):
            path = [*path, path[-2], path[-1]]
        return path

    def _open(self, plan: Plan, stages: tuple[Stage, ...]) -> tuple[list[Stage], list[date]]:
        assert plan.stage_since
        place = [stage.key for stage in stages].index(plan.stage)
        path = list(stages[: place + 1])
        if place == 0:
            return path, [plan.created]
        return path, self._spread(plan.created, plan.stage_since, path[:-1])

    def _spread(self, first: date, last: date, path: list[Stage]) -> list[date]:
        """The days on which the deal entered each stage of the path, and the last day."""
        shares = [(stage.expected_days or 1) * self._chance.uniform(0.35, 1.7) for stage in path]
        total, passed = sum(shares), 0.0
        days = [first]
        for share in shares[:-1]:
            passed += share
            day = first + timedelta(days=int((last - first).days * passed / total))
            days.append(max(first, self._house.clock.past(self._house.clock.offset(day))))
        return [*days, last]

    def _from(self, start: datetime, moments: list[datetime]) -> list[datetime]:
        """The moments, the first one replaced by `start` and the others put after it."""
        result = [start]
        for moment in moments[1:]:
            earliest = result[-1]
            result.append(moment if moment > earliest else self._house.clock.soon_after(earliest, self._chance))
        return result

    def _mover(self, plan: Plan, day: date) -> str:
        team = self._house.team_of(plan.owner)
        if team and self._chance.maybe(MOVED_BY_OTHER):
            return self._house.present(self._chance.one(team.members), day)
        return self._house.present(plan.owner, day)
