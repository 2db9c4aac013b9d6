"""Account numbers: A-10001, A-10002, … each once, also beside numbers that came from elsewhere."""

from __future__ import annotations

import uuid
from collections.abc import Collection, Iterable
from typing import Final

from django.db import connection

from patron.customers.models import Account
from patron.kernel.db import prepared
from patron.kernel.numbering import draw
from patron.kernel.tenancy import current_workspace_id

SERIES: Final = "accounts"
FIRST: Final = 10001

_TAKEN = "SELECT lower(number) FROM seen.customers_account WHERE workspace_id = %s AND lower(number) = ANY(%s) AND number <> ''"
_GIVE = """
UPDATE customers_account a SET number = fresh.number FROM unnest(%s::uuid[], %s::text[]) AS fresh (id, number)
WHERE a.workspace_id = %s AND a.id = fresh.id
"""


def written(number: int) -> str:
    """10001 -> A-10001."""
    return f"A-{number}"


def fresh_numbers(count: int) -> list[str]:
    """`count` numbers that no account has, in order; locks the series until the transaction ends."""
    found: list[str] = []
    while len(found) < count:
        first = draw(SERIES, count - len(found), start=FIRST)
        drawn = [written(n) for n in range(first, first + count - len(found))]
        taken = _taken(drawn)
        found += [number for number in drawn if number.lower() not in taken]
    return found


def give_numbers(account_ids: Iterable[uuid.UUID]) -> int:
    """Number those of the accounts that have no number yet, in the order in which they were made; answers how many. Set-based."""
    wanted = list(Account.objects.filter(pk__in=list(account_ids), number="").order_by("created_at", "pk").values_list("pk", flat=True))
    if wanted:
        with connection.cursor() as cursor:
            cursor.execute(_GIVE, [wanted, fresh_numbers(len(wanted)), current_workspace_id()])
    return len(wanted)


def _taken(numbers: Collection[str]) -> set[str]:
    return {row[0] for row in prepared.fetch(_TAKEN, [current_workspace_id(), [n.lower() for n in numbers]])}
