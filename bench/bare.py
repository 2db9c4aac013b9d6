"""The same list from a bare Django view: no workspace, rights, sign-in or history; the measure for what Patron adds."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.urls import path

from bench.seed import SLUG
from patron.customers.models import Account
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace

TEMPLATE = """<!doctype html><table>{% for r in rows %}<tr><td><a href="/{{ r.id }}/">{{ r.name }}</a></td><td>{{ r.number }}</td><td>{{ r.status }}</td>
<td>{{ r.city }}</td><td>{{ r.country }}</td><td>{{ r.employees }}</td><td>{{ r.annual_revenue|floatformat:2 }}</td><td>{{ r.created_at|date }}</td>
<td>{{ r.owner.name }}</td><td>{{ r.industry.name }}</td></tr>{% endfor %}</table>"""


def accounts(request: HttpRequest) -> HttpResponse:
    """The newest fifty accounts, with owner and industry, as anybody would write it."""
    with workspace(Workspace.objects.get(slug=SLUG).pk):
        rows = list(Account.objects.select_related("owner", "industry").order_by("-created_at")[:50])
        return HttpResponse(engines["django"].from_string(TEMPLATE).render({"rows": rows}))


urlpatterns = [path("accounts/", accounts)]
