"""Roles: the list, the matrix, the rules for fields, copies."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patron.identity.domain.administrators import manages
from patron.identity.models import Membership, Role
from patron.ledger.models import Change, Operation
from patron.records import registry
from patron.records.changes import NotValid
from patron.records.verbs import Refused
from patron.records.views import holding
from patron.records.views.base import error_list, href, view_of
from patron.setup.domain import roles
from patron.setup.views.base import administrators, answer, dialog, page


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every role with how many people have it."""
    found = Role.objects.annotate(people=Count("memberships")).order_by("name")
    shown = [{"role": role, "people": role.people, "manages": manages(role)} for role in found]
    return page(request, "setup/roles.html", {"roles": shown, "people_url": href(view_of(request).access, "people")})


def _role(role_id: uuid.UUID) -> Role:
    found = Role.objects.filter(pk=role_id).first()
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def edit(request: HttpRequest, role_id: uuid.UUID) -> HttpResponse:
    """The matrix of one role. What somebody else changed meanwhile is kept, or asked about where both changed it."""
    view, role = view_of(request), _role(role_id)
    errors: dict[str, str] = {}
    if request.method == "POST":
        role = holding.locked(role)
    now = roles.parts(role.name, role.description, role.matrix)
    if request.method == "POST":
        said = roles.parts(request.POST.get("name", "").strip(), request.POST.get("description", "").strip()[:300], roles.read(request.POST, role.matrix))
        wanted = {**dict.fromkeys(now), **said}  # a line that lost its tick is none
        try:
            mine = holding.kept(request, now, wanted, told=lambda n: _told(n, now), last=lambda: holding.last_on([role]))
            done = roles.save(role, access=view.access, **roles.whole({**now, **mine}))
            return answer(request, _("Role saved") if done else _("Nothing was changed"), operation_id=done, target=request.path)
        except NotValid as refused:
            errors, entered = refused.errors, roles.whole(refused.merged if isinstance(refused, holding.Meanwhile) else wanted)
        except Refused as refused:
            errors, entered = {"": refused.message}, roles.whole(wanted)
        role.matrix, role.name, role.description = entered["matrix"], entered["name"], entered["description"]
    people = list(Membership.objects.filter(role=role).order_by("name")[:50])
    context = {
        "role": role, "groups": roles.groups(role), "actions": roles.ACTIONS, "manages": manages(role), "errors": error_list(errors), "people": people,
        "history": _history(role), "people_url": href(view.access, "people"), "roles_url": href(view.access, "settings", "roles"),
        "mine": any(p.pk == view.access.member_id for p in people), "seen": holding.seen(request, now),
    }  # fmt: skip
    return page(request, "setup/role.html", context, status=holding.status(errors))


def _told(name: str, now: dict[str, Any]) -> str:
    """One part of a role in words."""
    if name in ("name", "description"):
        return holding.words(_("Name") if name == "name" else _("Description"), now[name])
    key = name.removeprefix("matrix:")
    found = registry.find(key)
    return str(found.plural) if found else _("Manages settings") if key == roles.SETTINGS else _("Everything else")


