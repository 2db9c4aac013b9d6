"""Human numbers: drawn from a counter row that is locked until the transaction ends, so that none is given twice or skipped (`D8`)."""

from django.db import connection

from patron.kernel.tenancy import current_workspace_id, uuid7

_DRAW = """
INSERT INTO kernel_counter AS c (workspace_id, id, series, last) VALUES (%s, %s, %s, %s)
ON CONFLICT (workspace_id, series) DO UPDATE SET last = greatest(c.last, %s) + %s RETURNING last
"""


def next_number(series: str, *, start: int = 1) -> int:
    """The next number of a series; the first is `start`. A rolled-back transaction gives its number back."""
    return draw(series, 1, start=start)


def draw(series: str, count: int, *, start: int = 1) -> int:
    """Take `count` consecutive numbers at once and answer the first: for set-based inserts."""
    with connection.cursor() as cursor:
        cursor.execute(_DRAW, [current_workspace_id(), uuid7(), series, start + count - 1, start - 1, count])
        (last,) = cursor.fetchone()
    return int(last) - count + 1
