"""Records out: every visible field of the selected rows, as CSV or XLSX, in constant memory."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import IO, Any

from django.db.models import QuerySet

from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.kinds.linked import Relation
from patron.records.record_type import RecordType
from patron.records.transfer.writing import OutColumn, write_csv, write_xlsx

CHUNK = 2000


def columns(record_type: RecordType, view: View) -> list[tuple[str, Field, tuple[str, ...]]]:
    """(heading, field, paths): relations by title, so that an import finds them again; money's currency has a column of its own."""
    found: list[tuple[str, Field, tuple[str, ...]]] = []
    for field in record_type.visible_fields(view.access).values():
        kind = kind_of(field.kind)
        paths = kind.paths(field) if kind.looks_up else (kind.title_path(field),) if isinstance(kind, Relation) else (field.path,)
        found.append((str(field.label), field, paths))
    return found


def rows(record_type: RecordType, queryset: QuerySet[Any], view: View) -> Iterator[list[Any]]:
    """Plain values row by row: id first, then the columns."""
    chosen = columns(record_type, view)
    fetched = iter(queryset.order_by("pk").values_list("pk", *(p for _heading, _field, paths in chosen for p in paths)).iterator(chunk_size=CHUNK))
    while chunk := list(islice(fetched, CHUNK)):
        made, at = [[str(row[0]) for row in chunk]], 1
        for _heading, field, paths in chosen:
            kind, end = kind_of(field.kind), at + len(paths)
            if kind.looks_up:
                made.append(kind.words([row[at:end] for row in chunk], field, view))
            else:
                made.append([_plain(field, row[at], view) for row in chunk])
            at = end
        yield from (list(row) for row in zip(*made, strict=True))


def _plain(field: Field, value: Any, view: View) -> Any:
    if value is None or value == "":
        return ""
    if field.kind in ("choice", "country", "tags", "multi_choice"):
        return kind_of(field.kind).text(value, field, view)
    if field.kind == "datetime":
        return value.astimezone(view.access.zone)
    return value


def write(record_type: RecordType, queryset: QuerySet[Any], view: View, stream: IO[bytes], form: str) -> int:
    """Write the file (`form` csv or xlsx); answers the number of rows."""
    chosen = [OutColumn("ID"), *(OutColumn(heading, _KINDS.get(field.kind, "text")) for heading, field, _paths in columns(record_type, view))]
    plain = rows(record_type, queryset, view)
    if form == "xlsx":
        return write_xlsx(stream, chosen, plain, sheet=str(record_type.plural), zone=view.access.zone)
    return write_csv(stream, [c.name for c in chosen], plain, zone=view.access.zone)


_KINDS = {k: k for k in ("money", "number", "integer", "percent", "date", "datetime", "checkbox")}
