"""What is measured: questions that people ask all day, each with what it may cost and the plain SQL for the same question."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from bench.seed import SLUG, Size

HOME = f"/w/{SLUG}/"
API = "/api/v1/"
_ACCOUNTS = "a.id, a.name, a.number, a.status, a.city, a.country, a.employees, a.annual_revenue, a.created_at, o.name, i.name"
_FROM = (
    "FROM customers_account a LEFT JOIN identity_membership o ON o.workspace_id = a.workspace_id AND o.id = a.owner_id "
    "LEFT JOIN customers_industry i ON i.workspace_id = a.workspace_id AND i.id = a.industry_id WHERE a.workspace_id = %(ws)s AND a.archived_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A request. `reach` is what it may cost in processor milliseconds; `addresses` are asked in turn; `form` makes it a POST; `part`: as htmx asks.

    Addresses of the API are asked with a key; `body` is the JSON to send there, by `method`: a PATCH names the revision that the answer before told.
    """

    name: str
    reach: float
    addresses: tuple[str, ...]
    sql: str = ""
    form: Callable[[int], dict[str, str]] | None = None
    times: int = 60
    part: bool = False
    method: str = "GET"
    body: Callable[[int], dict[str, Any]] | None = None


def cursor(value: Any, record_id: Any) -> str:
    """A keyset cursor as the lists write it."""
    text = json.dumps([value if value is None else str(value), record_id.hex], separators=(",", ":"))
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def contains(name: str, word: str) -> str:
    return narrowed([name, "contains", word])


def narrowed(*conditions: list[Any]) -> str:
    return "?f=" + quote(json.dumps({"and": conditions}))


def deep(table: str, expression: str, value: str, fetch: Callable[[str], Any]) -> str:
    """The cursor of the row in the middle of a table in the given order."""
    found = fetch(
        f"SELECT {value}, id FROM {table} WHERE workspace_id = %(ws)s AND archived_at IS NULL ORDER BY {expression}, id "
        f"OFFSET (SELECT count(*) / 2 FROM {table} WHERE workspace_id = %(ws)s) LIMIT 1"
    )
    return cursor(found[0], found[1])


def cases(size: Size, fetch: Callable[[str], Any]) -> Iterator[Case]:
    """Every case; `fetch(sql)` answers the first row of a query on the seeded workspace."""
    yield from _lists(fetch)
    yield from _own_fields(fetch)
    yield from _records(fetch)
    yield from _api(fetch)
    yield Case("board", 40, (f"{HOME}deals/board/",), times=30)
    words = ("amber", "Schneider", "silvr bakery", "+4930 0001", "jurgen", "walnut log", "zz nothing here", "company77")
    yield Case("palette search", 15, tuple(f"{HOME}search/?q={quote(w)}" for w in words), part=True)
    yield Case("home", 100, (HOME,), times=20)
    yield Case("create through the form", 12, (f"{HOME}accounts/new/",), form=lambda n: {"name": f"Measured {n}", "city": "Wien", "country": "AT"})


def _lists(fetch: Callable[[str], Any]) -> Iterator[Case]:
    newest = f"SELECT {_ACCOUNTS} {_FROM} ORDER BY a.created_at DESC, a.id DESC LIMIT 50"
    yield Case("list, newest first", 15, (f"{HOME}accounts/?sort=-created_at",), newest)
    sorts = ("name", "-name", "city", "-annual_revenue", "employees", "status", "country", "number", "-updated_at", "owner", "-industry")
    for sort in sorts:
        yield Case(f"list by {sort}", 15, (f"{HOME}accounts/?sort={sort}",), times=20)
    middle = deep("customers_account", "patron_fold(name)", "patron_fold(name)", fetch)
    by_name = f"SELECT {_ACCOUNTS} {_FROM} AND (patron_fold(a.name), a.id) > (%(value)s, %(id)s) ORDER BY patron_fold(a.name), a.id LIMIT 50"
    yield Case("list by name, from the middle", 15, (f"{HOME}accounts/?sort=name&after={middle}",), by_name)
    for key in ("contacts", "leads", "deals", "activities"):
        yield Case(f"list of {key}", 15, (f"{HOME}{key}/",), times=20)
    words = ("berg", "walnut", "silver", "Göteb", "zzzz")
    pattern = f"SELECT {_ACCOUNTS} {_FROM} AND a.id IN (SELECT id FROM customers_account WHERE workspace_id = %(ws)s AND search LIKE '%%walnut%%') ORDER BY a.created_at DESC, a.id DESC LIMIT 50"
    yield Case("filter: name contains", 25, tuple(f"{HOME}accounts/{contains('name', w)}" for w in words), pattern)
    yield Case("filter: contact's name contains", 25, tuple(f"{HOME}contacts/{contains('name', w)}" for w in ("anna", "okaf", "müll")))
    yield Case("words in a list", 25, tuple(f"{HOME}leads/?q={quote(w)}" for w in ("walnut", "schneider", "prospect123")))


