"""Whoever owns the tables can change what is sealed, but not without being found."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.kernel.tenancy import workspace
from patron.ledger import canonical, verifying
from patron.ledger.verifying import Break, What
from patron.testing import Scene
from tests.database import as_owner
from tests.ledger.chain_kit import act, broken, seal, seals, verdict


@pytest.fixture
def sealed(lasting_scene: Scene) -> Scene:
    """Four blocks: the founding; an operation with two changes; one without; one with three."""
    seal(lasting_scene)
    for changes in (2, 0, 3):
        act(lasting_scene, changes)
        seal(lasting_scene)
    assert verdict(lasting_scene).found is None
    return lasting_scene


def tamper(scene: Scene, statement: str) -> None:
    """As the owner of the tables, past policies; `{op}` is the operation of block 2."""
    place = scene.workspace.pk
    operation = seals(scene)[1].operations[0]
    as_owner("BEGIN", f"SET LOCAL app.workspace_id = '{place}'", statement.format(op=operation, ws=place), "COMMIT")


_CHANGES = "ledger_change WHERE workspace_id = '{ws}' AND operation_id = '{op}'"
_ONE = "seq = (SELECT max(seq) FROM ledger_change WHERE workspace_id = '{ws}' AND operation_id = '{op}') AND workspace_id = '{ws}'"
_COPY = "INSERT INTO ledger_change (workspace_id, at, operation_id, table_name, row_id, action, changes) SELECT workspace_id, {at}, operation_id, table_name, row_id, action, changes FROM " + _CHANGES + " LIMIT 1"


@pytest.mark.parametrize(
    ("statement", "what"),
    [
        (f"UPDATE ledger_change SET changes = changes || '{{{{\"name\": \"Other\"}}}}' WHERE {_ONE}", "changed_change"),
        (f"UPDATE ledger_change SET row_id = gen_random_uuid() WHERE {_ONE}", "changed_change"),
        (f"UPDATE ledger_change SET action = 'D' WHERE {_ONE}", "changed_change"),
        (f"UPDATE ledger_change SET table_name = 'identity_role' WHERE {_ONE}", "changed_change"),
        (f"DELETE FROM ledger_change WHERE {_ONE}", "missing_change"),
        (f"DELETE FROM {_CHANGES}", "missing_change"),
        (f"UPDATE ledger_change SET at = at + interval '1 second' WHERE {_ONE}", "missing_change"),
        (_COPY.replace("{at}", "at"), "added_change"),
        *((f"UPDATE ledger_operation SET {column} = {value} WHERE workspace_id = '{{ws}}' AND id = '{{op}}'", "changed_operation") for column, value in (
            ("verb", "'deals.win'"), ("actor_name", "'Somebody'"), ("actor_id", "(SELECT id FROM identity_membership WHERE workspace_id = '{ws}' LIMIT 1)"), ("reason", "'because'"),
            ("subject_type", "'deals'"), ("subject_id", "gen_random_uuid()"), ("request_id", "'r'"), ("address", "'10.0.0.1'"), ("undoes", "gen_random_uuid()"),
            ("details", "details || '{{\"n\": 1.500}}'"), ("at", "at + interval '1 microsecond'"),
        )),
        ("DELETE FROM ledger_operation WHERE workspace_id = '{ws}' AND id = '{op}'", "missing_operation"),
    ],
)  # fmt: skip
def test_whatever_was_changed_in_a_sealed_operation_is_told(sealed: Scene, statement: str, what: What) -> None:
    operation = seals(sealed)[1].operations[0]
    tamper(sealed, statement)
    assert broken(sealed) == Break(what, 2, operation)
    assert str(operation) in broken(sealed).words and "block 2" in broken(sealed).words


def test_an_operation_put_into_the_past_is_told(sealed: Scene) -> None:
    tamper(sealed, "INSERT INTO ledger_operation (workspace_id, id, at, verb, actor_name, subject_type, reason, request_id, details, xid) "
           "SELECT workspace_id, gen_random_uuid(), at, 'test.false', '', '', '', '', '{{}}', xid FROM ledger_operation WHERE id = '{op}'")  # fmt: skip
    ((false,),) = as_owner(f"SELECT id FROM ledger_operation WHERE verb = 'test.false' AND workspace_id = '{sealed.workspace.pk}'")
    assert broken(sealed) == Break("unsealed_operation", None, false)
    act(sealed)
    seal(sealed)
    assert broken(sealed) == Break("unsealed_operation", None, false), "sealing on does not hide it"


def test_a_change_at_a_time_that_is_not_its_operations_is_told(sealed: Scene) -> None:
    tamper(sealed, _COPY.replace("{at}", "at - interval '1 day'"))
    assert broken(sealed) == Break("stray_change", None, seals(sealed)[1].operations[0])


def test_an_operation_moved_behind_the_last_block_is_sealed_twice_and_told(sealed: Scene) -> None:
    operation = seals(sealed)[1].operations[0]
    tamper(sealed, "UPDATE ledger_operation SET xid = (SELECT max(xid) FROM ledger_operation WHERE workspace_id = '{ws}') + 1 WHERE id = '{op}'")
    act(sealed)
    seal(sealed)
    assert broken(sealed) == Break("sealed_twice", None, operation)


@pytest.mark.parametrize("number", [1, 2, 3, 4])
def test_a_block_that_is_gone_is_told_also_the_last_one(sealed: Scene, number: int) -> None:
    tamper(sealed, f"DELETE FROM ledger_seal WHERE workspace_id = '{{ws}}' AND number = {number}")
    assert broken(sealed) == Break("missing_block", number)
    act(sealed)
    seal(sealed)
    assert broken(sealed) == Break("missing_block", number), "sealing goes on, and does not hide it"


def test_all_blocks_gone_or_the_head_gone_is_told(sealed: Scene) -> None:
    tamper(sealed, "DELETE FROM ledger_seal WHERE workspace_id = '{ws}'")
    assert broken(sealed) == Break("missing_block", 1)
    tamper_head = "DELETE FROM ledger_head WHERE workspace_id = '{ws}'"
    as_owner(tamper_head.format(ws=sealed.workspace.pk))
    assert verdict(sealed).found is None, "nothing of a chain is left: only a head kept elsewhere tells"
    assert verdict(sealed, {4: "0" * 64}).found == Break("missing_block", 4)


def test_a_head_that_was_set_back_is_told(sealed: Scene) -> None:
    third = seals(sealed)[2]
    tamper(sealed, f"UPDATE ledger_head SET number = 3, hash = '{third.hash}' WHERE workspace_id = '{{ws}}'")
    assert broken(sealed) == Break("other_head", 4)


@pytest.mark.parametrize("column", ["hash", "previous"])
def test_a_block_with_another_hash_is_told(sealed: Scene, column: str) -> None:
    tamper(sealed, f"UPDATE ledger_seal SET {column} = repeat('0', 64) WHERE workspace_id = '{{ws}}' AND number = 2")
    assert broken(sealed) == Break("rewritten_block", 2)


def rewrite(scene: Scene, number: int) -> str:
    """Change an operation and make its block anew, as somebody does who knows the form; answers the block's new hash."""
    operation = f"(SELECT {canonical.OPERATION} FROM ledger_operation o WHERE o.workspace_id = s.workspace_id AND o.id = s.operations[1])"
    where = f"s.workspace_id = '{scene.workspace.pk}' AND s.number = {number}"
    as_owner(
        f"UPDATE ledger_operation o SET reason = 'other' FROM ledger_seal s WHERE {where} AND o.workspace_id = s.workspace_id AND o.id = s.operations[1]",
        f"UPDATE ledger_seal s SET operation_hashes = {operation} || substring(s.operation_hashes FROM 33) WHERE {where}",
        f"UPDATE ledger_seal s SET hash = {canonical.block('s')} WHERE {where}",
    )
    return seals(scene)[number - 1].hash


