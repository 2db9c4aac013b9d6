"""The suite of every record type once more, over accounts to which the workspace added a field of every kind."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from patron.setup.field_kinds import OFFERED
from patron.testing import Scene, open_workspace
from tests.records import test_every_type as suite
from tests.records.test_own_fields import VALUES, make_field

TESTS = (
    suite.test_list_shows_records_in_a_constant_number_of_queries, suite.test_every_sortable_column_sorts_and_pages_without_loss,
    suite.test_create_edit_history_and_undo_through_the_screens, suite.test_record_page_opens_and_another_workspace_finds_nothing,
    suite.test_the_auditor_reads_and_changes_nothing, suite.test_every_filter_operator_of_every_field_answers, suite.test_export_holds_every_row,
    suite.test_a_stale_edit_is_told_what_changed,
)  # fmt: skip
MORE = {"relation": {"target": "products"}, "formula": {"formula": "{x_of_number} * 2"}}


@pytest.mark.parametrize("test", TESTS, ids=lambda test: test.__name__.removeprefix("test_"))
def test_accounts_with_own_fields(scene: Scene, test: Callable[..., None]) -> None:
    with open_workspace(scene) as access:
        for kind in OFFERED:
            make_field(access, f"of_{kind}", kind, **{**(VALUES[kind][0] if kind in VALUES else {}), **MORE.get(kind, {})})
    test(scene, "accounts")
