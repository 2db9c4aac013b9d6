"""What was left out, as a file: the rows as they came, with the reason in a column of its own. Corrected, it can be imported as it is."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO

from django.utils.translation import gettext as _

from patron.records.import_models import Import, ImportRow, RowAction
from patron.records.transfer.writing import write_csv

LEFT_OUT = (RowAction.ERROR, RowAction.DUPLICATE)


def rows(item: Import, actions: tuple[str, ...] = LEFT_OUT) -> Iterator[list[str]]:
    """The rows in the file's order, why each was left out as the last cell."""
    width = len(item.source["columns"])
    found = ImportRow.objects.filter(import_id=item.pk, part=0, action__in=actions).order_by("line").values_list("cells", "problems")
    for cells, problems in found.iterator(chunk_size=2000):
        why = " ".join(f"{p['column']}: {p['message']}" if p["column"] else p["message"] for p in problems or ())
        if len(cells) > width:
            why = _("%(why)s Beyond the last column: %(cells)s") % {"why": why, "cells": " | ".join(cells[width:])}
        yield [*cells[:width], *[""] * (width - len(cells)), why]


def write(item: Import, stream: IO[bytes], actions: tuple[str, ...] = LEFT_OUT) -> int:
    """Write the CSV file; answers the number of rows. Cells beyond the last heading stand with the reason."""
    header = [*(c["name"] for c in item.source["columns"]), _("Why it was not imported")]
    return write_csv(stream, header, rows(item, actions))
