"""Names are found in spite of typing errors, by the words that occur in names; and first of all by how they begin."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.utils import timezone

from patron.customers.models import Account, Contact
from patron.identity.models import Role
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import database as of_tables
from patron.records import jobs, palette, registry, search
from patron.records.kinds import View
from patron.records.word_models import Word
from patron.sales.models import Lead
from patron.testing import Scene, make_workspace
from tests.database import as_owner
from tests.records.making import make
from tests.records.own_kit import COURSES, courses

SILVER = "Silver Bakery GmbH"


@pytest.fixture
def signed(scene: Scene) -> Iterator[Scene]:
    """The workspace is open, and what is written is signed."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        yield scene


def found(scene: Scene, text: str, key: str = "accounts", who: str = "dora") -> list[str]:
    """The titles of a type that the palette shows."""
    access = scene.access(who)
    hits = palette.search(text, View(access, Formats("en", access.zone)))
    return [row[1] for record_type, rows in hits if record_type.key == key for row in rows]


def near(model: Any, text: str) -> list[str]:
    ids = [pk for pk, _likeness in search.near(model, text, 10, palette.LIKE)]
    return sorted(model.objects.filter(pk__in=ids).values_list("name", flat=True))


def words() -> list[str]:
    return sorted(Word.objects.exclude(word="").values_list("word", flat=True))


@pytest.mark.parametrize("typed", ["silvr bakery", "Silver Bakry", "Sliver bakery", "bakery silverr", "Sílver Bäckery", "Silver Bakery Incorporated", "the silver bakery", "Silver (Bakkery) & Co. KG"])
def test_a_name_is_found_misspelt_the_moment_it_is_there(signed: Scene, typed: str) -> None:
    Account.objects.create(name=SILVER)
    Account.objects.create(name="Iron Motors Ltd")
    assert near(Account, typed) == [SILVER]


@pytest.mark.parametrize("typed", ["zz nothing here", "4711", "", " ", "x", "^$|", "a|b", "%", "(", "\\", "[[:alpha:]]", "'; DROP TABLE records_word", "silver" * 20])
def test_words_like_none_find_nothing(signed: Scene, typed: str) -> None:
    Account.objects.create(name="Iron Motors Ltd")
    assert near(Account, typed) == []


@pytest.mark.parametrize("name", ["a|b .* (x)", "^Anchor$", "C++ [Tools] {3} \\d", "100% Off", "O'Brien & Söhne", "Ąžuolas – „Żółw“", "Ελλάδα Τρόφιμα"])
def test_names_with_signs_are_taken_letter_by_letter(signed: Scene, name: str) -> None:
    Account.objects.create(name="Iron Motors Ltd")
    Account.objects.create(name=name)
    assert near(Account, "Iron Motrs") == ["Iron Motors Ltd"]


def test_names_of_two_columns_are_one_name(signed: Scene) -> None:
    make(registry.get("leads"), signed.access(), company="Silver Bakery", first_name="Anna", last_name="Schneider")
    assert near(Lead, "silvr bakery") == ["Anna Schneider"]
    assert near(Lead, "Schnieder") == ["Anna Schneider"]


def test_a_new_name_is_found_and_the_old_one_no_more(signed: Scene) -> None:
    account = Account.objects.create(name=SILVER)
    account.name = "Copper Optics"
    account.save()
    assert near(Account, "coper optics") == ["Copper Optics"]
    assert near(Account, "silvr bakery") == []


def test_many_at_once_are_noted_once(signed: Scene) -> None:
    Contact.objects.bulk_create(Contact(first_name="Anna", last_name=f"Schneider {n}", name=f"Anna Schneider {n}") for n in range(30))
    Contact.objects.create(name="Anna Zimmermann")
    assert [word for word in words() if word[:3] in ("ann", "sch", "zim")] == ["anna", "schneider", "zimmermann"]


