"""Imports that are too large to wait for. Found by procrastinate under the name `jobs`."""

from __future__ import annotations

import datetime
import logging
import uuid
from typing import Any

from django.db import InterfaceError, OperationalError, transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from patron.identity import database
from patron.identity.models import Workspace
from patron.kernel.faults import Trouble, trouble_of
from patron.kernel.formats import Formats
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import workspace
from patron.records.archive import background
from patron.records.import_models import Import, ImportRow, ImportSet, ImportState
from patron.records.imports import files, service, several
from patron.records.imports.progress import reporting
from patron.records.kinds import View
from patron.records.search import keep_words
from patron.records.verbs import Refused

log = logging.getLogger(__name__)
_SORRY = gettext_lazy("Something went wrong on our side. Nothing was imported; you can start it again.")
KEEP = datetime.timedelta(days=7)
KEEP_UNFINISHED = datetime.timedelta(days=30)
#: A database that went away comes back; the import goes on then, from its beginning.
AGAIN = RetryStrategy(max_attempts=4, linear_wait=5, retry_exceptions={OperationalError, InterfaceError})


@app.task(name="records.import_check", retry=AGAIN)
def check_import(workspace_id: str, import_id: str, user_id: str) -> None:
    """Check a file in the background, with the rights that the person has now."""
    _run(workspace_id, import_id, user_id, service.check, ImportState.MAPPED)


@app.task(name="records.import_apply", retry=AGAIN)
def apply_import(workspace_id: str, import_id: str, user_id: str) -> None:
    """Import a checked file in the background, with the rights that the person has now."""
    _run(workspace_id, import_id, user_id, service.apply, ImportState.CHECKED)


@app.task(name="records.import_set_check")
def check_set(workspace_id: str, set_id: str, user_id: str) -> None:
    """Try several files in the background, with the rights that the person has now."""
    _run(workspace_id, set_id, user_id, several.check, ImportState.MAPPED, ImportSet)


@app.task(name="records.import_set_apply")
def apply_set(workspace_id: str, set_id: str, user_id: str) -> None:
    """Import several files in the background, with the rights that the person has now."""
    _run(workspace_id, set_id, user_id, several.apply, ImportState.CHECKED, ImportSet)


def set_later(group: ImportSet, user_id: uuid.UUID, state: ImportState) -> None:
    """Have a job try (state checking) or import (applying) several files once this transaction is through."""
    several.begin(group, state)
    task = check_set if state == ImportState.CHECKING else apply_set
    task.defer(workspace_id=str(group.workspace_id), set_id=str(group.pk), user_id=str(user_id))


def later(item: Import, user_id: uuid.UUID, state: ImportState) -> None:
    """Have a job check (state checking) or apply (applying) the import once this transaction is through."""
    service.begin(item, state)
    task = check_import if state == ImportState.CHECKING else apply_import
    task.defer(workspace_id=str(item.workspace_id), import_id=str(item.pk), user_id=str(user_id))


def _run(workspace_id: str, import_id: str, user_id: str, work: object, back: ImportState, model: Any = Import) -> None:
    place = Workspace.objects.get(pk=workspace_id)
    with transaction.atomic():
        access = database.enter(uuid.UUID(user_id), place.slug)
    with workspace(place.pk):
        item = model.objects.filter(pk=import_id).first()
        total = 0 if item is None else _total(item)
    if item is None or item.state not in (ImportState.CHECKING, ImportState.APPLYING):
        return
    if access is None:
        _give_back(place, item, back, _("This person no longer belongs to the workspace."))
        return
    view = View(access, Formats(access.locale, access.zone))
    try:
        with translation.override(access.locale), workspace(place.pk), reporting(item.pk, total) as reporter:
            work(item, view, reporter.tell)  # type: ignore[operator]
    except (Refused, Invalid) as error:
        _give_back(place, item, back, error.message)
    except Exception as error:
        trouble = trouble_of(error)
        if trouble not in (Trouble.AWAY, Trouble.BUSY):  # those are tried again
            message = _("The disk is full. Nothing was imported; start it again when there is space.") if trouble == Trouble.FULL else _SORRY
            _give_back(place, item, back, str(message))
        if trouble != Trouble.FULL:
            raise


