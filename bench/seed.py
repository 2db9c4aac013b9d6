"""A workspace of a known size, the same at every run: rows are functions of their number.

Written with plain INSERT … SELECT in chunks, through every trigger and constraint, signed by one operation per chunk.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db import connection

CHUNK = 50_000
SLUG = "bench"
EMAIL = "bench@bench.example"

FIRST = (
    "Anna Ben Clara David Elena Farid Grace Hugo Ines Jonas Karla Liam Maya Nils Olga Pavel Quinn Rosa Samir Tessa Umar Vera Wanda Xenia Yusuf Zoe "
    "Amelie Björn Chloé Dário Eszter François Gülay Håkon Iñaki Jürgen"
).split()
LAST = (
    "Abbott Becker Castillo Dvořák Eriksson Fischer García Hoffmann Ivanova Jensen Kowalski Lindqvist Moreau Novak O'Brien Petrov Quirke Rossi Schneider "
    "Tanaka Ulrich Vasquez Weber Xu Yilmaz Zimmermann Ångström Müller Nuñez Strauß Lefèvre Sørensen Kuznetsov Papadopoulos Silva Andersson Nguyen Okafor"
).split()
PLACES = (
    "Alder Amber Anchor Aspen Beacon Birch Blue Bridge Cedar Cobalt Copper Coral Crown Delta Eagle Echo Elm Falcon Forge Granite Harbor Hazel Heron Iron "
    "Juniper Keystone Lark Linden Maple Meridian Mill Noble North Oak Onyx Orchard Pine Quarry Raven Ridge River Rowan Sable Silver Slate Spruce Stone "
    "Summit Tern Thorn Timber Vale Vector Walnut West Willow Wren Zephyr"
).split()
TRADES = (
    "Analytics Apparel Bakery Biotech Brewing Builders Capital Ceramics Chemicals Clinics Coatings Components Dairy Design Energy Engineering Farms Fittings "
    "Foods Freight Furniture Glass Hardware Health Homes Instruments Insurance Logistics Machining Marine Media Metals Motors Optics Packaging Paper Pharma "
    "Plastics Power Print Robotics Seeds Shipping Software Solar Steel Systems Textiles Tools Trading Transport Water Works"
).split()
FORMS = "GmbH Inc Ltd SA AB Oy BV SpA SARL LLC".split()
CITIES = "Berlin Wien Zürich Lyon Milano Madrid Lisboa Oslo Århus Göteborg Kraków Praha Budapest Dublin Leeds Bristol Utrecht Gent Boston Denver Austin Portland".split()
COUNTRIES = "DE AT CH FR IT ES PT NO DK SE PL CZ HU IE GB GB NL BE US US US US".split()


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each."""

    accounts: int
    contacts: int
    leads: int
    deals: int
    activities: int

    @classmethod
    def of(cls, scale: float) -> Size:
        """One is 100 000 accounts, contacts and leads each, 50 000 deals, 500 000 activities."""
        return cls(int(100_000 * scale), int(100_000 * scale), int(100_000 * scale), int(50_000 * scale), int(500_000 * scale))


def key(kind: str, number: str = "i") -> str:
    """SQL for the id of row `number`: a UUID of version 7 whose time grows with the number."""
    digest = f"md5('{kind}' || ({number}))"
    return f"(lpad(to_hex(1600000000000 + ({number})::bigint * 1000), 12, '0') || '7' || substr({digest}, 1, 3) || '8' || substr({digest}, 4, 15))::uuid"


def pick(words: str, salt: str) -> str:
    """SQL for one of an array parameter's words, by row number."""
    return f"(%({words})s::text[])[1 + {_hash(salt)} %% cardinality(%({words})s::text[])]"


def _hash(salt: str) -> str:
    return f"(('x' || substr(md5('{salt}' || i), 1, 7))::bit(28)::int)"


