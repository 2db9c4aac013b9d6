"""Files on records: adding them, and giving out their contents to those who may see the record."""

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from patron.collab import panels
from patron.collab.domain import files, giving
from patron.collab.domain.refs import Ref
from patron.collab.filing import files_panel
from patron.kernel.web import is_fragment, render, toast
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.record_type import RecordType
from patron.records.verbs import Refused
from patron.records.views.base import href, record_href, record_or_404, typed, view_of


@typed()
@require_POST
def add(request: HttpRequest, record_type: RecordType, record_id: uuid.UUID) -> HttpResponse:
    """Put the uploaded files on the record, or into its own field `field`; then the panel and the timeline anew, or the record's page for browsers without script."""
    access = view_of(request).access
    record = record_or_404(record_type, access, record_id)
    if not panels.hangs(record):
        raise Http404
    uploads = request.FILES.getlist("file")
    try:
        made = files.add(Ref.of(record), [(upload.name or "", upload) for upload in uploads], access=access, field=request.POST.get("field", ""))
    except Refused as error:
        return _panel(request, record, error=error.message, status=422)
    done = ngettext("%(n)s file added", "%(n)s files added", len(made)) % {"n": len(made)}
    if not is_fragment(request):
        return redirect(record_href(access, record_type, record) + "#h-files")
    verb = "edit" if request.POST.get("field") else "add_file"
    signed = Operation.objects.filter(subject_id=record.pk, verb=f"{record_type.key}.{verb}").order_by("-at", "-id").first()
    return toast(_panel(request, record), done, undo=href(access, "history", signed.pk, "undo") if signed else "")


def _panel(request: HttpRequest, record: Any, *, error: str = "", status: int = 200) -> HttpResponse:
    access = view_of(request).access
    context = {
        "panel": files_panel(record, access, error), "panel_key": "files", "panel_title": _("Files"), "record": record, "title": str(record),
        "back": record_href(access, registry.of_model(type(record)), record),
        "timeline": panels.timeline_panel(Ref.of(record), access) if access.can("activities", "view") and not error else None,
    }  # fmt: skip
    return render(request, "collab/files.html", context, block="files" if is_fragment(request) else None, status=status)


@require_safe
def content(request: HttpRequest, slug: str, file_id: uuid.UUID) -> Any:
    """A file's content, always as a download. Who may not see its record, or the field that it stands in, finds nothing."""
    row = giving.seen(file_id, view_of(request).access)
    if row is None:
        raise Http404
    try:
        return giving.download(row)
    except FileNotFoundError as error:
        raise Http404(_("The content of this file is missing. Ask an administrator to look at the backup.")) from error