def _history(role: Role) -> list[dict[str, Any]]:
    """The last changes of the role, in words."""
    changes = list(Change.objects.filter(row_id=role.pk, table_name=Role._meta.db_table).order_by("-at", "-seq")[:8])
    signed = {o.pk: o for o in Operation.objects.filter(pk__in=[c.operation_id for c in changes])}
    found = []
    for change in changes:
        what = _("created the role") if change.action == "I" else _("changed the role")
        lines = list(roles.differences(*(m or {} for m in change.changes["matrix"]))) if change.action == "U" and "matrix" in change.changes else []
        lines += [(label, str(change.changes[n][0] or ""), str(change.changes[n][1] or "")) for n, label in (("name", _("Name")), ("description", _("Description"))) if change.action == "U" and n in change.changes]
        if change.action == "U" and "field_rules" in change.changes:
            lines.append((_("Rules for fields"), "", _("changed")))
        if change.operation_id in signed:
            found.append({"who": signed[change.operation_id].actor_name, "what": what, "at": change.at, "changes": lines})
    return found


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def new(request: HttpRequest) -> HttpResponse:
    """A new role; with `like` a copy of another."""
    view = view_of(request)
    like = _role(uuid.UUID(request.GET["like"])) if _is_uuid(request.GET.get("like", "")) else None
    errors: dict[str, str] = {}
    if request.method == "POST":
        try:
            made, signed = roles.create(request.POST.get("name", ""), request.POST.get("description", ""), access=view.access, like=like)
            return answer(request, _("Role created"), operation_id=signed, target=href(view.access, "settings", "roles", made.pk))
        except NotValid as refused:
            errors = refused.errors
    name = request.POST.get("name", _("Copy of %(name)s") % {"name": like.name} if like else "")
    context = {"like": like, "name": name, "description": request.POST.get("description", like.description if like else ""), "error": errors, "errors": error_list(errors)}
    return dialog(request, "setup/role_new.html", {**context, "action": request.get_full_path(), "cancel": href(view.access, "settings", "roles")}, errors=errors)


def _is_uuid(text: str) -> bool:
    try:
        uuid.UUID(text)
    except ValueError:
        return False
    return True


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def delete(request: HttpRequest, role_id: uuid.UUID) -> HttpResponse:
    """Delete a role that nobody has."""
    view, role = view_of(request), _role(role_id)
    problem = ""
    if request.method == "POST":
        try:
            signed = roles.delete(role, access=view.access)
            return answer(request, _("Role “%(name)s” deleted") % {"name": role.name}, operation_id=signed, target=href(view.access, "settings", "roles"))
        except Refused as refused:
            problem = refused.message
    return dialog(request, "setup/role_delete.html", {"role": role, "problem": problem, "action": request.path, "cancel": href(view.access, "settings", "roles", role.pk)}, errors=problem)


@require_http_methods(["GET", "HEAD", "POST"])
@administrators
def fields(request: HttpRequest, role_id: uuid.UUID, type_key: str) -> HttpResponse:
    """Which fields of a type the role hides, or shows without letting them be changed."""
    view, role, record_type = view_of(request), _role(role_id), registry.find(type_key)
    if record_type is None:
        raise Http404
    offered = {n: f for n, f in record_type.fields.items() if n != record_type.title and f.kind != "json"}
    errors: dict[str, str] = {}
    if request.method == "POST":
        role = holding.locked(role)
    present = {n: role.field_rules.get(type_key, {}).get(n, "") for n in offered}
    seen = present
    if request.method == "POST":
        rules = {n: request.POST[n] if request.POST.get(n) in ("hidden", "read-only") else "" for n in offered}

        def told(name: str) -> str:
            return holding.words(offered[name].label, str(roles.FIELD_RULES[present[name]]))

        try:
            mine = holding.kept(request, present, rules, told=told, last=lambda: holding.last_on([role]))
        except holding.Meanwhile as meanwhile:
            errors, present = meanwhile.errors, meanwhile.merged
        else:
            rules = {n: rule for n, rule in {**present, **mine}.items() if rule}
            done = roles.save(role, access=view.access, field_rules={k: v for k, v in {**role.field_rules, type_key: rules}.items() if v})
            said = _("Rules saved") if done else _("Nothing was changed")
            return answer(request, said, operation_id=done, back=href(view.access, "settings", "roles", role.pk))
    shown = [{"name": n, "label": f.label, "rule": present.get(n, "")} for n, f in offered.items()]
    context = {"role": role, "record_type": record_type, "fields": shown, "rules": roles.FIELD_RULES, "action": request.path, "cancel": href(view.access, "settings", "roles", role.pk)}
    return dialog(request, "setup/role_fields.html", {**context, "errors": error_list(errors), "seen": holding.seen(request, seen)}, status=holding.status(errors))
