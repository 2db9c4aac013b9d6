"""Qualifying a lead: it becomes an account, a contact and perhaps a deal, in one transaction that can be undone."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.domain.links import carry_over
from patron.collab.domain.refs import Ref
from patron.customers.domain.places import follow_places, open_places
from patron.customers.models import Account, Affiliation, Contact
from patron.flows import carrying
from patron.flows.matching import Matches, matches
from patron.identity.access import Access
from patron.records import registry
from patron.records.verbs import Input, Refused, verb
from patron.sales.domain.leads import go, may_become
from patron.sales.domain.stages import stage_of_kind
from patron.sales.enums import LeadStatus, StageKind
from patron.sales.models import Deal, Lead, Pipeline

NEW, NONE = "new", "none"
_HINT = _("new, none, or the id of an existing one. Empty: what fits best.")


@dataclass(frozen=True, slots=True)
class Suggestion:
    """What the dialog has chosen before anybody touches it: an id, "new" or "none"."""

    account: str
    contact: str


def suggest(lead: Lead, found: Matches, access: Access) -> Suggestion:
    """Existing records where they are certain or likely, else new ones.

    A person alone gets no account in a consumer workspace (setting `consumer`); a company alone gets no contact.
    """
    account = next((str(m.id) for m in found.accounts if m.rank >= 3), NEW)
    contact = next((str(m.id) for m in found.contacts if m.rank >= 2), NEW if lead.person else NONE)
    if not lead.company and account == NEW and access.workspace.settings.get("consumer"):
        account = NONE
    return Suggestion(account, contact)


def _dialog(lead: Lead, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    """Whom the address names (a card of the duplicates does) stands first among the matches, if the person may see them."""
    found = matches(lead, access, wanted=frozenset(str(given.get(name) or "") for name in ("account", "contact")))
    pipelines = Pipeline.objects.filter(archived_at=None).order_by("order", "id")
    return {
        "matches": found,
        "suggested": suggest(lead, found, access),
        "lead": lead,
        "pipelines": list(pipelines),
        "may_deal": access.can("deals", "create"),
    }


@verb(
    "leads", "qualify", label=_("Qualify"), icon="badge-check", when=may_become(LeadStatus.QUALIFIED), tone="good", primary=True, done=_("Qualified"), order=10,
    template="flows/qualify.html", context=_dialog,
)  # fmt: skip
def qualify_lead(
    lead: Lead,
    *,
    access: Access,
    account: Annotated[str, Input(_("Account"), hint=_HINT)] = "",
    other_account: Annotated[Account | None, Input(_("Another account"))] = None,
    account_name: Annotated[str, Input(_("Name of the new account"))] = "",
    contact: Annotated[str, Input(_("Contact"), hint=_HINT)] = "",
    other_contact: Annotated[Contact | None, Input(_("Another contact"))] = None,
    deal: Annotated[str, Input(_("Deal"), hint=_("new, none, or the id of an existing one. Empty: none."))] = NONE,
    other_deal: Annotated[Deal | None, Input(_("An existing deal"))] = None,
    deal_name: Annotated[str, Input(_("Name of the deal"))] = "",
    pipeline: Annotated[Pipeline | None, Input(_("Pipeline"))] = None,
    amount: Annotated[Decimal | None, Input(_("Amount"), kind="money")] = None,
    expected_close: Annotated[datetime.date | None, Input(_("Expected close"))] = None,
) -> Lead:
    """Turn a lead into an account and a contact, each new, existing or none, and if wanted a deal.

    Carries over owner, source, campaign, notes, tags and own fields; fills gaps of existing records and overwrites nothing of them. Activities and
    open tasks stay on the lead and show on the new records, too. The lead stays, says what it became, and is undone as one operation.
    """
    if refusal := may_become(LeadStatus.QUALIFIED)(lead, access):
        raise Refused(refusal)
    chosen = suggest(lead, matches(lead, access), access)
    party = _account(lead, other_account or account or chosen.account, account_name, access)
    person = _contact(lead, other_contact or contact or chosen.contact, party, access)
    if party is None and person is None:
        raise Refused(_now("A qualified lead becomes an account, a contact, or both."), field="account")
    details = {"name": deal_name, "pipeline": pipeline, "amount": amount, "expected_close": expected_close}
    made = _deal(lead, other_deal or deal or NONE, party, person, details, access)
    _hand_on_deals(lead, party, person)
    found = carrying.present((party, person, made))
    carry_over(Ref.of(lead), [Ref.of(record) for record in found], access=access)
    values = {"converted_account": party, "converted_contact": person, "converted_deal": made, "qualified_at": timezone.now()}
    return go(lead, LeadStatus.QUALIFIED, access=access, **values)


def _existing(model: Any, choice: Any, access: Access, field: str) -> Any:
    """The record that a choice names; None for a choice that names none."""
    if not isinstance(choice, str):
        return carrying.seen(choice, access)
    if choice in (NEW, NONE):
        return None
    try:
        found = model.objects.visible_to(access).filter(pk=uuid.UUID(choice), archived_at=None).first()
    except ValueError:
        found = None
    if found is None:
        raise Refused(_now("Choose one from the list."), field=field)
    return found


def _account(lead: Lead, choice: Any, name: str, access: Access) -> Account | None:
    found = _existing(Account, choice, access, "account")
    values = carrying.for_account(lead)
    if found is not None:
        carrying.enrich(found, values, lead, access=access)
        return found  # type: ignore[no-any-return]
    if choice == NONE:
        return None
    title = name.strip() or lead.company or lead.person
    if not title:
        raise Refused(_now("Enter the name of the account."), field="account_name")
    return carrying.make("accounts", {**values, "name": title}, lead, access=access)  # type: ignore[no-any-return]


def _contact(lead: Lead, choice: Any, party: Account | None, access: Access) -> Contact | None:
    found = _existing(Contact, choice, access, "contact")
    if found is None and choice == NONE:
        return None
    if found is not None:
        known = {n: v for n, v in carrying.for_contact(lead).items() if n not in ("first_name", "last_name")}
        carrying.enrich(found, known, lead, access=access)
        person = found
    elif not lead.person:
        raise Refused(_now("The lead names no person. Choose a contact, or none."), field="contact")
    else:
        person = carrying.make("contacts", carrying.for_contact(lead), lead, access=access)
    if party is not None:
        _affiliate(person, party, lead)
    return person  # type: ignore[no-any-return]


def _affiliate(person: Contact, party: Account, lead: Lead) -> None:
    """Give the contact a place in the account, unless it has one; the first is the primary one."""
    if open_places(contact=person.pk, account=party.pk).exists():
        return
    Affiliation.objects.create(contact=person, account=party, title=lead.title)
    follow_places([person.pk])


def _deal(lead: Lead, choice: Any, party: Account | None, person: Contact | None, details: dict[str, Any], access: Access) -> Deal | None:
    found = _existing(Deal, choice, access, "deal")
    if found is not None:
        if not registry.get("deals").allows(found, access, "edit"):
            raise Refused(_now("Your role does not allow to change that deal."), field="other_deal")
        _join(found, lead, party, person)
        return found  # type: ignore[no-any-return]
    if choice == NONE:
        return None
    values = {**carrying.for_deal(lead), **{n: v for n, v in details.items() if v not in (None, "")}, "lead": lead.pk}
    values.setdefault("name", party.name if party else str(lead))
    if details["pipeline"] is not None:
        values["stage"] = stage_of_kind(details["pipeline"].pk, StageKind.OPEN).pk
    values |= {"account": party.pk if party else None, "contact": person.pk if person else None}
    return carrying.make("deals", values, lead, access=access)  # type: ignore[no-any-return]


def _hand_on_deals(lead: Lead, party: Account | None, person: Contact | None) -> None:
    """Deals that hang on the lead alone get the account and the contact."""
    for deal in lead.deals.filter(outcome="open", archived_at=None):
        _join(deal, lead, party, person)


def _join(deal: Deal, lead: Lead, party: Account | None, person: Contact | None) -> None:
    """Link a deal to the lead and to whom it became, where it has nobody yet."""
    if party is not None and deal.account_id is not None and deal.account_id != party.pk and deal.lead_id != lead.pk:
        raise Refused(_now("That deal belongs to another account."), field="deal")
    values: dict[str, Any] = {}
    if deal.lead_id is None:
        values["lead"] = lead
    if deal.account_id is None and party is not None:
        values["account"] = party
    if deal.contact_id is None and person is not None:
        values["contact"] = person
    if values:
        Deal.objects.filter(pk=deal.pk).update(**values)
