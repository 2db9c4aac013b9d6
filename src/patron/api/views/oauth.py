"""OAuth 2: the page on which a person grants access, and the addresses at which programs exchange, renew and revoke."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from patron.api import limits
from patron.api.domain import oauth
from patron.api.models import Application
from patron.api.problems import Problem
from patron.identity import keys
from patron.identity.middleware import access_of, origin_of
from patron.identity.models import Workspace
from patron.kernel import tenancy
from patron.kernel.origin import origin
from patron.kernel.web import render
from patron.records import registry

PER_ADDRESS = 120  # requests per minute


@require_safe
def enter(request: HttpRequest) -> HttpResponse:
    """The address that programs know: leads into the workspace that the client id names, by way of the sign-in."""
    place = oauth.place_of(request.GET.get("client_id", ""))
    slug = Workspace.objects.filter(pk=place[0]).values_list("slug", flat=True).first() if place else None
    if slug is None:
        raise Http404
    return redirect(f"/w/{slug}/oauth/authorize/?{request.GET.urlencode()}")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def authorize(request: HttpRequest, slug: str) -> HttpResponseBase:
    """Ask the person; then back to the program, with a code or the refusal. An unknown program or address is never returned to."""
    access, given = access_of(request), request.GET
    place = oauth.place_of(given.get("client_id", ""))
    application = Application.objects.filter(pk=place[1], disabled_at=None).first() if place and place[0] == access.workspace.pk else None
    target = given.get("redirect_uri", "")
    if application is None or target not in oauth.uris_of(application):
        text = _("This program is not registered here.") if application is None else _("The program wants to be answered at an address that is not registered for it.")
        return render(request, "api/consent.html", {"problem": text, "application": None}, status=400)
    state = {"state": given["state"]} if "state" in given else {}
    try:
        if given.get("response_type") != "code":
            raise oauth.Denied("unsupported_response_type", "Ask for response_type=code.")
        challenge = oauth.check_challenge(given.get("code_challenge", ""), given.get("code_challenge_method", ""))
        scopes = oauth.scopes_of(given.get("scope", ""))
    except oauth.Denied as error:
        return _back(target, {"error": error.code, "error_description": error.text, **state})
    if request.method == "POST":
        if request.POST.get("decision") != "allow":
            return _back(target, {"error": "access_denied", **state})
        return _back(target, {"code": oauth.grant(application, access=access, redirect_uri=target, challenge=challenge, scopes=scopes), **state})
    parts = urlsplit(target)
    context = {"application": application, "problem": "", "scopes": [_words(s) for s in scopes], "host": parts.hostname or parts.scheme, "action": request.get_full_path()}
    response = render(request, "api/consent.html", context)
    response._csp_update = {"form-action": [f"{parts.scheme}://{parts.netloc}" if parts.netloc else f"{parts.scheme}:"]}  # type: ignore[attr-defined]
    return response


def _words(scope: str) -> str:
    key, _dot, action = scope.partition(".")
    if scope == "*":
        return _("do everything that you may do")
    known = registry.find(key)
    what = _("everything") if key == "*" else str(known.plural).lower() if known else _("the settings")
    words = {"view": _("see"), "create": _("create"), "edit": _("change"), "act": _("act on"), "delete": _("delete"), "export": _("export"), "import": _("import"), "*": _("do anything with")}
    return f"{words[action]} {what}"


def _back(target: str, answer: dict[str, str]) -> HttpResponse:
    """To the program. The address was registered by an administrator; its scheme may be the program's own."""
    response = HttpResponse(status=302)
    response.headers["Location"] = f"{target}{'&' if '?' in target else '?'}{urlencode(answer)}"
    return response


def _endpoint(work: Callable[[Any], dict[str, Any]]) -> Callable[[HttpRequest], HttpResponse]:
    """One of the programs' addresses: a form in, JSON out, errors as RFC 6749 has them."""

    @csrf_exempt
    def answer(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return JsonResponse({"error": "invalid_request", "error_description": "POST a form."}, status=405, headers={"Allow": "POST"})
        token = origin.set(origin_of(request))
        try:
            limits.take(f"oauth:{request.META.get('REMOTE_ADDR', '')}", PER_ADDRESS)
            response = JsonResponse(work(request.POST))
        except oauth.Denied as error:
            response = JsonResponse({"error": error.code, "error_description": error.text}, status=401 if error.code == "invalid_client" else 400)
        except Problem as problem:
            return problem.response()
        finally:
            origin.reset(token)
        response.headers["Cache-Control"] = "no-store"
        return response

    return answer


def _within(given: Any, secret: str, work: Callable[[Any], Any]) -> Any:
    """Inside the workspace that client and secret agree on. A refusal is an answer here: what it ended stays ended."""
    place = oauth.place_of(given.get("client_id", ""))
    if place is None or not Workspace.objects.filter(pk=place[0]).exists():
        raise oauth.Denied("invalid_client", "This client_id is unknown.")
    if keys.workspace_id_of(secret) != place[0] or not secret.isascii():
        raise oauth.Denied("invalid_grant", "This code or token is unknown.")
    refused: oauth.Denied | None = None
    made: Any = None
    with transaction.atomic(), tenancy.workspace(place[0]):
        try:
            made = work(place[1])
        except oauth.Denied as error:
            refused = error
    if refused is not None:
        raise refused
    return made


def _token(given: Any) -> dict[str, Any]:
    kind = given.get("grant_type", "")
    if kind == "authorization_code":
        code, verifier = given.get("code", ""), given.get("code_verifier", "")
        if not verifier:
            raise oauth.Denied("invalid_request", "Send the code_verifier.")
        made = _within(given, code, lambda app: oauth.exchange(code, application_id=app, redirect_uri=given.get("redirect_uri", ""), verifier=verifier))
    elif kind == "refresh_token":
        old = given.get("refresh_token", "")
        made = _within(given, old, lambda app: oauth.refresh(old, application_id=app))
    else:
        raise oauth.Denied("unsupported_grant_type", "Possible: authorization_code, refresh_token.")
    return {"access_token": made.access, "token_type": "Bearer", "expires_in": int(oauth.KEY_LASTS.total_seconds()), "refresh_token": made.refresh, "scope": " ".join(made.scopes)}


def _revoke(given: Any) -> dict[str, Any]:
    text = given.get("token", "")
    if keys.workspace_id_of(text) is not None:
        _within(given, text, lambda app: oauth.revoke(text, application_id=app))
    return {}


token = _endpoint(_token)
revoke = _endpoint(_revoke)
