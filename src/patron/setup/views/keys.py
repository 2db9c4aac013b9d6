"""Programs' keys: one's own, for administrators everybody's; a new one is shown this once."""

from __future__ import annotations

import datetime
import uuid
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from patron.identity.access import Access
from patron.identity.domain.administrators import Impossible
from patron.identity.models import ApiToken, Membership
from patron.records import perform, registry
from patron.records.verbs import Refused
from patron.records.views.base import error_list, href, view_of
from patron.setup.domain import tokens
from patron.setup.domain.roles import ACTIONS
from patron.setup.views.base import answer, dialog, everyone, page

TONES = {"in force": "good", "expired": "none", "revoked": "bad"}
STATES = {"in force": gettext_lazy("In force"), "expired": gettext_lazy("Expired"), "revoked": gettext_lazy("Revoked")}
DAYS = (30, 90, 365, 1095)
SOON = datetime.timedelta(days=14)
#: What most keys are for, before single rights are chosen.
REACHES = {"read": ("*.view",), "all": ("*",), "chosen": ()}


def _may_make(access: Access) -> bool:
    return access.can("keys", "create")


@require_safe
@everyone
def index(request: HttpRequest) -> HttpResponse:
    """The keys, those in force first; with the day of the last use, so that forgotten ones show."""
    access = view_of(request).access
    record_type = registry.get("keys")
    found = tokens.listed(record_type.visible(access))
    shown = [_shown(t, access) for t in sorted(found, key=lambda t: (tokens.state_of(t) != "in force", -t.created_at.timestamp()))]
    context = {"keys": shown, "everybody": access.manages_settings, "may_make": _may_make(access), "new_url": href(access, "settings", "keys", "new"), "docs_url": "/api/docs/"}
    return page(request, "setup/keys.html", context)


def _shown(token: ApiToken, access: Access) -> dict[str, Any]:
    state = tokens.state_of(token)
    may = not token.revoked_at and registry.get("keys").allows(token, access, "edit")
    soon = state == "in force" and token.expires_at is not None and token.expires_at < timezone.now() + SOON
    return {
        "token": token, "state": STATES[state], "tone": TONES[state], "soon": soon, "used": token.last_used_at,  # type: ignore[attr-defined]
        "scopes": [_words(s) for s in token.scopes], "mine": token.member_id == access.member_id,
        "revoke": href(access, "settings", "keys", token.pk, "revoke") if may else "",
    }  # fmt: skip


def _words(scope: str) -> str:
    """A scope as a person says it."""
    key, _dot, action = scope.partition(".")
    if scope in ("*", "*.*"):
        return _("everything")
    known = registry.find(key)
    what = _("everything") if key == "*" else _("settings") if key == "settings" else str(known.plural).lower() if known else key
    return _("%(what)s: all") % {"what": what} if action == "*" else f"{what}: {str(ACTIONS.get(action, action)).lower()}"


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@everyone
def new(request: HttpRequest) -> HttpResponse:
    """Name, reach and end of a key of one's own; the answer to the form is the only page that ever shows it."""
    access = view_of(request).access
    if not _may_make(access):
        raise PermissionDenied(_("Your role does not make keys. Ask an administrator."))
    errors: dict[str, str] = {}
    if request.method == "POST":
        wanted, errors = _read(request)
        if not errors:
            try:
                made, secret = tokens.create(Membership.objects.get(pk=access.member_id), wanted["name"], wanted["scopes"], access=access, lasts=datetime.timedelta(days=wanted["days"]))
                return page(request, "setup/key_made.html", {"token": made, "secret": secret, "keys_url": href(access, "settings", "keys"), "scopes": [_words(s) for s in made.scopes]})
            except Impossible as error:
                errors = {error.field: error.message}
    chosen = set(request.POST.getlist("scope"))
    types = sorted((t for t in registry.all_types() if access.can(t.key, "view")), key=lambda t: (not t.nav, str(t.plural)))
    context = {
        "errors": error_list(errors), "error": errors, "name": request.POST.get("name", ""), "days": request.POST.get("days", "90"), "reach": request.POST.get("reach", "read"),
        "choices": [(str(n), _("%(n)s days") % {"n": n} if n < 365 else _("one year") if n == 365 else _("three years")) for n in DAYS],
        "actions": ACTIONS, "rows": [("*", _("Every type"), {a: f"*.{a}" in chosen for a in ACTIONS}), *((t.key, t.plural, {a: f"{t.key}.{a}" in chosen for a in ACTIONS if access.can(t.key, a)}) for t in types)],
        "keys_url": href(access, "settings", "keys"),
    }  # fmt: skip
    return page(request, "setup/key_new.html", context, status=422 if errors else 200)


def _read(request: HttpRequest) -> tuple[dict[str, Any], dict[str, str]]:
    """What the form asks for, and what is wrong with it."""
    errors: dict[str, str] = {}
    name, reach, days = request.POST.get("name", "").strip(), request.POST.get("reach", ""), request.POST.get("days", "")
    if not name or len(name) > 80 or not name.isprintable():
        errors["name"] = _("Name the program that uses the key, in at most 80 characters.")
    if reach not in REACHES:
        errors["reach"] = _("Choose how far the key reaches.")
    scopes = list(REACHES.get(reach, ())) or request.POST.getlist("scope")
    if reach == "chosen" and not scopes:
        errors["scope"] = _("Tick at least one right.")
    if days not in {str(n) for n in DAYS}:
        errors["days"] = _("Choose when the key ends.")
    return ({"name": name, "scopes": scopes, "days": int(days)}, errors) if not errors else ({}, errors)


@require_http_methods(["GET", "HEAD", "POST"])
@everyone
def revoke(request: HttpRequest, key_id: uuid.UUID) -> HttpResponse:
    """End a key: the verb, asked for once more."""
    access = view_of(request).access
    record_type = registry.get("keys")
    token = record_type.visible(access).filter(pk=key_id).first()
    if token is None:
        raise Http404
    problem, back = "", href(access, "settings", "keys")
    if request.method == "POST":
        try:
            done = perform.perform(registry.verb("keys", "revoke"), record_type, token, access=access, inputs={})
            return answer(request, _("“%(name)s” no longer works") % {"name": token.name}, operation_id=done.operation_id, back=back)
        except perform.NotAllowed:
            raise PermissionDenied from None
        except Refused as error:
            problem = error.message
    return dialog(request, "setup/key_revoke.html", {"token": token, "problem": problem, "action": request.path, "cancel": back}, errors=problem)
