"""Accepting an invitation: the only page about a workspace that somebody outside it may open."""

from __future__ import annotations

from typing import Any

from allauth.account.utils import perform_login
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from patron.identity import invitations
from patron.identity.access import Access
from patron.identity.domain import people
from patron.identity.domain.administrators import Impossible
from patron.identity.entrance import surroundings
from patron.identity.forms import JoinForm
from patron.identity.models import Invitation, Membership, User, Workspace
from patron.kernel.origin import Origin, origin
from patron.kernel.tenancy import workspace
from patron.kernel.web import render
from patron.ledger.operations import operation


@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Join with the sign-in one has, or make one: name and password."""
    try:
        claim = invitations.read(token)
        with workspace(claim.workspace_id):
            found = invitations.find(claim)
    except invitations.Ended as ended:
        return _ended(request, ended)
    address = found.member.email
    known = User.objects.filter(email__iexact=address).first()
    me: Any = request.user
    if known is not None:
        return _with_sign_in(request, claim, found, known, me)
    form = JoinForm(request.POST or None, email=address, initial={"name": found.member.name})
    if request.method == "POST" and not me.is_authenticated and form.is_valid():
        try:
            user = _accept(request, claim, form.cleaned_data)
        except invitations.Ended as ended:
            return _ended(request, ended)
        except IntegrityError:  # somebody made that sign-in a moment ago
            return redirect(request.path)
        return perform_login(request, user, redirect_url=f"/w/{found.workspace.slug}/")
    return _page(request, found, form=form, state="other" if me.is_authenticated else "new", status=422 if form.errors else 200)


def _with_sign_in(request: HttpRequest, claim: invitations.Claim, found: Invitation, known: User, me: Any) -> HttpResponse:
    """The address has a sign-in: whoever holds it joins with one click, anybody else signs in first."""
    if not me.is_authenticated:
        return _page(request, found, state="sign-in", sign_in=f"/auth/login/?{urlencode({'next': request.path})}")
    if me.pk != known.pk:
        return _page(request, found, state="other")
    if request.method != "POST":
        return _page(request, found, state="join")
    try:
        _accept(request, claim, {}, known)
    except invitations.Ended as ended:
        return _ended(request, ended)
    except Impossible as error:
        return _page(request, found, state="join", problem=error.message, status=422)
    return redirect(f"/w/{found.workspace.slug}/")


def _accept(request: HttpRequest, claim: invitations.Claim, data: dict[str, Any], user: User | None = None) -> User:
    """Under lock, so that one link admits one person once."""
    token = origin.set(Origin(address=request.META.get("REMOTE_ADDR") or None))
    try:
        with transaction.atomic(), workspace(claim.workspace_id):
            found = invitations.find(claim, lock=True)
            member, place = found.member, found.workspace
            user = user or User.objects.create_user(member.email, data["password"], name=data["name"])
            with operation("people.accept", access=_as(member, place, user), subject=("people", member.pk)):
                if data and data["name"] != member.name:
                    member.name = data["name"]
                    member.save(update_fields=["name"])
                people.accept(member, user)
            return user
    finally:
        origin.reset(token)


def _as(member: Membership, place: Workspace, user: User) -> Access:
    """The person who joins, as the one who signs it."""
    return Access(place, member.pk, user.pk, member.name, member.role.name, member.role.matrix)


def _page(request: HttpRequest, found: Invitation, *, status: int = 200, **context: Any) -> HttpResponse:
    around = {"member": found.member, "workspace": found.workspace, "form": None, "problem": "", "sign_in": "", **surroundings(request), **context}
    return render(request, "identity/join.html", {**around, "site_name": found.workspace.name, "brand_hue": found.workspace.hue}, status=status)


def _ended(request: HttpRequest, ended: invitations.Ended) -> HttpResponse:
    text = _("It is older than seven days. Ask for a new one.") if ended.expired else _("It was used already, withdrawn, or replaced by a newer one.")
    return render(request, "identity/join_ended.html", {"text": text, **surroundings(request)}, status=410)
