"""Rows of the file into the records they mean: by key, by looks, and values that only one record may have. One query per question and chunk."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.records.fields import Field
from patron.records.imports import database, own
from patron.records.imports.binding import Bound, Way
from patron.records.imports.cells import Problem
from patron.records.merging import redirects


@dataclass(slots=True)
class Existing:
    """A record that the person may see, with its values by column of the table."""

    id: uuid.UUID
    revision: int | None
    values: dict[str, Any]
    editable: bool


class Draft:
    """A row of the file on its way into the staging table."""

    __slots__ = ("action", "before", "cells", "found", "line", "looks", "marks", "problems", "refs", "seen", "target", "title", "values")

    def __init__(self, line: int, cells: list[str]) -> None:
        self.line, self.cells = line, cells
        self.values: dict[str, Any] = {}
        self.problems: list[Problem] = []
        self.refs: dict[str, str] = {}
        self.action = ""
        self.target: uuid.UUID | str | None = None
        self.seen: int | None = None
        self.before: dict[str, Any] | None = None
        self.marks: list[str] = []
        self.title: str | None = None
        self.found: Existing | None = None  # by key
        self.looks: tuple[Existing, str] | None = None  # like another: the record, the field that says so

    def __reduce__(self) -> tuple[Any, ...]:
        """For a draft that was only read: it comes from another process."""
        return _read, (self.line, self.cells, self.values, self.problems or None, self.refs or None)


def _read(line: int, cells: list[str], values: dict[str, Any], problems: list[Problem] | None, refs: dict[str, str] | None) -> Draft:
    draft = Draft(line, cells)
    draft.values, draft.problems, draft.refs = values, problems or [], refs or {}
    return draft


Tuple = tuple[str, ...]


def _key(draft: Draft, normals: list[tuple[str, Callable[[Any], str]]]) -> Tuple | None:
    """The row's key in normal form; None where a part of it is empty."""
    parts = []
    for path, normal in normals:
        value = draft.values.get(path)
        text = normal(value) if value not in (None, "") else ""
        if not text:
            return None
        parts.append(text)
    return tuple(parts)


