"""Who a lead may already be: accounts and contacts that share its domain, e-mail, telephone or nearly its name."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patron.customers.models import Account, Contact
from patron.identity.access import Access
from patron.kernel.text import fold
from patron.records import duplicates, registry, search
from patron.records.veil import veiled
from patron.sales.models import Lead

CERTAIN, LIKELY, POSSIBLE = gettext_lazy("certain"), gettext_lazy("likely"), gettext_lazy("possible")
LIKE = 0.55  # word similarity from which a name is worth showing
VERY_LIKE = 0.85
MOST = 5


@dataclass(frozen=True, slots=True)
class Match:
    """A record that the lead may be, why, and how sure that is: certain, likely or possible. `rank` orders them, best first."""

    record: Any
    reason: str
    confidence: Any
    rank: float

    @property
    def id(self) -> uuid.UUID:
        return self.record.pk  # type: ignore[no-any-return]


@dataclass(frozen=True, slots=True)
class Matches:
    """What to offer before anything new is made."""

    accounts: list[Match]
    contacts: list[Match]


def matches(lead: Lead, access: Access, *, wanted: frozenset[str] = frozenset()) -> Matches:
    """The likely accounts and contacts of a lead among what the person may see, best first, at most five of each. Eight queries.

    Those of which somebody said that they are not the same are left out, unless the lead names them. `wanted` are ids of records that somebody chose
    beforehand: they come first. Nobody is matched by a field that the person's role hides: the records are veiled.
    """
    chosen = _ids(wanted)
    apart = duplicates.not_the_same(registry.get("leads"), lead.pk) - {lead.account_id, lead.contact_id, *chosen}
    return Matches(_accounts(lead, access, apart, chosen), _contacts(lead, access, apart, chosen))


def _ids(texts: frozenset[str]) -> set[uuid.UUID]:
    found = set()
    for text in texts:
        with contextlib.suppress(ValueError):
            found.add(uuid.UUID(text))
    return found


def _accounts(lead: Lead, access: Access, apart: set[uuid.UUID], chosen: set[uuid.UUID]) -> list[Match]:
    alike = _alike(Account, lead.company)
    condition = Q(pk__in=[*alike, *chosen])
    if lead.domain and not access.hides("accounts", "domain"):
        condition |= Q(domain=lead.domain)
    if lead.account_id:
        condition |= Q(pk=lead.account_id)
    rows = Account.objects.visible_to(access).filter(condition, archived_at=None).exclude(pk__in=apart)[: MOST * 4]
    return _best((_account(account, lead, alike) for account in veiled(list(rows), access)), chosen)


def _account(account: Any, lead: Lead, alike: dict[uuid.UUID, float]) -> Match:
    if account.pk == lead.account_id:
        return Match(account, _("named in the lead"), CERTAIN, 4)
    if lead.domain and account.domain == lead.domain:
        return Match(account, _("same domain %(domain)s") % {"domain": lead.domain}, LIKELY, 3)
    return _by_name(account, alike, lead.company)


def _contacts(lead: Lead, access: Access, apart: set[uuid.UUID], chosen: set[uuid.UUID]) -> list[Match]:
    alike = _alike(Contact, lead.person)
    columns = [pair for pair in (("email", lead.email), ("phone", lead.phone), ("mobile", lead.phone)) if not access.hides("contacts", pair[0])]
    same = [pk for column, text in columns for pk in duplicates.same(Contact, column, text)]
    named = [lead.contact_id] if lead.contact_id else []
    rows = Contact.objects.visible_to(access).filter(pk__in=[*named, *chosen, *same[: MOST * 4], *alike], archived_at=None).exclude(pk__in=apart).select_related("account")
    return _best((_contact(contact, lead, alike) for contact in veiled(list(rows[: MOST * 4]), access)), chosen)


def _contact(contact: Any, lead: Lead, alike: dict[uuid.UUID, float]) -> Match:
    if contact.pk == lead.contact_id:
        return Match(contact, _("named in the lead"), CERTAIN, 4)
    if lead.email and contact.email.lower() == lead.email.lower():
        return Match(contact, _("same e-mail"), CERTAIN, 3)
    if lead.phone and lead.phone in (contact.phone, contact.mobile):
        return Match(contact, _("same telephone"), LIKELY, 2)
    return _by_name(contact, alike, lead.person)


def _alike(model: Any, name: str) -> dict[uuid.UUID, float]:
    """Records spelt like `name`, with their likeness from 0 to 1."""
    if len(name.strip()) < 3:
        return {}
    return dict(search.near(model, name, MOST, LIKE))


def _by_name(record: Any, alike: dict[uuid.UUID, float], name: str) -> Match:
    likeness = alike.get(record.pk, 0)
    if fold(record.name) == fold(name):
        return Match(record, _("same name"), LIKELY, 1)
    if record.pk not in alike:
        return Match(record, _("chosen before"), LIKELY, 0)
    return Match(record, _("similar name"), LIKELY if likeness >= VERY_LIKE else POSSIBLE, likeness * 0.99)


def _best(found: Iterable[Match], chosen: set[uuid.UUID]) -> list[Match]:
    return sorted(found, key=lambda m: (m.id not in chosen, -m.rank, str(m.record)))[:MOST]
