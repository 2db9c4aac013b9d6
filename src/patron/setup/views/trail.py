"""The sealed history: its head to keep elsewhere, when it was verified, and a button that verifies now."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from patron.ledger import checks
from patron.ledger import trail as chain
from patron.ledger.models import Check
from patron.records.views.base import href, view_of
from patron.setup import jobs
from patron.setup.domain import trail
from patron.setup.views.base import administrators, answer, page

LAST = 8


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """The head and the last verifications. POST verifies: at once where that takes a moment, else in the background."""
    kept, problem = request.POST.get("kept", "").strip(), ""
    if request.method == "POST":
        try:
            expected = dict([trail.kept_head(kept)]) if kept else None
        except ValueError:
            problem = _("Give the number and the 64 digits of the hash with a colon between them, as they were copied here.")
        else:
            return _verify(request, kept, expected)
    access, head = view_of(request).access, chain.head()
    context = {
        "head": head, "waiting": chain.waiting(), "kept": kept, "problem": problem, "checks": [_check(item, request) for item in Check.objects.order_by("-at", "-id")[:LAST]],
        "changes_url": href(access, "settings", "changes"),
    }  # fmt: skip
    return page(request, "setup/trail.html", context, status=422 if problem else 200)


def _check(item: Check, request: HttpRequest) -> dict[str, Any]:
    """One verification in words, with the page of the operation that it is about, where that is still there."""
    found = checks.found_by(item)
    about = found is not None and found.operation_id is not None and found.what != "missing_operation"
    return {"item": item, "words": found.words if found else "", "about": href(view_of(request).access, "history", found.operation_id) if found and about else ""}


def _verify(request: HttpRequest, kept: str, expected: dict[int, str] | None) -> HttpResponse:
    access = view_of(request).access
    here = href(access, "settings", "trail")
    if not trail.short() and access.member_id:
        jobs.verify_trail_later(access.workspace.pk, access.member_id, kept)
        return answer(request, _("The history is being verified. You will be told what came of it."), target=here)
    verdict = trail.verify(access.workspace, expected=expected)
    if verdict.found is not None:
        return redirect(here)  # the page says what does not hold
    return answer(request, ngettext("%(num)d block holds", "All %(num)d blocks hold", verdict.blocks) % {"num": verdict.blocks}, target=here)
