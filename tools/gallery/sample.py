"""Fictional companies and people for the gallery; "today" is Thursday 19 November 2026."""

from __future__ import annotations

from typing import Any


def money(value: float, cents: bool = False) -> str:
    return f"€{value:,.2f}" if cents else f"€{value:,.0f}"


def link(icon: str, label: str, count: int = 0) -> dict[str, Any]:
    return {"icon": icon, "label": label, "url": "#", "count": count, "current": False}


ME = "Maya Okafor"
NAV = [
    {"title": "", "items": [link("house", "Home"), link("inbox", "Inbox", 4), link("square-check-big", "Tasks", 7)]},
    {"title": "Sales", "items": [link("building", "Accounts"), link("users", "Contacts"), link("target", "Leads", 23), link("square-kanban", "Deals"), link("file-text", "Quotes")]},
    {"title": "Revenue", "items": [link("repeat", "Subscriptions"), link("receipt", "Invoices", 3), link("package", "Products")]},
    {"title": "Growth & service", "items": [link("megaphone", "Campaigns"), link("life-buoy", "Cases", 2), link("chart-column", "Reports")]},
]
CARDS: dict[str, list[tuple[Any, ...]]] = {
    "Qualify 10 14": [
        ("Reservoir telemetry pilot", "Aguas del Norte", 38000, "12 Mar", "Tomás Rivera", "today"),
        ("Dosing control upgrade", "Hallstein Brewing", 54000, "26 Mar", "Ingrid Solberg", "planned"),
        ("Cold-chain sensors", "Nordfrisk Foods", 72500, "9 Apr", ME, "none", "21 days"),
        ("Borehole monitoring", "Kalahari Agri", 29000, "16 Apr", "Priya Nair", "planned"),
        ("District heating trial", "Varmeland Energi", 61000, "30 Apr", "Ingrid Solberg", "planned"),
    ],
    "Discover 25 21": [
        ("Operator training pack", "Brightwater Utilities", 68000, "26 Feb", ME, "planned"),
        ("Plant-wide gateways", "Castellan Paper", 134000, "19 Feb", "Daniel Weiss", "today"),
        ("Tank level retrofit", "Orchard & Vale", 41500, "5 Mar", "Tomás Rivera", "overdue", "34 days"),
        ("Multi-site licence", "Meridian Dairies", 88000, "12 Mar", "Priya Nair", "planned"),
    ],
    "Propose 50 21": [
        ("Leak analytics add-on", "Brightwater Utilities", 96000, "29 Jan", ME, "planned", "", "Upsell"),
        ("Fleet refresh 2027", "Tresco Ports", 212000, "22 Jan", "Daniel Weiss", "planned"),
        ("Compliance reporting", "Solenne Chimie", 57000, "15 Jan", "Ingrid Solberg", "overdue", "26 days"),
        ("Pump health pilot", "Kestrel Mining", 76000, "5 Feb", "Tomás Rivera", "today"),
    ],
    "Negotiate 75 14": [
        ("Coastal plants roll-out, phase 2", "Brightwater Utilities", 248000, "18 Dec", ME, "today", "", "Board 24 Nov"),
        ("Three-year framework", "Halden Municipality", 318000, "22 Dec", "Ingrid Solberg", "planned"),
        ("SCADA bridge", "Ostrava Steelworks", 92000, "11 Dec", "Daniel Weiss", "none", "19 days"),
    ],
    "Commit 90 10": [
        ("Renewal + 80 devices", "Lindqvist Glass", 146000, "30 Nov", "Priya Nair", "planned", "", "Renewal"),
        ("Support Gold upgrade", "Port of Aveiro", 24000, "27 Nov", "Tomás Rivera", "today"),
        ("Emergency sensors", "Città di Modena", 47500, "25 Nov", ME, "planned"),
    ],
}
ACT = {
    "today": {"icon": "calendar-clock", "tone": "good", "label": "Activity due today"},
    "planned": {"icon": "calendar", "tone": "none", "label": "Activity planned"},
    "overdue": {"icon": "calendar-x", "tone": "bad", "label": "Activity overdue"},
    "none": {"icon": "triangle-alert", "tone": "warn", "label": "No activity planned"},
}


