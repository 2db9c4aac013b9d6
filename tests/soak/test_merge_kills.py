"""`kill -9` in the middle of a merge and of an unmerge: both records with all that hangs on them, or one with everything."""

from __future__ import annotations

import pytest

from tests.soak.conftest import Answer, Patron, trials
from tests.soak.test_kills import disturbed

pytestmark = pytest.mark.soak
_EACH = 700
_HANGING = {
    "contacts": "SELECT count(*) FROM customers_contact WHERE account_id = %s",
    "places": "SELECT count(*) FROM customers_affiliation WHERE account_id = %s",
    "tasks": "SELECT count(*) FROM collab_task WHERE record_id = %s",
    "links": "SELECT count(*) FROM collab_tasklink WHERE record_id = %s",
    "deals": "SELECT count(*) FROM sales_deal WHERE account_id = %s",
}
_STANDING = "SELECT count(*) FROM records_merge WHERE survivor_id = %s AND parted_at IS NULL"
_LEADING = "SELECT count(*) FROM records_redirect WHERE id = %s"
_DONE = "SELECT count(*) FROM ledger_operation WHERE verb = %s AND subject_id = %s"


def test_a_merge_and_its_unmerge_are_whole_or_not_at_all(patron: Patron) -> None:
    ids = patron.act("twins", _EACH)
    one, two = ids["one"], ids["two"]
    apart = {key: {name: patron.value(question, ids[key]) for name, question in _HANGING.items()} for key in ("one", "two")}
    assert all(apart["two"].values())
    was = {"merged": False, "operations": 0}

    def merged() -> bool:
        return not patron.value("SELECT count(*) FROM customers_account WHERE id = %s", two)

    def operations() -> int:
        return sum(int(patron.value(_DONE, f"accounts.{verb}", one)) for verb in ("merge", "unmerge"))

    def prepare() -> None:
        was["merged"], was["operations"] = merged(), operations()

    def work() -> Answer:
        if was["merged"]:
            return patron.ask(f"accounts/{one}/do/unmerge/", {})
        return patron.ask(f"accounts/{one}/do/merge/", {"others": two})

    def check(answer: Answer) -> None:
        now = merged()
        done = now is not was["merged"]
        assert done or answer.status != 200, answer.text[:2000]
        assert operations() == was["operations"] + done
        for name, question in _HANGING.items():
            here, there = patron.value(question, one), patron.value(question, two)
            whole = apart["one"][name] + apart["two"][name]
            assert (here, there) == ((whole, 0) if now else (apart["one"][name], apart["two"][name])), name
        assert patron.value(_STANDING, one) == patron.value(_LEADING, two) == int(now)

    disturbed(patron, trials(50), prepare, work, check)
