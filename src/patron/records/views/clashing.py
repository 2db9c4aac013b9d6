"""When somebody else changed the record meanwhile: what a form was opened with, and the dialog that lets the person choose.

A form sends along what it showed (`was-<field>`). What the person left alone is never written; what only they changed goes along with the choice.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from patron.kernel.web import is_fragment, render
from patron.ledger.models import Operation
from patron.records import changes, uploads
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.records.views.base import posted, record_href, titles_of


def was_of(fields: Iterable[Field], values: dict[str, Any], view: View, typed_in: Any = None) -> dict[str, str]:
    """What a form is opened with, by field; a refused form passes on what it was opened with itself. Files have none: they are added and removed."""
    sent = typed_in or {}
    return {f.name: str(sent.get(f"was-{f.name}", kind_of(f.kind).input(values.get(f.name), f, view))) for f in fields if f.kind != "file"}


def with_currency(record_type: RecordType, field: Field, view: View) -> list[Field]:
    """The field, and the one that says what currency its amounts are in, where the person may set both."""
    currency = changes.currency_field(field, record_type.editable_fields(view.access).values())
    return [field, currency] if currency is not None else [field]


def compared(request: HttpRequest, record_type: RecordType, record: Any, values: dict[str, Any], view: View) -> tuple[dict[str, Any], dict[str, Any]]:
    """The values that the form was opened with, and those that are wanted. An input that shows less than is stored (no seconds) stands for all of it."""
    sent = {name[4:]: value for name, value in request.POST.items() if name.startswith("was-")}
    base, wanted = changes.read(record_type, sent, view, list(sent), record).values, dict(values)
    for name, value in base.items():
        field = record_type.fields[name]
        whole = field.get(record)
        if value != whole and sent[name] == kind_of(field.kind).input(whole, field, view):
            base[name] = whole
            if wanted.get(name) == value:
                wanted[name] = whole
    return base, wanted


def retyped(record_type: RecordType, record: Any, names: Iterable[str], data: MultiValueDict[str, Any], kept: set[str], view: View) -> MultiValueDict[str, Any]:
    """What a refused form holds: what was sent, and for what was not asked (as in the dialog) or given up, what the record holds."""
    whole = data.copy()
    for name in names:
        field = record_type.fields[name]
        if name in kept:
            whole.pop(f"was-{name}", None)
        if field.kind != "file" and (name in kept or (name not in data and f"has-{name}" not in data)):
            whole.setlist(name, [kind_of(field.kind).input(field.get(record), field, view)])
    return whole


def conflict(request: HttpRequest, record_type: RecordType, clash: changes.Conflict, view: View) -> HttpResponse:
    """409: both values of each field that both changed, to choose from. The answer goes to the edit form's address, whatever form it began in."""
    last = Operation.objects.filter(subject_id=clash.record.pk).order_by("-at", "-id").first()
    context = {
        "fields": [_drawn(record_type.fields[name], name, clash, view) for name in clash.fields], "carried": _carried(request, record_type, clash, view),
        "along": [record_type.fields[name].label for name in clash.others if record_type.fields[name].kind != "file"],
        "action": f"{record_href(view.access, record_type, clash.record)}edit/", "revision": clash.record.revision, "who": last.actor_name if last else _("Someone"),
        "time": view.fmt.time(clash.record.updated_at), "anew": list(uploads.anew(record_type.editable_fields(view.access).values(), posted(request)).values()),
    }  # fmt: skip
    return render(request, "records/conflict.html", context, block="dialog" if is_fragment(request) else None, status=409)


def _drawn(field: Field, name: str, clash: changes.Conflict, view: View) -> dict[str, Any]:
    theirs, mine = clash.fields[name]
    titles = titles_of([field], {name: theirs}) | titles_of([field], {name: mine})
    if field.kind == "money" and field.currency:
        now = getattr(clash.record, field.currency, "")
        meant = next((m for n, (_theirs, m) in clash.fields.items() if n == field.currency), now)
        shown = [_amount(value, currency, view) for value, currency in ((theirs, now), (mine, meant))]
    else:
        shown = [in_words(field, v, titles, view) for v in (theirs, mine)]
    return {"name": name, "label": field.label, "theirs": shown[0] or "—", "mine": shown[1] or "—", "mine_input": kind_of(field.kind).input(mine, field, view)}


def in_words(field: Field, value: Any, titles: dict[Any, str], view: View) -> str:
    """A value as it is told to a person; "" for none."""
    if field.is_relation:
        return titles.get(value, "")
    return "" if value in (None, "") else str(kind_of(field.kind).text(value, field, view))


def _amount(value: Any, currency: str, view: View) -> str:
    return "" if value is None else str(view.fmt.money(value, currency or view.access.workspace.currency))


def _carried(request: HttpRequest, record_type: RecordType, clash: changes.Conflict, view: View) -> list[tuple[str, str]]:
    """Hidden inputs: what only this person changed, boxes ticked to remove files, and what the record holds now, so that a third writer is noticed."""
    found: list[tuple[str, str]] = []
    for name, value in clash.others.items():
        field = record_type.fields[name]
        if field.kind == "file":
            found += [(f"has-{name}", "1"), *((f"drop-{name}", str(gone)) for gone in request.POST.getlist(f"drop-{name}"))]
        else:
            found.append((name, kind_of(field.kind).input(value, field, view)))
    seen = {f.name: f for n in (*clash.fields, *clash.others) for f in with_currency(record_type, record_type.fields[n], view)}
    now = {name: field.get(clash.record) for name, field in seen.items()}
    return found + [(f"was-{name}", text) for name, text in was_of(seen.values(), now, view).items()]
