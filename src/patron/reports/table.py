"""The sales report as a table: one row per agent, manager, region, product, sector or quarter."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records.views.base import href
from patron.sales.domain import report
from patron.sales.domain.kept import Deals

DIMENSIONS = {
    "agent": gettext_lazy("Agent"), "manager": gettext_lazy("Manager"), "region": gettext_lazy("Region"), "product": gettext_lazy("Product"),
    "sector": gettext_lazy("Sector"), "quarter": gettext_lazy("Quarter"),
}  # fmt: skip
_FIELDS = {"agent": "owner", "manager": "owner.manager", "region": "owner.office", "sector": "account.industry"}


def report_of(access: Access, deals: Deals, by: str, fmt: Formats, scope: str) -> dict[str, Any]:
    """Rows of one dimension with their share of the largest, and what opens when one is clicked."""
    by = by if by in DIMENSIONS else "agent"
    if by == "product":
        found = report.by_product(deals.rows.order_by(), access)
    elif by == "quarter":
        found = report.by_quarter(deals.by_day.order_by())
    else:
        found = report.by((deals.rows if by == "sector" else deals.by_owner).order_by(), by)
    top = max((r["won"]["value"] for r in found), default=0) or 1
    currency = access.workspace.currency
    lines = [
        {
            "label": r["label"], "href": _drill(access, by, r), "deals": fmt.number(r["deals"]), "won": fmt.number(r["won"]["count"]), "value": fmt.money(r["won"]["value"], currency, False),
            "lost": fmt.number(r["lost"]["count"]), "open": fmt.number(r["open"]["count"]), "open_value": fmt.money(r["open"]["value"], currency, False),
            "rate": "–" if r["win_rate"] is None else f"{r['win_rate']:.0f}%", "share": round(float(r["won"]["value"] / top * 100), 1),
        }
        for r in found
    ]  # fmt: skip
    tabs = [{"label": str(label), "url": href(access, query=f"scope={scope}&by={name}") + "#sales", "current": name == by} for name, label in DIMENSIONS.items()]
    return {"by": by, "title": str(DIMENSIONS[by]), "rows": lines, "tabs": tabs, "total": _total(found, fmt, currency)}


def _drill(access: Access, by: str, row: dict[str, Any]) -> str:
    """The deals behind a row."""
    if by not in _FIELDS:
        return ""
    key = row["key"]
    node = [_FIELDS[by], "empty"] if key in (None, "") else [_FIELDS[by], "is", [str(key)]]
    import json

    return href(access, "deals", query=urlencode({"view": "all", "f": json.dumps({"and": [node]})}))


def _total(found: list[dict[str, Any]], fmt: Formats, currency: str) -> dict[str, str]:
    from decimal import Decimal

    return {
        "label": _("Total"), "deals": fmt.number(sum(r["deals"] for r in found)), "won": fmt.number(sum(r["won"]["count"] for r in found)),
        "value": fmt.money(sum((r["won"]["value"] for r in found), Decimal(0)), currency, False), "lost": fmt.number(sum(r["lost"]["count"] for r in found)),
        "open": fmt.number(sum(r["open"]["count"] for r in found)), "open_value": fmt.money(sum((r["open"]["value"] for r in found), Decimal(0)), currency, False),
    }  # fmt: skip