def _total(item: Import | ImportSet) -> int:
    if isinstance(item, ImportSet):
        return several.rows_of(several.items_of(item))
    return int(item.counts.get("rows") or item.source.get("estimated_rows") or 0)


def _give_back(place: Workspace, item: Import | ImportSet, state: ImportState, message: str) -> None:
    with workspace(place.pk):
        type(item).objects.filter(pk=item.pk, state=item.state).update(state=state, message=message)


@app.task(name="records.export_workspace")
def export_workspace(workspace_id: str, export_id: str, user_id: str) -> None:
    """Write everything of a workspace to a file, as far as the person still manages it."""
    background.run(Workspace.objects.get(pk=workspace_id), uuid.UUID(export_id), uuid.UUID(user_id))


@app.periodic(cron="*/5 * * * *", periodic_id="records.import_settle")
@app.task(name="records.import_settle", queueing_lock="records.import_settle")
def settle(timestamp: int = 0) -> None:
    """Say of imports that nobody works on any more, and nobody looks at either, that nothing was imported."""
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        with workspace(pk):
            for item in Import.objects.filter(state__in=(ImportState.CHECKING, ImportState.APPLYING)):
                service.settled(item)


@app.periodic(cron="17 3 * * *", periodic_id="records.import_tidy")
@app.task(name="records.import_tidy", queueing_lock="records.import_tidy")
def tidy(timestamp: int) -> int:
    """Remove the staged rows and files of imports that were finished a week ago, imports that nobody finished for a month, and exports of a week ago."""
    removed = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                removed += forget_old(timezone.now()) + background.forget_old(timezone.now())
        except Exception:
            log.exception("old imports of workspace %s were not removed", pk)
    return removed


@app.periodic(cron="*/5 * * * *", periodic_id="records.first_words")
@app.task(name="records.first_words", queueing_lock="records.first_words", lock="records.words")
def first_words(timestamp: int, anew: bool = False) -> int:
    """Gather the words of names, by which typing errors are forgiven, where that was never done; answers in how many workspaces it was."""
    done = 0
    for pk in Workspace.objects.order_by("pk").values_list("pk", flat=True):
        try:
            with workspace(pk):
                done += keep_words(anew=anew)
        except Exception:
            log.exception("words of names in workspace %s were not gathered", pk)
    return done


@app.periodic(cron="42 3 * * *", periodic_id="records.words")
@app.task(name="records.words", queueing_lock="records.words", lock="records.words")
def words(timestamp: int) -> int:
    """Gather them anew, so that words of names that are no more go."""
    return first_words(timestamp, anew=True)


def forget_old(now: datetime.datetime) -> int:
    """The work of `tidy` for the open workspace; answers how many imports gave something up."""
    removed = 0
    finished = Import.objects.filter(state__in=(ImportState.APPLIED, ImportState.UNDONE), finished_at__lt=now - KEEP).exclude(path="")
    for item in finished.iterator(chunk_size=100):
        ImportRow.objects.filter(import_id=item.pk).delete()
        files.remove(item)
        Import.objects.filter(pk=item.pk).update(path="")
        removed += 1
    for group in ImportSet.objects.filter(finished_at__lt=now - KEEP).exclude(archive=""):
        several.forget(group)
    for group in ImportSet.objects.filter(created_at__lt=now - KEEP_UNFINISHED).exclude(state__in=(ImportState.APPLIED, ImportState.UNDONE)):
        several.discard(group)
        removed += 1
    for item in Import.objects.filter(created_at__lt=now - KEEP_UNFINISHED, group=None).exclude(state__in=(ImportState.APPLIED, ImportState.UNDONE)):
        service.discard(item)
        removed += 1
    return removed
