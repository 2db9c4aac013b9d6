"""Home, and the sales report."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from patron.collab.domain.ahead import my_day
from patron.identity.access import Access
from patron.identity.middleware import access_of
from patron.kernel.web import error_page, formats, is_fragment, render
from patron.records.views.base import href
from patron.reports import home as figures
from patron.reports.table import report_of


@require_safe
def home(request: HttpRequest, slug: str) -> HttpResponse:
    """What needs me today, the pipeline, and the sales report by one dimension."""
    access, fmt = access_of(request), formats(request)
    context: dict[str, Any] = {"greeting": _greeting(access), "today": fmt.long_date(access.today()), "day": my_day(access), "sells": figures.may_add_up(access)}
    if context["sells"]:
        scope = figures.scope_of(access, request.GET.get("scope", "all"))
        deals = figures.deals_of(access, scope)
        ahead = figures.outlook(access, deals)
        by = request.GET.get("by", "agent")
        context |= {
            "stats": figures.stats(access, deals, ahead, fmt), "chart": figures.months_chart(access, ahead, fmt), "pipeline": figures.pipeline(access, deals),
            "attention": figures.attention(access, deals.rows), "scopes": _scopes(access, scope, by), "report": report_of(access, deals, by, fmt, scope),
        }  # fmt: skip
    return render(request, "reports/home.html", context)


@require_safe
def report(request: HttpRequest, slug: str) -> HttpResponse:
    """The sales report by one dimension: a fragment of the home page, or a page of its own."""
    access = access_of(request)
    if not figures.may_add_up(access):
        return error_page(request, 403)
    scope = figures.scope_of(access, request.GET.get("scope", "all"))
    found = report_of(access, figures.deals_of(access, scope), request.GET.get("by", "agent"), formats(request), scope)
    return render(request, "reports/sales.html", {"report": found}, block="report" if is_fragment(request) else None)


def _scopes(access: Access, chosen: str, by: str) -> list[dict[str, Any]]:
    labels = {"me": _("Me"), "team": _("My team"), "all": _("Everyone")}
    offered = [s for s in figures.SCOPES if figures.scope_of(access, s) == s and (s != "team" or figures.has_team(access))]
    return [{"label": labels[s], "url": href(access, query=f"scope={s}&by={by}"), "current": s == chosen} for s in offered]


def _greeting(access: Access) -> str:
    hour = timezone.now().astimezone(access.zone).hour
    words = _("Good morning, %(name)s") if hour < 12 else _("Good afternoon, %(name)s") if hour < 18 else _("Good evening, %(name)s")
    return words % {"name": access.name.split()[0] if access.name else ""}


