"""Work that nobody waits for. Found by procrastinate under the name `jobs`."""

import logging

from procrastinate.contrib.django import app

from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.sales.domain import kept
from patron.sales.domain.money import refresh_rates

log = logging.getLogger(__name__)


@app.periodic(cron="20 2 * * *", periodic_id="sales.refresh_rates")
@app.task(name="sales.refresh_rates", queueing_lock="sales.refresh_rates", lock="sales.refresh_rates")
def nightly(timestamp: int) -> int:
    """Bring open deals in foreign currencies to the day's rates; answers how many changed. Closed deals keep theirs (D23).

    A workspace that fails is logged, the others go on.
    """
    changed = 0
    for place in Workspace.objects.order_by("pk"):
        access = Access.system(place)
        try:
            with workspace(place.pk), operation("deals.refresh_rates", access=access, details={"upkeep": True}):
                changed += refresh_rates(access=access)
        except Exception:
            log.exception("exchange rates of workspace %s failed", place.pk)
    return changed


@app.periodic(cron="*/5 * * * *", periodic_id="sales.keep_sums")
@app.task(name="sales.keep_sums", queueing_lock="sales.keep_sums", lock="sales.keep_sums")
def keep_sums(timestamp: int) -> int:
    """Keep the sums over deals of every workspace short; answers in how many there was something to do. A workspace that fails is logged."""
    done = 0
    for place in Workspace.objects.order_by("pk"):
        try:
            with workspace(place.pk):
                done += kept.keep()
        except Exception:
            log.exception("sums over deals of workspace %s failed", place.pk)
    return done