def stages() -> list[dict[str, Any]]:
    """Columns of the board with their cards and sums."""
    result = []
    for number, (key, cards) in enumerate(CARDS.items(), 1):
        label, probability, limit = key.split()
        total = sum(card[2] for card in cards)
        acts = [card[5] for card in cards]
        mix = [(ACT[kind]["tone"], acts.count(kind)) for kind in ACT]
        column = {"id": number, "label": label, "count": len(cards), "probability": int(probability), "total": money(total)}
        column |= {"weighted": money(total * int(probability) / 100), "mix": mix, "mix_label": "Next activities", "raw": total, "pair": (number, label), "cards": []}
        for index, (title, account, amount, day, owner, act, *rest) in enumerate(cards):
            rot, tag = (rest + ["", ""])[:2]
            card = {"id": f"{number}-{index}", "url": "#", "move_url": "#", "revision": 1, "title": title, "subtitle": account, "tags": [tag] if tag else []}
            card |= {"amount": money(amount), "date": day, "rot": rot, "rot_title": f"Limit for this stage is {limit} days", "act": ACT[act], "owner": owner}
            column["cards"].append(card)
        result.append(column)
    return result


ROWS = [
    ("Halden Municipality", "Customer", 91, "Ingrid Solberg", "Public", "Norway", 312000, 318000, 0, "2 h ago", "1 Feb 2027"),
    ("Lindqvist Glass", "Renewing", 88, "Priya Nair", "Enterprise", "Sweden", 228500, 146000, 18200, "Yesterday", "30 Nov 2026"),
    ("Brightwater Utilities", "Customer", 64, ME, "Enterprise", "Germany", 194400, 412000, 24860, "Today", "14 Mar 2027"),
    ("Meridian Dairies", "Customer", 83, "Priya Nair", "Enterprise", "Ireland", 171200, 88000, 0, "3 d ago", "9 May 2027"),
    ("Solenne Chimie", "At risk", 38, "Ingrid Solberg", "Enterprise", "France", 158000, 57000, 31400, "26 d ago", "18 Jan 2027"),
    ("Nordfrisk Foods", "Customer", 77, ME, "Mid-market", "Denmark", 126800, 72500, 4200, "5 d ago", "2 Apr 2027"),
    ("Città di Modena", "Onboarding", 80, ME, "Public", "Italy", 118000, 47500, 0, "Today", "1 Nov 2027"),
    ("Varmeland Energi", "Customer", 72, "Ingrid Solberg", "Enterprise", "Sweden", 104300, 61000, 9800, "9 d ago", "20 Jun 2027"),
    ("Hallstein Brewing", "Customer", 86, "Ingrid Solberg", "Mid-market", "Austria", 97600, 54000, 0, "6 d ago", "12 Aug 2027"),
    ("Kalahari Agri", "Customer", 69, "Priya Nair", "Mid-market", "Namibia", 88400, 29000, 2150, "2 d ago", "3 Mar 2027"),
    ("Tidewell Shipping", "At risk", 41, "Priya Nair", "Enterprise", "Netherlands", 84000, 0, 12600, "41 d ago", "15 Dec 2026"),
    ("Ashgrove Hospitals", "Customer", 90, ME, "Public", "United Kingdom", 79200, 22000, 0, "4 d ago", "28 Sep 2027"),
    ("Pannonia Textil", "Paused", 55, "Ingrid Solberg", "Mid-market", "Hungary", 66500, 0, 0, "38 d ago", "—"),
    ("Corriente Solar", "Renewing", 74, ME, "Mid-market", "Spain", 61000, 35000, 7300, "Yesterday", "8 Dec 2026"),
    ("Fjordlaks", "Customer", 93, "Ingrid Solberg", "Mid-market", "Norway", 58700, 0, 0, "7 d ago", "11 Oct 2027"),
    ("Bellamy Estates", "Customer", 81, ME, "Small", "United Kingdom", 42800, 12000, 1480, "12 d ago", "22 Feb 2027"),
    ("Zephyr Ceramics", "Onboarding", 76, "Priya Nair", "Small", "Portugal", 39500, 0, 0, "Today", "5 Nov 2027"),
    ("Kestrel Mining", "Customer", 67, ME, "Enterprise", "South Africa", 36200, 76000, 5900, "4 d ago", "30 Apr 2027"),
    ("Oakhurst College", "Customer", 85, "Priya Nair", "Public", "United Kingdom", 28900, 0, 0, "15 d ago", "1 Jul 2027"),
]


