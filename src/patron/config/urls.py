"""Addresses: sign-in under /auth/, everything of a workspace under /w/<slug>/."""

from importlib.util import find_spec

from django.urls import include, path

from patron.identity.views import start
from patron.kernel.web import error_page
from patron.records import urls as records

urlpatterns = [
    path("", start, name="start"),
    path("auth/", include("allauth.urls")),
    path("", include("patron.api.pages")),
    *[path("w/<slug:slug>/", include(f"patron.{app}.urls")) for app in ("reports", "setup", "collab", "customers", "sales", "flows") if find_spec(f"patron.{app}.urls")],
    *[path("w/<slug:slug>/", include("patron.records.imports.urls")) for _once in (1,) if find_spec("patron.records.views.imports")],
    path("w/<slug:slug>/", include(records)),
]


def handler404(request, exception=None):  # type: ignore[no-untyped-def]
    """Pages that no pattern knows."""
    return error_page(request, 404)
