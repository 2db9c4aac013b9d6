"""An exported task says what it is about in words."""

from __future__ import annotations

import csv
import io

from patron.collab.domain.refs import Ref
from patron.collab.domain.tasks import create_task
from patron.collab.models import Task
from patron.customers.models import Account
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records import registry
from patron.records.kinds import View
from patron.records.transfer import export


def test_about_is_the_title_of_the_record(access: Access, account: Account) -> None:
    create_task(access=access, subject="Call back", about=Ref.of(account))
    create_task(access=access, subject="Water the plants")
    stream = io.BytesIO()
    view = View(access, Formats(access.locale, access.zone))
    assert export.write(registry.get("tasks"), Task.objects.all(), view, stream, "csv") == 2
    rows = list(csv.DictReader(io.StringIO(stream.getvalue().decode("utf-8-sig"))))
    assert {row["Subject"]: row["About"] for row in rows} == {"Call back": "Globex", "Water the plants": ""}
