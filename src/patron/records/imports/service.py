"""One import from upload to undo. Checking and applying are each one transaction: done whole or not at all, and the state says which."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from typing import Any, BinaryIO

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django.models import ProcrastinateJob

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger.models import Operation
from patron.records import registry, undoing
from patron.records.import_models import Import, ImportProgress, ImportRow, ImportState, RowAction
from patron.records.imports import database, extras, files, presets
from patron.records.imports import plan as plans
from patron.records.imports.applying import CHUNK, MANY, Applier, NotApplied
from patron.records.imports.binding import Bound, may
from patron.records.imports.extras import Attached
from patron.records.imports.plan import Plan
from patron.records.imports.staging import Staging
from patron.records.imports.trial import Trial
from patron.records.imports.within import Within
from patron.records.kinds import View
from patron.records.transfer import reading
from patron.records.verbs import Refused

#: Rows up to which checking and applying are done while the person waits; more go to a job.
AT_ONCE = 2000
#: Staged rows from which on the planner is told of them: otherwise what takes one chunk looks through all of them, each time. Fewer are not worth the look at the table.
TOLD = 10 * CHUNK
_QUIET = 15  # seconds without a sign of life after which a running import without a transaction is taken for dead
BUSY = (ImportState.CHECKING, ImportState.APPLYING)
Tell = Callable[[int], None]


def nobody(done: int) -> None:
    """Nobody is told."""


def visible(access: Access) -> QuerySet[Import]:
    """The imports that the person may see: their own; all of them for those who manage settings."""
    rows = Import.objects.all()
    return rows if access.manages_settings else rows.filter(member=access.member_id)


def start(type_key: str, stream: BinaryIO, filename: str, *, access: Access) -> Import:
    """Keep an upload and find out what it is; without a `type_key` what its rows are, too. Raises `Refused` for a type that the person may not import, `Unreadable` for a file that is no table."""
    if type_key:
        _may_bring(type_key, access)
    item = Import(type_key=type_key, filename=filename[:250], member_id=access.member_id, member_name=access.name[:150])
    item.path = files.keep(stream, current_workspace_id(), item.pk)
    try:
        source = files.look_at(item)
        item.type_key = type_key or presets.type_of([c.name for c in source.columns])
        _may_bring(item.type_key, access)
        item.source = files.as_json(source)
    except Exception:
        files.remove(item)
        raise
    item.save(force_insert=True)
    ImportProgress.objects.create(pk=item.pk)
    return item


def _may_bring(type_key: str, access: Access) -> None:
    record_type = registry.find(type_key)
    if record_type is None or not access.can(type_key, "view"):
        raise Refused(_("Choose what the rows of the file are."), field="type")
    may(record_type, Plan(type=type_key, mode="create" if access.can(type_key, "create") else "update"), access)


def locked(item: Import) -> Import:
    """The import, locked until the transaction ends; `Refused` while it is being checked or applied elsewhere."""
    found: Import | None = Import.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=item.pk).first()
    if found is None:
        raise Refused(_("This import is being worked on. Wait until that is done."))
    return found


def bind(item: Import, view: View) -> Bound:
    """The import's plan, tied to its file and this person; `Refused` where it does not fit (any more)."""
    return Bound(plans.from_json({**item.plan, "type": item.type_key}), [c["name"] for c in item.source["columns"]], view)


def save_plan(item: Import, plan: Plan, view: View) -> Import:
    """Keep a plan after trying it on. What was checked before is out of date then."""
    found = locked(item)
    if found.state in (ImportState.APPLIED, ImportState.UNDONE):
        raise Refused(_("This file was imported already. Upload it again to import it once more."))
    found.plan = plan.as_json()
    bind(found, view)
    ImportRow.objects.filter(import_id=found.pk).delete()
    found.state, found.counts, found.message = ImportState.MAPPED, {}, ""
    found.save(update_fields=["plan", "state", "counts", "message"])
    return found


# --- checking ---------------------------------------------------------------------------------------------------------


