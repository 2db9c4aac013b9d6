"""`kill -9` in the middle of an import, a bulk edit, an undo and a move: whole or not at all, it says which, and everything comes back by itself.

The moment of the kill goes through the whole length of the work, from trial to trial; who is killed changes with it.
"""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

import pytest

from tests.soak.conftest import Answer, Doing, Patron, trials

pytestmark = pytest.mark.soak
ROWS = 12_000
_next = itertools.count(1)
_CITIES = "SELECT count(*) FROM sales_lead WHERE city = %s"
_LEADS = "SELECT count(*) FROM sales_lead"


def fresh(count: int) -> int:
    """The first of `count` numbers that no lead had yet."""
    return next(_next) * 1_000_000


def moments(count: int, whole: float) -> list[float]:
    """Seconds after the beginning, spread over the length of the work."""
    return [whole * (trial + 0.5) / count for trial in range(count)]


def settled_import(patron: Patron, import_id: str) -> str:
    """The state once nothing works on it any more, and what the page says fits it."""
    patron.wait(lambda: patron.ask(f"import/{import_id}/run/").status == 200)

    def state() -> str:
        page = patron.ask(f"import/{import_id}/run/")
        found = str(patron.value("SELECT state FROM records_import WHERE id = %s", import_id))
        busy = patron.value("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'import_id' = %s AND status IN ('todo', 'doing')", import_id)
        return found if page.status == 200 and found not in ("applying", "checking") and not busy else ""

    found = str(patron.wait(state))
    page = patron.ask(f"import/{import_id}/run/").text
    assert ("Nothing was imported" in page) is (found != "applied"), found
    return found


def begun(patron: Patron, first: int) -> str:
    """A background import whose job has just started."""
    import_id = str(patron.act("upload", first, ROWS)["id"])
    patron.wait(lambda: patron.value("SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'import_id' = %s AND status <> 'todo'", import_id))
    return import_id


def test_an_import_is_whole_or_not_at_all_and_says_which(patron: Patron) -> None:
    import_id, began = begun(patron, fresh(ROWS)), time.monotonic()
    assert settled_import(patron, import_id) == "applied"
    whole = time.monotonic() - began
    count = trials(5)
    for moment, victim in zip(moments(count, whole), itertools.cycle(("worker", "database", "backend", "web"))):
        before = patron.value(_LEADS)
        first = fresh(ROWS)
        import_id = begun(patron, first)
        time.sleep(moment)
        patron.kill(victim)
        state = settled_import(patron, import_id)
        assert patron.value(_LEADS) == before + (ROWS if state == "applied" else 0), (victim, moment, state)
        written = patron.value("SELECT count(*) FROM ledger_change c JOIN ledger_operation o ON o.id = c.operation_id WHERE o.details ->> 'import' = %s", import_id)
        assert written == (ROWS if state == "applied" else 0)
        assert patron.value("SELECT count(*) FROM sales_lead WHERE email LIKE %s", f"p{first // 1_000_000}______@soak.example") == written
        patron.well()


def disturbed(patron: Patron, count: int, prepare: Callable[[], None], work: Callable[[], Answer], check: Callable[[Answer], None]) -> None:
    """Let `work` (a page) run once undisturbed, then `count` times with a kill in the middle; `prepare` before and `check` after each."""
    prepare()
    began = time.monotonic()
    check(work())
    whole = time.monotonic() - began
    for moment, victim in zip(moments(count, whole), itertools.cycle(("web", "database", "backend", "worker"))):
        prepare()
        doing = Doing(work)
        time.sleep(moment)
        patron.kill(victim)
        answer = doing.end()
        assert answer.status in (0, 200, 204, 302, 409, 503), (victim, moment, answer.status, answer.text[:2000])
        patron.well()
        check(answer)


def test_a_bulk_edit_is_whole_or_not_at_all(patron: Patron) -> None:
    names = (f"City {n}" for n in itertools.count())
    now = {"name": ""}
    total = patron.act("upload", fresh(4000), 4000, "now") and patron.value(_LEADS)

    def prepare() -> None:
        now["name"] = next(names)

    def work() -> Answer:
        return patron.ask("leads/bulk/edit/?all=1", {"field": "city", "city": now["name"]})

    def check(answer: Answer) -> None:
        assert patron.value(_LEADS) == total
        done = patron.value(_CITIES, now["name"])
        assert done in ((total,) if answer.status == 200 else (0, total))
        signed = patron.value(
            "SELECT count(*) FROM ledger_change WHERE changes -> 'city' ->> 1 = %s AND action = 'U'", now["name"]
        )
        assert signed == done

    disturbed(patron, trials(3), prepare, work, check)


def test_an_undo_of_an_import_is_whole_or_not_at_all(patron: Patron) -> None:
    imported = {"operation": "", "before": 0}

    def prepare() -> None:
        done = imported["operation"] and patron.value("SELECT count(*) FROM ledger_operation WHERE undoes = %s", imported["operation"])
        if not imported["operation"] or done:
            imported["before"] = patron.value(_LEADS)
            imported["operation"] = patron.act("upload", fresh(ROWS), ROWS, "now")["operation"]

    def work() -> Answer:
        return patron.ask(f"history/{imported['operation']}/undo/", {})

    def check(answer: Answer) -> None:
        undone = patron.value("SELECT count(*) FROM ledger_operation WHERE undoes = %s", imported["operation"])
        assert undone in ((1,) if answer.status == 200 else (0, 1))
        assert patron.value(_LEADS) == imported["before"] + (0 if undone else ROWS)

    disturbed(patron, trials(3), prepare, work, check)


def test_a_move_in_the_tree_is_whole_or_not_at_all(patron: Patron) -> None:
    ids = patron.act("tree")
    to = {"wanted": "one"}
    walk = """WITH RECURSIVE up AS (SELECT id AS node, id AS above, 0 AS depth FROM customers_account UNION ALL
        SELECT up.node, a.parent_id, up.depth + 1 FROM up JOIN customers_account a ON a.id = up.above WHERE a.parent_id IS NOT NULL)
        SELECT count(*) FROM ((SELECT above, node, depth FROM up EXCEPT SELECT ancestor_id, descendant_id, depth FROM customers_account_tree)
        UNION ALL (SELECT ancestor_id, descendant_id, depth FROM customers_account_tree EXCEPT SELECT above, node, depth FROM up)) AS differs"""

    def parent() -> str:
        return str(patron.value("SELECT parent_id FROM customers_account WHERE id = %s", ids["branch"]))

    def prepare() -> None:
        to["was"] = parent()
        to["wanted"] = ids["two"] if to["was"] == ids["one"] else ids["one"]

    def work() -> Answer:
        return patron.ask(f"accounts/{ids['branch']}/do/move/", {"parent": to["wanted"]})

    def check(answer: Answer) -> None:
        assert parent() in ((to["wanted"],) if answer.status == 200 else (to["was"], to["wanted"]))
        assert patron.value(walk) == 0

    disturbed(patron, trials(3), prepare, work, check)
