"""Addresses: sign-in under /auth/, everything of a workspace under /w/<slug>/."""

from django.urls import include, path

from patron.identity.views import start
from patron.kernel.faults import server_error as handler500  # noqa: F401  (Django finds it here by this name)
from patron.kernel.web import error_page
from patron.setup import urls as setup

urlpatterns = [
    path("", start, name="start"),
    path("auth/", include("patron.identity.urls")),
    *setup.entrance,
    path("", include("patron.api.pages")),
    path("w/<slug:slug>/", include("patron.reports.urls")),
    path("w/<slug:slug>/", include(setup)),
    path("w/<slug:slug>/", include("patron.collab.urls")),
    path("w/<slug:slug>/", include("patron.customers.urls")),
    path("w/<slug:slug>/", include("patron.sales.urls")),
    path("w/<slug:slug>/", include("patron.quality.urls")),
    path("w/<slug:slug>/", include("patron.records.imports.urls")),
    path("w/<slug:slug>/", include("patron.records.urls")),  # last: its first word is any record type
]


def handler404(request, exception=None):  # type: ignore[no-untyped-def]
    """Pages that no pattern knows."""
    return error_page(request, 404)