def check(item: Import, view: View, tell: Tell = nobody, attached: Attached | None = None) -> Import:
    """Stage every row of the file and count what would become of it. Writes no business data. `attached` are the files beside the table."""
    found = locked(item)
    bound = bind(found, view)
    ImportRow.objects.filter(import_id=found.pk).delete()
    staging = Staging(found.pk, bound, tell)
    source = files.source_of(found)
    staging.run(reading.rows(source), source.estimated_rows)
    if staging.rows > (MANY if bound.selves or bound.parts else TOLD):
        database.statistics(ImportRow)
    Within(found.pk, bound).run()
    for extra in bound.extras:
        extras.check(found.pk, extra, view.access, attached or Attached())
    Trial(found.pk, bound).run()
    found.counts = {**counted(found), "blank": staging.blank, "made": made(found, bound)}
    found.state, found.message, found.checked_at = ImportState.CHECKED, "", timezone.now()
    found.save(update_fields=["counts", "state", "message", "checked_at"])
    return found


def counted(item: Import) -> dict[str, int]:
    """How many rows of the file became what; they add up to `rows`."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT action, count(*) FROM records_importrow WHERE workspace_id = %s AND import_id = %s AND part = 0 GROUP BY action",
            [current_workspace_id(), item.pk],
        )
        found = dict(cursor.fetchall())
    counts = {action.value: int(found.get(action.value, 0)) for action in RowAction}
    return {**counts, "rows": sum(counts.values())}


def made(item: Import, bound: Bound) -> dict[str, int]:
    """How many related records of each type the import makes."""
    found: dict[str, int] = {}
    for part, maker in enumerate(bound.parts, 1):
        count = ImportRow.objects.filter(import_id=item.pk, part=part, action=RowAction.NEW).count()
        if count:
            found[maker.type.key] = found.get(maker.type.key, 0) + count
    return found


# --- applying ---------------------------------------------------------------------------------------------------------


def apply(item: Import, view: View, tell: Tell = nobody, attached: Attached | None = None) -> Import:
    """Carry out the checked plan. Where the database refuses, nothing is written and the import says why (state failed)."""
    found = locked(item)
    if found.state in (ImportState.APPLIED, ImportState.UNDONE):
        raise Refused(_("This file was imported already. Upload it again to import it once more."))
    if found.state not in (ImportState.CHECKED, ImportState.FAILED, ImportState.APPLYING):
        raise Refused(_("Check the file first."))
    bound = bind(found, view)
    if bound.plan.refuse and found.counts.get("error"):
        raise Refused(_("The plan writes nothing while a row has an error. Correct the file, or leave such rows out."))
    applier = Applier(found.pk, bound, tell, attached)
    try:
        with transaction.atomic():
            if found.counts["new"] or found.counts["change"] or (bound.extras and found.counts["same"]):
                found.operation_id = applier.run(filename=found.filename, rows=found.counts["rows"])
                found.counts = {**found.counts, **counted(found)}
    except NotApplied as error:
        found.operation_id = None
        found.state, found.message = ImportState.FAILED, _refused(found, bound, applier, error.message)
    else:
        found.state, found.message = ImportState.APPLIED, ""
    found.finished_at = timezone.now()
    found.save(update_fields=["state", "message", "counts", "operation_id", "finished_at"])
    return found


def _refused(item: Import, bound: Bound, applier: Applier, message: str) -> str:
    """Why nothing was imported. Rows that the database refuses by themselves have an error from now on, so that the others can be imported."""
    message = message.rstrip(". ") + "."
    batch = applier.batch
    lines = Trial(item.pk, bound).culprits(batch.action, batch.after, batch.upto) if batch and batch.part == 0 else []
    if not lines:
        return _("%(why)s Nothing was imported.") % {"why": message}
    rows = ImportRow.objects.filter(import_id=item.pk, part=0, line__in=lines)
    rows.update(action=RowAction.ERROR, problems=[{"column": "", "message": message}])
    item.counts = {**item.counts, **counted(item)}
    words = _("Row %(line)s: %(why)s Nothing was imported.")
    if not bound.plan.refuse:
        words = _("Row %(line)s: %(why)s Nothing was imported. What was refused is left out now: you can import the other rows.")
    return words % {"line": ", ".join(map(str, lines)), "why": message}


# --- afterwards -------------------------------------------------------------------------------------------------------


def undo(item: Import, view: View) -> Import:
    """Take the whole import back; `Refused` with the reasons where something newer stands in the way."""
    found = locked(item)
    if found.operation_id is None or found.state != ImportState.APPLIED:
        raise Refused(_("There is nothing to undo."))
    undoing.undo_operation(found.operation_id, view=view)
    found.state = ImportState.UNDONE
    found.save(update_fields=["state"])
    return found


def discard(item: Import) -> None:
    """Forget an import that was not applied, with its file."""
    found = locked(item)
    if found.state == ImportState.APPLIED:
        raise Refused(_("This file was imported. Undo the import instead."))
    ImportRow.objects.filter(import_id=found.pk).delete()
    ImportProgress.objects.filter(pk=found.pk).delete()
    files.remove(found)
    found.delete()


def begin(item: Import, state: ImportState) -> Import:
    """Note that a job will check or apply; `Refused` where it cannot be done now."""
    found = settled(locked(item))
    if found.state in BUSY:
        raise Refused(_("This import is being worked on. Wait until that is done."))
    if found.state in (ImportState.APPLIED, ImportState.UNDONE):
        raise Refused(_("This file was imported already. Upload it again to import it once more."))
    if state == ImportState.APPLYING and found.state not in (ImportState.CHECKED, ImportState.FAILED):
        raise Refused(_("Check the file first."))
    found.state, found.message = state, ""
    found.save(update_fields=["state", "message"])
    ImportProgress.objects.filter(pk=found.pk).update(done=0, total=found.counts.get("rows", 0), at=None)
    return found


def settled(item: Import) -> Import:
    """The import with the truth about its state: undone through the history, or given up by a process that died.

    A running import holds the lock of its own row. Where nobody holds it, no job will take it up again and there was no sign of life for a while,
    the process is gone, and since its transaction went with it, nothing was written.
    """
    if item.state == ImportState.APPLIED and item.operation_id and Operation.objects.filter(undoes=item.operation_id).exists():
        item.state = ImportState.UNDONE
        Import.objects.filter(pk=item.pk, state=ImportState.APPLIED).update(state=ImportState.UNDONE)
    if item.state in BUSY and _given_up(item):
        back = ImportState.CHECKED if item.state == ImportState.APPLYING else ImportState.MAPPED
        message = _("This was interrupted before it was finished. Nothing was imported; you can start it again.")
        Import.objects.filter(pk=item.pk, state=item.state).update(state=back, message=message)
        item.state, item.message = back, message
    return item


def quiet(pk: uuid.UUID) -> bool:
    """Whether a job was seen at work, but not lately."""
    progress = ImportProgress.objects.filter(pk=pk).first()
    return progress is not None and progress.at is not None and (timezone.now() - progress.at).total_seconds() >= _QUIET


def cut_off(item: Import) -> bool:
    """Whether the process that worked on it is gone: no sign of life for a while, and nobody holds its row. One that waits for its turn is not."""
    progress = ImportProgress.objects.filter(pk=item.pk).first()
    if progress is not None and progress.at is not None and abs((timezone.now() - progress.at).total_seconds()) < _QUIET:
        return False
    if progress is not None and progress.at is None and has_job(item):
        return False
    return Import.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=item.pk, state=item.state).exists()


def has_job(item: Import) -> bool:
    """Whether a job works on it, or will (again)."""
    return bool(ProcrastinateJob.objects.filter(status__in=("todo", "doing"), task_name__startswith="records.import_", args__import_id=str(item.pk)).exists())


def _given_up(item: Import) -> bool:
    return cut_off(item) and not has_job(item)


def rows_of(item: Import, action: str = "") -> QuerySet[ImportRow]:
    """The staged rows of the file in its order, perhaps of one action."""
    rows = ImportRow.objects.filter(import_id=item.pk, part=0)
    return rows.filter(action=action) if action else rows


def in_words(counts: Mapping[str, Any]) -> str:
    """The counts that are not zero, in a line."""
    words = {"new": _("new"), "change": _("changed"), "same": _("unchanged"), "duplicate": _("duplicate"), "error": _("with errors")}
    found = [f"{counts[action]} {word}" for action, word in words.items() if counts.get(action)]
    for key, count in counts.get("made", {}).items():
        other = registry.find(key)
        found.append(_("%(n)s %(plural)s made") % {"n": count, "plural": str(other.plural).lower() if other else key})
    return ", ".join(found)
