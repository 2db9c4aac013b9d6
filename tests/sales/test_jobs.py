"""Open deals in foreign currencies follow the day's rates by night; closed ones keep theirs (D23)."""

from __future__ import annotations

import datetime
from decimal import Decimal

from patron.catalog.models import ExchangeRate
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.ledger.undo import undo
from patron.records import changes, registry
from patron.sales import jobs
from patron.sales.domain.closing import win_deal as win
from patron.sales.domain.start import ship_lists
from patron.sales.models import Deal
from patron.testing import Scene


def test_rates_follow_by_night_and_do_not_stand_in_the_way_of_undo(lasting_scene: Scene) -> None:
    scene, access = lasting_scene, lasting_scene.access()
    day = access.today()
    with workspace(scene.workspace.pk):
        with operation("test", access=access):
            ship_lists()
            ExchangeRate.objects.create(currency="USD", on=day - datetime.timedelta(days=9), rate=Decimal(2))
            account = changes.create(registry.get("accounts"), {"name": "Globex"}, access=access)
        made = {"amount": Decimal(100), "currency": "USD", "account": account.pk}
        won = changes.create(registry.get("deals"), {"name": "Won", **made}, access=access)
        still_open = changes.create(registry.get("deals"), {"name": "Open", **made}, access=access)
        created = Operation.objects.get(verb="deals.create", subject_id=still_open.pk)
        with operation("deals.win", access=access):
            win(won, access=access)
        with operation("test", access=access):
            ExchangeRate.objects.create(currency="USD", on=day, rate=Decimal(4))
    jobs.nightly(0)
    with workspace(scene.workspace.pk):
        assert dict(Deal.objects.values_list("name", "base_amount")) == {"Won": Decimal(50), "Open": Decimal(25)}
        undo(created.pk, access=access)
        assert not Deal.objects.filter(pk=still_open.pk).exists()
