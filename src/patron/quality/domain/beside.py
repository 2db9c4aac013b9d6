"""The records of a card side by side: of one type field by field, of two types comparison by comparison."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patron.quality.subjects import Subject
from patron.records.kinds import View
from patron.records.matching import Match
from patron.records.merging.side_by_side import Line, Side, compare
from patron.records.record_type import RecordType

Drawer = Callable[[list[Any]], tuple[list[Side], list[Line]]]


def drawer(subject: Subject, records: list[list[Any]], view: View) -> Drawer:
    """Draws cards from records that are loaded: `records` are those of the whole page, a list per side, so that two types cost no query per card."""
    if subject.across is None:
        names = [n for n in dict.fromkeys([*subject.plan.columns, *subject.first.columns]) if n in subject.first.visible_fields(view.access)]
        return lambda inside: compare(subject.first, inside, names, view)
    both = [*_read(subject.first, records[0], subject.across.matches, view), *_read(subject.second, records[1], subject.across.matches_there, view)]
    known = {side.id: (side, texts) for side, texts in both}
    labels = subject.plan.labels

    def draw(inside: list[Any]) -> tuple[list[Side], list[Line]]:
        found = [known[r.pk] for r in inside]
        lines = []
        for match in subject.plan.matches:
            texts = [texts[match.name] for _side, texts in found]
            if any(texts):
                label = str(labels[match.name])
                lines.append(Line(match.name, label[:1].upper() + label[1:], texts, len(set(texts)) > 1))
        return [side for side, _texts in found], lines

    return draw


def _read(record_type: RecordType, records: list[Any], matches: tuple[Match, ...], view: View) -> list[tuple[Side, dict[str, str]]]:
    """Each record with the words for every comparison, as far as the person may see the fields. What a relation leads to goes by its title."""
    if not records:
        return []
    fields = {m.name: [n.partition("__")[0] for n in m.reads] for m in matches}
    sides, lines = compare(record_type, records, dict.fromkeys(n for names in fields.values() for n in names), view)
    words: dict[str, list[str]] = {line.name: line.texts for line in lines}
    return [(side, {name: _first(words, names, place) for name, names in fields.items()}) for place, side in enumerate(sides)]


def _first(words: dict[str, list[str]], names: list[str], place: int) -> str:
    """What the record has in the fields: of telephone numbers all, of names that stand for each other the first."""
    found = list(dict.fromkeys(words[n][place] for n in names if n in words and words[n][place]))
    return found[0] if found and "name" in names else ", ".join(found)
