"""What a deal's currency is worth."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

from django.db import connection

from patron.catalog.domain.rates import NoRate, rate_on
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.records.verbs import Refused


def rate_on_day(currency: str, day: datetime.date, *, access: Access) -> Decimal | None:
    """The rate of a deal's currency on a day, as `catalog.domain.rates` quotes it; None where none is known."""
    try:
        return rate_on(currency, day, base=access.workspace.currency)
    except NoRate:
        return None


def rate_at_close(currency: str, day: datetime.date, *, access: Access) -> Decimal:
    """The same for a deal that is closed: without a rate its value would be missing from every total, so it is `Refused`."""
    try:
        return rate_on(currency, day, base=access.workspace.currency)
    except NoRate as error:
        raise Refused(str(error), field="closed_on") from error


_RATES = """
UPDATE sales_deal SET rate = catalog_rate(currency, %(today)s)
WHERE workspace_id = %(workspace)s AND outcome = 'open' AND currency NOT IN ('', %(base)s)
  AND rate IS DISTINCT FROM catalog_rate(currency, %(today)s)
"""


def refresh_rates(*, access: Access) -> int:
    """Bring open deals in foreign currencies to today's rates; answers how many changed. Closed deals keep theirs (D23)."""
    values: dict[str, Any] = {"workspace": current_workspace_id(), "base": access.workspace.currency, "today": access.today()}
    with connection.cursor() as cursor:
        cursor.execute(_RATES, values)
        return int(cursor.rowcount)
