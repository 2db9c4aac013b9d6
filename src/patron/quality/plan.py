"""What a scan does to one record: values that compare, and the blocks they fall into. Built from a record type, or from bare declarations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Any

from patron.quality.comparing import WAYS, Compare, Way, part
from patron.records.matching import Match

SEPARATOR = "\x1f"
MISSING = -1
Levels = tuple[int, ...]


@dataclass(slots=True)
class Plan:
    """Comparisons and blocks, ready to use. `labels` name the comparisons for people."""

    matches: Sequence[Match]
    blocks: Sequence[str]
    labels: Mapping[str, Any] = field(default_factory=dict)
    ways: list[Way] = field(init=False)
    _parts: list[list[tuple[int, str]]] = field(init=False)
    _swaps: list[int] = field(init=False)
    _steps: list[tuple[Compare, int, int, bool]] = field(init=False)

    def __post_init__(self) -> None:
        self.ways = [WAYS[m.how] for m in self.matches]
        places = {m.name: n for n, m in enumerate(self.matches)}
        self._parts = [[(places[name], how) for name, how in re.findall(r"(\w+)([~^]?\d*)", block)] for block in self.blocks]
        self._swaps = [places[m.swaps] if m.swaps else MISSING for m in self.matches]
        self._steps = [(way.compare, len(way.words) - 1, swap, m.needed) for way, swap, m in zip(self.ways, self._swaps, self.matches, strict=True)]

    @property
    def columns(self) -> list[str]:
        """The fields that are read, each once."""
        return list(dict.fromkeys(name for m in self.matches for name in m.reads))

    def values(self, row: Mapping[str, Any]) -> list[str]:
        """The comparable values of a record, "" where it has none."""
        return [self._value(match, way, row) for match, way in zip(self.matches, self.ways, strict=True)]

    def _value(self, match: Match, way: Way, row: Mapping[str, Any]) -> str:
        if match.how == "phone":
            return " ".join(dict.fromkeys(filter(None, (way.read(row.get(n)) for n in match.reads))))
        found = next((v for n in match.reads if (v := way.read(row.get(n)))), "")
        if match.how in ("given", "surname") and len(match.reads) > 1 and not row.get(match.reads[0]) and found:
            words = found.split()  # only the whole name is known
            return words[-1] if match.how == "surname" else (words[0] if len(words) > 1 else "")
        return found.replace(SEPARATOR, " ")

    def keys(self, values: Sequence[str]) -> Iterator[tuple[int, int]]:
        """(block, hash of what the record has there): 64 bits, so that equal ones are equal and little is stored."""
        for number, parts in enumerate(self._parts):
            if len(parts) == 1 and self.matches[parts[0][0]].how == "phone":
                for word in values[parts[0][0]].split():
                    yield number, _hash(word)
                continue
            taken = [part(values[place], how) for place, how in parts]
            if all(taken):
                yield number, _hash(SEPARATOR.join(sorted(taken) if len(taken) == 2 and self._swaps[parts[0][0]] == parts[1][0] else taken))

    def all_levels(self, a: Sequence[str], b: Sequence[str]) -> Levels:
        """How nearly two records agree, comparison by comparison, whatever is needed."""
        return self.levels(a, b, strict=False) or ()

    def levels(self, a: Sequence[str], b: Sequence[str], *, strict: bool = True) -> Levels | None:
        """The same; None where something that is needed differs."""
        found = []
        for place, (compare, top, partner, needed) in enumerate(self._steps):
            one, other = a[place], b[place]
            if not one or not other:
                level = MISSING
            elif one == other:
                level = top
            else:
                level = compare(one, other)
                if level == 0:
                    if partner != MISSING and (one == b[partner] or other == a[partner]):
                        level = 1
                    elif needed and strict:
                        return None
            found.append(level)
        return tuple(found)


def _hash(text: str) -> int:
    return int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big", signed=True)
