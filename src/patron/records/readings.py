"""Readings: what a record answers beyond its fields, such as the figures of a report. One function each, registered once, behind every door that reads.

    @reading("reports", "figures", label=_("Figures"), schema=SCHEMA)
    def figures(report: Report, *, view: View) -> Answer:

A reading changes nothing. It is asked under the rights of whoever asks, which it checks wherever it looks beyond the record itself.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import IO, Any

from patron.identity.access import Access
from patron.records import registry
from patron.records.kinds import View


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for: `plain` for JSON; `write` puts the same into a stream as CSV, under the `file` name, where it is a table."""

    plain: dict[str, Any]
    write: Callable[[IO[bytes]], object] | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class Built:
    """What comes with Patron beside the records of a type, by keys: `find` answers one that the person may see, `names` are all of them as (key, name)."""

    find: Callable[[str, Access], Any | None]
    names: Callable[[Access], list[tuple[str, str]]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A registered reading. `schema` is the JSON Schema of `Answer.plain`, `table` whether it is a table that CSV can hold."""

    type_key: str
    name: str
    label: Any
    act: Callable[..., Answer]
    schema: dict[str, Any] = field(default_factory=dict)
    table: bool = False
    built: Built | None = None

    def find(self, key: str, access: Access) -> Any | None:
        """What the key stands for: a record that the person may see, by its id, or one that comes with Patron; None where there is none."""
        try:
            wanted = uuid.UUID(key)
        except ValueError:
            return self.built.find(key, access) if self.built and access.can(self.type_key, "view") else None
        return registry.get(self.type_key).visible(access).filter(pk=wanted).first()

    def ask(self, found: Any, view: View) -> Answer:
        """The answer about what `find` found. Raises `Invalid` with words where there is none for this person."""
        return self.act(found, view=view)


def reading(type_key: str, name: str, *, label: Any, schema: dict[str, Any], table: bool = False, built: Built | None = None) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Register a function as a reading of a record type; `built` where some of what it answers about is no record."""

    def registered(act: Callable[..., Answer]) -> Callable[..., Answer]:
        registry.add_reading(Reading(type_key, name, label, act, schema, table, built))
        return act

    return registered
