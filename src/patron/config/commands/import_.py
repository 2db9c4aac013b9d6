"""`patron import`: a file into a workspace, as the pages do it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from patron.config import runtime

if TYPE_CHECKING:
    from patron.records.import_models import Import
    from patron.records.imports.plan import Plan
    from patron.records.kinds import View

_EXAMPLES = 10


@click.command()
@click.argument("files", metavar="FILE…", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", "slug", required=True, help="The workspace's address.")
@click.option("--type", "type_key", help="What the rows are: accounts, contacts, leads, deals … (the plan's, where one is given).")
@click.option("--plan", "plan_file", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="A plan in TOML; without one, columns are matched by name and content.")
@click.option("--mode", type=click.Choice(["create", "update", "upsert"]), help="What may happen to records.")
@click.option("--key", "keys", multiple=True, help="A field by which records are found, or several joined by +; repeat it to try others.")
@click.option("--as", "email", metavar="EMAIL", help="Import with this person's rights and as theirs; otherwise as the machine.")
@click.option("--sheet", help="The sheet of a workbook.")
@click.option("--left-out", type=click.Path(dir_okay=False, path_type=Path), help="Write the rows that were left out to this CSV file, with the reason.")
@click.option("--files", "folder", type=click.Path(exists=True, path_type=Path), help="A folder or ZIP with the files that a column names (field +files of a plan).")
@click.option("--dry-run", is_flag=True, help="Check only: say what would happen and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@runtime.needs_django()
def command(
    files: tuple[Path, ...], slug: str, type_key: str | None, plan_file: Path | None, mode: str | None, keys: tuple[str, ...], email: str | None, sheet: str | None,
    left_out: Path | None, folder: Path | None, dry_run: bool, as_json: bool,
) -> None:  # fmt: skip
    """Import FILE (CSV, XLSX, XLS, ODS, vCard) into a workspace. Exports of other systems are recognised by their headings.

    The file is checked first; then what was checked is written, in one transaction, and can be undone in the workspace's list of imports. Rows with
    errors and duplicates are left out and counted. Several files, or a ZIP of them, are one import: in the order of what refers to what, tried as a
    whole, imported and undone as one; --plan, --key, --mode, --sheet and --left-out are for a single file. Exit code 1 when nothing could be imported, also where the plan refuses errors.
    """
    from patron.kernel.parsing import Invalid  # after setup
    from patron.records.verbs import Refused

    try:
        view, say = _view(slug, email), click.echo if not as_json else _quiet
        if len(files) > 1 or files[0].suffix.lower() == ".zip":
            if plan_file or keys or mode or sheet or left_out:
                raise click.UsageError("--plan, --key, --mode, --sheet and --left-out are for a single file.")
            result = _several(files, view, type_key or "", folder, dry_run, say)
        else:
            result = _import(files[0], view, _plan(type_key, plan_file, files[0]), mode, keys, sheet, left_out, dry_run, say, folder)
    except (Refused, Invalid) as error:
        raise runtime.Failure(error.message) from error
    if as_json:
        runtime.echo_json(result)
    if result["state"] == "failed" or (result["error"] and not result["new"] + result["change"] + result["same"]):
        raise runtime.Failure(result["message"] or "No row of the file could be imported.") if not as_json else click.exceptions.Exit(1)


def _quiet(_words: str) -> None:
    """Programs read the result alone."""


def _view(slug: str, email: str | None) -> View:
    from patron.identity import database
    from patron.identity.access import Access
    from patron.identity.models import User, Workspace
    from patron.kernel.formats import Formats
    from patron.records.kinds import View

    place = Workspace.objects.filter(slug=slug).first()
    if place is None:
        raise runtime.Failure(f"There is no workspace {slug}.")
    access = Access.system(place)
    if email:
        user = User.objects.filter(email__iexact=email).first()
        entered = database.enter(user.pk, slug) if user else None
        if entered is None:
            raise runtime.Failure(f"{email} is no active member of {slug}.")
        access = entered
    return View(access, Formats(access.locale, access.zone))


def _several(files: tuple[Path, ...], view: View, type_key: str, folder: Path | None, dry_run: bool, say: Any) -> dict[str, Any]:
    """Upload, try and import several files; answers the counts per file and of all."""
    import contextlib

    from patron.kernel.tenancy import workspace
    from patron.records.imports import service, several
    from patron.records.imports.extras import Attached

    attached = Attached(folder) if folder else None
    with workspace(view.access.workspace.pk), contextlib.ExitStack() as opened:
        group = several.start([(f.name, opened.enter_context(f.open("rb"))) for f in files], view, type_key)
    with workspace(view.access.workspace.pk):
        group = several.check(group, view, attached=attached)
        items = several.items_of(group)
    told = {item.filename: {"type": item.type_key, **group.report.get(str(item.pk), {}).get("counts", {})} for item in items}
    for item in items:
        say(f"{item.filename} ({item.type_key}): {service.in_words(group.report.get(str(item.pk), {}).get('counts', {})) or 'nothing to do'}")
        for error in group.report.get(str(item.pk), {}).get("errors", [])[:_EXAMPLES]:
            say(f"  row {error['line']}: {error['words']}")
    if dry_run or group.state != "checked":
        with workspace(view.access.workspace.pk):
            several.discard(group)
        say("Nothing was written (--dry-run)." if dry_run and not group.message else "Nothing was written.")
    else:
        with workspace(view.access.workspace.pk):
            group = several.apply(group, view, attached=attached)
    if group.operation_id:
        say(f"Imported {len(items)} files. Operation {group.operation_id}.")
    sums = {n: sum(t.get(n, 0) for t in told.values()) for n in ("new", "change", "same", "duplicate", "error", "rows")}
    return {"import": str(group.pk), "state": group.state, "message": group.message, "operation": group.operation_id, "files": told, **sums}


def _plan(type_key: str | None, plan_file: Path | None, file: Path) -> Plan:
    from patron.records.imports import plan as plans
    from patron.records.imports import presets
    from patron.records.transfer import reading, vcards

    if plan_file is None and not type_key:
        headings = list(vcards.HEADER) if vcards.is_one(file.open("rb").read(64)) else [c.name for c in reading.probe(file).columns]
        type_key = presets.type_of(headings)
    if plan_file is None:
        if not type_key:
            raise runtime.Failure("Say with --type what the rows are, or give a --plan.")
        return plans.Plan(type=type_key)
    found = plans.from_file(plan_file)
    if type_key and type_key != found.type:
        raise runtime.Failure(f"The plan is for {found.type}, not for {type_key}.")
    return found


def _import(
    file: Path, view: View, plan: Plan, mode: str | None, keys: tuple[str, ...], sheet: str | None, left_out: Path | None, dry_run: bool, say: Any,
    folder: Path | None = None,
) -> dict[str, Any]:
    """Upload, plan, check and apply, each in a transaction of its own; answers what came of it."""
    from patron.kernel.tenancy import workspace
    from patron.records.imports import service
    from patron.records.imports.extras import Attached

    attached = Attached(folder) if folder else None
    with workspace(view.access.workspace.pk):
        with file.open("rb") as stream:
            item = service.start(plan.type, stream, file.name, access=view.access)
        item = service.save_plan(item, _filled(item, plan, mode, keys, sheet, view), view)
    with workspace(view.access.workspace.pk):
        item = service.check(item, view, _teller(say, item), attached)
        _report(item, view, say, left_out)
    found = _result(item)
    if dry_run:
        with workspace(view.access.workspace.pk):
            service.discard(item)
        say("Nothing was written (--dry-run).")
        return found
    with workspace(view.access.workspace.pk):
        item = service.apply(item, view, _teller(say, item), attached)
    if item.operation_id:
        say(f"Imported: {service.in_words(item.counts)}. Operation {item.operation_id}.")
    elif item.state == "applied":
        say("There was nothing to write.")
    return _result(item)


def _filled(item: Import, plan: Plan, mode: str | None, keys: tuple[str, ...], sheet: str | None, view: View) -> Plan:
    """The plan, made up from the file where none was given, with what the command line says over it."""
    import msgspec

    from patron.records import registry
    from patron.records.imports import files, proposal

    if sheet:
        item.source = files.as_json(files.look_at(item, sheet=sheet))
        item.save(update_fields=["source"])
    if not plan.columns:
        plan = proposal.propose(registry.get(plan.type), files.source_of(item), view).plan
    changes: dict[str, Any] = {n: v for n, v in (("mode", mode), ("key", list(keys))) if v}
    return msgspec.structs.replace(plan, **changes) if changes else plan


def _teller(say: Any, item: Import) -> Any:
    shown = {"at": 0}

    def tell(done: int) -> None:
        if done - shown["at"] >= 50_000:
            shown["at"] = done
            say(f"  {done} rows …")

    return tell


def _report(item: Import, view: View, say: Any, left_out: Path | None) -> None:
    from patron.records.imports import rejects, service

    for column in item.plan["columns"]:
        if column.get("column"):
            say(f"  {column['column']:<28} {column.get('field') or '(not imported)'}")
    say(f"{item.counts['rows']} rows: {service.in_words(item.counts) or 'nothing to do'}")
    for row in service.rows_of(item, "error").order_by("line")[:_EXAMPLES]:
        say(f"  row {row.line}: {' '.join(p['message'] for p in row.problems or ())}")
    if left_out is not None:
        with left_out.open("wb") as stream:
            say(f"{rejects.write(item, stream)} rows written to {left_out}")


def _result(item: Import) -> dict[str, Any]:
    return {"import": str(item.pk), "type": item.type_key, "state": item.state, "message": item.message, "operation": item.operation_id, **item.counts}
