"""Saved views that the demo workspace comes with, by record type."""

from dataclasses import dataclass

from patron.demo.story.things import Filter

ME = "maya"
COLUMNS = {
    "accounts": "status segment country city owner",
    "contacts": "title account email phone owner",
    "leads": "company rating status source owner created_at",
    "deals": "account stage base_amount expected_close next_step owner",
    "tasks": "about due priority assignee state",
    "products": "sku line kind unit price frequency",
    "deal-reviews": "deal lost_reason team due assignee state",
}
WORKSPACE, PRIVATE = "workspace", "private"
#: Scope of a team's view: the team and whose view it is.
TEAMS = {"keyaccounts": "tobias", "north": "ingrid", "solution": "emre", "pricing": "zsofia"}
OPEN = "outcome|is|open"
ACTIVE = "status|is|active"
WAITING = "status|is|new,working"
UNDONE = "state|is|open"


@dataclass(frozen=True, slots=True)
class View:
    type: str
    name: str
    scope: str
    owner: str
    team: str | None
    filter: Filter
    sort: str
    columns: str


def _condition(text: str) -> list[str | int | list[str]]:
    field, operator, *values = text.split("|")
    if not values:
        return [field, operator]
    value = values[0]
    return [field, operator, value.split(",") if "," in value else int(value) if value.isdigit() else value]


def _either(text: str) -> Filter:
    return {"or": [_condition(part) for part in text.split(" or ")]}


def _view(kind: str, name: str, *conditions: str, sort: str, more: str = "", scope: str = WORKSPACE) -> View:
    """`scope` is one of the two, or a team; `more` are columns beside the usual ones."""
    team = scope if scope in TEAMS else None
    return View(
        type=kind,
        name=name,
        scope="team" if team else scope,
        owner=TEAMS.get(scope, ME),
        team=team,
        filter={"and": [_either(text) if " or " in text else _condition(text) for text in conditions]},
        sort=sort,
        columns=f"{COLUMNS[kind]} {more}".strip(),
    )


VIEWS: tuple[View, ...] = (
    _view("accounts", "My customers", "owner|is|me", ACTIVE, sort="name"),
    _view("accounts", "Customers in Germany", ACTIVE, "country|is|DE", sort="city"),
    _view("accounts", "Quiet 30+ days", ACTIVE, "last_activity_at|within|over_30_days_ago", sort="name"),
    _view(
        "accounts", "At risk", "tags|is|@tags/atrisk or status|is|churned",
        sort="-annual_revenue", more="tags", scope="keyaccounts",
    ),
    _view(
        "accounts", "Prospects over 500 people", "status|is|prospect", "employees|gte|500",
        sort="-employees", more="employees", scope=PRIVATE,
    ),
    _view("accounts", "Nordics", "country|is|SE,NO,DK,FI", sort="country", scope="north"),
    _view("accounts", "Blacklisted", "blacklisted|is|yes", sort="name", more="blacklist_reason"),
    _view("contacts", "My contacts", "owner|is|me", sort="last_name"),
    _view("contacts", "At customers", "account.status|is|active", sort="account"),
    _view("contacts", "Without account", "account|empty", sort="last_name", more="city"),
    _view("contacts", "Champions", "tags|is|@tags/champion", sort="last_name", more="tags", scope=PRIVATE),
    _view("leads", "Open leads", WAITING, sort="-created_at"),
    _view("leads", "Unrated leads", "rating|is|unrated", WAITING, sort="created_at"),
    _view("leads", "Nobody's leads", "owner|empty", "status|is|new", sort="created_at"),
    _view("leads", "My leads", "owner|is|me", WAITING, sort="-created_at"),
    _view(
        "leads", "From the fair", "source|is|@lead_sources/fair", "rating|is|good or rating|is|unrated",
        sort="-created_at", more="city", scope="north",
    ),
    _view(
        "leads", "Disqualified this year", "status|is|disqualified", "created_at|within|this_year",
        sort="-created_at", more="disqualified_reason", scope=PRIVATE,
    ),
    _view("deals", "My open deals", "owner|is|me", OPEN, sort="expected_close"),
    _view("deals", "All open deals", OPEN, sort="-base_amount"),
    _view("deals", "Closing this month", OPEN, "expected_close|within|this_month", sort="expected_close"),
    _view("deals", "Overdue", OPEN, "expected_close|within|past", sort="expected_close"),
    _view("deals", "Rotting", OPEN, "stage_since|within|over_30_days_ago", sort="stage_since", more="stage_since"),
    _view("deals", "No next step", OPEN, "next_step|empty", sort="-base_amount"),
    _view(
        "deals", "Large deals in Germany", OPEN, "base_amount|gte|50000", "account.country|is|DE",
        sort="-base_amount", scope="keyaccounts",
    ),
    _view(
        "deals", "Won this quarter", "outcome|is|won,partially_won", "closed_on|within|this_quarter",
        sort="-closed_on", more="closed_on",
    ),
    _view(
        "deals", "Lost to competitors", "outcome|is|lost", "lost_reason|is|@lost_reasons/rival",
        sort="-closed_on", more="lost_reason", scope="solution",
    ),
    _view(
        "deals", "Renewals next 90 days", OPEN, "pipeline|is|@pipelines/renewals", "expected_close|within|next_90_days",
        sort="expected_close",
    ),
    _view("deals", "Without account", OPEN, "account|empty", sort="created_at", scope=PRIVATE),
    _view("tasks", "My open tasks", "assignee|is|me", UNDONE, sort="due"),
    _view("tasks", "Due today", UNDONE, "due|within|today", sort="due"),
    _view("tasks", "Overdue tasks", UNDONE, "due|within|past", sort="due"),
    _view("tasks", "Given by me", "owner|is|me", "assignee|is_not|me", UNDONE, sort="due", scope=PRIVATE),
    _view("products", "Current products", "active|is|yes", sort="sku"),
    _view("products", "Subscriptions", "frequency|is_not|one_off", "active|is|yes", sort="sku"),
    _view("deal-reviews", "Open reviews", UNDONE, sort="due"),
    _view(
        "deal-reviews", "Findings on price", "state|is|done", "lost_reason|is|@lost_reasons/price",
        sort="-done_at", more="finding done_at", scope="pricing",
    ),
)  # fmt: skip

#: Names of the views that the administrator keeps at hand.
FAVOURITE_VIEWS = ("My open deals", "Closing this month", "Renewals next 90 days", "Quiet 30+ days")
