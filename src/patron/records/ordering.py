"""Which orders of a list an index has. Any other order of very many rows would be put together anew for every page."""

from __future__ import annotations

from functools import cache
from typing import Any

from django.db.models import F
from django.utils.translation import gettext as _

from patron.kernel.db.functions import Fold
from patron.kernel.parsing import Invalid
from patron.records import shared
from patron.records.fields import Field
from patron.records.keyset import Sort

#: How many rows are put in an order that no index has: what a second of the server is worth.
MOST = 100_000


class Unordered(Invalid):
    """An order that is not to be had of so many rows."""


def refuse(sort: Sort) -> Unordered:
    """What to say of an order that is not to be had."""
    return Unordered(_("There are too many records here to sort them by “%(field)s”. Narrow the list first.") % {"field": str(sort.field.label)})


def sortable(model: Any, field: Field, rows: int) -> bool:
    """Whether a list of so many rows can be sorted by the field."""
    return field.sortable and field.kind not in ("tags", "multi_choice", "json") and (rows <= MOST or at_hand(model, Sort(field, False)))


def at_hand(model: Any, sort: Sort) -> bool:
    """Whether an index has the rows in this order: one that begins with the workspace (and the type of a shared table) and goes on with the sort value and
    the id. The names that rows point to are walked; an own field's index is made in the background."""
    if sort.linked or sort.field.is_custom:
        return True
    return not sort.field.prefix and (sort.field.path, isinstance(sort.expression, Fold)) in _orders(model)


def is_folded(model: Any, column: str) -> bool:
    """Whether an index has the folded text of a column, and so knows what is, or begins with, a text."""
    return (column, True) in _orders(model)


@cache
def _orders(model: Any) -> frozenset[tuple[str, bool]]:
    """The columns that have an index of their order, and whether as folded text."""
    lead = ["workspace", *([model.shared_by] if shared.column(model) else [])]
    found = set()
    for index in model._meta.indexes:
        parts = [*(name.removeprefix("-") for name in index.fields), *index.expressions]
        names = [part if isinstance(part, str) else _name(part) for part in parts]
        if index.condition is None and names[: len(lead)] == lead and names[len(lead) + 1 :] == ["id"]:
            column = model._meta.get_field(names[len(lead)])
            found.add((column.attname, isinstance(parts[len(lead)], Fold)))
    return frozenset(found)


def _name(part: Any) -> str:
    """The column of an index's part, folded or as it is; "" for anything else."""
    part = part.get_source_expressions()[0] if isinstance(part, Fold) else part
    return str(getattr(part, "name", "")) if isinstance(part, F) else ""
