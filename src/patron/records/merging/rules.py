"""What a model may say about its relations, where the shape of its columns and constraints does not say it.

    merge_rules     unique constraint -> `Yield`, `Renumber` or `Fold`; without one, a row that is there on both sides is folded into the other
    merge_loops     pairs of columns that may not point to the same record: a row between two merged records is dropped
    not_relations   column -> why it is no relation that a merge must move, for ids and JSON without a foreign key

A test goes over the registry and fails where a new relation fits none of the shapes and says nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Yield:
    """Both rows stay; the one that comes later gives `column` up: it gets `value`."""

    column: str
    value: Any


@dataclass(frozen=True, slots=True)
class Renumber:
    """Both rows stay; those that come from merged records count on after the highest number of the one that stays."""

    column: str


@dataclass(frozen=True, slots=True)
class Fold:
    """The rows say the same although their constraint is not over relations alone: fold them as usual."""


Rule = Yield | Renumber | Fold
Consequence = Callable[[Any, list[Any], Any], None]
_consequences: list[Consequence] = []


def after_merge(consequence: Consequence) -> Consequence:
    """Register `consequence(record_type, ids, access)`: what derived figures of upper packages need after records were merged or parted.

    Runs inside the operation, after rows and values are written. `ids` are the records that exist now.
    """
    _consequences.append(consequence)
    return consequence


def settle(record_type: Any, ids: list[Any], access: Any) -> None:
    """Let everything follow that is derived from relations: the type's own hook, then those of the packages above."""
    record_type.merged(ids, access=access)
    for consequence in _consequences:
        consequence(record_type, ids, access)
