"""Where reports show up in the pages around them."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from patron.records.shell import nav_link
from patron.reports import forecasting  # noqa: F401  (registers the forecast among the methods)


@nav_link
def dashboards(request: HttpRequest, access: Any) -> dict[str, Any] | None:
    return None if not access.can("dashboards", "view") else {"icon": "layout-dashboard", "label": _("Dashboards"), "url": f"/w/{access.workspace.slug}/dashboards/"}


@nav_link
def reports(request: HttpRequest, access: Any) -> dict[str, Any] | None:
    return None if not access.can("reports", "view") else {"icon": "chart-column", "label": _("Reports"), "url": f"/w/{access.workspace.slug}/reports/"}
