"""What was done in the workspace: the list of operations, and what came in and went out."""

from __future__ import annotations

import datetime
import uuid
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patron.identity.models import Membership
from patron.ledger.models import Operation
from patron.records import registry
from patron.records.import_models import Import, ImportState
from patron.records.views.base import href, view_of
from patron.setup.domain import journal
from patron.setup.views.base import administrators, page

LAST = 8
TONES: dict[str, str] = {ImportState.APPLIED: "good", ImportState.FAILED: "bad", ImportState.UNDONE: "none", ImportState.CHECKED: "info", ImportState.APPLYING: "note"}


@require_safe
@administrators
def changes(request: HttpRequest) -> HttpResponse:
    """Every operation, by person, verb and day, each with its undo."""
    view = view_of(request)
    given, problem = {n: request.GET.get(n, "") for n in ("person", "verb", "day")}, ""
    try:
        wanted = journal.Filter(
            uuid.UUID(given["person"]) if given["person"] else None, given["verb"], datetime.date.fromisoformat(given["day"]) if given["day"] else None
        )
    except ValueError:
        wanted, problem = journal.Filter(), _("This filter cannot be read. Choose again.")
    rows, more = journal.page(journal.found(wanted, view.access), request.GET.get("after", ""))
    query = urlencode({n: v for n, v in given.items() if v and not problem})
    people = [(str(pk), name) for pk, name in Membership.objects.order_by("name").values_list("pk", "name")]
    verbs = journal.verbs()
    if wanted.verb and wanted.verb not in dict(verbs):
        verbs.append((wanted.verb, journal.describe_verb(wanted.verb)))
    context = {
        "lines": journal.lines(rows, view), "next": f"?{query}&after={more}".replace("?&", "?") if more else "", "given": given, "people": people, "verbs": verbs,
        "problem": problem, "filtered": bool(query), "history_url": href(view.access, "history"),
    }  # fmt: skip
    return page(request, "setup/changes.html", context, status=400 if problem else 200)


@require_safe
@administrators
def overview(request: HttpRequest) -> HttpResponse:
    """Imports, exports and what was undone lately."""
    view = view_of(request)
    recent: Any = Operation.objects.order_by("-at", "-id")
    context = {
        "imports": [_import(item) for item in Import.objects.order_by("-created_at", "-id")[:LAST]],
        "exports": journal.lines(list(recent.filter(verb__endswith=".export")[:LAST]), view),
        "undone": journal.lines(list(recent.filter(undoes__isnull=False)[:LAST]), view),
        "import_url": href(view.access, "import"), "changes_url": href(view.access, "settings", "changes"), "history_url": href(view.access, "history"),
    }  # fmt: skip
    return page(request, "setup/data.html", context)


def _import(item: Import) -> dict[str, Any]:
    """One file: what became of its rows."""
    target = registry.find(item.type_key)
    return {
        "pk": item.pk, "filename": item.filename, "type": target.plural if target else item.type_key, "who": item.member_name, "state": item.get_state_display(),
        "tone": TONES.get(item.state, "none"), "rows": item.counts.get("rows"), "at": item.finished_at or item.created_at,
    }  # fmt: skip
