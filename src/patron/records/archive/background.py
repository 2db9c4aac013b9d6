"""Everything of a workspace as a job: with progress, a file that administrators fetch, and its end after a week."""

from __future__ import annotations

import datetime
import time
import uuid
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity import database
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.records.archive import whole
from patron.records.export_models import ExportState, WorkspaceExport
from patron.records.verbs import Refused

KEEP = datetime.timedelta(days=7)
_PAUSE = 1.0  # seconds between two notes of how far it is
_QUIET = datetime.timedelta(minutes=2)  # without a sign of life after which a job is taken for dead
_OPEN = (ExportState.WAITING, ExportState.RUNNING)


def path_of(item: WorkspaceExport) -> Path:
    """Where the file lies: outside of files/, so that neither a backup nor the next export holds it."""
    return Path(settings.DATA_DIR) / "exports" / str(item.workspace_id) / f"{item.pk}.zip"


def start(access: Access) -> WorkspaceExport:
    """Have everything written in the background; `Refused` for those who do not manage the workspace, and while another export is being written."""
    from patron.records.jobs import export_workspace

    if not access.manages_settings or access.user_id is None:
        raise Refused(_("Only administrators export the whole workspace. Ask one of them."))
    if any(settled(item).state in _OPEN for item in WorkspaceExport.objects.filter(state__in=_OPEN)):
        raise Refused(_("An export is being written already. Wait until it is done."))
    item = WorkspaceExport.objects.create(member_id=access.member_id, member_name=access.name[:150])
    export_workspace.defer(workspace_id=str(item.workspace_id), export_id=str(item.pk), user_id=str(access.user_id))
    return item


def run(place: Workspace, export_id: uuid.UUID, user_id: uuid.UUID) -> None:
    """The job. A person who lost the right meanwhile gets nothing; a fault leaves no file and says so on the screen."""
    with transaction.atomic():
        access = database.enter(user_id, place.slug)
    with workspace(place.pk):
        item = WorkspaceExport.objects.filter(pk=export_id, state=ExportState.WAITING).first()
    if item is None:
        return
    if access is None or not access.manages_settings:
        _note(item, state=ExportState.FAILED, finished_at=timezone.now())
        return
    last = 0.0

    def tell(rows: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= _PAUSE:
            last = time.monotonic()
            _note(item, rows=rows, total=total)

    target = path_of(item)
    target.parent.mkdir(parents=True, exist_ok=True)
    _note(item, state=ExportState.RUNNING)
    try:
        manifest = whole.to_file(place, target, access, tell=tell, count=True)
    except BaseException:
        _note(item, state=ExportState.FAILED, finished_at=timezone.now())
        raise
    _note(item, state=ExportState.DONE, rows=manifest.rows, total=manifest.rows, size=target.stat().st_size, finished_at=timezone.now())


def _note(item: WorkspaceExport, **values: object) -> None:
    with workspace(str(item.workspace_id)):
        WorkspaceExport.objects.filter(pk=item.pk).update(at=timezone.now(), **values)


def settled(item: WorkspaceExport) -> WorkspaceExport:
    """The export with the truth about its state: one whose process died is over."""
    if item.state == ExportState.RUNNING and item.at is not None and timezone.now() - item.at > _QUIET:
        item.state = ExportState.FAILED
        WorkspaceExport.objects.filter(pk=item.pk).update(state=item.state, finished_at=timezone.now())
    return item


def remove(item: WorkspaceExport) -> None:
    """Delete the file; that there was one stays in the list."""
    path_of(item).unlink(missing_ok=True)
    WorkspaceExport.objects.filter(pk=item.pk).update(state=ExportState.REMOVED)


def forget_old(now: datetime.datetime) -> int:
    """Remove the files of the open workspace's exports that are older than a week; answers how many."""
    found = list(WorkspaceExport.objects.filter(created_at__lt=now - KEEP).exclude(state=ExportState.REMOVED))
    for item in found:
        remove(item)
    return len(found)
