"""What becomes of a row: every mode, key and option of a plan."""

from __future__ import annotations

import datetime
from decimal import Decimal

import pytest

from patron.customers.models import Account
from patron.records import changes, registry
from patron.records.import_models import ImportRow
from patron.records.imports import plan as plans
from patron.records.imports import service
from patron.records.verbs import Refused
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import checked, imported, inside, messages, numbers, staged, table

LEADS = {"First": "first_name", "Last": "last_name", "Company": "company", "Mail": "email", "Phone": "phone"}
FILE = table(
    tuple(LEADS),
    ("Ann", "Lee", "Globex", "ann@globex.example", "+49 30 901820"),
    ("Bo", "Ek", "Initech", "bo@initech.example", ""),
    ("Cy", "Fox", "Hooli", "not an address", ""),
)


def lead(view, **values):
    return changes.create(registry.get("leads"), values, access=view.access)


# --- modes ------------------------------------------------------------------------------------------------------------


def test_rows_become_records(scene: Scene) -> None:
    with inside(scene) as view:
        item = imported(view, "leads", FILE, {"columns": LEADS})
        assert item.state == "applied", item.message
        assert numbers(item) == {"new": 2, "error": 1}
        assert "e-mail" in messages(item)[2]
        found = Lead.objects.get(email="ann@globex.example")
        assert (found.name, found.company, found.phone, found.owner_id) == ("Ann Lee", "Globex", "+4930901820", view.access.member_id)
        assert found.source.name == "Unknown"


def test_creating_leaves_existing_records_alone(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="Ann", email="ann@globex.example")
        item = imported(view, "leads", FILE, {"columns": LEADS, "key": ["email"]})
        assert numbers(item) == {"new": 1, "duplicate": 1, "error": 1}
        assert staged(item)[0].target_id == old.pk
        old.refresh_from_db()
        assert old.last_name == ""


def test_updating_creates_nothing(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="Ann", email="ANN@globex.example")
        item = imported(view, "leads", FILE, {"columns": LEADS, "key": ["email"], "mode": "update"})
        assert numbers(item) == {"change": 1, "error": 2}
        assert messages(item)[1] == "No lead that you may see has this e-mail."
        old.refresh_from_db()
        assert (old.last_name, old.company) == ("Lee", "Globex")


def test_upserting_does_both_and_repeating_it_does_nothing(scene: Scene) -> None:
    with inside(scene) as view:
        lead(view, first_name="Ann", email="ann@globex.example")
        plan = {"columns": LEADS, "key": ["email"], "mode": "upsert"}
        assert numbers(imported(view, "leads", FILE, plan)) == {"new": 1, "change": 1, "error": 1}
        again = imported(view, "leads", FILE, plan)
        assert numbers(again) == {"same": 2, "error": 1}
        assert again.operation_id is None


def test_filling_keeps_what_is_there(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="Anna", email="ann@globex.example")
        item = imported(view, "leads", FILE, {"columns": LEADS, "key": ["email"], "mode": "upsert", "fill": True})
        assert staged(item)[0].before == {"last_name": "", "company": "", "phone": ""}
        old.refresh_from_db()
        assert (old.first_name, old.last_name) == ("Anna", "Lee")


def test_the_check_says_what_was_and_what_would_be(scene: Scene) -> None:
    with inside(scene) as view:
        lead(view, first_name="Ann", email="ann@globex.example", company="Old")
        item = checked(view, "leads", FILE, {"columns": LEADS, "key": ["email"], "mode": "upsert"})
        row = staged(item)[0]
        assert row.before == {"company": "Old", "last_name": "", "phone": ""}
        assert row.values == {"company": "Globex", "last_name": "Lee", "phone": "+4930901820"}
        assert Lead.objects.count() == 1


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_second_key_is_tried_where_the_first_finds_nothing(scene: Scene) -> None:
    with inside(scene) as view:
        one = lead(view, first_name="A", external_id="X1")
        two = lead(view, first_name="B", email="b@b.example")
        content = table(("Id", "Mail", "Last"), ("X1", "other@b.example", "One"), ("X2", "b@b.example", "Two"), ("X3", "c@c.example", "Three"))
        plan = {"columns": {"Id": "external_id", "Mail": "email", "Last": "last_name"}, "key": ["external_id", "email"], "mode": "upsert"}
        item = imported(view, "leads", content, plan)
        assert [row.target_id for row in staged(item)][:2] == [one.pk, two.pk]
        assert numbers(item) == {"new": 1, "change": 2}


