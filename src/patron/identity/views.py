"""The way in: to the workspace that was open last, or to the list of them."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from patron.identity import database
from patron.kernel.web import render


@login_required
def start(request: HttpRequest) -> HttpResponse:
    """One workspace: straight into it. Several: a choice. None: say so."""
    user: Any = request.user
    places = database.places(user.pk)
    if len(places) == 1:
        return redirect(f"/w/{places[0].slug}/")
    return render(request, "identity/start.html", {"places": places})
