"""Forms that save all they show, such as those of the settings: whoever saves second does not undo the first without knowing it.

A form sends along (`seen`) a digest per name of what it was opened with. What the person left alone is never written, what only they changed is saved,
and for what both changed the form comes back: it says who changed what, holds what the person entered, and saves that when it is sent once more.
The rule of forms of records (`clashing`), for what has neither a dialog for it nor, some of it, a revision. A form without `seen` saves all it sends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from patron.kernel.digest import digest
from patron.kernel.tenancy import memo
from patron.kernel.web import formats
from patron.ledger.models import Change, Operation
from patron.records.changes import NotValid
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.views.base import titles_of
from patron.records.views.clashing import in_words

NAME = "seen"
_ANEW = "holding.seen"  # where a form that comes back finds what it is sent with next: for the rest of the request


class Meanwhile(NotValid):
    """Somebody else changed what this form changes too. `merged` is what the form is to hold: the person's own changes, else what is stored now."""

    def __init__(self, message: str, merged: dict[str, Any]) -> None:
        super().__init__({"": message})
        self.merged = merged


def locked(row: Any) -> Any:
    """The row as it is now, held until the end of the request; gone is not found."""
    found = type(row)._base_manager.select_for_update(of=("self",), no_key=True).filter(pk=row.pk).first()
    if found is None:
        raise Http404
    return found


def seen(request: HttpRequest, now: Mapping[str, Any], *, older: Mapping[str, str] | None = None) -> str:
    """The value of the hidden input: what the form is opened with, or, where it comes back, what it was opened with. `older` are digests from a page before it."""
    if request.method == "POST":
        return str(memo().get(_ANEW, request.POST.get(NAME, "")))
    return fresh(now, older)


def fresh(now: Mapping[str, Any], older: Mapping[str, str] | None = None) -> str:
    """The same for a form that shows what is stored now, whatever was sent."""
    return _joined({**{n: digest(v) for n, v in now.items()}, **(older or {})})


def _joined(marks: Mapping[str, str]) -> str:
    return " ".join(f"{name}={mark}" for name, mark in marks.items())


def status(errors: Any) -> int:
    """409 for a form that comes back because of somebody else, 422 for other errors."""
    return (409 if _ANEW in memo() else 422) if errors else 200


def kept(request: HttpRequest, now: Mapping[str, Any], wanted: Mapping[str, Any], *, told: Callable[[str], str], last: Callable[[], Operation | None], then: str = "", meant: bool = False) -> dict[str, Any]:
    """Those of the `wanted` values that the person changed; raises `Meanwhile` where somebody else did, too. The rows are locked.

    `told` says a name and what it is by now, `last` finds the operation that changed it, `then` is what to do where the form does not hold what was entered.
    With `meant` all that was sent is the person's wish, also what the form proposed: that of a verb.
    """
    was = dict(part.split("=", 1) for part in request.POST.get(NAME, "").split(" ") if "=" in part)
    if not was:
        return dict(wanted)
    nothing = digest(None)
    mine = {n: v for n, v in wanted.items() if meant or was.get(n, nothing) != digest(v)}
    moved = [n for n in {**now, **wanted} if was.get(n, nothing) != digest(now.get(n))]
    clashes = {n for n in moved if n in mine and digest(mine[n]) != digest(now.get(n))}
    if not clashes:
        return mine
    again = {**was, **{n: digest(now.get(n)) for n in clashes}}
    memo()[_ANEW] = _joined(again)
    raise Meanwhile(_message(request, [told(n) for n in moved], last(), then), {**now, **mine})


def _message(request: HttpRequest, what: list[str], last: Operation | None, then: str) -> str:
    words = {"what": ", ".join(what), "who": last.actor_name if last else _("Someone"), "time": formats(request).time(last.at) if last else ""}
    if last is None:
        said = _("%(who)s changed this since you opened it: %(what)s.") % words
    else:
        said = _("%(who)s changed this at %(time)s, since you opened it: %(what)s.") % words
    return f"{said} {then or _again()}"


def _again() -> str:
    return _("What you entered still stands here: save again to put it in place of theirs. What you left alone stays as they saved it.")


def changed(request: HttpRequest, now: Mapping[str, Any]) -> bool:
    """Whether something is no longer as the form was opened with."""
    was = request.POST.get(NAME, "").split(" ")
    return was != [""] and any(f"{n}={digest(v)}" not in was for n, v in now.items())


def of_fields(request: HttpRequest, fields: Mapping[str, Field], row: models.Model, wanted: Mapping[str, Any], view: View, now: Mapping[str, Any] | None = None, *, meant: bool = False) -> dict[str, Any]:
    """The same for a form of fields of one row."""
    present = now if now is not None else {n: fields[n].get(row) for n in wanted if n in fields}

    def told(name: str) -> str:
        field = fields[name]
        value = present.get(name)
        shown = "" if field.kind == "json" else in_words(field, value, titles_of([field], {name: value}), view)
        return words(field.label, shown)

    return kept(request, present, wanted, told=told, last=lambda: last_on([row]), meant=meant)


def words(label: Any, shown: str = "") -> str:
    """A name, and what it is by now where that can be said."""
    return _("%(label)s (now “%(value)s”)") % {"label": label, "value": shown if len(shown) <= 60 else f"{shown[:59]}…"} if shown else str(label)


def last_on(rows: Iterable[models.Model]) -> Operation | None:
    """The operation that changed one of the rows last."""
    found = list(rows)
    if not found:
        return None
    change = Change.objects.filter(table_name=found[0]._meta.db_table, row_id__in=[row.pk for row in found]).order_by("-at", "-seq").first()
    return Operation.objects.filter(pk=change.operation_id).first() if change is not None else None
