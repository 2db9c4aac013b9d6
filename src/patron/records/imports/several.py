"""Several files that belong together: put in the order of what refers to what, tried as a whole, imported in one operation, undone as one."""

from __future__ import annotations

import shutil
import uuid
import zipfile
import zlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id, uuid7
from patron.kernel.text import fold
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import registry, undoing
from patron.records.import_models import Import, ImportProgress, ImportRow, ImportSet, ImportState
from patron.records.imports import files, presets, proposal, service
from patron.records.imports import plan as plans
from patron.records.imports.applying import NotApplied
from patron.records.imports.extras import MARK, Attached
from patron.records.imports.plan import Plan
from patron.records.kinds import View
from patron.records.transfer import hostile, reading
from patron.records.verbs import Refused

VERB = "imports.run"
TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm", ".xls", ".ods", ".vcf")
_MOST_FILES = 60
_MOST_BYTES = 8 * 1024**3  # of all tables of a ZIP together, unpacked
_MOST_RATIO = 200
_ERRORS = 20  # rows with errors that the review shows per file
Say = Callable[[str], object]


class _Tried(Exception):
    """Ends a trial: everything that it wrote goes."""


class Differs(Refused):
    """What the import came to is not what was reviewed; nothing was written."""


def visible(access: Access) -> Any:
    """The sets that the person may see: their own; all of them for those who manage settings."""
    rows = ImportSet.objects.all()
    return rows if access.manages_settings else rows.filter(member=access.member_id)


# --- uploading --------------------------------------------------------------------------------------------------------


def is_archive(path: Path) -> bool:
    """Whether a file is a ZIP and no workbook."""
    if not zipfile.is_zipfile(path):
        return False
    try:
        hostile.zip_format(path)
    except reading.Unreadable as error:
        return "XLSB" not in error.message
    return False


def start(uploads: Sequence[tuple[str, BinaryIO]], view: View, type_key: str = "") -> ImportSet:
    """Keep several files, or a ZIP of them, and plan each. `type_key` is what the rows of files are that nothing tells.

    Raises `Refused` or `Unreadable`; then no file is kept.
    """
    access = view.access
    name = uploads[0][0] if len(uploads) == 1 else _("%(first)s and %(n)s more") % {"first": uploads[0][0], "n": len(uploads) - 1}
    group = ImportSet(filename=name[:250], member_id=access.member_id, member_name=access.name[:150])
    kept: list[Import] = []
    try:
        with transaction.atomic():
            group.save(force_insert=True)
            ImportProgress.objects.create(pk=group.pk)
            for filename, stream in uploads:
                _unpack(group, filename, stream, view, type_key, kept)
            if not kept:
                raise Refused(_("There is no table in this archive. Put CSV or XLSX files into it."), field="file")
            _order(kept, view)
    except Exception:
        for item in kept:
            files.remove(item)
        archive_of(group).unlink(missing_ok=True)
        raise
    return group


def archive_of(group: ImportSet) -> Path:
    """Where the uploaded ZIP lies."""
    return files.folder() / str(group.workspace_id or current_workspace_id()) / str(group.archive or group.pk)


def attached_to(group: ImportSet) -> Attached:
    """The files that came beside the tables."""
    return Attached(archive_of(group)) if group.archive else Attached()


def _unpack(group: ImportSet, filename: str, stream: BinaryIO, view: View, type_key: str, kept: list[Import]) -> None:
    """Keep one upload, or every table of a ZIP; what is kept stands in `kept` at once, so that a refusal can remove it."""
    loose = files.folder() / str(current_workspace_id()) / str(uuid7())
    loose.parent.mkdir(parents=True, exist_ok=True)
    try:
        with loose.open("wb") as out:
            shutil.copyfileobj(stream, out, 1 << 20)
        if not is_archive(loose):
            with loose.open("rb") as one:
                kept.append(_one(group, filename, one, view, type_key))
            return
        if group.archive:
            raise Refused(_("Upload one ZIP at a time."), field="file")
        group.archive = str(group.pk)
        group.save(update_fields=["archive"])
        loose.replace(archive_of(group))
    finally:
        loose.unlink(missing_ok=True)
    try:
        with zipfile.ZipFile(archive_of(group)) as archive:
            for info in _tables(archive):
                with archive.open(info) as member:
                    kept.append(_one(group, PurePosixPath(info.filename).name, member, view, type_key))  # type: ignore[arg-type]
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused(_("This archive is damaged or protected: %(why)s") % {"why": error}, field="file") from error


