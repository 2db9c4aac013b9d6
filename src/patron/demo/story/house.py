"""Our side of the story, at hand for every other part: who is here when, and what things cost."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .cast import people, teams
from .chance import Chance
from .clock import Clock
from .lists import catalogue, exchange_rates, pipelines, spoken_names
from .things import ExchangeRate, Person, Pipeline, Product, Stage, Team

STAND_IN = "tobias"


@dataclass(frozen=True, slots=True)
class House:
    clock: Clock
    people: dict[str, Person]
    teams: dict[str, Team]
    pipelines: dict[str, Pipeline]
    stages: dict[str, Stage]
    products: dict[str, Product]
    spoken: dict[str, str]
    rates: list[ExchangeRate]

    def is_here(self, person: str, day: date) -> bool:
        who = self.people[person]
        return who.started <= day and (who.left is None or day <= who.left)

    def present(self, person: str, day: date) -> str:
        """The person, or whoever did their work on that day."""
        who: str | None = person
        while who is not None and not self.is_here(who, day):
            who = self.people[who].manager
        return who or STAND_IN

    def rate(self, currency: str, day: date) -> Decimal:
        """Units of the currency for one of ours."""
        rates = [rate for rate in self.rates if rate.currency == currency]
        if not rates:
            return Decimal(1)
        return next((rate.rate for rate in reversed(rates) if rate.day <= day), rates[0].rate)

    def team_of(self, person: str) -> Team | None:
        """The sales team that the person sells in."""
        return next((team for team in self.teams.values() if team.kind == "sales" and person in team.members), None)


def build_house(clock: Clock, seed: int) -> House:
    lines = {pipeline.key: pipeline for pipeline in pipelines()}
    return House(
        clock=clock,
        people={person.key: person for person in people(clock)},
        teams={team.key: team for team in teams()},
        pipelines=lines,
        stages={stage.key: stage for pipeline in lines.values() for stage in pipeline.stages},
        products={product.key: product for product in catalogue()},
        spoken=spoken_names(),
        rates=exchange_rates(clock, Chance(seed, "rates")),
    )