_ACCOUNTS = f"""
INSERT INTO customers_account (workspace_id, id, created_at, name, number, status, website, email, phone, street, postcode, city, region, country, employees,
  annual_revenue, founded_year, owner_id, industry_id, segment_id, parent_id, custom)
SELECT %(ws)s, {key("account")}, now() - make_interval(mins => {_hash("made")} %% 1500000),
  {pick("places", "a1")} || ' ' || {pick("trades", "a2")} || CASE WHEN i %% 3 = 0 THEN ' ' || {pick("last", "a3")} ELSE '' END || ' ' || {pick("forms", "a4")},
  'A-' || lpad(i::text, 7, '0'), (ARRAY['prospect', 'active', 'active', 'churned'])[1 + {_hash("st")} %% 4],
  'https://www.company' || i || '.example', 'office@company' || i || '.example', '+4930' || lpad(i::text, 8, '0'), 'Main Street ' || i %% 200,
  lpad((i %% 99999)::text, 5, '0'), {pick("cities", "ci")}, '', {pick("countries", "ci")}, {_hash("emp")} %% 5000, ({_hash("rev")} %% 90000000)::numeric,
  1950 + {_hash("yr")} %% 75, (%(members)s::uuid[])[1 + {_hash("ow")} %% cardinality(%(members)s::uuid[])], (%(industries)s::uuid[])[1 + {_hash("in")} %% cardinality(%(industries)s::uuid[])],
  (%(segments)s::uuid[])[1 + {_hash("sg")} %% cardinality(%(segments)s::uuid[])],
  CASE WHEN i > 2000 AND {_hash("pa")} %% 5 = 0 THEN {key("account", f"1 + {_hash('pi')} %% (i / 2)")} END,
  jsonb_build_object('score', ({_hash("sc")} %% 1000000 / 10.0)::numeric(12, 1)::text, 'nickname', {pick("trades", "n1")} || ' ' || {pick("places", "n2")},
    'renewal', (date '2024-01-01' + {_hash("re")} %% 1500)::text, 'tier', (ARRAY['gold', 'silver', 'bronze'])[1 + {_hash("ti")} %% 3])
FROM generate_series(%(first)s::int, %(last_i)s::int) AS i
"""

_CONTACTS = f"""
INSERT INTO customers_contact (workspace_id, id, created_at, first_name, last_name, name, title, department, email, phone, city, country, account_id, owner_id)
SELECT %(ws)s, {key("contact")}, now() - make_interval(mins => {_hash("cmade")} %% 1500000), first, last, first || ' ' || last,
  (ARRAY['Buyer', 'Head of Purchasing', 'CFO', 'Plant Manager', 'Engineer', 'CEO', 'Office Manager'])[1 + {_hash("ti")} %% 7],
  (ARRAY['Purchasing', 'Finance', 'Operations', ''])[1 + {_hash("de")} %% 4],
  lower(left(first, 1)) || i || '@company' || (1 + (i * 7919::bigint) %% %(accounts)s) || '.example', '+4940' || lpad(i::text, 8, '0'), {pick("cities", "cc")}, {pick("countries", "cc")},
  {key("account", "1 + (i * 7919::bigint) %% %(accounts)s")}, (%(members)s::uuid[])[1 + {_hash("co")} %% cardinality(%(members)s::uuid[])]
FROM (SELECT i, {pick("first_names", "c1")} AS first, {pick("last", "c2")} AS last FROM generate_series(%(first)s::int, %(last_i)s::int) AS i) AS people
"""

_AFFILIATIONS = f"""
INSERT INTO customers_affiliation (workspace_id, id, account_id, contact_id, title, "primary")
SELECT %(ws)s, {key("affiliation")}, {key("account", "1 + (i * 7919::bigint) %% %(accounts)s")}, {key("contact")}, 'Buyer', true
FROM generate_series(%(first)s::int, %(last_i)s::int) AS i
"""

_LEADS = f"""
INSERT INTO sales_lead (workspace_id, id, created_at, first_name, last_name, company, title, email, phone, city, country, rating, status, owner_id, source_id,
  disqualified_at, disqualified_reason_id)
SELECT %(ws)s, {key("lead")}, now() - make_interval(mins => {_hash("lmade")} %% 1000000), {pick("first_names", "l1")}, {pick("last", "l2")},
  {pick("places", "l3")} || ' ' || {pick("trades", "l4")}, 'Buyer', 'lead' || i || '@prospect' || i %% 40000 || '.example', '+4989' || lpad(i::text, 8, '0'),
  {pick("cities", "lc")}, {pick("countries", "lc")}, (ARRAY['hot', 'warm', 'cold'])[1 + {_hash("lr")} %% 3], status,
  (%(members)s::uuid[])[1 + {_hash("lo")} %% cardinality(%(members)s::uuid[])], (%(sources)s::uuid[])[1 + {_hash("ls")} %% cardinality(%(sources)s::uuid[])],
  CASE status WHEN 'disqualified' THEN now() END, CASE status WHEN 'disqualified' THEN %(disqualified)s::uuid END
FROM (SELECT i, (ARRAY['new', 'new', 'working', 'working', 'disqualified'])[1 + {_hash("lst")} %% 5] AS status
      FROM generate_series(%(first)s::int, %(last_i)s::int) AS i) AS people
"""

