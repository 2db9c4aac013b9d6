"""Leads: states, score, rating."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.verbs import Refused
from patron.sales.domain.leads import disqualify_lead, rate_lead, reopen_lead, start_lead
from patron.sales.enums import LeadStatus, Rating
from patron.sales.models import DisqualifyReason, Lead
from patron.sales.score import FACTS
from tests.sales.conftest import MakeDeal


def make(access: Access, **values: Any) -> Lead:
    found: Lead = changes.create(registry.get("leads"), {"company": "Globex", **values}, access=access)
    found.refresh_from_db()
    return found


def test_a_lead_is_called_by_its_person_else_its_company(access: Access) -> None:
    assert make(access, first_name="Ada", last_name="Byron").name == "Ada Byron"
    assert make(access, last_name="Byron").name == "Byron"
    assert make(access).name == "Globex"
    assert make(access, company="", email="ada@globex.example").name == "ada@globex.example"


def test_a_lead_needs_somebody(access: Access) -> None:
    with pytest.raises(changes.NotValid, match="company or a person"):
        make(access, company="")


def test_a_lead_always_has_a_source(access: Access) -> None:
    assert make(access).source.name == "Unknown"


def test_the_score_counts_what_is_known_and_says_what(access: Access) -> None:
    lead = make(access, email="ada@globex.example", need="telemetry", budget=Decimal(0))
    assert lead.score == sum(r["points"] for r in lead.score_reasons) == 45
    assert [r["points"] for r in lead.score_reasons] == [15, 15, 10, 5]
    assert sum(fact.points for fact in FACTS) == 100
    assert lead.domain == "globex.example"


def test_states(access: Access) -> None:
    lead, reason = make(access), DisqualifyReason.objects.get(name="No budget")
    assert start_lead(lead, access=access).status == LeadStatus.WORKING
    with pytest.raises(Refused):
        start_lead(lead, access=access)
    disqualify_lead(lead, access=access, reason=reason, note="next year")
    assert (lead.status, lead.disqualified_reason, lead.disqualified_at is not None) == (LeadStatus.DISQUALIFIED, reason, True)
    with pytest.raises(Refused):
        disqualify_lead(lead, access=access, reason=reason)
    assert (reopen_lead(lead, access=access).status, lead.disqualified_reason) == (LeadStatus.WORKING, None)


def test_a_lead_with_an_open_deal_is_not_disqualified(access: Access, make_deal: MakeDeal) -> None:
    lead = make(access)
    make_deal(100, lead=lead, account=None)
    with pytest.raises(Refused, match="open deal"):
        disqualify_lead(lead, access=access, reason=DisqualifyReason.objects.get(name="No budget"))


def test_rating_is_a_judgement_of_its_own(access: Access) -> None:
    lead = rate_lead(make(access), access=access, rating=Rating.GOOD)
    assert (lead.rating, lead.status, lead.score) == (Rating.GOOD, LeadStatus.NEW, 5)


@pytest.mark.parametrize("values", [{"status": "disqualified"}, {"status": "qualified"}, {"status": "lost"}])
def test_the_database_refuses_states_without_their_facts(access: Access, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=make(access).pk).update(**values)


def test_states_are_no_field_of_any_form(access: Access) -> None:
    assert not {"status", "rating", "converted_account", "disqualified_reason"} & registry.get("leads").editable_fields(access).keys()
    assert "outcome" not in registry.get("deals").editable_fields(access)
