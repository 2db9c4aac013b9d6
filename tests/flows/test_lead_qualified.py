"""Qualifying a lead: new, existing, a person alone, what goes along, and taking it back."""

from __future__ import annotations

import dataclasses
import datetime
from decimal import Decimal

import pytest
from django.utils import timezone

from patron.collab.models import Activity, ActivityLink
from patron.customers.models import Account, Affiliation, Contact
from patron.flows.lead_qualified import qualify_lead, suggest
from patron.flows.matching import matches
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace as open_tenant
from patron.ledger import undo
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.records.verbs import Refused
from patron.sales.domain.closing import win_deal
from patron.sales.domain.leads import disqualify_lead
from patron.sales.domain.opening import open_deal
from patron.sales.domain.start import ship_lists
from patron.sales.enums import LeadStatus
from patron.sales.models import Deal, DisqualifyReason, Lead
from patron.testing import Scene, open_workspace
from tests.flows.conftest import MakeLead


def test_a_lead_becomes_account_contact_and_deal(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead()
    close = access.today() + datetime.timedelta(days=60)
    qualify_lead(lead, access=access, deal="new", deal_name="Telemetry", amount=Decimal(5000), expected_close=close)
    account, contact, deal = lead.converted_account, lead.converted_contact, lead.converted_deal
    assert account is not None
    assert contact is not None
    assert deal is not None
    assert (lead.status, lead.qualified_at is not None) == (LeadStatus.QUALIFIED, True)
    assert (account.name, account.website, account.owner_id, account.tags) == ("Globex", "https://globex.example", lead.owner_id, ["water"])
    assert (contact.name, contact.email, contact.phone, contact.title) == ("Ada Byron", "ada@globex.example", "+4930123456", "Engineer")
    assert (deal.name, deal.account, deal.contact, deal.lead, deal.amount, deal.source, deal.campaign) == (
        "Telemetry", account, contact, lead, Decimal(5000), lead.source, "Fair",
    )  # fmt: skip
    assert deal.description == "Need: telemetry\n\nTimeline: this year"
    place = Affiliation.objects.get(contact=contact)
    assert (place.account, place.primary, Contact.objects.get(pk=contact.pk).account) == (account, True, account)


def test_existing_records_are_enriched_and_not_overwritten(access: Access, make_lead: MakeLead) -> None:
    account = Account.objects.create(name="Globex Corp.", website="https://globex.example", city="Berlin", tags=["key"])
    contact = Contact.objects.create(name="A. Byron", email="ADA@globex.example")
    lead = make_lead(city="Hamburg", employees=50)
    qualify_lead(lead, access=access)
    assert (lead.converted_account, lead.converted_contact, lead.converted_deal) == (account, contact, None)
    account.refresh_from_db()
    contact.refresh_from_db()
    assert (account.name, account.city, account.employees, account.tags) == ("Globex Corp.", "Berlin", 50, ["key", "water"])
    assert (contact.name, contact.phone, contact.account) == ("A. Byron", "+4930123456", account)


def test_matches_come_first_with_their_reason(access: Access, make_lead: MakeLead) -> None:
    same = Account.objects.create(name="Something else", website="https://www.globex.example")
    twin = Account.objects.create(name="GLOBEX")
    alike = Account.objects.create(name="Globes & Co")
    Account.objects.create(name="Initech")
    mail, phone = Contact.objects.create(name="A. B.", email="ada@globex.example"), Contact.objects.create(name="Front desk", mobile="+4930123456")
    found = matches(make_lead(), access)
    assert [(m.record, m.reason, str(m.confidence)) for m in found.accounts] == [
        (same, "same domain globex.example", "likely"),
        (twin, "same name", "likely"),
        (alike, "similar name", "possible"),
    ]
    assert [(m.record, m.reason, str(m.confidence)) for m in found.contacts] == [
        (mail, "same e-mail", "certain"),
        (phone, "same telephone", "likely"),
    ]


def test_matches_are_only_what_the_person_may_see(scene: Scene, access: Access, make_lead: MakeLead) -> None:
    Account.objects.create(name="Globex", website="https://globex.example")
    blind = Access(scene.workspace, scene.members["bob"].pk, None, "Bob", "", {"leads": {"view": "all", "act": "all"}})
    assert matches(make_lead(), blind).accounts == []


def test_nobody_is_matched_by_what_the_persons_role_hides(access: Access, make_lead: MakeLead) -> None:
    account = Account.objects.create(name="Someone Else", website="https://globex.example")
    contact = Contact.objects.create(last_name="Unlike", email="ada@globex.example", phone="+4930123456")
    found = matches(make_lead(), access)
    assert ([m.id for m in found.accounts], [m.id for m in found.contacts]) == ([account.pk], [contact.pk])
    for hidden, reasons in (({"email"}, ["same telephone"]), ({"email", "phone"}, [])):
        rules = {"contacts": dict.fromkeys(hidden, "hidden"), "accounts": {"domain": "hidden"}}
        found = matches(make_lead(), dataclasses.replace(access, field_rules=rules))
        assert found.accounts == []
        assert [m.reason for m in found.contacts] == reasons


def test_a_person_alone_needs_no_account_in_a_consumer_workspace(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead(company="", website="", email="ada@gmail.com")
    assert suggest(lead, matches(lead, access), access).account == "new"
    access.workspace.settings["consumer"] = True
    qualify_lead(lead, access=access)
    assert lead.converted_account is None
    assert lead.converted_contact is not None
    assert lead.converted_contact.name == "Ada Byron"
    assert not Affiliation.objects.exists()


def test_a_company_alone_makes_no_contact(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead(first_name="", last_name="")
    qualify_lead(lead, access=access)
    assert lead.converted_account is not None
    assert lead.converted_contact is None
    assert lead.converted_account.email == "ada@globex.example"


@pytest.mark.parametrize(
    ("inputs", "words"),
    [
        ({"account": "none", "contact": "none"}, "an account, a contact, or both"),
        ({"account": "0190aaaa-0000-7000-8000-000000000000"}, "from the list"),
        ({"contact": "somebody"}, "from the list"),
    ],
)
def test_refusals_write_nothing(access: Access, make_lead: MakeLead, inputs: dict[str, str], words: str) -> None:
    lead = make_lead()
    with pytest.raises(Refused, match=words):
        perform.perform(registry.verb("leads", "qualify"), registry.get("leads"), lead, access=access, inputs=inputs)
    assert (Lead.objects.get(pk=lead.pk).status, Account.objects.count(), Contact.objects.count()) == (LeadStatus.NEW, 0, 0)


def test_a_lead_is_qualified_once(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead()
    qualify_lead(lead, access=access)
    with pytest.raises(Refused):
        qualify_lead(lead, access=access)
    other = make_lead()
    disqualify_lead(other, access=access, reason=DisqualifyReason.objects.get(name="No need"))
    with pytest.raises(Refused):
        qualify_lead(other, access=access)


def test_deals_of_the_lead_get_its_account(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead()
    deal = open_deal(access=access, name="Early", lead=lead)
    qualify_lead(lead, access=access)
    deal.refresh_from_db()
    assert (deal.account, deal.contact) == (lead.converted_account, lead.converted_contact)


def test_activities_stay_with_the_lead_and_show_on_what_it_became(access: Access, make_lead: MakeLead) -> None:
    lead = make_lead()
    call = Activity.objects.create(kind="call", subject="First talk", at=timezone.now())
    ActivityLink.objects.create(activity=call, record_type="leads", record_id=lead.pk, at=call.at)
    qualify_lead(lead, access=access, deal="new")
    linked = set(ActivityLink.objects.filter(activity=call).values_list("record_type", flat=True))
    assert linked == {"leads", "accounts", "contacts", "deals"}


def test_who_may_not_make_accounts_is_told(scene: Scene, access: Access, make_lead: MakeLead) -> None:
    narrow = Access(scene.workspace, scene.members["bob"].pk, None, "Bob", "", {"leads": {"view": "all", "act": "all"}})
    with pytest.raises(Refused, match="role"):
        qualify_lead(make_lead(), access=narrow)


def _qualify(scene: Scene) -> tuple[Workspace, Lead, object]:
    """Qualify in a transaction of its own, as a request does; answers the lead and the operation."""
    with open_workspace(scene, verb="prepare") as access:
        ship_lists()
        lead = changes.create(registry.get("leads"), {"company": "Globex", "last_name": "Byron"}, access=access)
    with open_tenant(scene.workspace.pk):
        access = scene.access()
        done = perform.perform(registry.verb("leads", "qualify"), registry.get("leads"), lead, access=access, inputs={"deal": "new"})
    return scene.workspace, lead, done.operation_id


def test_qualifying_is_taken_back_as_one(lasting_scene: Scene) -> None:
    workspace, lead, made = _qualify(lasting_scene)
    with open_tenant(workspace.pk):
        undo.undo(made, access=lasting_scene.access())  # type: ignore[arg-type]
        lead.refresh_from_db()
        assert (lead.status, lead.converted_account, lead.converted_deal) == (LeadStatus.NEW, None, None)
        assert (Account.objects.count(), Contact.objects.count(), Deal.objects.count()) == (0, 0, 0)


def test_qualifying_is_not_taken_back_once_its_records_are_used(lasting_scene: Scene) -> None:
    workspace, _lead, made = _qualify(lasting_scene)
    with open_tenant(workspace.pk):
        access = lasting_scene.access()
        with operation("deals.win", access=access):
            win_deal(Deal.objects.get(), access=access)
    with open_tenant(workspace.pk), pytest.raises(undo.CannotUndo):
        undo.undo(made, access=lasting_scene.access())  # type: ignore[arg-type]
