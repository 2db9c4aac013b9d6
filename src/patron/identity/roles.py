"""The roles that a new workspace starts with (domain, section 1)."""

from typing import Any, NamedTuple

Matrix = dict[str, dict[str, str]]


class ShippedRole(NamedTuple):
    key: str
    name: str
    description: str
    matrix: Matrix
    field_rules: dict[str, dict[str, str]] = {}


def _grant(scope: str, *actions: str) -> dict[str, str]:
    return dict.fromkeys(actions, scope)


_FULL = _grant("all", "view", "create", "edit", "delete", "export", "act", "import")
_READ = _grant("all", "view")
_SELL = {"view": "all", "create": "all", "edit": "own", "delete": "own", "export": "own", "act": "own"}
_MANAGE = {"view": "all", "create": "all", "edit": "team", "delete": "team", "export": "all", "act": "team", "import": "all"}
_MINE = {"view": "own", "create": "all", "edit": "own", "delete": "own", "act": "own"}
#: Everybody reports: they read what is shared with them, and keep, share and send what is their own.
REPORTING: Matrix = {key: {**_MINE, "view": "all"} for key in ("reports", "dashboards", "dashboard-tiles", "report-schedules")}
_PRIVATE: Any = {"settings": {}, "people": _READ, "teams": _READ, "roles": {}, **REPORTING}

SHIPPED: tuple[ShippedRole, ...] = (
    ShippedRole("administrator", "Administrator", "Everything, settings and people included.", {"*": _FULL, "settings": {"edit": "all"}}),
    ShippedRole("manager", "Manager", "Sees all, changes what their team owns.", {
        **_PRIVATE, "*": _MANAGE, "products": _FULL, "deals": {**_MANAGE, "override": "team"},
    }),
    ShippedRole("account-manager", "Account manager", "Looks after accounts and their deals.", {**_PRIVATE, "*": {**_SELL, "edit": "team"}, "products": _READ}),
    ShippedRole("sales-agent", "Sales agent", "Works own leads and deals; sees the team's.", {
        **_PRIVATE, "*": _SELL, "deals": {**_SELL, "view": "team"}, "leads": {**_SELL, "view": "team"}, "products": _READ,
    }),
    ShippedRole("project-manager", "Project manager", "Reads the sales side, delivers.", {**_PRIVATE, "*": _READ, "tasks": _SELL, "activities": _SELL}),
    ShippedRole("brand-manager", "Brand manager", "Owns the catalogue; reads sales.", {**_PRIVATE, "*": _READ, "products": _FULL, "product-lines": _FULL, "tasks": _SELL, "activities": _SELL}),
    ShippedRole("consultant", "Consultant", "Reviews lost deals and advises.", {**_PRIVATE, "*": _READ, "deal-reviews": {**_SELL, "view": "team", "edit": "team", "act": "team"}, "tasks": _SELL, "activities": _SELL}),
    ShippedRole("support-agent", "Support agent", "Reads customers; works tasks.", {**_PRIVATE, "*": _READ, "deals": {}, "tasks": _SELL, "activities": _SELL}, {"accounts": {"annual_revenue": "hidden"}}),
    ShippedRole("accountant", "Accountant", "Reads all figures; keeps commercial terms.", {**_PRIVATE, "*": {**_READ, "export": "all"}, "accounts": {"view": "all", "edit": "all", "export": "all"}, "tasks": _SELL}),
    ShippedRole("auditor", "Read-only auditor", "Sees everything and changes nothing.", {"*": {"view": "all", "export": "all"}, "settings": {}}),
)