def test_several_records_of_one_key_are_an_error(scene: Scene) -> None:
    with inside(scene) as view:
        lead(view, first_name="A", email="a@b.example")
        lead(view, first_name="B", email="A@B.example")
        item = checked(view, "leads", table(("Mail", "Last"), ("a@b.example", "X")), {"columns": {"Mail": "email", "Last": "last_name"}, "key": ["email"], "mode": "update"})
        assert messages(item) == ["Several leads have this e-mail."]


def test_records_are_found_by_their_own_id(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="A")
        unknown = "0198f5a0-0000-7000-8000-000000000000"
        content = table(("ID", "Last"), (str(old.pk), "Changed"), (unknown, "X"), ("no id", "Y"))
        item = imported(view, "leads", content, {"columns": {"ID": "id", "Last": "last_name"}, "key": ["id"], "mode": "upsert"})
        assert numbers(item) == {"change": 1, "error": 2}
        old.refresh_from_db()
        assert old.last_name == "Changed"


def test_companies_are_found_by_the_domain_of_their_website(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("accounts"), {"name": "Globex", "website": "https://www.globex.example/de"}, access=view.access)
        content = table(("Name", "Web"), ("Globex Corporation", "globex.example"))
        item = imported(view, "accounts", content, {"columns": {"Name": "name", "Web": "website"}, "key": ["website"], "mode": "upsert"})
        assert numbers(item) == {"change": 1}
        assert Account.objects.get().name == "Globex Corporation"


# --- rows that look like others ---------------------------------------------------------------------------------------


def test_new_rows_that_look_like_a_record_are_left_out_or_not(scene: Scene) -> None:
    content = table(("First", "Mail", "Phone"), ("Ann", "ann@x.example", ""), ("Cy", "", "030 901820"), ("Di", "di@x.example", ""))
    columns = {"First": "first_name", "Mail": "email", "Phone": "phone"}
    with inside(scene) as view:
        lead(view, first_name="Anna", email="Ann@x.example")
        lead(view, first_name="Cyril", phone="+4930901820")
        item = checked(view, "leads", content, {"columns": columns})
        assert numbers(item) == {"new": 1, "duplicate": 2}
        assert messages(item)[:2] == ["A lead with the same e-mail is there already.", "A lead with the same phone is there already."]
        assert numbers(checked(view, "leads", content, {"columns": columns, "alike": "create"})) == {"new": 3}
        item = imported(view, "leads", content, {"columns": columns, "alike": "update", "mode": "upsert"})
        assert numbers(item) == {"new": 1, "change": 2}
        assert set(Lead.objects.values_list("first_name", flat=True)) == {"Ann", "Cy", "Di"}


def test_rows_that_are_there_twice_are_imported_once(scene: Scene) -> None:
    content = table(("Mail", "Last"), ("a@x.example", "One"), ("b@x.example", "Two"), ("A@x.example", "Three"), ("", "Four"))
    with inside(scene) as view:
        for plan in ({"key": ["email"], "mode": "upsert"}, {}):
            item = checked(view, "leads", content, {"columns": {"Mail": "email", "Last": "last_name"}, **plan})
            assert numbers(item) == {"new": 3, "duplicate": 1}
            assert messages(item)[2] == "Same as row 2."


def test_a_value_that_only_one_record_may_have(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("accounts"), {"name": "Old", "number": "K-1"}, access=view.access)
        content = table(("Name", "No"), ("New", "k-1"), ("Other", "K-2"), ("Third", "K-2"))
        item = imported(view, "accounts", content, {"columns": {"Name": "name", "No": "number"}, "key": ["name"], "mode": "upsert"})
        assert numbers(item) == {"new": 1, "error": 2}
        assert messages(item) == ["Another account has this number already.", "", "Row 3 has the same value, which only one record may have."]


# --- cells ------------------------------------------------------------------------------------------------------------


def test_blank_cells_keep_or_clear(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="A", email="a@x.example", city="Bonn", company="Globex")
        content = table(("Mail", "City", "Company"), ("a@x.example", "", " "))
        columns = {"Mail": "email", "City": {"field": "city", "blank": "clear"}, "Company": "company"}
        imported(view, "leads", content, {"columns": columns, "key": ["email"], "mode": "update"})
        old.refresh_from_db()
        assert (old.city, old.company) == ("", "Globex")