def field(name: str, label: str, kind: str = "text", value: Any = "", **more: Any) -> dict[str, Any]:
    """A bound field as the forms of the record machinery make it."""
    base = {"display": "", "error": "", "hint": "", "required": False, "options": [], "url": "", "attrs": {}}
    return {"name": name, "label": label, "kind": kind, "value": value, **base, **more}


PEOPLE = [(name, name) for name in (ME, "Tomás Rivera", "Ingrid Solberg", "Daniel Weiss", "Priya Nair")]
FORM = [
    field("name", "Deal name", required=True, error="Enter a deal name", full=True),
    field("account", "Account", "relation", "1", display="Brightwater Utilities", url="/fragment-options.html", required=True, full=True),
    field("value", "Value", "money", "12,5oo", currency="€", required=True, error="Enter the value as a number, such as 12500"),
    field("close", "Close date", "date", "2026-10-30", required=True, error="Choose a close date from today onwards"),
    field("stage", "Stage", "choice", "Qualify", required=True, options=[(s.split()[0],) * 2 for s in CARDS], hint="Probability 10%, you can change it later"),
    field("owner", "Owner", "person", ME, options=PEOPLE, required=True),
    field("contacts", "Contacts", "multi_choice", [], options=[(n, n) for n in ("Helena Brandt", "Jonas Keller", "Sofia Marchetti")], required=True, error="Choose at least one contact"),
]
OPTIONS = [{"value": str(i), "label": name, "hint": "", "avatar": "person"} for i, (name, _) in enumerate(PEOPLE)]
EDIT = field("status", "Status", "choice", "customer", options=[("customer", "Customer"), ("at_risk", "At risk")], required=True)
ERRORS = [(f["name"], f["error"]) for f in FORM if f["error"]]
KINDS = [
    field("k1", "Text", value="Value"), field("k2", "With error", "date", "2030-02-28", error="This date is a Saturday", required=True),
    field("k3", "Choice", "choice", "30", options=[("30", "30 days net"), ("14", "14 days net")]), field("k4", "Percent", "percent", "12.5"),
    field("k5", "Money, several currencies", "money", "175,000", currency="EUR", options=["EUR", "USD", "GBP"]), field("k6", "Person", "person", "7", display=ME, url="/fragment-options.html"),
    field("k7", "Tags", "tags", "Framework, Reference", display="Framework, Reference", url="/fragment-options.html"), field("k8", "Email", "email", hint="Used for invoices"),
    field("k9", "Notes", "long_text", "Two gateways at Kiel to be replaced under warranty."), field("k10", "Send reminders", "checkbox", True),
]
STATS = [
    {"label": "Recurring revenue", "value": "€194,400", "url": "#", "note": "up 8.2% in 12 months", "tone": "good"},
    {"label": "Open pipeline", "value": "€412,000", "url": "#", "note": "€251,000 weighted"},
    {"label": "Balance due", "value": "€24,860.00", "url": "#", "note": "€9,120.00 overdue 18 days", "tone": "bad"},
    {"label": "Next renewal", "value": "14 Mar 2027", "url": "#", "note": "in 115 days"},
    {"label": "Last contact", "value": "Today, 10:42", "url": "#", "note": "Call with Helena Brandt"},
]
FACTS = [("Industry", "Water & wastewater"), ("Segment", "Enterprise"), ("Employees", "2,400"), ("Revenue", "€410m (2025)"), ("Customer since", "14 Mar 2022"), ("Payment terms", "30 days net"), ("Credit limit", "€150,000")]
TIMELINE = [
    ("Today", [
        ("phone", ME, "called", "Helena Brandt", "10:42", "Wants phase 2 split into two purchase orders, one per budget year. Happy with the price. Needs the revised quote by Friday to make the board meeting on 24 November."),
        ("mail-open", "Sofia Marchetti", "opened", "Quote Q-2026-118", "09:15", ""),
    ]),
    ("Yesterday", [("file-text", ME, "sent", "Quote Q-2026-118 · €248,000", "16:30", ""), ("arrow-right", ME, "moved “Coastal plants roll-out, phase 2” to", "Negotiate", "11:05", "")]),
    ("Last week", [("calendar", "Daniel Weiss", "met", "5 people", "Thu 12 Nov", "Uptime 99.94%. Two gateways at Kiel to be replaced under warranty. Amira asked for a security questionnaire before renewal."), ("life-buoy", "Priya Nair", "resolved", "Case 2291 · Gateway offline at Kiel", "Wed 11 Nov", "")]),
]
CONTACTS = [("Helena Brandt", "Head of Operations", "Decision maker", "info"), ("Jonas Keller", "Plant Engineer", "Champion", "none"), ("Sofia Marchetti", "Procurement Lead", "Buyer", "none"), ("Amira Haddad", "Chief Information Officer", "Sponsor", "none"), ("Rafael Duarte", "Accounts Payable", "Billing", "none")]
TREE = {"label": "Brightwater Group", "url": "#", "value": "€612,000", "note": "Parent", "current": False, "children": [
    {"label": "Brightwater Utilities", "url": "#", "value": "€412,000", "current": True, "children": [{"label": "Brightwater Coastal", "url": "#", "value": "€96,000", "children": []}]},
    {"label": "Brightwater North", "url": "#", "value": "€200,000", "children": []}]}
