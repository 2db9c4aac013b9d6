"""Whether a definition can be asked by whoever keeps it: its fields, filters and figures, each named by its place in the definition."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import DataError, transaction
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.parsing import Invalid
from patron.records import filters, registry
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.reports import comparing, keys, sums
from patron.reports.definition import BadReport, Definition, Measure, read
from patron.reports.run import knows, rows_of


def of(stored: Any, access: Access) -> Definition:
    """The definition in JSON, if this person may ask all of it; else `BadReport` with its place. Looks whether filters select anything, works out no figures."""
    definition = read(stored)
    view = View(access, Formats(access.locale, access.zone))
    with at("type_key"):
        rows_of(Definition(definition.type_key), view)
    record_type = registry.get(definition.type_key)
    if definition.method and not knows(definition.method):
        raise BadReport(_("This report cannot be read."), "method")
    _try(record_type, definition.filter, view, "filter")
    found = []
    for i, grouping in enumerate(definition.groupings):
        with at(f"groupings[{i}].field"):
            found.append(keys.resolve(record_type, grouping, view))
    with at("compare"):
        comparing.of(definition, record_type, found, view)
    for i, measure in enumerate(definition.measures if not definition.method else ()):
        _measure(record_type, measure, view, f"measures[{i}]")
    return definition


def _measure(record_type: RecordType, measure: Measure, view: View, place: str) -> None:
    other = registry.find(record_type.collections[measure.collection][0]) if measure.collection in record_type.collections else record_type
    _try(other or record_type, measure.where, view, f"{place}.where")
    with at(f"{place}.field"):
        sums.columns(record_type, record_type.live(view.access).none(), measure, view)


def _try(record_type: RecordType, tree: Any, view: View, place: str) -> None:
    """Ask a filter: what its values do not fit shows nowhere else."""
    if tree:
        with at(place), fitting():
            record_type.live(view.access).filter(filters.condition(record_type, tree, view)).exists()


@contextlib.contextmanager
def at(place: str) -> Iterator[None]:
    """Say of what is refused inside where it stands."""
    try:
        yield
    except Invalid as error:
        raise BadReport(error.message, place) from error


@contextlib.contextmanager
def fitting() -> Iterator[None]:
    """Say in words that a value does not fit its field, where only the database or Django notices."""
    try:
        with transaction.atomic():
            yield
    except (DataError, ValidationError, ArithmeticError, TypeError, ValueError) as error:
        if isinstance(error, Invalid):
            raise
        raise BadReport(_("A value of the filter does not fit its field.")) from error