def _own_fields(fetch: Callable[[str], Any]) -> Iterator[Case]:
    """Sorting and filtering by fields that the workspace added."""
    shown = "&columns=name,x_score,x_nickname,x_renewal,x_tier"
    score = "((custom ->> 'score')::numeric)"
    plain = f"SELECT {_ACCOUNTS}, a.custom {_FROM} ORDER BY ((a.custom ->> 'score')::numeric), a.id LIMIT 50"
    yield Case("list by an own field", 25, tuple(f"{HOME}accounts/?sort={sort}{shown}" for sort in ("x_score", "-x_score", "x_nickname", "x_renewal", "x_tier")), plain)
    middle = deep("customers_account", score, score, fetch)
    yield Case("list by an own field, from the middle", 25, (f"{HOME}accounts/?sort=x_score&after={middle}{shown}",))
    asked = (["x_score", "between", ["5000", "5010"]], ["x_nickname", "is", "Tools Amber"], ["x_renewal", "on", "2026-03-04"], ["x_tier", "is", ["gold"]])
    yield Case("filter by an own field", 25, tuple(f"{HOME}accounts/{narrowed(condition)}{shown}" for condition in asked))


def _records(fetch: Callable[[str], Any]) -> Iterator[Case]:
    for key, table, label in (("accounts", "customers_account", "account"), ("deals", "sales_deal", "deal"), ("contacts", "customers_contact", "contact"), ("leads", "sales_lead", "lead")):
        ids = fetch(
            f"SELECT array_agg(record_id) FROM (SELECT record_id FROM collab_activitylink WHERE workspace_id = %(ws)s AND record_type = '{key}' GROUP BY record_id ORDER BY count(*) DESC, record_id LIMIT 10) AS busy"
        )[0]
        plain = f"SELECT * FROM {table} WHERE workspace_id = %(ws)s AND id = '{ids[0]}'"
        yield Case(f"page of a busy {label}", 30, tuple(f"{HOME}{key}/{pk}/" for pk in ids), plain)


def _api(fetch: Callable[[str], Any]) -> Iterator[Case]:
    """What applications ask: whole pages of a hundred, parts of them with what they point to, and writes."""
    newest = f"SELECT a.*, o.name, i.name {_FROM} ORDER BY a.created_at DESC, a.id DESC LIMIT 100"
    yield Case("API: list of 100, newest first", 12, (f"{API}accounts/?limit=100&sort=-created_at",), newest)
    sorts = ("name", "-annual_revenue", "city", "-updated_at", "owner", "-industry")
    yield Case("API: list of 100, six sorts", 12, tuple(f"{API}accounts/?limit=100&sort={sort}" for sort in sorts))
    middle = deep("customers_account", "patron_fold(name)", "patron_fold(name)", fetch)
    yield Case("API: list of 100, from the middle", 12, (f"{API}accounts/?limit=100&sort=name&after={middle}",))
    asked = ("filter[country]=AT", "filter[status]=active&employees.gte=4000", "created_at.after=2025-06-01&sort=created_at")
    yield Case("API: list of 100, filtered", 25, tuple(f"{API}accounts/?limit=100&{quote(words, safe='=&.')}" for words in asked))
    shown = "fields=name,amount,currency,stage,expected_close&include=account,owner"
    yield Case("API: list of 100, fields and include", 12, (f"{API}deals/?limit=100&{shown}", f"{API}deals/?limit=100&sort=-amount&{shown}"))
    for key in ("contacts", "leads", "deals", "activities"):
        yield Case(f"API: list of 100 {key}", 12, (f"{API}{key}/?limit=100",), times=30)
    ids = fetch("SELECT array_agg(id) FROM (SELECT id FROM customers_account WHERE workspace_id = %(ws)s ORDER BY id LIMIT 6) AS first")[0]
    yield Case("API: one record", 8, tuple(f"{API}accounts/{pk}/" for pk in ids))
    yield Case("API: create", 10, (f"{API}accounts/",), method="POST", body=lambda n: {"name": f"Measured {n}"})
    yield Case("API: edit with If-Match", 10, tuple(f"{API}accounts/{pk}/" for pk in ids), method="PATCH", body=lambda n: {"description": f"Measured {n}"})
