"""The account tree as a page shows it: some roots with what lies below them, as far as the person may see."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet

from patron.customers.domain.rollups import Total, totals
from patron.customers.models import Account, AccountTree
from patron.identity.access import Access
from patron.kernel.db.functions import Fold
from patron.records import registry, seen

ROOTS = 50  # trees on a page
LEVELS = 2  # levels below a root; deeper ones are a page of their own
MOST = 600  # accounts on a page


@dataclass(slots=True)
class Node:
    """An account of the tree. `branches` is how many visible accounts lie below it, `deeper` whether some of them are not on this page."""

    id: uuid.UUID
    name: str
    number: str
    status: str
    parent: uuid.UUID | None
    branches: int = 0
    deeper: bool = False
    totals: dict[str, Total] = field(default_factory=dict)
    children: list[Node] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Page:
    """Some trees; `after` is where the next page starts (name and id of the last root), `cut` whether accounts were left out."""

    roots: list[Node]
    after: tuple[str, uuid.UUID] | None
    cut: bool


def groups(access: Access, after: tuple[str, uuid.UUID] | None = None) -> Page:
    """The trees that the person sees, by the name of their top account. Accounts without branches are no trees: the list has them.

    Where somebody may see a branch but not what is above it, the branch is the top of its tree.
    """
    live = registry.get("accounts").live(access)
    above = live.filter(pk=OuterRef("parent_id"))
    tops = live.filter(Q(parent=None) | ~Exists(above)).filter(Exists(live.filter(parent=OuterRef("pk"))))
    tops = tops.annotate(_name=Fold(F("name"))).order_by("_name", "pk")
    if after is not None:
        tops = tops.filter(Q(_name__gt=after[0]) | Q(_name=after[0], pk__gt=after[1]))
    found = list(tops[: ROOTS + 1])
    page = _page(found[:ROOTS], live, access)
    last = found[ROOTS - 1] if len(found) > ROOTS else None
    return Page(page.roots, (last._name, last.pk) if last else None, page.cut)


def below(account: Account, access: Access) -> Page:
    """One account with its branches."""
    return _page([account], registry.get("accounts").live(access), access)


def _page(tops: list[Any], live: QuerySet[Any], access: Access) -> Page:
    ids = [top.pk for top in tops]
    inside = AccountTree.objects.filter(ancestor__in=ids, depth__range=(1, LEVELS)).values("descendant")
    rows = list(live.filter(pk__in=inside).annotate(_name=Fold(F("name"))).order_by("_name", "pk")[: MOST + 1])
    nodes = {a.pk: Node(a.pk, a.name, a.number, a.status, a.parent_id) for a in [*tops, *rows[:MOST]]}
    figures, counts = totals(nodes.keys(), access), _branches(nodes, live)
    for node in nodes.values():
        node.totals, node.branches = figures.get(node.id, {}), counts.get(node.id, 0)
        if node.parent in nodes and node.id not in ids:
            nodes[node.parent].children.append(node)
    for node in nodes.values():
        node.deeper = bool(node.branches) and not node.children
    return Page([nodes[pk] for pk in ids], None, len(rows) > MOST)


def _branches(nodes: dict[uuid.UUID, Node], live: QuerySet[Any]) -> dict[uuid.UUID, int]:
    """How many accounts that the person sees lie below each."""
    rows = AccountTree.objects.filter(ancestor__in=list(nodes), depth__gt=0, descendant__in=live.order_by().values("pk"))
    return dict(rows.values("ancestor").annotate(_n=Count("descendant")).values_list("ancestor", "_n"))


def path(account: Account, access: Access) -> list[tuple[str, uuid.UUID]]:
    """The accounts above one that the person may see, outermost first."""
    if account.parent_id is None:
        return []

    def build(account: uuid.UUID) -> Any:
        above = AccountTree.objects.filter(descendant=account, depth__gt=0, ancestor__in=registry.get("accounts").visible(access).values("pk"))
        return above.order_by("-depth").values_list("ancestor__name", "ancestor")

    return [(str(name), pk) for name, pk in seen.rows(access, ("accounts",), "customers.path", build, account=account.pk)]
