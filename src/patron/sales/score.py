"""The lead score: points for what is known, out of a hundred. No guess: each point names its fact.

The score is a generated column, so it is right whoever wrote the lead. It says how well a lead is understood, not how likely it is
to buy; the rating is a person's judgement and does not enter.
"""

from dataclasses import dataclass
from typing import Any, Final

from django.db import models
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True, slots=True)
class Fact:
    """Something worth knowing. Known when any of the columns is filled; `numbers` are those that are empty as NULL."""

    text: Any
    points: int
    texts: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()

    def condition(self) -> Q:
        known = Q()
        for name in self.texts:
            known |= Q(**{f"{name}__gt": ""})
        for name in self.numbers:
            known |= Q(**{f"{name}__isnull": False})
        return known

    def holds(self, lead: Any) -> bool:
        return any(getattr(lead, name) for name in self.texts) or any(getattr(lead, name) is not None for name in self.numbers)


FACTS: Final = (
    Fact(_("Need is known"), 15, ("need",)),
    Fact(_("Budget is known"), 15, numbers=("budget",)),
    Fact(_("Who decides is known"), 15, ("authority",)),
    Fact(_("Timeline is known"), 10, ("timeline",)),
    Fact(_("E-mail is known"), 10, ("email",)),
    Fact(_("Phone is known"), 10, ("phone",)),
    Fact(_("Website is known"), 10, ("website",)),
    Fact(_("Company is known"), 5, ("company",)),
    Fact(_("Job title is known"), 5, ("title",)),
    Fact(_("Company's size or industry is known"), 5, numbers=("employees", "industry_id")),
)


def score_expression() -> Any:
    """The sum of the points as SQL over a lead's row."""
    total: Any = None
    for fact in FACTS:
        term = Case(When(fact.condition(), then=Value(fact.points)), default=Value(0), output_field=models.IntegerField())
        total = term if total is None else total + term
    return total


def reasons(lead: Any) -> list[dict[str, Any]]:
    """The facts that a lead's points come from, most points first."""
    return [{"points": fact.points, "text": fact.text} for fact in FACTS if fact.holds(lead)]