def _tables(archive: zipfile.ZipFile) -> list[zipfile.ZipInfo]:
    """The tables at the top of the archive, or of its one folder; deeper ones are files to attach."""
    found = [i for i in archive.infolist() if not i.is_dir() and i.filename.lower().endswith(TABLES) and not PurePosixPath(i.filename).name.startswith((".", "_"))]
    depth = min((len(PurePosixPath(i.filename).parts) for i in found), default=0)
    found = [i for i in found if len(PurePosixPath(i.filename).parts) == depth and "__MACOSX" not in i.filename]
    if len(found) > _MOST_FILES:
        raise Refused(_("At most %(most)s files are imported at once.") % {"most": _MOST_FILES}, field="file")
    total, packed = sum(i.file_size for i in found), max(sum(i.compress_size for i in found), 1)
    if total > _MOST_BYTES or (total > 256 * 1024**2 and total > _MOST_RATIO * packed):
        raise Refused(_("This archive unpacks to more than can be read at once. Upload the tables by themselves."), field="file")
    if any(i.flag_bits & 1 for i in found):
        raise Refused(_("This archive is protected by a password. Pack it again without one."), field="file")
    return found


def _one(group: ImportSet, filename: str, stream: BinaryIO, view: View, type_key: str) -> Import:
    """Keep one table, find out what its rows are, and plan it."""
    item = Import(type_key=type_key or "-", filename=filename[:250], member_id=view.access.member_id, member_name=view.access.name[:150], group=group)
    item.path = files.keep(stream, current_workspace_id(), item.pk)
    try:
        source = files.look_at(item)
        item.type_key = guessed(filename, [c.name for c in source.columns], view.access) or type_key
        if not item.type_key:
            raise Refused(_("Nothing tells what the rows of “%(file)s” are. Choose it above, or name the file after it: accounts.csv.") % {"file": filename[:100]}, field="type")
        item.source = files.as_json(source)
        return give_type(item, item.type_key, view)
    except Exception:
        files.remove(item)
        raise


def give_type(item: Import, type_key: str, view: View) -> Import:
    """Say what the rows of a file are, and plan it afresh."""
    record_type = registry.find(type_key)
    if record_type is None or not record_type.importable or not view.access.can(type_key, "import"):
        raise Refused(_("“%(file)s” holds something that you may not import.") % {"file": item.filename}, field="type")
    item.type_key = type_key
    item.plan = proposal.propose(record_type, files.source_of(item), view).plan.as_json()
    item.state, item.counts = ImportState.MAPPED, {}
    if item._state.adding:
        item.save(force_insert=True)
        ImportProgress.objects.create(pk=item.pk)
    else:
        item.save(update_fields=["type_key", "plan", "state", "counts"])
    return item


def guessed(filename: str, headings: Sequence[str], access: Access) -> str:
    """What the rows of a file are: by the preset that its headings fit, else by its name; "" where nothing tells."""
    found = presets.recognise(headings)
    if found is not None and access.can(found.plan.type, "import"):
        return found.plan.type
    stem = fold(PurePosixPath(filename).stem).replace("_", " ").replace("-", " ").strip()
    for record_type in registry.all_types():
        names = {fold(str(record_type.label)), fold(str(record_type.plural)), record_type.key.replace("-", " ")}
        if record_type.importable and access.can(record_type.key, "import") and (stem in names or any(stem.endswith(f" {n}") for n in names)):
            return record_type.key
    return ""


# --- order ------------------------------------------------------------------------------------------------------------


def items_of(group: ImportSet) -> list[Import]:
    """The files of a set in the order in which they are imported."""
    return list(Import.objects.filter(group=group).order_by("place", "pk"))


