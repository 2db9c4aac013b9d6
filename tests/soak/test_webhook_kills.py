"""`kill -9` while webhooks are delivered: nothing is lost, each record's messages come in their order, and what comes twice comes with the same id."""

from __future__ import annotations

import functools
import itertools
import time
from collections import defaultdict
from typing import Any

import pytest

from tests.automation.receiving import Receiver, receiving
from tests.soak.conftest import Patron, trials
from tests.soak.test_kills import fresh, moments

pytestmark = pytest.mark.soak
_LEADS = 120
_TOLD = """SELECT row_id::text, action::text, changes -> 'city' ->> 1 FROM ledger_change
    WHERE table_name = 'sales_lead' AND row_id = ANY(%s::uuid[]) AND (action = 'I' OR changes ? 'city') ORDER BY seq"""
_OPEN = "SELECT count(*) FROM automation_delivery WHERE state IN ('waiting', 'sending')"
_NOTED = "SELECT count(*) FROM automation_outbox"


def everything_is_delivered(patron: Patron, seconds: float = 240) -> None:
    patron.wait(lambda: not patron.value(_OPEN) and not patron.value(_NOTED), seconds=seconds)


def in_order(receiver: Receiver) -> dict[str, list[Any]]:
    """What each record's receiver knows: the city of each message, repetitions by id left out; that an id always says the same is checked on the way."""
    seen: dict[str, bytes] = {}
    found: dict[str, list[Any]] = defaultdict(list)
    for message in list(receiver.messages):
        if message.id in seen:
            assert seen[message.id] == message.body
            continue
        seen[message.id] = message.body
        told = message.json
        if told["action"] == "create":
            found[told["record"]["id"]].append("created")
        elif "city" in (told.get("changes") or {}):
            found[told["record"]["id"]].append(told["changes"]["city"][1])
    return found


def by_ledger(patron: Patron, ids: list[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = defaultdict(list)
    for row_id, action, city in patron.rows(_TOLD, ids):
        found[row_id].append("created" if action == "I" else city)
    return found


def edited(patron: Patron, data: dict[str, str]) -> bool:
    """Whether all leads were changed."""
    return patron.ask("leads/bulk/edit/?all=1", data).status == 200


def test_nothing_is_lost_and_each_record_keeps_its_order(patron: Patron) -> None:
    count = trials(50)
    with receiving() as receiver:
        receiver.pause = 0.02
        hook = patron.act("hook", receiver.url)["id"]
        first = fresh(_LEADS)
        patron.act("upload", first, _LEADS, "now")
        ids = [str(pk) for (pk,) in patron.rows("SELECT id FROM sales_lead WHERE email LIKE %s", f"p{first // 1_000_000}______@soak.example")]
        everything_is_delivered(patron)
        victims = itertools.cycle(("worker", "database", "backend", "web"))
        for trial, (moment, victim) in enumerate(zip(moments(count, 4.0), victims, strict=False)):
            for step in range(3):
                city = {"field": "city", "city": f"City {trial}.{step}"}
                patron.wait(functools.partial(edited, patron, city))
            time.sleep(moment)
            patron.kill(victim)
            patron.wait(lambda: patron.ask("leads/").status == 200)
        everything_is_delivered(patron)
        patron.well()
        assert patron.value("SELECT count(*) FROM automation_delivery WHERE webhook_id = %s AND state <> 'delivered'", hook) == 0
        told, done = in_order(receiver), by_ledger(patron, ids)
        assert len(done) == _LEADS and all(len(cities) >= 1 + 3 * count for cities in done.values())
        assert {pk: told[pk] for pk in ids} == done
        patron.wait(lambda: patron.ask(f"webhooks/{hook}/do/delete/", {}).status in (200, 404))