_DEALS = f"""
INSERT INTO sales_deal (workspace_id, id, created_at, number, name, account_id, contact_id, owner_id, pipeline_id, stage_id, outcome, opened_on, expected_close, closed_on,
  amount, won_amount, lost_amount, source_id, lost_reason_id, stage_since, next_step)
SELECT %(ws)s, {key("deal")}, now() - make_interval(days => age), 'D-' || lpad(i::text, 6, '0'),
  {pick("trades", "d1")} || ' for ' || {pick("places", "d2")}, {key("account", "1 + (i * 104729::bigint) %% %(accounts)s")}, NULL,
  (%(members)s::uuid[])[1 + {_hash("do")} %% cardinality(%(members)s::uuid[])], %(pipeline)s,
  CASE outcome WHEN 'won' THEN %(won_stage)s::uuid WHEN 'lost' THEN %(lost_stage)s::uuid ELSE (%(open_stages)s::uuid[])[1 + {_hash("ds")} %% cardinality(%(open_stages)s::uuid[])] END,
  outcome, current_date - age, current_date + {_hash("dx")} %% 200 - 40, CASE WHEN outcome <> 'open' THEN current_date - age / 2 END,
  amount, CASE outcome WHEN 'won' THEN amount ELSE 0 END, CASE outcome WHEN 'lost' THEN amount ELSE 0 END,
  (%(sources)s::uuid[])[1 + {_hash("dq")} %% cardinality(%(sources)s::uuid[])], CASE outcome WHEN 'lost' THEN %(lost_reason)s::uuid END, now() - make_interval(days => age / 3), ''
FROM (SELECT i, {_hash("dage")} %% 700 AS age, (1000 + {_hash("da")} %% 250000)::numeric AS amount,
        (ARRAY['open', 'open', 'open', 'won', 'won', 'won', 'lost', 'lost', 'lost', 'lost'])[1 + {_hash("dout")} %% 10] AS outcome
      FROM generate_series(%(first)s::int, %(last_i)s::int) AS i) AS d
"""

_ACTIVITIES = f"""
INSERT INTO collab_activity (workspace_id, id, created_at, kind, subject, body, at, minutes, outcome, direction, done, owner_id)
SELECT %(ws)s, {key("activity")}, at, kind, CASE kind WHEN 'note' THEN '' ELSE initcap(kind) || ' about ' || {pick("trades", "v1")} END,
  'They asked for ' || {pick("trades", "v2")} || ' in ' || {pick("cities", "v3")} || ' and want an answer by the end of the month.', at,
  CASE kind WHEN 'note' THEN NULL ELSE 5 + {_hash("vm")} %% 60 END, CASE kind WHEN 'call' THEN 'reached' ELSE '' END, CASE kind WHEN 'call' THEN 'out' ELSE '' END,
  true, (%(members)s::uuid[])[1 + {_hash("vo")} %% cardinality(%(members)s::uuid[])]
FROM (SELECT i, now() - make_interval(mins => 60 + {_hash("vat")} %% 1000000) AS at, (ARRAY['call', 'meeting', 'note'])[1 + {_hash("vk")} %% 3] AS kind
      FROM generate_series(%(first)s::int, %(last_i)s::int) AS i) AS a
"""

_LINKS = f"""
INSERT INTO collab_activitylink (workspace_id, id, activity_id, at, record_type, record_id)
SELECT %(ws)s, {key("link")}, {key("activity")}, now(), (ARRAY['accounts', 'contacts', 'deals', 'leads'])[1 + i %% 4],
  CASE i %% 4 WHEN 0 THEN {key("account", "1 + (i * 31::bigint) %% %(accounts)s")} WHEN 1 THEN {key("contact", "1 + (i * 37::bigint) %% %(contacts)s")}
    WHEN 2 THEN {key("deal", "1 + (i * 41::bigint) %% %(deals)s")} ELSE {key("lead", "1 + (i * 43::bigint) %% %(leads)s")} END
FROM generate_series(%(first)s::int, %(last_i)s::int) AS i
"""


