"""How much each agreement weighs: the model of Fellegi and Sunter (1969), learned without labels by expectation-maximisation.

For each level of each comparison there are two probabilities: m among duplicates, u among any two records. u is measured: on random pairs, and from
how often values occur. m and the share of duplicates are learned from the pairs that blocking proposes, over all pairs of records there are (those
that no block proposes count as different). What is known beforehand (`Way.first`) weighs as much as a few dozen pairs, so that a small workspace
has a sensible model too. Agreeing in a common value weighs less than in a rare one: u of that very value takes the place of the average.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from patron.quality.plan import MISSING, Levels, Plan

BEFOREHAND = 30.0  # pairs that the first guess counts as
STRANGERS = 100  # records that `Way.chance` counts as
ROUNDS = 60
ENOUGH = 1e-5
_LEAST = 1e-9


@dataclass(slots=True)
class Weights:
    """A learned model: m and u per comparison and level, and the share of duplicates among all pairs."""

    m: list[list[float]]
    u: list[list[float]]
    share: float
    rounds: int = 0
    common: list[Mapping[str, int]] = field(default_factory=list)
    present: list[int] = field(default_factory=list)
    chance: list[float] = field(default_factory=list)

    def bits(self, levels: Levels, values: Sequence[str] = ()) -> list[float]:
        """What each comparison says for (positive) or against, in bits; 0 where a value is missing."""
        found = []
        for place, level in enumerate(levels):
            if level == MISSING:
                found.append(0.0)
                continue
            u = self.u[place][level]
            if values and level == len(self.u[place]) - 1 and place < len(self.common) and self.present[place]:
                others = self.common[place].get(values[place], 1) - 1
                u = max((others + self.chance[place] * STRANGERS) / (self.present[place] + STRANGERS), _LEAST)
            found.append(math.log2(self.m[place][level] / u))
        return found

    def probability(self, bits: Sequence[float]) -> float:
        """That two records are the same, given what their comparisons say."""
        total = sum(bits) + math.log2(self.share / (1 - self.share))
        return 1 / (1 + 2 ** -max(-500.0, min(500.0, total)))

    def dump(self) -> dict[str, Any]:
        return {"m": self.m, "u": self.u, "share": self.share, "rounds": self.rounds}

    @classmethod
    def load(cls, kept: Mapping[str, Any]) -> Weights:
        return cls(kept["m"], kept["u"], kept["share"], kept.get("rounds", 0))


def by_chance(plan: Plan, samples: Sequence[Levels], same: Sequence[float], present: Sequence[int]) -> list[list[float]]:
    """u: the levels of random pairs, and for full agreement how often two values are the same (`same`), which a sample would miss."""
    found = []
    for place, way in enumerate(plan.ways):
        top = len(way.words) - 1
        counts = [0.5] * top
        for levels in samples:
            if levels[place] != MISSING and levels[place] != top:
                counts[levels[place]] += 1
        exact = min(max((same[place] * present[place] + way.chance * STRANGERS) / (present[place] + STRANGERS), _LEAST), 0.99)
        found.append([c / sum(counts) * (1 - exact) for c in counts] + [exact])
    return found


def learn(plan: Plan, patterns: Mapping[Levels, float], u: list[list[float]], pairs: float, start: float) -> Weights:
    """m and the share of duplicates, from how often each pattern of levels occurs among proposed pairs. `pairs` is the number of all pairs of
    records there are, `start` how many duplicates to begin with. At most 60 rounds; each costs as much as there are different patterns."""
    model = Weights([list(way.first) for way in plan.ways], u, _share(start, pairs))
    items = list(patterns.items())
    for round_ in range(1, ROUNDS + 1):
        counts = [[BEFOREHAND * p for p in way.first] for way in plan.ways]
        found = 0.0
        for levels, number in items:
            weight = number * model.probability(model.bits(levels))
            if weight < 1e-9:
                continue
            found += weight
            for place, level in enumerate(levels):
                if level != MISSING:
                    counts[place][level] += weight
        m = [[c / sum(row) for c in row] for row in counts]
        moved = max(abs(new - old) for a, b in zip(m, model.m, strict=True) for new, old in zip(a, b, strict=True))
        model = Weights(m, u, _share(found, pairs), round_)
        if moved < ENOUGH:
            break
    return model


def _share(found: float, pairs: float) -> float:
    return min(max(found, 0.5) / max(pairs, 1.0), 0.5)
