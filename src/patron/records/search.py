"""Finding records by words: contained text first, near spellings where that finds little."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from functools import cache
from typing import Any

from django.db import connection
from django.db.models import F, Q, QuerySet, Value
from django.db.models.functions import StrIndex
from django.db.models.lookups import Contains, GreaterThan

from patron.identity.access import Access
from patron.kernel.db.functions import FoldedTail, SearchText
from patron.kernel.parsing.contacts import dialled
from patron.kernel.text import fold
from patron.records import ordering, shared
from patron.records.customs import definitions, texts
from patron.records.database import has_beginnings, has_search
from patron.records.kinds.base import many
from patron.records.record_type import RecordType
from patron.records.spelling import has_spelling

#: No shorter text is found by an index of three letters in a row.
_TRIGRAM = 3
#: So many words of a text are asked of the index; it is slow at adding up what many rows have.
_ASKED = 2
_PHONE = re.compile(r"[+()\d\s./-]{6,}")
#: Letters, then digits.
_CODE = re.compile(r"[^\W\d_]{3,}(\d{2,})")


def words_of(text: str) -> list[str]:
    """The folded words of a query; digits of a telephone number stay together."""
    if _PHONE.fullmatch(text.strip()):
        return [re.sub(r"\D", "", text).lstrip("0")]
    return fold(text).split()[:8]


def begun(text: str, country: str | None) -> str:
    """What names, numbers and telephone numbers are to begin with: the folded text; of a telephone number "+" and digits, as far as it is given."""
    return (dialled(text, country) if _PHONE.fullmatch(text.strip()) else "") or fold(text)


def matching(queryset: QuerySet[Any], text: str, *, record_type: RecordType | None = None, access: Access | None = None) -> QuerySet[Any]:
    """Rows whose search text, or whose own values, contain every word; none of a type that has no such text, and none for words without letters and digits.

    With type and person, what the person's role hides of the type finds nothing.
    """
    words = words_of(text)
    if words and not (has_search(queryset.model) and all(words)):
        return queryset.none()
    own = record_type is not None and texts.has_own_text(queryset.model) and texts.is_searched(record_type.key)
    for word in words:
        held = _held(word)
        queryset = queryset.filter(held | Q(own_text__contains=word) if own else held)
    shown = None if record_type is None or access is None else shown_words(record_type, access, words)
    return queryset if shown is None else queryset.filter(shown)


def _held(word: str) -> Q:
    """That the search text contains the word. Of one such as "prospect123" the index is asked for the end, few rows have it; it is slow at adding up what all have."""
    tail = _CODE.fullmatch(word)
    if tail is None:
        return Q(search__contains=word)
    return Q(search__contains=word[-max(len(tail[1]) + 1, _TRIGRAM + 1) :]) & Q(GreaterThan(StrIndex(F("search"), Value(word)), 0))


def shown_words(record_type: RecordType, access: Access, words: list[str]) -> Q | None:
    """That the words stand in fields which the person's role does not hide; None where it hides none of those that are searched.

    To be put on top of a search: on its own no index helps it.
    """
    hidden = {name for name, rule in access.field_rules.get(record_type.key, {}).items() if rule == "hidden"}
    columns = searched_columns(record_type.model)
    own = [d.key for name, d in definitions.current().of(record_type.key).items() if d.searchable and name in hidden]
    if not own and hidden.isdisjoint(columns):
        return None
    seen: Any = SearchText(*sorted(columns - hidden)) if columns - hidden else Value("")
    found = Q()
    for word in words:
        contains = Q(Contains(seen, word))
        if texts.has_own_text(record_type.model):
            contains |= Q(Contains(texts.words(record_type.key, own), word))
        found &= contains
    return found


def find(record_type: RecordType, words: list[str], most: int, text: str = "") -> list[uuid.UUID]:
    """Ids of up to `most` rows of the open workspace whose name or number begins with `text` (see `begun`); where these are fewer, then those that contain
    every word, own fields included. Knows no rights: filter by `visible_to` afterwards."""
    model = record_type.model
    if not has_search(model):
        return []
    found: list[uuid.UUID] = []
    with connection.cursor() as cursor:
        if text and has_beginnings(model):
            cursor.execute(f"SELECT * FROM begin_{model._meta.db_table}(%s, %s{shared.argument(model)})", [text, most])
            found += [row[0] for row in cursor.fetchall()]
        if len(found) < most:
            cursor.execute(f"SELECT * FROM find_{model._meta.db_table}(%s, %s, %s{shared.argument(model)})", [words, most, texts.is_searched(record_type.key)])
            found += [row[0] for row in cursor.fetchall()]
    return list(dict.fromkeys(found))


def near(model: Any, text: str, most: int, least: float) -> list[tuple[uuid.UUID, float]]:
    """(id, likeness) of rows spelt like `text` at least that much (0–1), best first; where none has all words, of those that lack one. Knows no rights."""
    if not has_spelling(model):
        return []
    words = meant(text)
    with connection.cursor() as cursor:
        for lacking in ways(words):
            cursor.execute(f"SELECT * FROM near_{model._meta.db_table}(%s, %s, %s, %s::real, {lacking}{shared.argument(model)})", [words, text, most, least])
            if rows := cursor.fetchall():
                return [(row[0], row[1]) for row in rows]
    return []


def meant(text: str) -> list[str]:
    """For each word of the text a pattern of the words of names that may be meant; empty where names have none of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_meant(%s)", [text])
        return cursor.fetchone()[0] or []