def test_a_block_that_was_made_anew_no_longer_fits_the_next(sealed: Scene) -> None:
    rewrite(sealed, 2)
    assert broken(sealed) == Break("unlinked_block", 3)


def test_the_last_block_made_anew_is_not_the_heads(sealed: Scene) -> None:
    rewrite(sealed, 4)
    assert broken(sealed) == Break("other_head", 4)


def test_a_chain_made_anew_to_its_end_is_found_by_whoever_kept_a_head(sealed: Scene) -> None:
    kept = seals(sealed)[2]
    for number in (2, 3, 4):
        before = seals(sealed)[number - 2].hash
        as_owner(f"UPDATE ledger_seal SET previous = '{before}' WHERE workspace_id = '{sealed.workspace.pk}' AND number = {number}")
        last = rewrite(sealed, number)
    as_owner(f"UPDATE ledger_head SET hash = '{last}' WHERE workspace_id = '{sealed.workspace.pk}'")
    assert verdict(sealed).found is None, "the chain alone cannot tell"
    assert verdict(sealed, {3: kept.hash}).found == Break("other_than_expected", 3)


def test_a_kept_head_that_is_right_is_content(sealed: Scene) -> None:
    rows = seals(sealed)
    assert verdict(sealed, {rows[0].number: rows[0].hash, rows[3].number: rows[3].hash}).found is None


def test_more_blocks_cost_no_more_statements(sealed: Scene) -> None:
    with CaptureQueriesContext(connection) as few:
        assert verdict(sealed).blocks == 4
    for _ in range(6):
        act(sealed)
        seal(sealed)
    with CaptureQueriesContext(connection) as many:
        assert verdict(sealed).blocks == 10
    assert len(many) == len(few)


def test_ranges_are_walked_to_their_end(sealed: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """Smaller ranges find the same: one block, and two that have more changes than a range holds."""
    monkeypatch.setattr(verifying, "_RANGE", verifying._RANGE.replace(str(verifying.CHANGES), "2").replace(str(verifying.BLOCKS), "3"))
    told: list[tuple[int, int]] = []
    with workspace(sealed.workspace.pk):
        assert verifying.verify(tell=lambda done, total: told.append((done, total))).blocks == 4
    assert [total for _done, total in told] == [4] * len(told) and [done for done, _total in told] == [1, 3, 4]
    tamper(sealed, "DELETE FROM ledger_seal WHERE workspace_id = '{ws}' AND number = 3")
    assert broken(sealed) == Break("missing_block", 3)
