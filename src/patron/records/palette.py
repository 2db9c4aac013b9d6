"""Search over everything: contained words first; where they find little, near spellings. Rights hold in the query."""

from __future__ import annotations

import re
from typing import Any

from django.db import connection
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When

from patron.kernel.text import fold
from patron.records import registry, seen, shared
from patron.records import search as finding
from patron.records.customs import texts
from patron.records.database import has_beginnings, has_search
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.spelling import has_spelling

PER_TYPE = 5
CANDIDATES = 40  # ids fetched per type before rights are applied
_SECTIONS = ("sales", "catalog", "home")
ENOUGH = 3  # fewer hits than this and near spellings are asked too
LIKE = 0.45  # how near a name must come
_NUMBER = re.compile(r"[^\W\d_]{1,5}[-/ ]?\d[\d/-]*")  # D-0004, RE2024-17: nobody looks for it inside other words once it was found


def searched_types(view: View) -> list[RecordType]:
    """The types that the palette looks through for this person: whom and what one sells first, what is to be done about it after that."""
    found = [t for t in registry.all_types() if t.searchable and has_search(t.model) and view.access.can(t.key, "view")]
    return sorted(found, key=lambda t: (_SECTIONS.index(t.nav) if t.nav in _SECTIONS else len(_SECTIONS), t.nav_order))


def search(words: str, view: View) -> list[tuple[RecordType, list[tuple[Any, ...]]]]:
    """(type, rows of (id, title, subtitle…)) for the types with hits."""
    types = searched_types(view)
    parts = finding.words_of(words)
    if not parts or not types:
        return []
    hits, near = _find(types, words, parts, view), dict[str, list[Any]]()
    if len(fold(words)) >= 4 and sum(len(ids) for ids in hits.values()) < ENOUGH:
        near = _near([t for t in types if may_near(t, view)], words)
        hits = {t.key: list(dict.fromkeys([*hits.get(t.key, []), *near.get(t.key, [])])) for t in types}
    return [(t, rows) for t in types if hits.get(t.key) and (rows := _load(t, hits[t.key], near.get(t.key, []), parts, view))]


def may_near(record_type: RecordType, view: View) -> bool:
    """Whether near spellings may be asked for: not where the person's role hides one of the names that they look at."""
    return not any(view.access.hides(record_type.key, name) for name in getattr(record_type.model, "spelt", ()))


def _find(types: list[RecordType], words: str, parts: list[str], view: View) -> dict[str, list[Any]]:
    """Names and numbers that begin with the words; of types that show fewer so than fit, what contains them all."""
    begun = [t for t in types if has_beginnings(t.model)]
    fit = {t.key: PER_TYPE if seen.unrestricted(view.access, t.key) and finding.shown_words(t, view.access, parts) is None else CANDIDATES for t in types}
    start = finding.begun(words, view.parsing().country)
    hits = _collect([f"SELECT '{t.key}', found FROM begin_{t.table}(%s, {fit[t.key]}{shared.argument(t.model)}) AS found" for t in begun], start)
    if hits and (_NUMBER.fullmatch(start) or start[:1] == "+"):
        return hits
    rest = [t for t in types if len(hits.get(t.key, [])) < fit[t.key]]
    found = _collect([f"SELECT '{t.key}', found FROM find_{t.table}(%s, {fit[t.key]}, {texts.is_searched(t.key)}{shared.argument(t.model)}) AS found" for t in rest], parts)
    return {t.key: list(dict.fromkeys([*hits.get(t.key, []), *found.get(t.key, [])])) for t in types}


def _near(types: list[RecordType], text: str) -> dict[str, list[Any]]:
    """Names that are nearly right; where no type has one with all the words, those that lack one."""
    named, words = [t for t in types if has_spelling(t.model)], finding.meant(text)
    for lacking in finding.ways(words):
        asked = [f"(SELECT '{t.key}', id FROM near_{t.table}(%s, %s, {PER_TYPE * 2}, {LIKE}::real, {lacking}{shared.argument(t.model)}))" for t in named]
        if found := _collect(asked, words, text):
            return found
    return {}


def _collect(asked: list[str], *values: Any) -> dict[str, list[Any]]:
    """Ids by type; each part asks for the values once."""
    found: dict[str, list[Any]] = {}
    if asked:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(asked), list(values) * len(asked))
            for key, record_id in cursor.fetchall():
                found.setdefault(key, []).append(record_id)
    return found


def _load(record_type: RecordType, ids: list[Any], near: list[Any], parts: list[str], view: View) -> list[tuple[Any, ...]]:
    """What is shown of the hits that the person may see, `near` those whose names alone are alike; titles that begin with the words first."""
    shown, subtitles = finding.shown_words(record_type, view.access, parts), _subtitles(record_type, view)

    def build(ids: list[Any]) -> QuerySet[Any]:
        return record_type.live(view.access).filter(pk__among=ids).values_list("pk", record_type.title_path, *subtitles)

    if shown is None:
        loaded = seen.rows(view.access, (record_type.key,), ("palette", record_type.key, *subtitles), build, ids=ids)
    else:
        loaded = list(build(ids).filter(Q(pk__in=near) | shown))
    place = {pk: i for i, pk in enumerate(ids)}
    first = parts[0]
    loaded.sort(key=lambda r: (not fold(str(r[1])).startswith(first), first not in fold(str(r[1])), place[r[0]]))
    return loaded[:PER_TYPE]


def _subtitles(record_type: RecordType, view: View) -> list[str]:
    """Paths of the second line: relations by their title."""
    paths = []
    for name in record_type.shown_subtitle(view.access)[:2]:
        field = record_type.fields[name]
        target = registry.find_model(field.model) if field.is_relation else None
        paths.append(f"{field.path.removesuffix('_id')}__{target.title_path if target else 'name'}" if field.is_relation else field.path)
    return paths


def candidates(record_type: RecordType, words: str, view: View, most: int) -> QuerySet[Any]:
    """Rows for a picker: those that match the words, best first; without words the newest."""
    rows = record_type.live(view.access)
    if not words:
        return rows.order_by(record_type.title_path if not record_type.nav else "-created_at")
    if not has_search(record_type.model):
        return rows.filter(**{f"{record_type.title_path}__folded__contains": fold(words)}).order_by(record_type.title_path)
    parts = finding.words_of(words)
    ids, near = finding.find(record_type, parts, CANDIDATES, finding.begun(words, view.parsing().country)) if parts else [], list[Any]()
    if len(ids) < ENOUGH and len(words) >= 4 and may_near(record_type, view):
        near = [pk for pk, _likeness in finding.near(record_type.model, words, most, LIKE)]
        ids = list(dict.fromkeys([*ids, *near]))
    starts = Case(When(**{f"{record_type.title_path}__folded__startswith": parts[0] if parts else ""}, then=Value(0)), default=Value(1), output_field=IntegerField())
    shown = finding.shown_words(record_type, view.access, parts)
    rows = rows.filter(pk__in=ids) if shown is None else rows.filter(Q(pk__in=near) | shown, pk__in=ids)
    return rows.order_by(starts, record_type.title_path)
