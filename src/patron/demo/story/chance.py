"""Reproducible chance. Each part of the story draws from its own stream: a change in one leaves the others be."""

import random
from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


class Chance(random.Random):
    """A stream of chance, the same for the same seed and name on every machine."""

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(f"{seed}:{name}")

    def maybe(self, probability: float) -> bool:
        return self.random() < probability

    def one(self, items: Sequence[T]) -> T:
        return items[int(self.random() * len(items))]

    def some(self, items: Sequence[T], count: int) -> list[T]:
        return self.sample(items, min(count, len(items)))

    def weighted(self, weights: dict[T, float]) -> T:
        draw = self.random() * sum(weights.values())
        for item, weight in weights.items():
            draw -= weight
            if draw < 0:
                return item
        return item

    def by_weight(self, items: Sequence[T], weight: Callable[[T], float]) -> T:
        return self.choices(items, [weight(item) for item in items])[0]

    def matching(self, items: Sequence[T], reach: Sequence[float], fits: Callable[[T], bool]) -> T:
        """An item that fits, drawn by its weight; `reach` are the weights added up."""
        while True:
            item = self.choices(items, cum_weights=reach)[0]
            if fits(item):
                return item

    def between(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + int(self.random() * (high - low + 1))

    def skewed(self, low: int, high: int, power: float = 2.0) -> int:
        """A whole number that is nearer to `low` the greater `power` is."""
        return low + int(self.random() ** power * (high - low + 1))

    def dealt(self, counts: dict[T, int]) -> list[T]:
        """As many of each as `counts` says, shuffled."""
        items = [item for item, count in counts.items() for _ in range(count)]
        self.shuffle(items)
        return items


class Deck:
    """Gives its texts in shuffled rounds: one comes back only after all others, and not to a reader who has seen it."""

    def __init__(self, texts: Iterable[str], chance: Chance) -> None:
        self._texts = list(texts)
        self._chance = chance
        self._pile: list[str] = []

    def draw(self, seen: set[str]) -> str:
        if not self._pile:
            self._pile = self._texts[:]
            self._chance.shuffle(self._pile)
        for index in range(len(self._pile) - 1, -1, -1):
            if self._pile[index] not in seen:
                seen.add(self._pile[index])
                return self._pile.pop(index)
        new = next((text for text in self._texts if text not in seen), None)
        seen.add(new or "")
        return self._pile.pop() if new is None else new