def test_a_required_field_is_not_cleared(scene: Scene) -> None:
    with inside(scene) as view:
        changes.create(registry.get("accounts"), {"name": "Old", "number": "K-1"}, access=view.access)
        content = table(("No", "Name"), ("K-1", ""), ("K-2", ""))
        columns = {"No": "number", "Name": {"field": "name", "blank": "clear"}}
        item = checked(view, "accounts", content, {"columns": columns, "key": ["number"], "mode": "upsert"})
        assert messages(item) == ["Enter a value for “Name”."] * 2


def test_defaults_constants_and_templates(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "Town", "Plan"), ("Ann", "", "Gold"), ("Bo", "Ulm", ""))
        plan = {
            "columns": [
                {"column": "First", "field": "first_name"},
                {"column": "Town", "field": "city"},
                {"constant": "Autumn", "field": "campaign"},
                {"template": "{First} wants {Plan|anything}", "field": "need"},
            ],
            "defaults": {"city": "Bonn", "country": "Germany", "owner": "Bob"},
        }
        imported(view, "leads", content, plan)
        found = Lead.objects.order_by("first_name").values_list("city", "campaign", "need", "country", "owner__name")
        assert list(found) == [("Bonn", "Autumn", "Ann wants Gold", "DE", "Bob"), ("Ulm", "Autumn", "Bo wants anything", "DE", "Bob")]


def test_numbers_are_read_as_the_file_writes_them_and_scaled(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("Name", "Rev"), ("A", "1.234,56"), ("B", "0,000000001"), ("C", "9999999999999999"))
        columns = {"Name": "name", "Rev": {"field": "annual_revenue", "decimal_mark": ",", "multiply": "1000000"}}
        item = imported(view, "accounts", content, {"columns": columns})
        assert Account.objects.get(name="A").annual_revenue == Decimal("1234560000.00")
        assert "decimal places" in messages(item)[1]
        assert "too large" in messages(item)[2]


def test_a_written_currency_is_never_dropped(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "Budget", "Cur"), ("A", "1200 USD", ""), ("B", "900", ""), ("C", "5 USD", "EUR"), ("D", "1.005", ""))
        item = imported(view, "leads", content, {"columns": {"First": "first_name", "Budget": "budget", "Cur": "currency"}})
        assert dict(Lead.objects.values_list("first_name", "currency")) == {"A": "USD", "B": "EUR"}
        assert messages(item)[2] == "This amount is in USD, but the row says EUR."
        assert "decimal" in messages(item)[3]
        accounts = checked(view, "accounts", table(("Name", "Rev"), ("A", "5 USD")), {"columns": {"Name": "name", "Rev": "annual_revenue"}})
        assert "Amounts here are in EUR" in messages(accounts)[0]


def test_dates_in_the_order_of_the_file(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "Born"), ("A", "03/04/1990"), ("B", "13/04/1990"))
        columns = {"First": "first_name", "Born": {"field": "birthday", "date_order": "MDY"}}
        item = imported(view, "contacts", content, {"columns": columns})
        assert numbers(item) == {"new": 1, "error": 1}
        model = registry.get("contacts").model
        assert model.objects.get().birthday == datetime.date(1990, 3, 4)


def test_fixes_replace_whole_cells(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "Land"), ("A", " Philipines "), ("B", "Koreaa"))
        columns = {"First": "first_name", "Land": {"field": "country", "fixes": {"Philipines": "Philippines"}}}
        item = imported(view, "leads", content, {"columns": columns})
        assert list(Lead.objects.values_list("country", flat=True)) == ["PH"]
        assert staged(item)[0].cells == ["A", " Philipines "]  # as the file has it


def test_values_that_no_column_holds_are_errors_not_crashes(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "N", "Tags"), ("x" * 101, "1", ""), ("B", "3000000000", ""), ("C", "-1", ""), ("D", "1", "y" * 45), ("E", "5", "a, b"))
        item = imported(view, "leads", content, {"columns": {"First": "first_name", "N": "employees", "Tags": "tags"}})
        assert numbers(item) == {"new": 1, "error": 4}, messages(item)
        assert Lead.objects.get().tags == ["a", "b"]


def test_a_tag_marks_what_was_written(scene: Scene) -> None:
    with inside(scene) as view:
        old = lead(view, first_name="A", email="a@x.example", tags=["vip"])
        content = table(("Mail", "Last"), ("a@x.example", "New"), ("b@x.example", "Fresh"))
        imported(view, "leads", content, {"columns": {"Mail": "email", "Last": "last_name"}, "key": ["email"], "mode": "upsert", "tag": "import 5"})
        old.refresh_from_db()
        assert old.tags == ["vip", "import 5"]
        assert Lead.objects.get(last_name="Fresh").tags == ["import 5"]


