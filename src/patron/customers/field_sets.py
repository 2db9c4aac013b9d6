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


field_sets_for("accounts", of_account)
field_sets_for("contacts", of_its_account)
