"""Work that nobody waits for."""

import logging
import uuid

from procrastinate.contrib.django import app

from patron.customers.domain.status import expire_statuses, refresh_statuses
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace

log = logging.getLogger(__name__)


@app.periodic(cron="10 2 * * *", periodic_id="customers.expire_statuses")
@app.task(name="customers.expire_statuses", queueing_lock="customers.expire_statuses", lock="customers.expire_statuses")
def nightly(timestamp: int) -> int:
    """Let accounts churn whose last order left the window; a workspace that fails is logged, the others go on."""
    changed = 0
    for place in Workspace.objects.order_by("pk"):
        try:
            with workspace(place.pk):
                changed += expire_statuses(access=Access.system(place))
        except Exception:
            log.exception("statuses of workspace %s failed", place.pk)
    return changed


@app.task(name="customers.refresh_statuses")
def refresh_statuses_later(workspace_id: str) -> int:
    """Let every status follow its facts after the workspace changed what counts; for workspaces with many accounts."""
    place = Workspace.objects.get(pk=uuid.UUID(workspace_id))
    with workspace(place.pk):
        return refresh_statuses(access=Access.system(place), cause="settings changed")
