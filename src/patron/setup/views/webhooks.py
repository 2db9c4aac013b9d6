"""Webhooks: the list with how each fares, the form, the secret that is shown once, and one webhook with what it sent."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from patron.automation.domain import hooks as verbs
from patron.automation.domain import secrets, subscriptions
from patron.automation.enums import DeliveryState, HookState
from patron.automation.models import Delivery, Webhook
from patron.identity.access import Access
from patron.kernel.text import fold
from patron.kernel.web import render
from patron.records import changes, perform, registry
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import error_list, form_of, href, view_of
from patron.setup.domain import deliveries
from patron.setup.views.base import administrators, answer, dialog, page, refuse

TONES: dict[str, str] = {HookState.ACTIVE: "good", HookState.PAUSED: "note", HookState.OFF: "none"}
SENT: dict[str, str] = {
    DeliveryState.WAITING: "info", DeliveryState.SENDING: "info", DeliveryState.DELIVERED: "good", DeliveryState.EXHAUSTED: "bad", DeliveryState.WITHHELD: "none",
}  # fmt: skip
_FIELDS = ("name", "url", "events")


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every webhook with its last success and failure."""
    return page(request, "setup/webhooks.html", {"hooks": deliveries.overview(), "tones": TONES})


@require_safe
@administrators
def events(request: HttpRequest) -> HttpResponse:
    """Names of events whose letters match, for the form."""
    access, wanted = view_of(request).access, fold(request.GET.get("q", ""))
    found = [("*", _("everything"))]
    for key, names in subscriptions.known(access).items():
        plural = str(registry.get(key).plural)
        found += [(f"{key}.*", plural), *((name, plural) for name in names)]
    fitting = [{"value": name, "label": name, "hint": hint} for name, hint in found if wanted in name or wanted in fold(hint)]
    return render(request, "records/options.html", {"options": fitting[:30], "create": "", "q": ""}, block="options")


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest) -> HttpResponse:
    """The form; afterwards the secret, this once."""
    view, record_type = view_of(request), registry.get("webhooks")
    if request.method != "POST":
        return _form(request, view, {})
    reading = changes.read(record_type, request.POST, view, list(_FIELDS))
    errors = dict(reading.errors)
    if not errors:
        try:
            hook = changes.create(record_type, reading.values, access=view.access)
        except changes.NotValid as error:
            errors = error.errors
        else:
            return _secret(request, hook, secrets.valid(hook.pk)[0], view.access, made=True)
    return _form(request, view, {}, errors=errors)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def edit(request: HttpRequest, hook_id: uuid.UUID) -> HttpResponse:
    """Name, address and events."""
    view, record_type, hook = view_of(request), registry.get("webhooks"), holding.locked(_hook(hook_id))
    values = {n: record_type.fields[n].get(hook) for n in _FIELDS}
    if request.method != "POST":
        return _form(request, view, values, hook=hook)
    reading = changes.read(record_type, request.POST, view, list(_FIELDS), hook)
    errors = dict(reading.errors)
    if not errors:
        try:
            changes.edit(record_type, hook, holding.of_fields(request, record_type.fields, hook, reading.values, view), access=view.access)
        except changes.NotValid as error:
            errors = error.errors
        else:
            return answer(request, _("“%(name)s” saved") % {"name": hook}, back=_address(view.access, hook))
    return _form(request, view, values, hook=hook, errors=errors)


def _form(request: HttpRequest, view: View, values: dict[str, Any], *, hook: Webhook | None = None, errors: dict[str, str] | None = None) -> HttpResponse:
    fields = registry.get("webhooks").editable_fields(view.access)
    drawn = form_of([fields[n] for n in _FIELDS], view, values, typed_in=request.POST if request.method == "POST" else None, errors=errors)
    for field in drawn:
        if field["name"] == "events":
            field["url"] = href(view.access, "settings", "webhooks", "events")
    context = {"fields": drawn, "errors": error_list(errors or {}), "action": request.path, "hook": hook, "cancel": href(view.access, "settings", "webhooks")}
    context["seen"] = holding.seen(request, values) if hook else ""
    return dialog(request, "setup/webhook_form.html", context, status=holding.status(errors))