def arrange(group: ImportSet, view: View) -> None:
    """Put the files in order anew, after what their rows are was changed."""
    _order(items_of(group), view)


def _order(items: list[Import], view: View) -> None:
    """Types that others point to come first; what hangs on anything comes last. Where types point to each other, the order of registration decides."""
    types = {t.key: t for t in registry.all_types()}
    here = {item.type_key for item in items}
    needs = {key: _needed(types[key], here) for key in here}
    order: list[str] = []

    def place(key: str, above: tuple[str, ...]) -> None:
        for other in sorted(needs[key], key=list(types).index):
            if other not in above and other not in order:
                place(other, (*above, key))
        if key not in order:
            order.append(key)

    last = {item.type_key for item in items if any(c.field == f"{MARK}about" for c in plans.from_json(item.plan).columns)}
    for key in sorted(here, key=lambda k: (k in last, list(types).index(k))):
        place(key, ())
    for number, item in enumerate(sorted(items, key=lambda i: (order.index(i.type_key), i.filename))):
        item.place = number
        item.save(update_fields=["place"])


def _needed(record_type: Any, here: set[str]) -> set[str]:
    found = {target.key for f in record_type.fields.values() if f.is_relation and f.editable and (target := registry.find_model(f.model))}
    return (found & here) - {record_type.key}


# --- trying and importing ---------------------------------------------------------------------------------------------


def locked(group: ImportSet) -> ImportSet:
    """The set, locked until the transaction ends; `Refused` while it is being worked on."""
    found: ImportSet | None = ImportSet.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=group.pk).first()
    if found is None:
        raise Refused(_("This import is being worked on. Wait until that is done."))
    return found


def begin(group: ImportSet, state: ImportState) -> None:
    """Note that a job will try or import the files; `Refused` where it cannot be done now."""
    found = settled(locked(group))
    if found.state in service.BUSY:
        raise Refused(_("This import is being worked on. Wait until that is done."))
    if state == ImportState.APPLYING and found.state != ImportState.CHECKED:
        raise Refused(_("Check the files first."))
    ImportSet.objects.filter(pk=found.pk).update(state=state, message="")
    ImportProgress.objects.filter(pk=found.pk).update(done=0, total=rows_of(items_of(found)), at=None)


def check(group: ImportSet, view: View, tell: service.Tell = service.nobody, attached: Attached | None = None) -> ImportSet:
    """Try all files in one go and take everything back: what would become of every row, with the records that earlier files bring."""
    found = locked(group)
    if found.state in (ImportState.APPLIED, ImportState.UNDONE):
        raise Refused(_("These files were imported already. Upload them again to import them once more."))
    report: dict[str, Any] = {}
    try:
        with transaction.atomic():
            _carry_out(found, view, report, tell, attached)
            raise _Tried
    except _Tried:
        found.message = ""
    except NotApplied as error:
        found.message = error.message
    found.report, found.checked_at = report, timezone.now()
    found.state = ImportState.FAILED if found.message else ImportState.CHECKED
    found.save(update_fields=["report", "state", "message", "checked_at"])
    for item in items_of(found):
        Import.objects.filter(pk=item.pk).update(counts=report.get(str(item.pk), {}).get("counts", {}))
    return found


def apply(group: ImportSet, view: View, tell: service.Tell = service.nobody, attached: Attached | None = None) -> ImportSet:
    """Import all files in one operation, exactly as reviewed: where anything would come out otherwise, nothing is written and the set is to be checked anew."""
    found = locked(group)
    if found.state not in (ImportState.CHECKED, ImportState.APPLYING):
        raise Refused(_("Check the files first."))
    report: dict[str, Any] = {}
    try:
        with transaction.atomic():
            found.operation_id = _carry_out(found, view, report, tell, attached)
            if _numbers(report) != _numbers(found.report):
                raise Differs(_("Somebody changed records meanwhile, so the files would come out otherwise than you reviewed. Look again."))
    except (NotApplied, Differs) as error:
        found.operation_id, found.message = None, error.message
        found.state = ImportState.MAPPED if isinstance(error, Differs) else ImportState.FAILED
    else:
        found.state, found.message = ImportState.APPLIED, ""
    found.finished_at = timezone.now()
    found.save(update_fields=["state", "message", "operation_id", "finished_at"])
    return found


