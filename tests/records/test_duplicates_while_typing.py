"""The warning while someone types: who shares an address, a telephone number, a domain or nearly a name."""

from __future__ import annotations

from typing import Any

import pytest

from patron.customers.models import Account, Contact
from patron.identity.models import Role
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import duplicates, registry
from patron.records.imports import database
from patron.records.kinds import View
from patron.sales.models import Competitor
from patron.testing import Scene


def told(scene: Scene, key: str, **typed: str) -> list[tuple[str, str]]:
    access = scene.access()
    return [(found["label"], found["reason"]) for found in duplicates.while_typing(registry.get(key), typed, View(access, Formats("en", access.zone)))]


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ({"email": "ANNA@Walnut.example"}, "same e-mail"), ({"phone": "+49 30 901820"}, "same phone"), ({"mobile": "0049 171 1234567"}, "same mobile"),
        ({"email": "anna@"}, ""), ({"email": ""}, ""), ({"phone": "+49 30 90182"}, ""), ({"email": "other@walnut.example"}, ""),
    ],
)  # fmt: skip
def test_people_are_recognised_by_address_and_telephone(scene: Scene, typed: dict[str, str], reason: str) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Contact.objects.create(last_name="Berg", email="anna@walnut.example", phone="+4930901820", mobile="+491711234567")
        assert [why for _label, why in told(scene, "contacts", **typed)] == ([reason] if reason else [])


def test_companies_are_recognised_by_the_domain_of_their_website(scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Account.objects.create(name="Walnut", website="https://www.walnut.example/about")
        Competitor.objects.create(name="Oak", website="https://oak.example")
        assert told(scene, "accounts", website="http://walnut.example") == [("Walnut", "same website")]
        assert told(scene, "accounts", website="https://nut.example") == []
        assert told(scene, "competitors", website="https://OAK.example") == [("Oak", "same website")]


def test_what_a_role_hides_recognises_nobody(scene: Scene) -> None:
    hidden = {"accounts": {"domain": "hidden", "website": "read-only"}, "contacts": {"email": "hidden"}}
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Contact.objects.create(last_name="Berg", email="anna@walnut.example")
        Account.objects.create(name="Walnut Logistics", website="https://www.walnut.example/about")
        assert told(scene, "contacts", email="anna@walnut.example") and told(scene, "accounts", website="http://walnut.example") and told(scene, "accounts", name="Walnut Logistic")
        Role.objects.filter(pk=scene.members["dora"].role_id).update(field_rules=hidden)
        assert told(scene, "contacts", email="anna@walnut.example") == told(scene, "accounts", website="http://walnut.example") == []


def test_addresses_and_telephones_are_found_by_an_index(db: None) -> None:
    """Otherwise each key in a form would read the whole table."""
    for record_type in registry.all_types():
        for name in duplicates.rules(record_type):
            field: Any = record_type.fields[name]
            if field.kind in ("email", "phone"):
                assert database.columns(record_type.model).get(name) in ("lower", "exact"), (record_type.key, name)
                assert database._indexed(record_type.model, name) is not None, (record_type.key, name)
