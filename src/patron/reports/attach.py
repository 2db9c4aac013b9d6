"""Where reports show up in the pages around them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from patron.records.shell import nav_link
from patron.reports import forecasting  # noqa: F401  (registers the forecast among the methods)


@nav_link(_("Dashboards"))
def dashboards(request: HttpRequest, access: Any) -> dict[str, Any] | None:
    return None if not access.can("dashboards", "view") else {"icon": "layout-dashboard", "url": f"/w/{access.workspace.slug}/dashboards/"}


@nav_link(_("Reports"))
def reports(request: HttpRequest, access: Any) -> dict[str, Any] | None:
    return None if not access.can("reports", "view") else {"icon": "chart-column", "url": f"/w/{access.workspace.slug}/reports/"}
