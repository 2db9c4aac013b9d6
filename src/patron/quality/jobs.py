"""Scans in the background: by button, and every night. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import datetime
import logging
import time
import uuid
from typing import Any

from django.db import connection
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from patron.identity.models import Workspace
from patron.kernel.tenancy import current_workspace_id, workspace
from patron.quality import subjects
from patron.quality.domain import scanning
from patron.quality.models import Scan, ScanState

log = logging.getLogger(__name__)
_PAUSE = 0.5  # seconds between two signs of life


@app.task(name="quality.scan")
def scan(workspace_id: str, scan_id: str) -> int:
    """Do a scan that waits. A scan that fails says so and keeps the pairs of the one before."""
    place = Workspace.objects.get(pk=workspace_id)
    with workspace(place.pk):
        began = Scan.objects.filter(pk=scan_id, state=ScanState.WAITING).update(state=ScanState.RUNNING, started_at=timezone.now(), phase="read")
    if not began:
        return 0
    try:
        with translation.override(place.language), workspace(place.pk):
            reporter = Reporter(uuid.UUID(scan_id))
            try:
                return scanning.run(Scan.objects.get(pk=scan_id), reporter.tell)
            finally:
                reporter.close()
    except Exception:
        with workspace(place.pk):
            message = _("Something went wrong on our side. The pairs found before are still there; start the scan again.")
            Scan.objects.filter(pk=scan_id, state=ScanState.RUNNING).update(state=ScanState.FAILED, message=message, finished_at=timezone.now())
        raise


def later(type_key: str, *, member_id: uuid.UUID | None = None, full: bool = True) -> Scan | None:
    """Have a job scan the subject once this transaction is through; None where a scan waits or runs already."""
    begun = scanning.begin(subjects.get(type_key), member_id=member_id, full=full)
    if begun is not None:
        key = f"quality.scan:{begun.workspace_id}:{type_key}"
        scan.configure(lock=key, queueing_lock=key).defer(workspace_id=str(begun.workspace_id), scan_id=str(begun.pk))
    return begun


@app.periodic(cron="40 2 * * *", periodic_id="quality.nightly")
@app.task(name="quality.nightly", queueing_lock="quality.nightly")
def nightly(timestamp: int) -> int:
    """Look at what changed since the last scan, in every workspace and subject; answers how many scans were begun. A workspace that fails is logged."""
    begun = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                lost = timezone.now() - datetime.timedelta(hours=6)
                Scan.objects.filter(state__in=(ScanState.WAITING, ScanState.RUNNING), created_at__lt=lost).update(state=ScanState.FAILED, message=_("The server was stopped meanwhile. Start the scan again."))
                begun += sum(later(s.key, full=False) is not None for s in subjects.subjects() if s.first.model.objects.exists())
        except Exception:
            log.exception("the nightly scan of workspace %s was not begun", pk)
    return begun


class Reporter:
    """Tells beside the scan's transaction how far it is; at most twice a second."""

    def __init__(self, scan_id: uuid.UUID) -> None:
        self.scan_id, self.workspace = scan_id, current_workspace_id()
        self._own: Any = connection.copy()
        self._last = 0.0

    def tell(self, phase: str, done: int, total: int) -> None:
        """`phase` is read, compare or keep."""
        now = time.monotonic()
        if now - self._last < _PAUSE:
            return
        self._last = now
        self._own.ensure_connection()
        raw = self._own.connection
        with raw.transaction():
            raw.execute(f"SET LOCAL app.workspace_id = '{self.workspace}'")
            raw.execute("UPDATE quality_scan SET phase = %s, done = %s, total = %s WHERE workspace_id = %s AND id = %s", [phase, done, total, self.workspace, self.scan_id])

    def close(self) -> None:
        self._own.close()