def _numbers(report: dict[str, Any]) -> dict[str, Any]:
    return {key: {n: v for n, v in told["counts"].items() if n != "made"} for key, told in report.items()}


def _carry_out(group: ImportSet, view: View, report: dict[str, Any], tell: service.Tell, attached: Attached | None) -> uuid.UUID:
    items, done = items_of(group), 0
    beside = attached or attached_to(group)
    details = {"set": str(group.pk), "files": [item.filename for item in items], "file": group.filename}
    with operation(VERB, access=view.access, details=details) as signed:
        for item in items:

            def told(rows: int, before: int = done) -> None:
                tell(before + rows)

            item = service.check(item, view, told, beside)
            report[str(item.pk)] = {"counts": item.counts, "errors": _errors(item)}
            item = service.apply(item, view, told, beside)
            if item.state != ImportState.APPLIED:
                raise NotApplied(f"{item.filename}: {item.message}")
            done += int(item.counts["rows"])
        return signed.id


def _errors(item: Import) -> list[dict[str, Any]]:
    rows = ImportRow.objects.filter(import_id=item.pk, part=0, action="error").order_by("line")[:_ERRORS]
    return [{"line": row.line, "words": " ".join(f"{p['column']}: {p['message']}" if p["column"] else p["message"] for p in row.problems or ())} for row in rows]


def changed(group: ImportSet) -> None:
    """What was reviewed is out of date."""
    ImportSet.objects.filter(pk=group.pk).update(state=ImportState.MAPPED, report={}, message="")


# --- afterwards -------------------------------------------------------------------------------------------------------


def undo(group: ImportSet, view: View) -> ImportSet:
    """Take all files back at once; `Refused` with the reasons where something newer stands in the way."""
    found = locked(group)
    if found.operation_id is None or found.state != ImportState.APPLIED:
        raise Refused(_("There is nothing to undo."))
    undoing.undo_operation(found.operation_id, view=view)
    found.state = ImportState.UNDONE
    found.save(update_fields=["state"])
    Import.objects.filter(group=found).update(state=ImportState.UNDONE)
    return found


def settled(group: ImportSet) -> ImportSet:
    """The set with the truth about its state: undone through the history, or given up by a process that died."""
    if group.state == ImportState.APPLIED and Operation.objects.filter(undoes=group.operation_id).exists():
        group.state = ImportState.UNDONE
        ImportSet.objects.filter(pk=group.pk).update(state=group.state)
    if group.state in service.BUSY and service.quiet(group.pk) and ImportSet.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=group.pk).exists():
        group.state = ImportState.CHECKED if group.state == ImportState.APPLYING else ImportState.MAPPED
        group.message = _("This was interrupted before it was finished. Nothing was imported; you can start it again.")
        ImportSet.objects.filter(pk=group.pk).update(state=group.state, message=group.message)
    return group


def discard(group: ImportSet) -> None:
    """Forget a set that was not imported, with its files."""
    found = locked(group)
    if found.state == ImportState.APPLIED:
        raise Refused(_("These files were imported. Undo the import instead."))
    for item in items_of(found):
        ImportRow.objects.filter(import_id=item.pk).delete()
        files.remove(item)
    forget(found)
    ImportProgress.objects.filter(pk=found.pk).delete()
    Import.objects.filter(group=found).delete()
    found.delete()


def forget(group: ImportSet) -> None:
    """Delete the uploaded archive."""
    if group.archive:
        archive_of(group).unlink(missing_ok=True)


def rows_of(items: Iterable[Import]) -> int:
    """About how many rows the files have together."""
    return sum(int(item.source.get("estimated_rows") or 0) for item in items)


def plan_of(item: Import) -> Plan:
    return plans.from_json({**item.plan, "type": item.type_key})
