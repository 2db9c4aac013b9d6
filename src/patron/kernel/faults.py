"""What goes wrong beneath Patron, in words: a database that is away, a full disk, two who wanted the same rows at once.

Whatever a request wrote is rolled back before its answer is made, so a page can say that nothing was written. Only where the database went away nobody
knows whether that was before or after the last word: then the page says to look.
"""

from __future__ import annotations

import enum
import errno
import sys
from collections.abc import Iterator
from typing import Any

import psycopg
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.utils.translation import gettext as _

from patron.kernel.web import is_fragment, page_context

_FULL = {"53100"}
_BUSY = {"40001", "40P01", "55P03", "57014"}  # serialization, deadlock, lock not available, cancelled
_AWAY = {"53300", "53400", "57P01", "57P02", "57P03", "57P05", "25P03"}  # too many connections, shutting down, crashed, starting, idle too long


class Trouble(enum.Enum):
    """Kinds of fault that are nobody's mistake, with the status that says so."""

    AWAY = 503
    FULL = 507
    BUSY = 409


def trouble_of(error: BaseException | None) -> Trouble | None:
    """What kind of fault an exception stands for, wherever in its chain of causes that shows; None for a mistake in the program."""
    found: Trouble | None = None
    for cause in _chain(error):
        found = _kind(cause) or found
        if found is Trouble.FULL:
            break
    return found


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        error = error.__cause__ or error.__context__


def _kind(error: BaseException) -> Trouble | None:
    if isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT):
        return Trouble.FULL
    state = str(getattr(error, "sqlstate", "") or "")
    if state in _FULL:
        return Trouble.FULL
    if state in _BUSY:
        return Trouble.BUSY
    if state in _AWAY or state[:2] == "08":
        return Trouble.AWAY
    if state:
        return None
    if isinstance(error, OperationalError | InterfaceError | psycopg.OperationalError):
        return None if getattr(error.__cause__, "sqlstate", None) else Trouble.AWAY
    return None


def server_error(request: HttpRequest) -> HttpResponse:
    """Django's handler of what nobody caught (`handler500`): a page, or for htmx a note, made without the database."""
    error = sys.exc_info()[1]
    trouble = trouble_of(error)
    title, text = _words(trouble, wrote=request.method not in ("GET", "HEAD"))
    status = trouble.value if trouble else 500
    response = _page(request, title, text, status)
    if trouble in (Trouble.AWAY, Trouble.BUSY):
        response.headers["Retry-After"] = "5"
    return response


def _words(trouble: Trouble | None, *, wrote: bool) -> tuple[str, str]:
    away = _("The database does not answer just now. Try again in a few seconds.")
    if wrote:
        away = _("The database does not answer just now. What you sent was done whole or not at all: look in a few seconds, and send it again if it is not there.")
    known = {
        Trouble.AWAY: (_("Just a moment"), away),
        Trouble.FULL: (_("The disk is full"), _("There is no space left on the server’s disk. Nothing was written. Ask whoever runs Patron to make space, then try again.")),
        Trouble.BUSY: (_("Somebody was faster"), _("Somebody else was changing the same records at the same moment. Nothing was written. Look at what they did and try again.")),
    }  # fmt: skip
    sorry = (_("Something went wrong"), _("That is our mistake, not yours. Nothing was written. Try again; if it stays so, tell an administrator what you did."))
    return known[trouble] if trouble else sorry


def _page(request: HttpRequest, title: str, text: str, status: int) -> HttpResponse:
    request.__dict__.pop("access", None)  # what belongs to a workspace would be asked of the database
    template = engines["jinja2"].env.get_template("ui/error.html")  # type: ignore[attr-defined]
    context: dict[str, Any] = {"request": request, **page_context(request), "title": title, "text": text, "status": status}
    if not is_fragment(request):
        return HttpResponse(template.render(context), status=status)
    inner = template.new_context(context)
    next(template.root_render_func(inner), None)
    return HttpResponse("".join(template.blocks["note"](inner)), status=status)