def test_history_columns_only_when_asked(scene: Scene) -> None:
    with inside(scene) as view:
        content = table(("First", "Made"), ("A", "2019-05-01 10:00"), ("B", ""))
        columns = {"First": "first_name", "Made": "created_at"}
        with pytest.raises(Refused):
            checked(view, "leads", content, {"columns": columns})
        imported(view, "leads", content, {"columns": columns, "history": True})
        assert Lead.objects.get(first_name="A").created_at == datetime.datetime(2019, 5, 1, 8, 0, tzinfo=datetime.UTC)
        assert Lead.objects.get(first_name="B").created_at.year >= 2026


def test_what_the_table_refuses_is_known_before(scene: Scene) -> None:
    """A lead without any name; an account with half an override."""
    with inside(scene) as view:
        item = imported(view, "leads", table(("City", "Mail"), ("Bonn", ""), ("Ulm", "a@b.example")), {"columns": {"City": "city", "Mail": "email"}})
        assert numbers(item) == {"new": 1, "error": 1}
        assert messages(item)[0] == "Enter a company or a person."
        content = table(("Name", "Limit"), ("A", "500"), ("B", ""))
        item = imported(view, "accounts", content, {"columns": {"Name": "name", "Limit": "credit_limit_override"}})
        assert numbers(item) == {"new": 1, "error": 1}


def test_what_only_the_write_itself_shows_is_said_with_its_row(scene: Scene) -> None:
    """A trigger makes contacts' names, so a contact without one is found out late: nothing is written, and the others can follow."""
    with inside(scene) as view:
        content = table(("First", "City"), ("Ann", "Bonn"), ("", "Ulm"), ("Bo", "Köln"))
        item = imported(view, "contacts", content, {"columns": {"First": "first_name", "City": "city"}})
        model = registry.get("contacts").model
        assert (item.state, model.objects.count()) == ("failed", 0)
        assert item.message == "Row 3: Enter a name for the contact. Nothing was imported. What was refused is left out now: you can import the other rows."
        item = service.apply(item, view)
        assert (item.state, numbers(item)) == ("applied", {"new": 2, "error": 1})
        assert set(model.objects.values_list("name", flat=True)) == {"Ann", "Bo"}


def test_a_refusing_plan_writes_nothing_while_a_row_is_wrong(scene: Scene) -> None:
    with inside(scene) as view:
        item = checked(view, "leads", FILE, {"columns": LEADS, "refuse": True})
        with pytest.raises(Refused):
            service.apply(item, view)
        assert Lead.objects.count() == 0


# --- plans that do not fit --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan",
    [
        {"columns": {"Mail": "no_such_field"}},
        {"columns": {"Missing": "email"}},
        {"columns": {"Mail": "email", "Phone": "email"}},
        {"columns": {}},
        {"columns": {"Mail": "status"}},
        {"columns": {"Mail": "email"}, "key": ["external_id"], "mode": "upsert"},
        {"columns": {"Mail": "email"}, "defaults": {"owner": "Nobody"}},
        {"columns": {"Mail": {"field": "email", "multiply": "2"}}},
        {"columns": {"Mail": {"field": "email", "multiply": "many"}}},
        {"columns": {"Mail": {"field": "source", "relation": {"by": "colour"}}}},
    ],
)  # fmt: skip
def test_plans_that_do_not_fit_are_refused_in_words(scene: Scene, plan: dict) -> None:
    with inside(scene) as view, pytest.raises(Refused):
        checked(view, "leads", FILE, plan)


def test_a_required_field_must_come_from_somewhere(scene: Scene) -> None:
    with inside(scene) as view:
        with pytest.raises(Refused, match="Name"):
            checked(view, "accounts", table(("City",), ("Bonn",)), {"columns": {"City": "city"}})
        item = checked(view, "accounts", table(("City",), ("Bonn",)), {"columns": {"City": "city"}, "defaults": {"name": "Somebody"}})
        assert numbers(item) == {"new": 1}


def test_unknown_words_in_a_plan_are_refused() -> None:
    with pytest.raises(Refused, match="colour"):
        plans.from_json({"type": "leads", "colour": "red"})
    assert plans.from_json(plans.Plan(type="leads", key=["a+b"]).as_json()).ways() == [["a", "b"]]


def test_checking_again_starts_afresh(scene: Scene) -> None:
    with inside(scene) as view:
        item = checked(view, "leads", FILE, {"columns": LEADS})
        before = ImportRow.objects.count()
        service.check(item, view)
        assert ImportRow.objects.count() == before