FILTER_FIELDS = [
    {"name": "status", "label": "Status", "ops": [{"value": "is", "label": "is", "input": "choice"}, {"value": "empty", "label": "is empty", "input": "none"}], "options": [["customer", "Customer"], ["at_risk", "At risk"]]},
    {"name": "revenue", "label": "Recurring revenue", "ops": [{"value": "gte", "label": "at least", "input": "number"}, {"value": "lt", "label": "below", "input": "number"}], "options": []},
    {"name": "renewal", "label": "Renewal", "ops": [{"value": "before", "label": "before", "input": "date"}], "options": []},
]
FILTER = '{"all":[{"field":"revenue","op":"gte","value":"20000"},{"any":[{"field":"status","op":"is","value":"at_risk"},{"field":"renewal","op":"before","value":"2027-01-31"}]}]}'
IMPORT_COLUMNS = [
    ("Company", "Aldermoor Estates, Vestby Kommune", "Account name", "good", "Matched"), ("Web", "aldermoor.example, vestby.example", "Website", "good", "Matched"),
    ("Sector", "Real estate, Public", "Industry", "warn", "2 new values"), ("Acct mgr", "m.okafor, i.solberg", "Owner", "good", "Matched by email"),
    ("ARR (EUR)", "42.800,00 · 18.250,00", "Recurring revenue", "good", "Decimal comma"), ("Cust. since", "03/04/2022 · 11/09/2019", "Customer since", "warn", "Day or month first?"),
    ("Legacy ref", "LX-00918, LX-00921", "Do not import", "none", "Not imported"),
]
IMPORT_ROWS = [
    (2, "New", "good", "Aldermoor Estates", "aldermoor.example", "Maya Okafor", ""), (3, "New", "good", "Vestby Kommune", "vestby.example", "Ingrid Solberg", ""),
    (4, "Update", "info", "Brightwater Utilities", "brightwater-utilities.example", "Maya Okafor", ""), (5, "Not a web address", "bad", "Corvus Aggregates", "corvus", "Priya Nair", "web"),
    (6, "Account name is missing", "bad", "", "thornfield.example", "Maya Okafor", "name"), (7, "Same as row 212", "warn", "Halden Municipality", "halden.example", "Ingrid Solberg", ""),
]
PALETTE = [
    {"label": "Accounts", "options": [{"label": n, "url": "#", "name": n, "company": True, "hint": h, "actions": "#"} for n, h in (("Brightwater Utilities", "Customer · Maya Okafor"), ("Brightwater Group", "Parent"), ("Brightwater North", "Subsidiary"))]},
    {"label": "Actions for Brightwater Utilities", "options": [{"label": "Log a call", "url": "#", "icon": "phone", "key": "L", "dialog": True}, {"label": "New deal", "url": "#", "icon": "plus", "key": "D", "dialog": True}]},
]
ATTENTION = [("hourglass", "bad", "Tank level retrofit", "Orchard & Vale · 34 days in Discover", "€41,500"), ("receipt", "bad", "INV-2026-0418 overdue", "Brightwater Utilities · 18 days", "€9,120"), ("triangle-alert", "warn", "No next step: SCADA bridge", "Ostrava Steelworks · Negotiate", "€92,000")]
TILES = [{"label": a, "value": b, "url": "#", "note": c, "tone": d} for a, b, c, d in (("Won this quarter", "€458,000", "41% of €1.12m target", ""), ("Weighted pipeline", "€1,018,075", "19 open deals", ""), ("Forecast, Q4", "€1,148,000", "€28,000 above target", "good"), ("Win rate, 90 days", "31%", "down 4 points", "bad"), ("Recurring revenue", "€2.12m", "up 6.4% this year", "good"))]
MONTHS = [("Jan", 212, 0, 230), ("Feb", 198, 0, 230), ("Mar", 266, 0, 240), ("Apr", 241, 0, 250), ("May", 254, 0, 260), ("Jun", 301, 0, 270), ("Jul", 229, 0, 270), ("Aug", 208, 0, 270), ("Sep", 318, 0, 290), ("Oct", 344, 0, 350), ("Nov", 114, 196, 370), ("Dec", 0, 494, 400)]

