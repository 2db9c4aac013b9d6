"""Which field sets a customer has: those of the account and of every account above it, of its industry and its segment. One query each."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q

from patron.customers.models import Account, AccountTree
from patron.records.custom_models import FieldSetUse
from patron.records.customs.rules import field_sets_for


def of_account(account: Any) -> set[uuid.UUID]:
    """The sets of an account as it is in memory, saved or not: a form may give it another parent, industry or segment."""
    ids = [i for i in (account.pk, account.industry_id, account.segment_id) if i is not None]
    attached = Q(record_id__in=ids)
    if account.parent_id is not None:
        attached |= Q(record_id__in=AccountTree.objects.filter(descendant=account.parent_id).values("ancestor"))
    return set(FieldSetUse.objects.filter(attached).values_list("field_set", flat=True))


def of_its_account(record: Any) -> set[uuid.UUID]:
    """The sets of the account that a contact, a deal or a lead belongs to; none without one."""
    account = record.account_id
    if account is None:
        return set()
    rows = Account.objects.filter(pk=account)
    attached = Q(record_id__in=AccountTree.objects.filter(descendant=account).values("ancestor"))
    attached |= Q(record_id__in=rows.values("industry")) | Q(record_id__in=rows.values("segment"))
    return set(FieldSetUse.objects.filter(attached).values_list("field_set", flat=True))



def of_accounts(accounts: list[Any]) -> list[set[uuid.UUID]]:
    """The same for many accounts: two queries."""
    attached, above = _attached(), _above({a.parent_id for a in accounts if a.parent_id is not None})
    return [_gathered(attached, a.pk, a.industry_id, a.segment_id, *above.get(a.parent_id, ())) for a in accounts]


def of_their_accounts(records: list[Any]) -> list[set[uuid.UUID]]:
    """The same for many contacts, deals or leads: three queries."""
    ids = {r.account_id for r in records if r.account_id is not None}
    attached, above = _attached(), _above(ids)
    kept = {pk: (industry, segment) for pk, industry, segment in Account.objects.filter(pk__in=ids).values_list("pk", "industry_id", "segment_id")}
    return [_gathered(attached, *above.get(r.account_id, ()), *kept.get(r.account_id, ())) for r in records]


def _attached() -> dict[uuid.UUID, set[uuid.UUID]]:
    """Account, industry or segment -> its own sets."""
    found: dict[uuid.UUID, set[uuid.UUID]] = {}
    for record, field_set in FieldSetUse.objects.values_list("record_id", "field_set_id"):
        found.setdefault(record, set()).add(field_set)
    return found


def _above(ids: set[uuid.UUID]) -> dict[uuid.UUID, list[uuid.UUID]]:
    """Account -> itself and the accounts above it, as far as a set is attached to them."""
    found: dict[uuid.UUID, list[uuid.UUID]] = {}
    used = FieldSetUse.objects.filter(record_type="accounts").values("record_id")
    for below, above in AccountTree.objects.filter(descendant__in=ids, ancestor__in=used).values_list("descendant_id", "ancestor_id") if ids else ():
        found.setdefault(below, []).append(above)
    return found


def _gathered(attached: dict[uuid.UUID, set[uuid.UUID]], *ids: uuid.UUID | None) -> set[uuid.UUID]:
    return set().union(*(attached.get(i, set()) for i in ids if i is not None))


field_sets_for("accounts", of_account, of_accounts)
field_sets_for("contacts", of_its_account, of_their_accounts)
