"""About oneself: profile, preferences, sign-in."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from patron.identity.adapter import browser_of
from patron.identity.models import Membership
from patron.kernel.parsing import Invalid
from patron.records.changes import NotValid, read_one
from patron.records.views import holding
from patron.records.views.base import error_list, form_of, view_of
from patron.setup.domain import profile
from patron.setup.views.base import answer, everyone, page


@require_http_methods(["GET", "HEAD", "POST"])
@everyone
def edit(request: HttpRequest) -> HttpResponse:
    """Name and preferences."""
    view = view_of(request)
    member = Membership.objects.select_related("role", "manager").filter(pk=view.access.member_id).first()
    if member is None:
        raise Http404
    if request.method == "POST":
        holding.locked(member)
        member.refresh_from_db()
    fields, errors, now = profile.fields(view.access), {}, profile.values(member)
    if request.method == "POST":
        wanted: dict[str, Any] = {}
        for field in fields:
            try:
                wanted[field.name] = read_one(field, request.POST.get(field.name, ""), view)
            except Invalid as error:
                errors[field.name] = error.message
        if not errors:
            try:
                mine = holding.of_fields(request, {f.name: f for f in fields}, member, wanted, view, now)
                done = profile.save(member, {**now, **mine}, access=view.access)
                return answer(request, _("Saved") if done else _("Nothing was changed"), operation_id=done, target=request.path)
            except NotValid as refused:
                errors = refused.errors
    drawn = {f["name"]: f for f in form_of(fields, view, now, typed_in=request.POST if errors else None, errors=errors)}
    teams = ", ".join(row.team.name for row in member.teams.select_related("team").order_by("team__name"))
    context = {"fields": drawn, "errors": error_list(errors), "member": member, "teams": teams, "signs_in_as": request.user.email}  # type: ignore[union-attr]
    return page(request, "setup/profile.html", {**context, "seen": holding.seen(request, now)}, status=holding.status(errors))


@require_safe
@everyone
def security(request: HttpRequest) -> HttpResponse:
    """How one signs in, and where one is signed in."""
    user: Any = request.user
    kinds = list(Authenticator.objects.filter(user_id=user.pk).values_list("type", flat=True))
    sessions = UserSession.objects.filter(user_id=user.pk).order_by("-created_at")[:20]
    shown = [{"browser": browser_of(s.user_agent), "phone": "Mobi" in s.user_agent, "ip": s.ip, "at": s.created_at, "here": s.session_key == request.session.session_key} for s in sessions]
    context = {"passkeys": kinds.count("webauthn"), "app": "totp" in kinds, "has_password": user.has_usable_password(), "sessions": shown, "email": user.email}
    return page(request, "setup/security.html", context)