class Finder:
    """Looks up what drafts mean. Holds nothing between chunks, so that memory does not grow with the file."""

    def __init__(self, bound: Bound) -> None:
        self.bound, self.type = bound, bound.type
        names = {f.attname for f in self.type.model._meta.local_fields}
        self._revision = "revision" if "revision" in names else None
        self._live = "archived_at" if "archived_at" in names else None
        wanted = [*bound.paths, *(c.path for c in bound.selves), *(f.path for way in bound.ways for f in way.fields)]
        self.paths = [p for p in dict.fromkeys(wanted) if (p in names or own.is_own(p)) and p != "id"]

    # --- by key -------------------------------------------------------------------------------------------------------

    def by_key(self, drafts: list[Draft]) -> None:
        """Give each draft the record that its key names, or a problem where it names several. Marks equal rows of the file."""
        for number, way in enumerate(self.bound.ways):
            asked: dict[Tuple, list[Draft]] = {}
            normals = [(f.path, self.bound.normaliser(f)) for f in way.fields]
            for draft in drafts:
                key = None if draft.found or draft.problems else _key(draft, normals)
                if key is not None:
                    asked.setdefault(key, []).append(draft)
                    if not draft.marks:
                        draft.marks.append(f"key{number}:{chr(31).join(key)}")
            if asked:
                self._give(way, asked)

    def _give(self, way: Way, asked: dict[Tuple, list[Draft]]) -> None:
        records = self.candidates(way, asked)
        for key, drafts in asked.items():
            found = records.get(key, [])
            for draft in drafts:
                if len(found) == 1:
                    draft.found = found[0]
                elif found:
                    draft.problems.append(Problem("", self._several(way, draft)))

    def _several(self, way: Way, draft: Draft) -> str:
        return _("Several %(plural)s have this %(key)s.") % {"plural": str(self.type.plural).lower(), "key": way.label.lower()}

    def candidates(self, way: Way, keys: Iterable[Tuple]) -> dict[Tuple, list[Existing]]:
        """Visible records by the key that they have."""
        first = way.columns[0]
        words = {key[0] for key in keys}
        if first in database.columns(self.type.model):
            hits = database.match(self.type.model, first, words)
            if first == "external_id":  # the key of a record that was merged means the one that stayed
                hits = [*hits, *((pk, word) for word, pk in redirects.by_external_id(self.type, words - {word for _pk, word in hits}).items())]
            records = self.load(pk for pk, _word in hits)
            if len(way.fields) == 1:
                found: dict[Tuple, list[Existing]] = {}
                for pk, word in hits:
                    if pk in records:
                        found.setdefault((word,), []).append(records[pk])
                return found
        else:
            rows = self.type.visible(self.bound.access).filter(**{f"{way.fields[0].path}__in": list(words)})
            records = self._loaded(rows)
        return self._grouped(way, records)

    def _grouped(self, way: Way, records: dict[uuid.UUID, Existing]) -> dict[Tuple, list[Existing]]:
        found: dict[Tuple, list[Existing]] = {}
        for record in records.values():
            values = [record.id if f.name == "id" else record.values.get(f.path) for f in way.fields]
            key = tuple("" if v in (None, "") else self.bound.normaliser(f)(v) for f, v in zip(way.fields, values, strict=True))
            found.setdefault(key, []).append(record)
        return found

    def load(self, ids: Iterable[uuid.UUID]) -> dict[uuid.UUID, Existing]:
        """The records among `ids` that the person may see."""
        wanted = set(ids)
        return self._loaded(self.type.visible(self.bound.access).filter(pk__in=wanted)) if wanted else {}

    def _loaded(self, rows: Any) -> dict[uuid.UUID, Existing]:
        revision = self._revision or "pk"
        fetched = list(rows.order_by().values_list("pk", revision, *self.paths))
        editable = self._editable([row[0] for row in fetched])
        return {
            row[0]: Existing(row[0], row[1] if self._revision else None, dict(zip(self.paths, row[2:], strict=True)), row[0] in editable)
            for row in fetched
        }

    def _editable(self, ids: list[uuid.UUID]) -> set[uuid.UUID]:
        if not ids or self.bound.access.scope(self.type.key, "edit") is None:
            return set()
        rows = self.type.model.objects.filter(pk__in=ids)
        return set(self.type.restrict(rows, self.bound.access, "edit").values_list("pk", flat=True))

    # --- by looks -----------------------------------------------------------------------------------------------------

    def by_looks(self, drafts: list[Draft]) -> None:
        """Give drafts that mean no record yet the one they look like. People without address and number look like nobody."""
        for field in self.bound.alike:
            asked: dict[str, list[Draft]] = {}
            normal, path, prefix = self.bound.normaliser(field), field.path, f"like{field.name}:"
            for draft in drafts:
                value = draft.values.get(path)
                if value and draft.found is None and draft.looks is None and not draft.problems and (text := normal(value)):
                    asked.setdefault(text, []).append(draft)
                    draft.marks.append(prefix + text)
            self._like(field, asked)

    def _like(self, field: Field, asked: dict[str, list[Draft]]) -> None:
        hits = database.match(self.type.model, self.bound.looked_up(field), asked)
        if not hits:
            return
        records = self.load(pk for pk, _word in hits)
        archived = self._archived(records)
        for pk, word in sorted(hits):
            if pk in records and pk not in archived:
                for draft in asked[word]:
                    draft.looks = draft.looks or (records[pk], str(field.label))

    def _archived(self, records: Iterable[uuid.UUID]) -> set[uuid.UUID]:
        if self._live is None:
            return set()
        return set(self.type.model.objects.filter(pk__in=list(records), archived_at__isnull=False).values_list("pk", flat=True))

    # --- values that only one record may have -------------------------------------------------------------------------

    def taken(self, drafts: list[Draft]) -> None:
        """A problem for every draft whose value another record has, whether the person may see that record or not."""
        for path, label in self.bound.once.items():
            normal = database.normaliser(database.columns(self.type.model)[path])
            asked: dict[str, list[Draft]] = {}
            for draft in drafts:
                value = draft.values.get(path)
                if value and draft.action in ("new", "change"):
                    text = normal(value)
                    asked.setdefault(text, []).append(draft)
                    draft.marks.append(f"once{path}:{text}")
            for pk, word in database.match(self.type.model, path, asked):
                for draft in asked[word]:
                    if draft.target != pk:
                        draft.problems.append(Problem(self._heading(path), self._taken(label)))

        for field in self.bound.own_once:
            self._own_taken(field, drafts)

    def _own_taken(self, field: Field, drafts: list[Draft]) -> None:
        given: dict[str, list[Draft]] = {}
        for draft in drafts:
            value = draft.values.get(field.path)
            if value not in (None, "") and draft.action in ("new", "change"):
                text = own.word(field, value)
                given.setdefault(text, []).append(draft)
                draft.marks.append(f"once{field.path}:{text}")
        asked = [found[0].values[field.path] for found in given.values()]
        for pk, text in own.holders(self.type, field, asked) if asked else ():
            for draft in given.get(text, ()):
                if draft.target != pk:
                    draft.problems.append(Problem(self._heading(field.path), self._taken(str(field.label))))

    def _heading(self, path: str) -> str:
        return next((c.heading for c in self.bound.columns if c.path == path), "")

    def _taken(self, label: str) -> str:
        return _("Another %(type)s has this %(field)s already.") % {"type": str(self.type.label).lower(), "field": label.lower()}
