"""The reports and dashboards that every workspace has from the first day. They live here, as data; a person who wants another one makes a copy."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from patron.reports.definition import Definition, Grouping, Measure
from patron.reports.enums import Aggregate, Bucket, Chart, Compare, Show


@dataclass(frozen=True, slots=True)
class Shipped:
    """A report that comes with Patron."""

    key: str
    name: Any
    description: Any
    definition: Definition


@dataclass(frozen=True, slots=True)
class ShippedTile:
    report: str
    width: int


@dataclass(frozen=True, slots=True)
class ShippedDashboard:
    key: str
    name: Any
    description: Any
    tiles: tuple[ShippedTile, ...]


def _all(*nodes: list[Any]) -> dict[str, Any]:
    return {"and": list(nodes)}


_OPEN, _LOST = ["outcome", "is", ["open"]], ["outcome", "is", ["lost"]]
_WON = ["outcome", "is", ["won", "partially_won"]]
_SUM, _AVG, _MEDIAN, _MAX, _FORMULA = Aggregate.SUM, Aggregate.AVG, Aggregate.MEDIAN, Aggregate.MAX, Aggregate.FORMULA
_LAST_YEAR = ["closed_on", "within", "last_365_days"]

_WIN_RATE = (
    Measure("rate", _FORMULA, formula="won / (won + lost)", percent=True, label=_("Win rate")),
    Measure("by_value", _FORMULA, formula="won_value / (won_value + lost_value)", percent=True, label=_("Win rate by value")),
    Measure("won", where=_all(_WON), label=_("Won")),
    Measure("partly", where=_all(["outcome", "is", ["partially_won"]]), label=_("of them partially")),
    Measure("lost", where=_all(_LOST), label=_("Lost")),
    Measure("won_value", _SUM, "won_base", label=_("Won value")),
    Measure("lost_value", _SUM, "lost_base", label=_("Lost value")),
)
_VELOCITY = (
    Measure("speed", _FORMULA, formula="open * won / (won + lost) * won_value / won / cycle", label=_("Value per day")),
    Measure("open", where=_all(_OPEN), label=_("Open deals")),
    Measure("won", where=_all(_WON, _LAST_YEAR), label=_("Won in a year")),
    Measure("lost", where=_all(_LOST, _LAST_YEAR), label=_("Lost in a year")),
    Measure("won_value", _SUM, "won_base", where=_all(_WON, _LAST_YEAR), label=_("Won value in a year")),
    Measure("cycle", _AVG, "opened_on", until="closed_on", where=_all(_WON, _LAST_YEAR), label=_("Days to win")),
    Measure("cycle_median", _MEDIAN, "opened_on", until="closed_on", where=_all(_WON, _LAST_YEAR), label=_("Days to win, median")),
)
_AGE = (
    Measure("age", _AVG, "stage_since", label=_("Days in the stage")),
    Measure("median", _MEDIAN, "stage_since", label=_("Median days")),
    Measure("oldest", _MAX, "stage_since", label=_("Longest")),
    Measure("deals", label=_("Deals")),
)
_SOURCES = (
    Measure("leads", label=_("Leads")),
    Measure("qualified", where=_all(["status", "is", ["qualified"]]), label=_("Qualified")),
    Measure("disqualified", where=_all(["status", "is", ["disqualified"]]), label=_("Disqualified")),
    Measure("rate", _FORMULA, formula="qualified / (qualified + disqualified)", percent=True, label=_("Qualified of those decided")),
)


def _gaps(*fields: tuple[str, Any], more: tuple[Measure, ...] = ()) -> tuple[Measure, ...]:
    return (*(Measure(f"no_{name}", where=_all([name, "empty"]), label=label) for name, label in fields), *more)


SHIPPED: dict[str, Shipped] = {
    s.key: s
    for s in (
        Shipped("pipeline-by-stage", _("Pipeline by stage"), _("What is open in each stage, in full and by its probability."), Definition(
            "deals", filter=_all(_OPEN), groupings=(Grouping("stage"),), sort="group", chart=Chart.FUNNEL,
            measures=(Measure("value", _SUM, "base_amount", label=_("Value")), Measure("weighted", _SUM, "weighted", label=_("Weighted value")), Measure("deals", label=_("Deals"))),
        )),
        Shipped("forecast-by-month", _("Forecast by month"), _("What is won and what is expected, month by month; overdue deals stand apart."), Definition("deals", chart=Chart.STACKED, method="forecast")),
        Shipped("win-rate", _("Win rate by person"), _("How much of what was decided was won, by number and by value. A partly won deal is one win."), Definition(
            "deals", filter=_all(["outcome", "is", ["won", "partially_won", "lost"]]), groupings=(Grouping("owner"),), measures=_WIN_RATE, top=15, sort="-won",
        )),
        Shipped("win-rate-by-quarter", _("Win rate by quarter"), _("How the share of won deals moves."), Definition(
            "deals", filter=_all(["outcome", "is", ["won", "partially_won", "lost"]]), groupings=(Grouping("closed_on", Bucket.QUARTER),), measures=_WIN_RATE, chart=Chart.LINE,
        )),
        Shipped("won-by-quarter", _("Won by quarter"), _("What was won, beside the same quarter of the year before."), Definition(
            "deals", filter=_all(_WON, ["closed_on", "filled"]), groupings=(Grouping("closed_on", Bucket.QUARTER),), compare=Compare.YEAR,
            measures=(Measure("value", _SUM, "won_base", label=_("Won value")), Measure("deals", label=_("Won deals"))),
        )),
        Shipped("sales-velocity", _("Sales velocity"), _("What each person's open deals bring per day: their number × win rate × average value ÷ days to win."), Definition(
            "deals", groupings=(Grouping("owner"),), measures=_VELOCITY, sort="-speed", top=15,
        )),
        Shipped("stage-age", _("Age of deals by stage"), _("How long open deals have stood in their stage."), Definition(
            "deals", filter=_all(_OPEN), groupings=(Grouping("stage"),), measures=_AGE, sort="group",
        )),
        Shipped("lost-reasons", _("Lost reasons"), _("Why deals are lost, and what they would have been worth."), Definition(
            "deals", filter=_all(_LOST), groupings=(Grouping("lost_reason"),), sort="-deals", top=12,
            measures=(Measure("deals", label=_("Lost deals")), Measure("value", _SUM, "lost_base", label=_("Lost value")), Measure("share", show=Show.SHARE, label=_("Share"))),
        )),
        Shipped("activity-by-person", _("Activity by person"), _("Calls, meetings and notes of the last 30 days."), Definition(
            "activities", filter=_all(["done", "is", True], ["at", "within", "last_30_days"]), groupings=(Grouping("owner"), Grouping("kind")),
            measures=(Measure("activities", label=_("Activities")), Measure("minutes", _SUM, "minutes", label=_("Minutes"))), chart=Chart.STACKED, sort="-activities", top=20,
        )),
        Shipped("lead-sources", _("Lead sources"), _("Where leads come from, and how many of them were worth it."), Definition(
            "leads", groupings=(Grouping("source"),), measures=_SOURCES, sort="-leads", top=12,
        )),
        Shipped("account-growth", _("Account growth"), _("New accounts by month, and how many there are in all."), Definition(
            "accounts", groupings=(Grouping("created_at", Bucket.MONTH),), chart=Chart.LINE,
            measures=(Measure("total", show=Show.RUNNING, label=_("Accounts in all")), Measure("new", label=_("New accounts"))),
        )),
        Shipped("contacts-gaps", _("Contacts with gaps"), _("Contacts that nobody can write to, call or place."), Definition(
            "contacts", chart=Chart.NUMBER, measures=_gaps(("email", _("No e-mail")), ("phone", _("No phone")), ("account", _("No account")), ("owner", _("No owner"))),
        )),
        Shipped("accounts-gaps", _("Accounts with gaps"), _("Accounts that lack what lists and reports need."), Definition(
            "accounts", chart=Chart.NUMBER,
            measures=_gaps(("industry", _("No industry")), ("country", _("No country")), ("owner", _("No owner")), more=(Measure("alone", where=_all(["contacts", "none", {}]), label=_("No contact")),)),
        )),
        Shipped("deals-gaps", _("Open deals with gaps"), _("Open deals that nobody is moving, or that the forecast cannot place."), Definition(
            "deals", filter=_all(_OPEN), chart=Chart.NUMBER, measures=_gaps(
                ("next_activity_at", _("No next step")), ("amount", _("No amount")), ("expected_close", _("No close date")), ("account", _("No account")), ("owner", _("No owner")),
                more=(Measure("late", where=_all(["expected_close", "within", "past"]), label=_("Close date passed")),)),
        )),
        Shipped("leads-gaps", _("Leads with gaps"), _("Leads in work that cannot be reached or belong to nobody."), Definition(
            "leads", filter=_all(["status", "is", ["new", "working"]]), chart=Chart.NUMBER,
            measures=_gaps(("email", _("No e-mail")), ("phone", _("No phone")), ("owner", _("No owner")), ("next_activity_at", _("No next step"))),
        )),
    )
}  # fmt: skip

DASHBOARDS: dict[str, ShippedDashboard] = {
    d.key: d
    for d in (
        ShippedDashboard("sales", _("Sales"), _("Pipeline, forecast and what was won."), (
            ShippedTile("deals-gaps", 12), ShippedTile("forecast-by-month", 8), ShippedTile("pipeline-by-stage", 4), ShippedTile("won-by-quarter", 6), ShippedTile("win-rate-by-quarter", 6),
            ShippedTile("lost-reasons", 6), ShippedTile("win-rate", 6), ShippedTile("stage-age", 12),
        )),
        ShippedDashboard("activity", _("Leads and activity"), _("Where leads come from, and who does what."), (
            ShippedTile("lead-sources", 6), ShippedTile("activity-by-person", 6), ShippedTile("account-growth", 12),
        )),
        ShippedDashboard("data-quality", _("Data quality"), _("What is missing, and where to fill it in."), (
            ShippedTile("contacts-gaps", 12), ShippedTile("accounts-gaps", 12), ShippedTile("deals-gaps", 12), ShippedTile("leads-gaps", 12),
        )),
    )
}  # fmt: skip


def choices() -> list[tuple[str, Any]]:
    """Key and name of each report."""
    return [(s.key, s.name) for s in SHIPPED.values()]
