"""The same questions in plain SQL, as the role that serves, and the bare Django view: what Patron's own share is measured against."""

from __future__ import annotations

import time
from typing import Any

from bench.cases import Case
from bench.measure import family, nanoseconds
from bench.seed import SLUG

BARE = Case("bare Django view of 50 accounts", 1000, ("/accounts/",))
TIMES = 40


def _params() -> dict[str, Any]:
    from patron.identity.models import Workspace

    return {"ws": Workspace.objects.get(slug=SLUG).pk}


def fetch(sql: str) -> Any:
    """The first row of a query on the seeded workspace."""
    from django.db import connection

    from patron.kernel.tenancy import workspace

    params = _params()
    with workspace(params["ws"]), connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()


def cost(sql: str, postmaster: int) -> float:
    """Processor milliseconds of PostgreSQL and this process for one execution, each in a transaction of its own that sets the workspace."""
    from django.db import connection

    from patron.kernel.tenancy import workspace

    params = _params()
    if "%(value)s" in sql:
        row = fetch(
            "SELECT patron_fold(name), id FROM customers_account WHERE workspace_id = %(ws)s ORDER BY 1, 2 OFFSET (SELECT count(*) / 2 FROM customers_account WHERE workspace_id = %(ws)s) LIMIT 1"
        )
        params |= {"value": row[0], "id": row[1]}
    started = 0.0
    for n in range(TIMES + 3):
        if n == 3:
            started = time.process_time_ns() + sum(map(nanoseconds, family(postmaster)))
        with workspace(params["ws"]), connection.cursor() as cursor:
            cursor.execute(sql, params)
            cursor.fetchall()
    return (time.process_time_ns() + sum(map(nanoseconds, family(postmaster))) - started) / 1e6 / TIMES
