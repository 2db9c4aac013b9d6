"""Screens of customers that no other record type has."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from patron.customers.domain import rollups, trees
from patron.customers.enums import STATUS_TONES, AccountStatus
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.web import render
from patron.records import registry
from patron.records.keyset import Cursor, decode
from patron.records.kinds import Invalid
from patron.records.views.base import href, record_or_404, view_of


@require_safe
def tree(request: HttpRequest, slug: str) -> HttpResponse:
    """The trees of accounts with their figures; `of` shows one account's branches, `after` the next trees."""
    view = view_of(request)
    record_type, access = registry.get("accounts"), view.access
    if not access.can("accounts", "view") or not record_type.tree_address(access):
        raise Http404
    one = record_or_404(record_type, access, _id(request.GET["of"])) if request.GET.get("of") else None
    page = trees.below(one, access) if one else trees.groups(access, _edge(request.GET.get("after", "")))
    figures = rollups.figures(access)
    context = {
        "record_type": record_type, "here": href(access, "accounts", "tree"), "list": href(access, "accounts"), "one": one,
        "above": [(name, href(access, "accounts", "tree", query=f"of={pk}")) for name, pk in trees.path(one, access)] if one else [],
        "roots": [_drawn(root, figures, access, view.fmt) for root in page.roots], "figures": [f.label for f in figures], "cut": page.cut,
        "next": f"?after={Cursor(*page.after).encode()}" if page.after else "", "currency": access.workspace.currency, "later": "after" in request.GET,
    }  # fmt: skip
    return render(request, "customers/tree.html", context)


def _id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError as error:
        raise Http404 from error


def _edge(text: str) -> tuple[str, uuid.UUID] | None:
    try:
        cursor = decode(text) if text else None
    except Invalid as error:
        raise Http404 from error
    return (str(cursor.value or ""), cursor.id) if cursor else None


def _drawn(node: trees.Node, figures: list[rollups.Figure], access: Access, fmt: Formats) -> dict[str, Any]:
    """A node as the template draws it: plain values."""
    status = AccountStatus(node.status)
    return {
        "name": node.name, "url": href(access, "accounts", node.id), "number": "" if access.hides("accounts", "number") else node.number,
        "status": None if access.hides("accounts", "status") else (status.label, STATUS_TONES[status]),
        "branches": node.branches, "deeper": href(access, "accounts", "tree", query=f"of={node.id}") if node.deeper else "",
        "cells": [_cell(f, node, access, fmt) for f in figures], "children": [_drawn(child, figures, access, fmt) for child in node.children],
    }  # fmt: skip


def _cell(figure: rollups.Figure, node: trees.Node, access: Access, fmt: Formats) -> dict[str, Any]:
    total = node.totals.get(figure.key, rollups.Total())
    currency = access.workspace.currency
    own = fmt.money(total.own, currency, cents=False) if total.own else ""
    query = figure.query(node.id)
    return {
        "label": figure.label, "own": own, "branches": fmt.money(total.branches, currency, cents=False) if total.branches else "",
        "partial": total.partial, "url": href(access, figure.type_key, query=query) if query and own else "",
    }  # fmt: skip
