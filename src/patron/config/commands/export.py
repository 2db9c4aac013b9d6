"""`patron export`: records to a file."""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from patron.config import runtime

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from patron.records.kinds import View
    from patron.records.record_type import RecordType


@click.command()
@click.option("--workspace", "slug", required=True, help="The workspace's address.")
@click.option("--type", "type_key", help="accounts, contacts, leads, deals …")
@click.option("--all", "everything", is_flag=True, help="The whole workspace as one ZIP file, with history and uploaded files, for patron restore.")
@click.option("--format", "form", type=click.Choice(["csv", "xlsx", "json"]), help="By default what the file's name says, else csv.")
@click.option("--filter", "condition", help="A filter as JSON, such as '[\"city\", \"is\", \"Berlin\"]': the f of a list's address.")
@click.option("--archived", is_flag=True, help="Archived records, too.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="The file to write; by default standard output.")
@runtime.needs_django()
def command(slug: str, type_key: str | None, everything: bool, form: str | None, condition: str | None, archived: bool, out: Path | None) -> None:
    """Write records to a file: every field, relations by name, dates and numbers so that an import reads them back.

    The first column is the record's ID; an import that finds records by it changes exactly those. JSON is a list of objects by field name.

    With --all everything of the workspace is written to a ZIP file in an open format: records, history, people, roles, settings and uploaded
    files, without passwords and keys, as it is at one instant. patron restore reads it back.
    """
    if everything == bool(type_key) or (everything and (form or condition or archived)):
        raise click.UsageError("Say either --type, or --all without further choices.")
    if everything:
        _everything(slug, out)
        return
    _records(slug, type_key or "", form, condition, archived, out)


def _everything(slug: str, out: Path | None) -> None:
    from patron.identity.access import Access
    from patron.identity.models import Workspace
    from patron.records.archive import whole

    place = Workspace.objects.filter(slug=slug).first()
    if place is None or out is None:
        raise runtime.Failure(f"There is no workspace {slug}." if place is None else "Say with --out which file to write, such as --out acme.zip.")
    if out.exists():
        raise runtime.Failure(f"{out} exists already; choose another name.")
    if not out.absolute().parent.is_dir():
        raise runtime.Failure(f"There is no folder {out.absolute().parent}.")
    manifest = whole.to_file(place, out, Access.system(place))
    click.echo(f"{out}: {out.stat().st_size / 1e6:.1f} MB, {manifest.rows} rows in {len(manifest.tables)} tables, {manifest.files} files.", err=True)


def _records(slug: str, type_key: str, form: str | None, condition: str | None, archived: bool, out: Path | None) -> None:
    from patron.identity.access import Access  # after setup
    from patron.identity.models import Workspace
    from patron.kernel.formats import Formats
    from patron.kernel.parsing import Invalid
    from patron.kernel.tenancy import workspace
    from patron.records import registry
    from patron.records.kinds import View

    form = form or (out.suffix.lstrip(".") if out and out.suffix in (".csv", ".xlsx", ".json") else "csv")
    place = Workspace.objects.filter(slug=slug).first()
    record_type = registry.find(type_key)
    if place is None or record_type is None:
        raise runtime.Failure(f"There is no workspace {slug}." if place is None else f"There is no record type {type_key}: see patron records.")
    if form == "xlsx" and out is None:
        raise runtime.Failure("Say with --out which file to write: a workbook is not for the screen.")
    access = Access.system(place)
    try:
        with workspace(place.pk):
            count = _write(record_type, View(access, Formats(access.locale, access.zone)), form, condition, archived, out)
    except Invalid as error:
        raise runtime.Failure(error.message) from error
    click.echo(f"{count} {type_key} written{f' to {out}' if out else ''}.", err=True)


def _write(record_type: RecordType, view: View, form: str, condition: str | None, archived: bool, out: Path | None) -> int:
    from patron.ledger.operations import operation
    from patron.records import filters
    from patron.records.listing import Lister, ListState
    from patron.records.transfer import export

    state = ListState(filter=filters.read(condition) if condition else {}, archived=archived)
    rows = Lister(record_type, view, state).queryset()
    with operation(f"{record_type.key}.export", access=view.access, details={"format": form}), tempfile.TemporaryFile() as stream:
        count = _as_json(record_type, rows, view, stream) if form == "json" else export.write(record_type, rows, view, stream, form)
        stream.seek(0)
        _copy(stream, out)
    return count


def _copy(stream: IO[bytes], out: Path | None) -> None:
    """Only a file that was written whole takes its place."""
    import shutil

    if out is None:
        shutil.copyfileobj(stream, sys.stdout.buffer)
        sys.stdout.buffer.flush()
        return
    with out.open("wb") as target:
        shutil.copyfileobj(stream, target)


def _as_json(record_type: RecordType, rows: QuerySet[Any], view: View, stream: IO[bytes]) -> int:
    """A list of objects: exact values without locale, relations as {"id", "title"}."""
    from patron.records.kinds import kind_of
    from patron.records.kinds.linked import Relation

    fields = record_type.visible_fields(view.access)
    titles = {n: kind.title_path(f) for n, f in fields.items() if isinstance(kind := kind_of(f.kind), Relation)}
    paths = [f.path for f in fields.values()]
    count = 0
    stream.write(b"[")
    for row in rows.order_by("pk").values_list("pk", *paths, *titles.values()).iterator(chunk_size=2000):
        named = dict(zip(titles, row[1 + len(paths) :], strict=True))
        values = {n: kind_of(f.kind).plain(v) for (n, f), v in zip(fields.items(), row[1 : 1 + len(paths)], strict=True)}
        values.update({n: {"id": values[n], "title": title} if values[n] else None for n, title in named.items()})
        stream.write(b",\n" if count else b"\n")
        stream.write(json.dumps({"id": str(row[0]), **values}, ensure_ascii=False, default=str).encode())
        count += 1
    stream.write(b"\n]\n")
    return count