def test_own_records_are_found_misspelt_among_their_own(scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        courses(scene.access())
        make(registry.get(COURSES), scene.access(), name="Photography for beginners")
        assert found(scene, "fotography", COURSES) == ["Photography for beginners"]


def test_words_of_one_workspace_are_unknown_in_another(signed: Scene) -> None:
    Account.objects.create(name=SILVER)
    other = make_workspace()
    with workspace(other.workspace.pk):
        assert "silver" not in words()


def test_words_that_no_name_has_go_at_night_and_those_that_are_missing_come(lasting_scene: Scene) -> None:
    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
        account = Account.objects.create(name=SILVER)
        Account.objects.create(name="Iron Motors Ltd")
        account.name = "Silver Optics"
        account.save()
    mine = f"workspace_id = '{lasting_scene.workspace.pk}'"
    as_owner(f"DELETE FROM records_word WHERE {mine} AND word = 'motors'")
    as_owner(f"INSERT INTO records_word (workspace_id, id, word) SELECT workspace_id, gen_random_uuid(), word FROM records_word WHERE {mine} AND word = 'iron'")
    jobs.words(0)
    with workspace(lasting_scene.workspace.pk):
        left = words()
        assert "bakery" not in left and left == sorted(set(left))
        assert {"silver", "optics", "iron", "motors"} <= set(left)
        assert not search.keep_words(anew=False)


def test_nobody_waits_for_whoever_writes_the_same_new_word(lasting_scene: Scene) -> None:
    """An import of many rows commits late; a form that brings the same name meanwhile is saved at once."""
    done = threading.Event()

    def other() -> None:
        with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
            Account.objects.create(name="Zephyr Quarry")
        connection.close()
        done.set()

    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()), transaction.atomic():
        Account.objects.create(name="Zephyr Quarry")
        thread = threading.Thread(target=other)
        thread.start()
        assert done.wait(20)
    thread.join()
    jobs.words(0)
    with workspace(lasting_scene.workspace.pk):
        assert words().count("zephyr") == 1
        assert near(Account, "Zefyr Quary") == ["Zephyr Quarry", "Zephyr Quarry"]


def test_what_begins_with_the_words_comes_before_what_contains_them(signed: Scene) -> None:
    Account.objects.bulk_create(Account(name=f"Blue Amber {n}") for n in range(60))
    Account.objects.create(name="Amber Works")
    assert found(signed, "amber")[0] == "Amber Works"
    assert len(found(signed, "amber")) == palette.PER_TYPE


def test_what_is_archived_or_hidden_leaves_room_for_the_rest(signed: Scene) -> None:
    Account.objects.bulk_create(Account(name=f"Amber {n}", archived_at=timezone.now()) for n in range(palette.CANDIDATES))
    Account.objects.create(name="Amber Works")
    assert found(signed, "amber") == ["Amber Works"]
    Account.objects.bulk_create(Account(name=f"Anvil {n}", number=f"camber {n}") for n in range(palette.PER_TYPE))
    Account.objects.create(name="The Camber Works")
    assert "The Camber Works" not in found(signed, "camber", who="rita"), "as many begin with it as are shown"
    Role.objects.filter(key="auditor").update(field_rules={"accounts": {"number": "hidden"}})
    assert found(signed, "camber", who="rita") == ["The Camber Works"]


def test_a_number_finds_its_record_alone(signed: Scene) -> None:
    Account.objects.create(name="Anvil", number="A-0042")
    Account.objects.create(name="Wrong", number="B-1", city="a-0042 street")
    assert found(signed, "a-0042") == ["Anvil"]
    assert found(signed, "0042") == ["Anvil", "Wrong"]


def test_every_column_that_is_walked_by_its_beginning_has_the_index_for_it(db: None) -> None:
    """Otherwise each key in the palette would read the whole table."""
    for record_type in registry.all_types():
        for column in getattr(record_type.model, "begins", ()):
            with connection.cursor() as cursor:
                cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [record_type.table])
                assert any(f"patron_fold(({column})::text), id)" in definition for (definition,) in cursor.fetchall()), (record_type.key, column)