def steps(size: Size) -> Iterator[tuple[str, str, int]]:
    """(words, statement, rows) in an order that foreign keys allow."""
    yield "accounts", _ACCOUNTS, size.accounts
    yield "contacts", _CONTACTS, size.contacts
    yield "their places", _AFFILIATIONS, size.contacts
    yield "leads", _LEADS, size.leads
    yield "deals", _DEALS, size.deals
    yield "activities", _ACTIVITIES, size.activities
    yield "their links", _LINKS, size.activities


def seed(size: Size, say: Callable[[str], None]) -> None:
    """Fill an empty database, as its owner; every chunk is a transaction of its own."""
    from patron.identity.access import Access
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation
    from patron.records.customs import building
    from patron.setup.domain.founding import found_workspace

    place = Workspace.objects.filter(slug=SLUG).first() or found_workspace("Bench", SLUG, email=EMAIL, person="Bench", password="correct horse battery")
    with workspace(place.pk), operation("bench.people", access=Access.system(place)):
        _people()
        _own_fields(Access.system(place))
        params = _params(place.pk, size)
    for words, statement, rows in steps(size):
        say(f"{rows:>10,} {words}")
        for first in range(1, rows + 1, CHUNK):
            with workspace(place.pk), operation("bench.seed", access=Access.system(place)), connection.cursor() as cursor:
                cursor.execute(statement, {**params, "first": first, "last_i": min(rows, first + CHUNK - 1)})
    say("           indexes of own fields")
    building.build(place)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


def _own_fields(access: Any) -> None:
    """Four fields that the workspace added to its accounts."""
    from patron.records import changes, registry

    tiers = [{"value": v, "label": v.capitalize()} for v in ("gold", "silver", "bronze")]
    for name, kind in (("score", "number"), ("nickname", "text"), ("renewal", "date"), ("tier", "choice")):
        values = {"type_key": "accounts", "key": name, "label": name.capitalize(), "kind": kind, "places": 1, "choices": tiers if kind == "choice" else []}
        changes.create(registry.get("custom-fields"), values, access=access)


def _people() -> None:
    """Forty people in five teams."""
    from patron.customers.models import Industry, Segment
    from patron.identity.models import Membership, Role, Team, TeamMember

    roles = {role.key: role for role in Role.objects.all()}
    teams = [Team.objects.create(name=f"Team {n}") for n in "ABCDE"]
    for n in range(40):
        person = Membership.objects.create(name=f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}", email=f"p{n}@bench.example", role=roles["sales-agent"], state="active")
        TeamMember.objects.create(team=teams[n % 5], member=person)
    for model in (Industry, Segment):
        if not model.objects.exists():
            for name in ("One", "Two", "Three"):
                model.objects.create(name=name)


def _params(workspace_id: Any, size: Size) -> dict[str, Any]:
    from patron.customers.models import Industry, Segment
    from patron.identity.models import Membership
    from patron.sales.models import DisqualifyReason, LeadSource, LostReason, Pipeline, Stage

    pipeline = Pipeline.objects.order_by("order").first()
    stages = list(Stage.objects.filter(pipeline=pipeline).order_by("order").values_list("pk", "kind"))
    of_kind = {kind: [pk for pk, k in stages if k == kind] for kind in ("open", "won", "lost")}

    def ids(model: Any) -> list[Any]:
        return list(model.objects.order_by("pk").values_list("pk", flat=True))

    return {
        "ws": workspace_id, "members": ids(Membership), "industries": ids(Industry), "segments": ids(Segment), "sources": ids(LeadSource),
        "disqualified": ids(DisqualifyReason)[0], "lost_reason": ids(LostReason)[0], "pipeline": pipeline.pk, "open_stages": of_kind["open"],
        "won_stage": of_kind["won"][0], "lost_stage": of_kind["lost"][0], "first_names": FIRST, "last": LAST, "places": PLACES, "trades": TRADES, "forms": FORMS,
        "cities": CITIES, "countries": COUNTRIES, "accounts": size.accounts, "contacts": size.contacts, "leads": size.leads, "deals": size.deals,
    }  # fmt: skip


def counts() -> str:
    """What is in the database, for the report's head."""
    tables = ("customers_account", "customers_contact", "sales_lead", "sales_deal", "collab_activity", "ledger_change")
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute("SELECT sum(greatest(reltuples, 0))::bigint FROM pg_class WHERE oid = %s::regclass OR oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = %s::regclass)", [table, table])
            found[table] = cursor.fetchone()[0]
    return json.dumps(found)
