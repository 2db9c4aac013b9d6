"""What a person was told."""

import uuid

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from patron.collab.domain import notifications
from patron.kernel.web import is_fragment, render
from patron.records.views.base import back, href, view_of


def _id(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


@require_safe
def inbox(request: HttpRequest, slug: str) -> HttpResponse:
    """All notifications, newest first; `unread=1` for those not read; `before` for older ones."""
    access = view_of(request).access
    unread_only = request.GET.get("unread") == "1"
    found = notifications.notices(access, before=_id(request.GET.get("before", "")), unread_only=unread_only)
    here = href(access, "collab", "inbox")
    older = f"{here}?before={found.older}{'&unread=1' if unread_only else ''}" if found.older else ""
    context = {"notices": found.items, "unread": found.unread, "older": older, "here": here, "unread_only": unread_only}
    return render(request, "collab/inbox.html", context, block="list" if is_fragment(request) else None)


@require_safe
def latest(request: HttpRequest, slug: str) -> HttpResponse:
    """The newest few for the bell's popover; without script the inbox."""
    access = view_of(request).access
    if not is_fragment(request):
        return redirect(href(access, "collab", "inbox"))
    found = notifications.notices(access, limit=8)
    context = {"notices": found.items, "unread": found.unread, "older": "", "here": href(access, "collab", "inbox"), "unread_only": False}
    return render(request, "collab/inbox.html", context, block="list")


@require_POST
def read(request: HttpRequest, slug: str) -> HttpResponse:
    """Mark as read: those given as `ids`, else all."""
    access = view_of(request).access
    ids = [found for text in request.POST.getlist("ids") if (found := _id(text))]
    notifications.mark_read(access, ids or None)
    if not is_fragment(request):
        return back(request, href(access, "collab", "inbox"))
    response = HttpResponse(status=204)
    response.headers["HX-Trigger"] = '{"refresh": {}}'
    return response


@require_POST
def open_notice(request: HttpRequest, slug: str, notice_id: uuid.UUID) -> HttpResponse:
    """Mark one as read and go to what it is about; to the inbox where the person may no longer see that. Another's is not found."""
    access = view_of(request).access
    found = notifications.find(access, notice_id)
    if found is None:
        raise Http404
    notifications.mark_read(access, [notice_id])
    return redirect(found.target.href if found.target and found.target.href else href(access, "collab", "inbox"))
