"""The sales report: how many, how much, by whom, for whom, of what and when.

Every dimension hangs on a deal by one link, so that no sum can fan out; products hang on lines, which are summed by themselves.
Amounts are in base currency. Ten queries, whatever the size.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import Any

from django.db.models import Case, Count, DecimalField, Exists, F, OuterRef, Q, QuerySet, Sum, Value, When
from django.db.models.functions import ExtractQuarter, ExtractYear
from django.utils.translation import gettext as _

from patron.customers.models import Account
from patron.identity.access import Access
from patron.sales.domain.queries import LOST, OPEN, WON, live, number
from patron.sales.enums import Outcome
from patron.sales.models import DealLine
from patron.sales.models.expressions import Converted
from patron.sales.rules import win_rate

Row = dict[str, Any]
_ZERO = Decimal("0.00")
_MONEY = DecimalField(max_digits=18, decimal_places=2)

#: Dimension -> (key path, label path). Region is the office of whoever owns the deal, sector the industry of its account.
_PATHS: dict[str, tuple[str, str]] = {
    "agent": ("owner", "owner__name"),
    "manager": ("owner__manager", "owner__manager__name"),
    "region": ("owner__office", "owner__office"),
    "sector": ("account__industry", "account__industry__name"),
}


def sales_report(access: Access, *, deals: QuerySet[Any] | None = None) -> Row:
    """The figures of the deals that a person may see; `deals` narrows them (a period, a team).

    `{"deals", "won": {"count", "value"}, "lost": {"count"}, "open": {"count"}, "accounts", "subsidiaries", "deals_without_account", "by": {…}}`.
    A partly won deal counts once, as won, with what was won of it (D2).
    """
    rows = (live(access) if deals is None else deals).order_by()
    totals = rows.aggregate(**_figures(rows), all=Count("pk"), without_account=Count("pk", filter=Q(account__isnull=True)))
    accounts = Account.objects.visible_to(access).filter(archived_at=None).aggregate(n=Count("pk"), below=Count("pk", filter=Q(parent__isnull=False)))
    return {
        "deals": totals["all"],
        "won": {"count": totals["won_n"], "value": totals["won_value"] or _ZERO},
        "lost": {"count": totals["lost_n"]},
        "open": {"count": totals["open_n"]},
        "accounts": accounts["n"],
        "subsidiaries": accounts["below"],
        "deals_without_account": totals["without_account"],
        "by": {**{name: by(rows, name) for name in _PATHS}, "product": by_product(rows, access), "quarter": by_quarter(rows)},
    }


def _figures(rows: QuerySet[Any]) -> dict[str, Any]:
    return {
        "n": number(rows), "won_n": number(rows, WON), "partly_n": number(rows, Q(outcome=Outcome.PARTIALLY_WON)),
        "lost_n": number(rows, LOST), "open_n": number(rows, OPEN), "won_value": Sum("won_base"), "lost_value": Sum("lost_base"),
        "open_value": Sum("base_amount", filter=OPEN), "weighted_value": Sum("weighted", filter=OPEN),
    }  # fmt: skip


def _row(found: Row, key: Any, label: str) -> Row:
    won, lost = found["won_value"] or _ZERO, found["lost_value"] or _ZERO
    return {
        "key": key, "label": label, "deals": found["n"],
        "won": {"count": found["won_n"], "value": won, "partially": found["partly_n"]},
        "lost": {"count": found["lost_n"], "value": lost},
        "open": {"count": found["open_n"], "value": found["open_value"] or _ZERO, "weighted": found["weighted_value"] or _ZERO},
        "win_rate": win_rate(found["won_n"], found["lost_n"]), "win_rate_by_value": win_rate(won, lost),
    }  # fmt: skip


def _ordered(rows: Iterable[Row]) -> list[Row]:
    """Most won first; what belongs to nothing last."""
    return sorted(rows, key=lambda r: (r["key"] in (None, ""), -r["won"]["value"], str(r["label"])))


def by(rows: QuerySet[Any], dimension: str) -> list[Row]:
    """The figures per agent, manager, region or sector. Deals without one are a row of their own, so that rows add up to the whole.

    `rows` may be sums over deals by owner, but for sectors.
    """
    key, label = _PATHS[dimension]
    found = rows.values(_key=F(key), _label=F(label)).annotate(**_figures(rows))
    return _ordered(_row(r, r["_key"], r["_label"] or _("none")) for r in found if r["n"])


def by_quarter(rows: QuerySet[Any]) -> list[Row]:
    """The figures of closed deals per calendar quarter of their closing, oldest first; the key is such as 2017-Q3. `rows` may be sums by day."""
    closed = rows.filter(~OPEN, closed_on__isnull=False)
    found = closed.values(_year=ExtractYear("closed_on"), _quarter=ExtractQuarter("closed_on")).annotate(**_figures(rows))
    named = [(f"{r['_year']}-Q{r['_quarter']}", r) for r in found if r["n"]]
    return [_row(r, name, name.replace("-", " ")) for name, r in sorted(named, key=lambda pair: pair[0])]


def by_product(rows: QuerySet[Any], access: Access) -> list[Row]:
    """The figures per product: values are those of the product's lines, a deal counts once for each product in it.

    Deals without lines are the row without a product, with the deal's own amounts.
    """
    lines = DealLine.objects.filter(archived_at=None, deal__in=rows.values("pk"))
    found = lines.order_by().values(_key=F("product"), _label=F("product__name")).annotate(**_line_figures())
    bare = rows.filter(~Exists(DealLine.objects.filter(deal=OuterRef("pk"), archived_at=None))).aggregate(**_figures(rows))
    made = {r["_key"]: r for r in found}
    if bare["n"]:
        made[None] = _sum(made.get(None), bare)
    return _ordered(_row(r, key, r.get("_label") or _("none")) for key, r in made.items())


def _line_figures() -> dict[str, Any]:
    won, lost = (
        Q(deal__outcome__in=(Outcome.WON, Outcome.PARTIALLY_WON), won_quantity__gt=0),
        Q(~Q(deal__outcome=Outcome.OPEN), lost_quantity__gt=0, won_quantity=0),
    )
    open_ = Q(deal__outcome=Outcome.OPEN)
    weighted = _base("value") * F("deal__effective_probability") / Value(100)
    return {
        "n": Count("deal", distinct=True), "won_n": Count("deal", distinct=True, filter=won),
        "partly_n": Count("deal", distinct=True, filter=won & Q(deal__outcome=Outcome.PARTIALLY_WON)), "lost_n": Count("deal", distinct=True, filter=lost),
        "open_n": Count("deal", distinct=True, filter=open_), "won_value": _closed_sum("won_value"), "lost_value": _closed_sum("lost_value"),
        "open_value": Sum(_base("value"), filter=open_), "weighted_value": Sum(weighted, filter=open_, output_field=_MONEY),
    }  # fmt: skip


def _base(column: str) -> Any:
    return Converted(F(column), F("deal__rate"))


def _closed_sum(column: str) -> Any:
    return Sum(Case(When(deal__outcome=Outcome.OPEN, then=Value(Decimal(0))), default=_base(column), output_field=_MONEY))


def _sum(one: Row | None, other: Row) -> Row:
    names = [n for n in other if one is None or n in one]
    return other if one is None else {**one, **{n: (one[n] or 0) + (other[n] or 0) for n in names}}


def plain(value: Any, *, text: Callable[[Decimal], str] = lambda d: f"{d:.2f}") -> Any:
    """The report for JSON: amounts as text with two decimals, keys as text."""
    if isinstance(value, dict):
        return {k: plain(v, text=text) for k, v in value.items()}
    if isinstance(value, list):
        return [plain(v, text=text) for v in value]
    if isinstance(value, Decimal):
        return text(value)
    return value if value is None or isinstance(value, str | int) else str(value)
