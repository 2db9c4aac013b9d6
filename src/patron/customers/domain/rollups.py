"""Figures of an account, its own and with its branches (D3): each fact once, rights applied before summing, one currency.

What there is to sum is registered from above (`register_figure`): open pipeline and won revenue by sales, later balances and open cases.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, NamedTuple
from urllib.parse import urlencode

from django.db.models import Count, F, QuerySet, Sum, Value
from django.db.models.functions import Coalesce

from patron.customers.models import AccountTree
from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.tenancy import current_workspace_id
from patron.records import registry, seen

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Figure:
    """Something to sum over accounts: the rows of a record type that `facts` selects, each with an account and an amount in base currency."""

    key: str
    label: Any
    type_key: str
    facts: Callable[[], QuerySet[Any]]
    amount: str
    account: str
    where: tuple[Any, ...]

    def query(self, account_id: uuid.UUID) -> str:
        """The rows behind an account's own figure as parameters of their list; "" where the list cannot select them."""
        return urlencode({"f": json.dumps({"and": [[self.account, "is", [str(account_id)]], *self.where]})}) if self.where else ""


class Total(NamedTuple):
    """One figure of one account in base currency. `partial`: something below the account, or on it, is hidden from the person."""

    own: Decimal = ZERO
    branches: Decimal = ZERO
    partial: bool = False


Totals = dict[uuid.UUID, dict[str, Total]]
_figures: dict[str, Figure] = {}


def register_figure(
    key: str, label: Any, *, type_key: str, facts: Callable[[], QuerySet[Any]], amount: str, account: str = "account", where: Sequence[Any] = ()
) -> None:
    """Say what to sum. `facts()` answers rows of the model of `type_key`; `amount` and `account` are names of their fields.

    `where` is the same selection as conditions of the filter language, for a link from a figure to its rows; without it there is no link.
    """
    _figures[key] = Figure(key, label, type_key, facts, amount, account, tuple(where))


def figures(access: Access) -> list[Figure]:
    """The figures whose record type the person may view, in the order of registration."""
    return [figure for figure in _figures.values() if access.can(figure.type_key, "view") and not access.hides(figure.type_key, figure.amount)]


def own_and_branches(account_id: uuid.UUID) -> QuerySet[Any]:
    """The ids of the account and of everything below it, as a subquery: `filter(account__in=own_and_branches(pk))`."""
    return AccountTree.objects.filter(ancestor=account_id).values("descendant")  # type: ignore[no-any-return]


def totals(account_ids: Collection[uuid.UUID], access: Access) -> Totals:
    """Every figure of every account, own and with branches, in one statement; accounts without facts are missing."""
    shown = figures(access)
    if not shown or not account_ids:
        return {}
    parts, values = [], []
    for figure in shown:
        for sql, params in _facts(figure, account_ids, access):
            parts.append(f"SELECT %s::text AS figure, f.account_id, f.amount, f.facts FROM ({sql}) AS f (account_id, amount, facts)")
            values += [figure.key, *params]
    statement = f"""
        WITH facts AS ({" UNION ALL ".join(parts)})
        SELECT t.ancestor_id, f.figure, sum(f.amount) FILTER (WHERE t.depth = 0), sum(f.amount), sum(f.facts) > 0
        FROM customers_account_tree t JOIN facts f ON f.account_id = t.descendant_id
        WHERE t.workspace_id = %s AND t.ancestor_id = ANY (%s) GROUP BY t.ancestor_id, f.figure
    """
    found: Totals = {}
    for account, key, own, branches, partial in prepared.fetch(statement, [*values, current_workspace_id(), list(account_ids)]):
        found.setdefault(account, {})[key] = Total(own or ZERO, branches or ZERO, partial)
    return found


def _facts(figure: Figure, account_ids: Collection[uuid.UUID], access: Access) -> list[tuple[str, list[Any]]]:
    """(account, amount, number of hidden facts) per account: the visible rows; where some may be hidden, all rows less the visible ones too."""
    if access.scope(figure.type_key, "view") == "all":
        return [_visible_facts(figure, account_ids, access)]
    every = _below(figure, list(account_ids))
    visible = every.filter(pk__in=registry.get(figure.type_key).visible(access).order_by().values("pk"))
    return [
        _sql(_per_account(figure, visible, amount=Sum(figure.amount), facts=-Count("pk"))),
        _sql(_per_account(figure, every, amount=Value(ZERO), facts=Count("pk"))),
    ]


def _visible_facts(figure: Figure, account_ids: Collection[uuid.UUID], access: Access) -> tuple[str, list[Any]]:
    """The facts where none can be hidden. For the one account of a record page the statement is kept."""

    def build(account: uuid.UUID) -> QuerySet[Any]:
        return _per_account(figure, _below(figure, [account]), amount=Sum(figure.amount), facts=Value(0))

    if len(account_ids) == 1 and seen.unrestricted(access, figure.type_key):
        return prepared.statement(("customers.figure", figure.key), build, account=next(iter(account_ids)))
    return _sql(_per_account(figure, _below(figure, list(account_ids)), amount=Sum(figure.amount), facts=Value(0)))


def _below(figure: Figure, account_ids: list[uuid.UUID]) -> QuerySet[Any]:
    """The facts of the accounts and of everything below them."""
    below = AccountTree.objects.filter(ancestor__in=account_ids).values("descendant")
    return figure.facts().order_by().filter(**{f"{figure.account}__in": below})


def _per_account(figure: Figure, rows: QuerySet[Any], *, amount: Any, facts: Any) -> QuerySet[Any]:
    grouped = rows.values(_account=F(figure.account)).annotate(_amount=Coalesce(amount, Value(ZERO)), _facts=facts)
    return grouped.values_list("_account", "_amount", "_facts")


def _sql(rows: QuerySet[Any]) -> tuple[str, list[Any]]:
    sql, params = rows.query.sql_with_params()
    return sql, list(params)
