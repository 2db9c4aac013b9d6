"""A contact's account and its primary place are one thing seen from two sides: whoever writes one, the other follows.

The contact is written first and the places after it, so that the trigger on places (`customers.database`), which serves those who go around
this module, finds nothing left to do.
"""

from __future__ import annotations

import uuid
from collections.abc import Collection

from django.db.models import Exists, F, OuterRef, Q, QuerySet

from patron.customers.models import Affiliation, Contact


def open_places(**where: object) -> QuerySet[Affiliation]:
    """Places that have not ended."""
    return Affiliation.objects.filter(ends_on=None, archived_at=None, **where)  # type: ignore[no-any-return]


def follow_accounts(contact_ids: Collection[uuid.UUID]) -> None:
    """After contacts were given accounts: that place is their primary one, made where it is missing. Set-based; needs an open operation.

    The place that was primary before stays open: a person may belong to several accounts. Use the verb "moved job" to end it.
    """
    ids = list(contact_ids)
    there = Q(account=F("contact__account"))
    elsewhere = open_places(contact__in=ids, primary=True).filter(~there | Q(contact__account=None))
    Affiliation.objects.filter(pk__in=list(elsewhere.values_list("pk", flat=True))).update(primary=False)
    here = open_places(contact__in=ids, primary=False).filter(there)
    Affiliation.objects.filter(pk__in=list(here.values_list("pk", flat=True))).update(primary=True)
    missing = Contact.objects.filter(pk__in=ids, account__isnull=False).filter(~Exists(open_places(contact=OuterRef("pk"), account=OuterRef("account"))))
    Affiliation.objects.bulk_create(
        (Affiliation(contact_id=pk, account_id=account, title=title, primary=True) for pk, account, title in missing.values_list("pk", "account", "title")),
        batch_size=2000,
    )


def follow_places(contact_ids: Collection[uuid.UUID]) -> None:
    """After places were made, ended or archived: a contact without a primary place gets its oldest open one. Needs an open operation."""
    ids = list(contact_ids)
    without = ~Exists(Affiliation.objects.filter(contact=OuterRef("contact"), primary=True, archived_at=None))
    first: dict[uuid.UUID, uuid.UUID] = {}
    for pk, contact in open_places(contact__in=ids).filter(without).order_by("created_at", "pk").values_list("pk", "contact"):
        first.setdefault(contact, pk)
    Affiliation.objects.filter(pk__in=list(first.values())).update(primary=True)  # the trigger gives the contacts their accounts


def make_primary(place: Affiliation) -> None:
    """Let one open place be the contact's primary one."""
    Contact.objects.filter(pk=place.contact_id).exclude(account=place.account_id).update(account=place.account_id)
    open_places(contact=place.contact_id, primary=True).exclude(pk=place.pk).update(primary=False)
    Affiliation.objects.filter(pk=place.pk, primary=False).update(primary=True)
    place.primary = True
