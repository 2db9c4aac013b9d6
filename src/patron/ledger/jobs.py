"""The ledger's months, made ahead. Found by procrastinate under the name `jobs`."""

from django.db import connection, transaction
from procrastinate.contrib.django import app

_AHEAD = "SELECT ledger_partition((date_trunc('month', now()) + n * interval '1 month')::date) FROM generate_series(0, 2) AS n"


@app.periodic(cron="25 2 * * *", periodic_id="ledger.months")
@app.task(name="ledger.months", queueing_lock="ledger.months")
def months(timestamp: int = 0) -> None:
    """Have partitions for this month and the next two. Until then, and whatever a clock says, rows go into the partition for the rest.

    Gives way within five seconds to whoever is writing, and tries again the next night.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(_AHEAD)