def ways(words: list[str]) -> tuple[bool, ...]:
    """How names are looked for by such patterns: those that have all words, then those that lack one of several."""
    return (False, True)[: len(words)]


def keep_words(*, anew: bool) -> bool:
    """Gather the words of all names of the open workspace if that was never done, or `anew`; answers whether it was done now. New words come by themselves."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT records_keep_words(%s)", [anew])
        done: bool = cursor.fetchone()[0]
    return done


def narrowed(queryset: QuerySet[Any], tree: Any) -> QuerySet[Any]:
    """Help top-level conditions on this type's own text along by an index; the conditions themselves still decide."""
    for column, operator, wanted in _texts(tree):
        if operator == "contains" and column in _inside(queryset.model) and len(wanted[0]) >= _TRIGRAM:
            queryset = queryset.filter(begins(column, wanted[0]) | holds(column, wanted[0]))
        elif operator == "contains" or not ordering.is_folded(queryset.model, column):
            queryset = _helped(queryset, column, wanted)
    return queryset


def helped(queryset: QuerySet[Any], tree: Any) -> QuerySet[Any]:
    """The same by a look at the text that is searched, which costs less than the conditions: for rows that are gone through."""
    for column, _operator, wanted in _texts(tree):
        queryset = _helped(queryset, column, wanted)
    return queryset


def inside(model: Any, tree: Any, column: str) -> str:
    """The folded text that a top-level condition wants in a column whose inside is under an index; "" for none."""
    found = (wanted[0] for name, operator, wanted in _texts(tree) if name == column and operator == "contains" and len(wanted[0]) >= _TRIGRAM)
    return next(found, "") if column in _inside(model) else ""


def _texts(tree: Any) -> Iterator[tuple[str, str, list[str]]]:
    """The top-level conditions of a filter that a text be found: field, operator, and folded texts of which one has to be there."""
    for node in tree.get("and", []) if isinstance(tree, dict) else [tree]:
        if isinstance(node, list) and len(node) == 3 and isinstance(node[0], str) and node[1] in ("contains", "is", "starts"):
            given = [text for text in many(node[2]) if isinstance(text, str)]
            if given and len(given) == len(many(node[2])):
                yield node[0], node[1], [fold(text.strip()) for text in given]


def _helped(queryset: QuerySet[Any], column: str, wanted: list[str]) -> QuerySet[Any]:
    """Conditions that the trigram index helps. Under row-level security PostgreSQL may not look how common words are and takes all for rare."""
    if column not in searched_columns(queryset.model):  # type: ignore[arg-type]
        return queryset
    one = Q()
    for text in wanted:
        words = [word for word in re.findall(r"\w+", text) if len(word) >= _TRIGRAM]
        if not words:
            return queryset
        one |= Q(*(_held(word) for word in sorted(words, key=_telling, reverse=True)[:_ASKED]))
    return queryset.filter(one)


def _telling(word: str) -> tuple[bool, int]:
    """How much a word of a text tells: of "office@company77.example" the second."""
    return _CODE.fullmatch(word) is not None, len(word)


def begins(column: str, text: str) -> Q:
    """That a column's folded text begins with this one. Where letters are sorted by their code points, PostgreSQL makes a stretch of the index of its order of it."""
    return Q(**{f"{column}__folded__startswith": text})


def holds(column: str, text: str) -> Q:
    """That a column's folded text has this one in it further on, for the index of its inside."""
    return Q(Contains(FoldedTail(F(column)), text))  # type: ignore[arg-type]


def _inside(model: Any) -> tuple[str, ...]:
    return getattr(model, "inside", ())


@cache
def searched_columns(model: Any) -> set[str]:
    """The columns whose text the table's search column holds."""
    if not has_search(model):
        return set()
    found: set[str] = set()
    stack = [model._meta.get_field("search").expression]
    while stack:
        expression = stack.pop()
        if isinstance(expression, F):
            found.add(str(getattr(expression, "name", "")))
        stack.extend(expression.get_source_expressions() if hasattr(expression, "get_source_expressions") else [])
    return found
