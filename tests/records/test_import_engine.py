from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import imported, inside, messages, numbers, table

LEADS = {"First": "first_name", "Last": "last_name", "Company": "company", "Mail": "email", "Phone": "phone"}
FILE = table(
    tuple(LEADS),
    ("Ann", "Lee", "Globex", "ann@globex.example", "+49 30 901820"),
    ("Bo", "Ek", "Initech", "bo@initech.example", ""),
    ("Cy", "Fox", "Hooli", "not an address", ""),
)


def test_rows_become_records(scene: Scene) -> None:
    with inside(scene) as view:
        item = imported(view, "leads", FILE, {"columns": LEADS})
        assert item.state == "applied", item.message
        assert numbers(item) == {"new": 2, "error": 1}
        assert "e-mail" in messages(item)[2]
        lead = Lead.objects.get(email="ann@globex.example")
        assert (lead.name, lead.company, lead.phone, lead.owner_id) == ("Ann Lee", "Globex", "+4930901820", view.access.member_id)
        assert lead.source.name == "Unknown"


def test_what_the_table_refuses_is_known_before(scene: Scene) -> None:
    """A lead without any name, and an account that breaks a rule across fields."""
    with inside(scene) as view:
        item = imported(view, "leads", table(("City", "Mail"), ("Bonn", ""), ("Ulm", "a@b.example")), {"columns": {"City": "city", "Mail": "email"}})
        assert numbers(item) == {"new": 1, "error": 1}
        assert messages(item)[0] == "Enter a company or a person."
