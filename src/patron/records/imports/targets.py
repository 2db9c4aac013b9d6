"""Names in cells into records: each distinct text is looked up once, many at a time."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey
from patron.records import lookup, registry
from patron.records.fields import Field
from patron.records.imports import database
from patron.records.imports.cells import Problem, as_id
from patron.records.imports.plan import Relation
from patron.records.kinds import View
from patron.records.verbs import Refused

_CHUNK = 5000


class Narrow(NamedTuple):
    """Several records of one name, told apart by what they belong to: parent -> record."""

    by_parent: dict[uuid.UUID | None, uuid.UUID]


class _Missing:
    """Nothing is called that, and the plan says to make it."""


IGNORED: Any = object()  # named, but nobody has it and the plan does without
MISSING = _Missing()


class Target:
    """A relation of the imported type: texts into ids of records that the person may see.

    Where the other type belongs to a record that the imported type also points to under the same name (a stage and a deal to their pipeline),
    that record tells equal names apart, and a row that does not name it takes it over.
    """

    def __init__(self, of: Field, spec: Relation, view: View) -> None:
        self.field, self.spec, self.view = of, spec, view
        self.type = registry.find_model(of.model)
        self.known: dict[str, Any] = {}
        self.columns = self._columns()
        self.narrow_path = ""
        self.parents: dict[uuid.UUID, uuid.UUID | None] = {}
        self._within = self._conditions()

    def shares(self, fields: Mapping[str, Field]) -> None:
        """Learn which record both types belong to."""
        for column in self.field.model._meta.local_fields:
            mine = fields.get(column.name)
            if isinstance(column, TenantForeignKey) and mine is not None and mine.model is column.remote_field.model and mine.model is not Membership:
                if column.remote_field.model is not self.field.model and not column.null:
                    self.narrow_path = mine.path

    def _columns(self) -> list[str]:
        known = database.columns(self.field.model)
        if self.spec.by:
            if self.spec.by not in known:
                raise Refused(_("“%(label)s” cannot be found by “%(by)s”.") % {"label": self.field.label, "by": self.spec.by})
            return [self.spec.by]
        title = self.type.title if self.type else "name"
        return [c for c in dict.fromkeys((title, "email", "number", "sku", "external_id")) if c in known]

    def _conditions(self) -> dict[str, Any]:
        found = {}
        for name, text in self.spec.within.items():
            inner = self.type.fields.get(name) if self.type else None
            if inner is None:
                raise Refused(_("“%(label)s” has no field “%(name)s”.") % {"label": self.field.label, "name": name})
            found[inner.path] = lookup.one(inner, text, self.view) if inner.is_relation else text
        return found

    def resolve(self, texts: Iterable[str]) -> dict[str, Any]:
        """What each text names: an id, `Narrow`, `MISSING`, or a `Problem` in words. Looks up only what was not asked before."""
        wanted = [text for text in texts if text not in self.known]
        for start in range(0, len(wanted), _CHUNK):
            self._look_up(wanted[start : start + _CHUNK])
        return self.known

    def _look_up(self, texts: list[str]) -> None:
        found: dict[str, set[uuid.UUID]] = {text: set() for text in texts}
        for column in self.columns:
            how = database.columns(self.field.model)[column]
            by_word: dict[str, list[str]] = {}
            for text in texts:
                if column != "email" or "@" in text:
                    by_word.setdefault(database.normaliser(how)(text), []).append(text)
            for pk, word in database.match(self.field.model, column, by_word):
                for text in by_word[word]:
                    found[text].add(pk)
        for text in texts:
            if not found[text] and (own := as_id(text)):
                found[text].add(own)
        visible = self._visible({pk for ids in found.values() for pk in ids})
        for text, ids in found.items():
            self.known[text] = self._decide(text, [pk for pk in ids if pk in visible])

    def _visible(self, ids: set[uuid.UUID]) -> set[uuid.UUID]:
        if not ids:
            return set()
        rows = lookup.candidates(self.field, self.view)[0].filter(pk__in=ids, **self._within)
        if not self.narrow_path:
            return set(rows.values_list("pk", flat=True))
        self.parents.update(rows.values_list("pk", self.narrow_path))
        return {pk for pk in ids if pk in self.parents}

    def parent_of(self, record_id: uuid.UUID | None) -> uuid.UUID | None:
        """What a record of the other type belongs to: that of the default tells where a name is meant that occurs in several places."""
        if record_id is not None and record_id not in self.parents:
            self._visible({record_id})
        return self.parents.get(record_id) if record_id else None

    def _decide(self, text: str, ids: list[uuid.UUID]) -> Any:
        if len(ids) == 1:
            return ids[0]
        if not ids and text == "me" and self.field.model is Membership and self.view.access.member_id:
            return self.view.access.member_id
        if not ids:
            if self.spec.create:
                return MISSING
            if self.spec.missing == "blank":
                return IGNORED
            return Problem("", _("There is no %(what)s “%(text)s”.") % {"what": self._what(), "text": text[:60]})
        if self.narrow_path:
            by_parent = {self.parents[pk]: pk for pk in ids}
            if len(by_parent) == len(ids):
                return Narrow(by_parent)
        return Problem("", self.several(text))

    def several(self, text: str) -> str:
        return _("Several %(plural)s are called “%(text)s”. Use their id or number.") % {
            "plural": str(self.type.plural).lower() if self.type else str(self.field.label).lower(), "text": text[:60],
        }  # fmt: skip

    def _what(self) -> str:
        return str(self.type.label if self.type else self.field.label).lower()
