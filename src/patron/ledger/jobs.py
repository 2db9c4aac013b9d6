"""The ledger's months, made ahead, and its blocks, made afterwards. Found by procrastinate under the name `jobs`."""

import logging
import time
import uuid

from django.db import connection, transaction
from procrastinate.contrib.django import app

from patron.identity.models import Workspace
from patron.kernel.db.install import is_distributed
from patron.ledger import sealing, trail

log = logging.getLogger(__name__)

_AHEAD = "SELECT ledger_partition((date_trunc('month', now()) + n * interval '1 month')::date) FROM generate_series(0, 2) AS n"
_LONGEST = 240.0  # seconds of one run
_TURN = 50  # blocks of one workspace before the next one's turn


@app.periodic(cron="25 2 * * *", periodic_id="ledger.months")
@app.task(name="ledger.months", queueing_lock="ledger.months")
def months(timestamp: int = 0) -> None:
    """Have partitions for this month and the next two. Until then, and whatever a clock says, rows go into the partition for the rest.

    Gives way within five seconds to whoever is writing, and tries again the next night.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '5s'")
        cursor.execute(_AHEAD)


@app.periodic(cron="*/5 * * * *", periodic_id="ledger.seal")
@app.task(name="ledger.seal", queueing_lock="ledger.seal", lock="ledger.seal")
def seal(timestamp: int) -> int:
    """Seal what waits in every workspace, block by block, in turns; answers how many blocks were made.

    What four minutes do not do is left to the next run. A workspace that fails is logged, the others go on.
    """
    until, before, made = time.monotonic() + _LONGEST, sealing.settled(), 0
    waiting = _places()
    while waiting and time.monotonic() < until:
        for place in list(waiting):
            try:
                blocks = len(sealing.seal_all(place, before=before, blocks=_TURN, until=until))
            except Exception:
                log.exception("the ledger of workspace %s could not be sealed", place)
                blocks = 0
            made += blocks
            if blocks < _TURN:
                waiting.remove(place)
    return made


def _places() -> list[uuid.UUID]:
    """Workspaces with something to seal; on a cluster, where that would be asked of every node, all of them."""
    if is_distributed():
        return list(Workspace.objects.order_by("pk").values_list("pk", flat=True))
    return [head.workspace_id for head in trail.heads() if head.since]