CONTEXT: dict[str, Any] = {
    "access": None, "csrf_input": "", "csrf_token": "", "lang": "en", "workspace_name": "Larkfield Controls", "site_name": "Larkfield Controls", "nav": NAV,
    "favourites": [{"label": label, "url": "#"} for label in ("Renewals next 90 days", "At risk", "Q4 forecast")],
    "workspaces": [{"name": "Larkfield Controls", "url": "#", "current": True}, {"name": "Larkfield Service", "url": "#"}], "settings_link": {"label": "Settings", "url": "#"},
    "create_menu": [{"icon": "building", "label": "Account", "url": "#"}, {"icon": "square-kanban", "label": "Deal", "url": "#"}, {"icon": "square-check-big", "label": "Task", "url": "#"}],
    "notifications": {"count": 4, "url": "#"}, "search_url": "/fragment-palette.html",
    "account": {"name": ME, "email": "maya.okafor@larkfield.example", "url": "#", "security_url": "#", "preferences_url": "#", "sign_out_url": "#"},
    "quick_links": [link("house", "Home"), link("building", "Accounts"), link("square-kanban", "Deals"), link("square-check-big", "Tasks")],
    "settings_nav": [{"title": "Workspace", "items": [link("building", "General"), link("users", "People"), link("shield-check", "Roles")]}, {"title": "Data", "items": [link("columns-3", "Fields"), link("upload", "Imports")]}],
    "money": money, "EDIT": EDIT, "OPTIONS": OPTIONS, "ME": ME, "STAGES": stages(), "ROWS": ROWS, "FORM": FORM, "ERRORS": ERRORS, "KINDS": KINDS, "STATS": STATS, "FACTS": FACTS, "TIMELINE": TIMELINE, "CONTACTS": CONTACTS,
    "TREE": TREE, "FILTER_FIELDS": FILTER_FIELDS, "FILTER": FILTER, "IMPORT_COLUMNS": IMPORT_COLUMNS, "IMPORT_ROWS": IMPORT_ROWS, "groups": PALETTE, "ATTENTION": ATTENTION, "TILES": TILES, "MONTHS": MONTHS,
}
