"""Verifications that are kept: each holds the chain against the heads that earlier ones saw."""

from __future__ import annotations

from typing import cast

from patron.ledger import verifying
from patron.ledger.models import Check

KEPT = 1000  # heads that the chain is held against: the newest


def check(*, expected: dict[int, str] | None = None, tell: verifying.Tell = lambda done, total: None) -> verifying.Verdict:
    """Verify the open workspace's chain, also against the heads of earlier checks, and note the result. `expected` goes before those."""
    seen = Check.objects.filter(what="").exclude(number=0).order_by("-at", "-id").values_list("number", "hash")[:KEPT]
    verdict = verifying.verify(expected={**dict(seen), **(expected or {})}, tell=tell)
    found = verdict.found
    Check.objects.create(
        number=verdict.blocks, hash=verdict.hash, operations=verdict.operations, what=found.what if found else "", block=found.number if found else None,
        operation_id=found.operation_id if found else None,
    )  # fmt: skip
    return verdict


def latest() -> Check | None:
    """The last verification of the open workspace."""
    found: Check | None = Check.objects.order_by("-at", "-id").first()
    return found


def found_by(item: Check) -> verifying.Break | None:
    """What a kept verification found."""
    return verifying.Break(cast("verifying.What", item.what), item.block, item.operation_id) if item.what else None
