"""Field sets: who has the fields of a set, down the account tree and across to contacts and deals; nobody else, at no door."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.identity.access import Access
from patron.records import bulk, changes, registry
from patron.records.customs import rules
from patron.records.listing import Lister, ListState
from patron.setup.domain import own_fields
from patron.testing import Scene, open_workspace
from tests.records.making import make
from tests.records.test_own_fields import account, make_field, view_for


def fields_with_set(access: Access, *types: str) -> Any:
    """A set with a field "flag" on each of the types."""
    made = changes.create(registry.get("field-sets"), {"name": "Vessels"}, access=access)
    for key in types:
        make_field(access, "flag", "text", type_key=key, field_set=made.pk)
    return made


def has(record: Any, key: str = "accounts") -> bool:
    return "x_flag" in rules.shown(registry.get(key), type(record).objects.get(pk=record.pk))


def test_account_and_all_below_it_have_the_fields_and_lose_them_when_they_move(scene: Scene) -> None:
    with open_workspace(scene) as access:
        field_set = fields_with_set(access, "accounts")
        top, other = account(access, "Top"), account(access, "Other")
        below = account(access, "Below", parent=top.pk)
        deep = account(access, "Deep", parent=below.pk)
        own_fields.attach(field_set, access=access, account=top)
        assert [has(a) for a in (top, below, deep, other)] == [True, True, True, False]
        changes.edit(registry.get("accounts"), deep, {"x_flag": "Panama"}, access=access)
        changes.edit(registry.get("accounts"), below, {"parent": other.pk}, access=access)
        assert [has(a) for a in (top, below, deep, other)] == [True, False, False, False]
        assert type(deep).objects.get(pk=deep.pk).custom == {"flag": "Panama"}, "what is stored stays"
        with pytest.raises(changes.NotValid) as refused:
            changes.edit(registry.get("accounts"), deep, {"x_flag": "Malta"}, access=access)
        assert refused.value.errors == {"x_flag": "This record has no “My flag”."}


@pytest.mark.parametrize("by", ["industry", "segment"])
def test_industry_and_segment_give_their_accounts_the_fields(scene: Scene, by: str) -> None:
    with open_workspace(scene) as access:
        field_set = fields_with_set(access, "accounts", "contacts")
        value = make(registry.get({"industry": "industries", "segment": "segments"}[by]), access)
        own_fields.attach(field_set, access=access, **{by: value})
        one, other = account(access, "One", **{by: value.pk}), account(access, "Other")
        assert [has(a) for a in (one, other)] == [True, False]
        contacts = registry.get("contacts")
        theirs = changes.create(contacts, {"last_name": "Person", "account": one.pk, "x_flag": "A"}, access=access)
        assert has(theirs, "contacts")
        with pytest.raises(changes.NotValid):
            changes.create(contacts, {"last_name": "Person", "account": other.pk, "x_flag": "A"}, access=access)
        with pytest.raises(changes.NotValid):
            changes.create(contacts, {"last_name": "Nobody's", "x_flag": "A"}, access=access)


def test_deals_and_leads_have_those_of_their_account(scene: Scene) -> None:
    with open_workspace(scene) as access:
        field_set = fields_with_set(access, "deals", "leads")
        top = account(access, "Top")
        below, other = account(access, "Below", parent=top.pk), account(access, "Other")
        own_fields.attach(field_set, access=access, account=top)
        for key in ("deals", "leads"):
            record_type = registry.get(key)
            assert has(make(record_type, access, account=below.pk), key)
            assert not has(make(record_type, access, account=other.pk), key)


def test_one_query_says_what_a_record_has_and_none_where_no_field_has_a_set(scene: Scene) -> None:
    with open_workspace(scene) as access:
        one = account(access, "One")
        make_field(access, "size", "number")
        rules.shown(registry.get("accounts"), one)
        with CaptureQueriesContext(connection, ) as asked:
            rules.shown(registry.get("accounts"), one)
        assert len(asked) == 0
        fields_with_set(access, "accounts")
        rules.shown(registry.get("accounts"), one)
        with CaptureQueriesContext(connection) as asked:
            rules.shown(registry.get("accounts"), one)
        assert len(asked) == 1


def test_bulk_edit_leaves_out_who_has_no_such_field_and_lists_know_all(scene: Scene) -> None:
    with open_workspace(scene) as access:
        field_set = fields_with_set(access, "accounts")
        one, other = account(access, "One"), account(access, "Other")
        own_fields.attach(field_set, access=access, account=one)
        done = bulk.edit_many(registry.get("accounts"), type(one).objects.all(), {"x_flag": "Panama"}, access=access)
        assert done.count == 1
        assert done.refused == [("Other", "This record has no “My flag”.")]
        listing = Lister(registry.get("accounts"), view_for(access), ListState(filter={"and": [["x_flag", "is", "Panama"]]}, columns=("name", "x_flag"))).page()
        assert [row.id for row in listing.rows] == [one.pk]
        assert other.pk


def test_sets_are_for_customers_only(scene: Scene) -> None:
    with open_workspace(scene) as access:
        with pytest.raises(changes.NotValid) as refused:
            fields_with_set(access, "products")
        assert list(refused.value.errors) == ["field_set"]
