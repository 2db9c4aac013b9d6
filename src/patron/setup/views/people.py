"""People: the list, inviting, and what the person's own page shows beyond its fields."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, Prefetch
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role, Team, TeamMember
from patron.kernel.parsing import Invalid
from patron.records import search
from patron.records.changes import NotValid, read_one
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.verbs import Refused
from patron.records.views.base import error_list, form_of, href, titles_of, view_of
from patron.setup.domain import people as verbs
from patron.setup.views.base import administrators, answer, dialog, page

MOST = 200
TONES = {"active": "good", "invited": "info", "listed": "none", "deactivated": "warn"}


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Everybody, by name; found by words, narrowed by state."""
    access = view_of(request).access
    words, state = request.GET.get("q", "").strip(), request.GET.get("state", "")
    rows = Membership.objects.filter(archived_at__isnull=True)
    if words:
        rows = search.matching(rows, words)
    numbers = dict(rows.values_list("state").annotate(n=Count("pk")).order_by())
    if state in MembershipState.values:
        rows = rows.filter(state=state)
    else:
        rows, state = rows.exclude(state=MembershipState.DEACTIVATED), ""
    teams = Prefetch("teams", TeamMember.objects.select_related("team").order_by("team__name"))
    shown = list(rows.select_related("role", "manager").prefetch_related(teams).order_by("name")[: MOST + 1])
    context = {
        "people": shown[:MOST], "more": len(shown) > MOST, "most": MOST, "q": words, "state": state, "tones": TONES,
        "states": _states(numbers, state, words, href(access, "settings", "people")), "list_url": href(access, "people"), "roles_url": href(access, "settings", "roles"),
    }  # fmt: skip
    return page(request, "setup/people.html", context)


def _states(numbers: dict[str, int], state: str, words: str, here: str) -> list[dict[str, Any]]:
    q = f"&q={words}" if words else ""
    present = sum(n for value, n in numbers.items() if value != MembershipState.DEACTIVATED)
    found = [{"label": _("Current"), "count": present, "url": f"{here}?{q.lstrip('&')}", "current": not state}]
    found += [{"label": label, "count": numbers.get(value, 0), "url": f"{here}?state={value}{q}", "current": state == value} for value, label in MembershipState.choices]
    return found


def invitation_fields() -> tuple[Field, ...]:
    """What an invitation asks for."""
    return (
        Field("email", "email", _("E-mail address"), "email", required=True),
        Field("name", "text", _("Name"), "name", hint=_("They can change it."), max_length=150, nullable=False),
        Field("role", "relation", _("Role"), "role_id", required=True, model=Role, target="roles"),
        Field("team", "relation", _("Team"), "team_id", model=Team, target="teams"),
        Field("manager", "person", _("Manager"), "manager_id", model=Membership, target="people"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def invite(request: HttpRequest) -> HttpResponse:
    """Ask for an address, a role and a place; send the link."""
    view, fields = view_of(request), invitation_fields()
    errors: dict[str, str] = {}
    if request.method == "POST":
        values, errors = _read(fields, request, view)
        if not errors:
            try:
                member, signed = verbs.invite_new(values.pop("email"), access=view.access, **values)
                return answer(request, _("Invitation to %(email)s on its way") % {"email": member.email}, operation_id=signed, back=href(view.access, "settings", "people"))
            except Refused as error:
                errors = {error.field: error.message}
            except NotValid as error:
                errors = error.errors
    initial = {"role": Role.objects.filter(key="sales-agent").values_list("pk", flat=True).first()}
    drawn = form_of(fields, view, initial, typed_in=request.POST if request.method == "POST" else None, errors=errors, titles=titles_of(fields, initial))
    for field in drawn:
        _as_choice(field, view)
    context = {"fields": drawn, "errors": error_list(errors), "action": request.path, "cancel": href(view.access, "settings", "people")}
    return dialog(request, "setup/invite.html", context, errors=errors)


def _as_choice(field: dict[str, Any], view: View) -> None:
    """Roles and teams are few: a list to choose from."""
    rows = {"role": Role.objects.order_by("name"), "team": Team.objects.filter(archived_at__isnull=True).order_by("name")}.get(field["name"])
    if rows is not None:
        field.update(kind="choice", url="", options=[(str(pk), name) for pk, name in rows.values_list("pk", "name")], value=str(field["value"] or ""))


def _read(fields: tuple[Field, ...], request: HttpRequest, view: View) -> tuple[dict[str, Any], dict[str, str]]:
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in fields:
        try:
            value = read_one(field, request.POST.get(field.name, ""), view)
            values[field.name] = field.model.objects.get(pk=value) if field.is_relation and value else value
        except Invalid as error:
            errors[field.name] = error.message
    return values, errors