def _secret(request: HttpRequest, hook: Webhook, secret: str, access: Access, *, made: bool) -> HttpResponse:
    """The secret, in the dialog or on a page of its own; not kept by browsers or proxies."""
    response = dialog(request, "setup/webhook_secret.html", {"hook": hook, "secret": secret, "made": made, "next": _address(access, hook)})
    response.headers["Cache-Control"] = "no-store"
    return response


@require_safe
@administrators
def show(request: HttpRequest, hook_id: uuid.UUID) -> HttpResponse:
    """One webhook: how it fares, what can be done, what it sent."""
    view, hook = view_of(request), _hook(hook_id)
    state = request.GET.get("state", "")
    state = state if state in DeliveryState.values else ""
    rows, more = deliveries.page(hook, state, request.GET.get("after", ""))
    here = _address(view.access, hook)
    numbers = deliveries.numbers(hook)
    kind = registry.get("webhooks")
    can = [v for v, why in perform.available(kind, hook, view.access) if why is None and v.name not in ("replay", "delete")]
    tabs = [{"label": _("All"), "url": here, "current": not state}]
    tabs += [{"label": label, "count": view.fmt.count(numbers[value]), "url": f"{here}?state={value}", "current": state == value} for value, label in DeliveryState.choices if numbers.get(value) or value == state]
    context = {
        "hook": hook, "health": deliveries.health_of(hook), "rows": rows, "older": f"{here}?{f'state={state}&' if state else ''}after={more}" if more else "",
        "state": state, "states": tabs, "tones": TONES, "sent": SENT, "verbs": can, "base": here, "failed": numbers.get(DeliveryState.EXHAUSTED, 0),
        "paged": bool(request.GET.get("after")), "overview": href(view.access, "settings", "webhooks"), "message_id": verbs.message_id,
        "records": href(view.access), "delete": href(view.access, "webhooks", hook.pk, "do", "delete"),
    }  # fmt: skip
    return page(request, "setup/webhook.html", context)


@require_safe
@administrators
def message(request: HttpRequest, hook_id: uuid.UUID, delivery_id: uuid.UUID) -> HttpResponse:
    """One message: what was sent and what came back."""
    view, hook = view_of(request), _hook(hook_id)
    found = Delivery.objects.filter(pk=delivery_id, webhook_id=hook.pk).first()
    if found is None:
        raise Http404
    context = {
        "hook": hook, "d": found, "id": verbs.message_id(found.pk), "payload": json.dumps(json.loads(found.payload), indent=2, ensure_ascii=False), "sent": SENT,
        "action": f"{_address(view.access, hook)}do/replay/", "back": _address(view.access, hook), "attempts": deliveries.attempts_left(found),
    }  # fmt: skip
    return dialog(request, "setup/webhook_message.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def act(request: HttpRequest, hook_id: uuid.UUID, name: str) -> HttpResponse:
    """Do a verb; replacing the secret asks first and answers the new one."""
    view, hook = view_of(request), _hook(hook_id)
    if request.method != "POST":
        here = _address(view.access, hook)
        return dialog(request, "setup/webhook_rotate.html", {"hook": hook, "action": request.path, "cancel": here}) if name == "rotate_secret" else redirect(here)
    try:
        verb = registry.verb("webhooks", name)
        inputs = perform.read_inputs(verb, {k: str(v) for k, v in request.POST.items()}, view)
        result = perform.perform(verb, registry.get("webhooks"), hook, access=view.access, inputs=inputs)
    except registry.Unknown:
        raise Http404 from None
    except changes.NotValid as error:
        return refuse(request, " ".join(error.errors.values()))
    except Refused as error:
        return refuse(request, error.message, status=409)
    if name == "rotate_secret":
        return _secret(request, hook, str(result.result), view.access, made=False)
    words = f"{verb.done}: {hook}"
    if name == "replay":
        words = ngettext("%(n)s message goes out again", "%(n)s messages go out again", result.result) % {"n": view.fmt.number(result.result)}
    undo = result.operation_id if name in ("pause", "resume", "switch_off", "take_over") else None
    return answer(request, words, operation_id=undo, back=_address(view.access, hook))


def _hook(hook_id: uuid.UUID) -> Webhook:
    found: Webhook | None = Webhook.objects.select_related("member").filter(pk=hook_id).first()
    if found is None:
        raise Http404
    return found


def _address(access: Access, hook: Webhook) -> str:
    return href(access, "settings", "webhooks", hook.pk)