@pytest.mark.parametrize("typed", ["+49 30 901820", "0049 30 9018", "030 9018", "030-90 18 20"])
def test_a_telephone_number_finds_its_record_by_its_beginning_alone(signed: Scene, typed: str) -> None:
    signed.workspace.country = "DE"
    Account.objects.create(name="Caller", phone="+4930901820")
    Account.objects.create(name="Other", phone="+49309999", number="X-4930901820")
    assert found(signed, typed) == ["Caller"]


def test_digits_that_begin_no_number_are_found_inside_one(signed: Scene) -> None:
    Account.objects.create(name="Caller", phone="+4930901820")
    assert found(signed, "901820") == ["Caller"]


@pytest.mark.parametrize("typed", ["company77", "ompany77", "company778", "company 77"])
def test_letters_with_digits_behind_them_are_found_as_one_word(signed: Scene, typed: str) -> None:
    Account.objects.create(name="Right", email="a@company778.example")
    Account.objects.create(name="Wrong", email="a@companies.example", number="Y-7781")
    assert found(signed, typed) == ["Right"]
    assert [account.name for account in search.matching(Account.objects.all(), typed)] == ["Right"]


@pytest.mark.parametrize("newest", [8, 3])
def test_the_newest_rows_of_a_large_table_are_looked_at_first(lasting_scene: Scene, monkeypatch: pytest.MonkeyPatch, newest: int) -> None:
    """The answer is the same as from the index, for a word that many rows have, ones that a few old or new ones have, and one that none has; some are found further on."""
    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
        Account.objects.create(name="Rare Oldest")
        Account.objects.bulk_create(Account(name=f"The Common {n}") for n in range(12))
        Account.objects.filter(name="The Common 11").update(archived_at=timezone.now())
        Account.objects.create(name="Latest")
        monkeypatch.setattr(of_tables, "MANY", -2)  # PostgreSQL's word for "not counted yet" is -1
        monkeypatch.setattr(of_tables, "NEWEST", newest)
        monkeypatch.setattr(of_tables, "FURTHER", 8)
        as_owner(*of_tables._search_functions(Account))
        try:
            told = {word: search.find(registry.get("accounts"), [word], 5) for word in ("common", "rare", "latest", "nothing")}
        finally:
            monkeypatch.undo()
            as_owner(*of_tables._search_functions(Account))
        names = {word: sorted(Account.objects.filter(pk__in=ids).values_list("name", flat=True)) for word, ids in told.items()}
    assert len(names["common"]) == 5
    assert set(names["common"]) <= {f"The Common {n}" for n in range(11)}  # the archived one leaves room for the rest
    assert names["rare"] == ["Rare Oldest"]
    assert names["latest"] == ["Latest"]
    assert names["nothing"] == []


def test_what_begins_with_the_words_that_are_meant_is_found_beside_what_has_them_elsewhere(signed: Scene) -> None:
    Account.objects.create(name="The Silver Bakery")
    assert near(Account, "silvr bakery") == ["The Silver Bakery"]
    Account.objects.create(name="Silver Bakery GmbH")
    assert near(Account, "silvr bakery") == ["Silver Bakery GmbH", "The Silver Bakery"]
    for n in range(4):
        Account.objects.create(name=f"Silver Bakery {'abcd'[n]}")
    assert "Silver Bakery a" in near(Account, "silvr bakery")


def test_every_column_of_telephone_numbers_has_the_index_for_it(db: None) -> None:
    for record_type in registry.all_types():
        for column in getattr(record_type.model, "dials", ()):
            with connection.cursor() as cursor:
                cursor.execute("SELECT indexdef FROM pg_indexes WHERE tablename = %s", [record_type.table])
                assert any(f"(workspace_id, {column})" in definition for (definition,) in cursor.fetchall()), (record_type.key, column)
