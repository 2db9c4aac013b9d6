"""Last and next activity of deals and leads follow what `collab` writes."""

from __future__ import annotations

import datetime

from django.utils import timezone

from patron.collab.domain.activities import create_activity
from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.identity.access import Access
from tests.sales.conftest import MakeDeal


def test_a_deal_knows_its_last_and_its_next_activity(access: Access, make_deal: MakeDeal) -> None:
    deal, day = make_deal(100), access.today() + datetime.timedelta(days=3)
    create_task(access=access, subject="Call back", due=day, about=Ref.of(deal))
    create_activity(access=access, kind="call", about=[Ref.of(deal)], subject="First talk", at=timezone.now())
    deal.refresh_from_db()
    assert deal.next_activity_at.astimezone(access.workspace.zone).date() == day
    assert deal.last_activity_at is not None
