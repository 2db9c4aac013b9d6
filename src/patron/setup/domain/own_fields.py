"""Retiring, bringing back and deleting own fields; attaching field sets."""

from __future__ import annotations

import uuid
from typing import Annotated

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.models import Account, Industry, Segment
from patron.identity.access import Access
from patron.records.custom_models import CustomField, FieldSet, FieldSetUse
from patron.records.customs import definitions
from patron.records.verbs import Input, Refused, verb


def _may(record: object, access: Access) -> str | None:
    return None if access.manages_settings else _now("Only administrators change the settings. Ask one of them.")


def _live(record: CustomField, access: Access) -> str | None:
    return _may(record, access) or (_now("This field is retired already.") if record.archived_at else None)


def _retired(record: CustomField, access: Access) -> str | None:
    return _may(record, access) or (None if record.archived_at else _now("This field is not retired."))


@verb("custom-fields", "archive", label=_("Retire"), icon="archive", action="edit", when=_live, order=90, done=_("Retired"))
def retire(field: CustomField, *, access: Access) -> None:
    """Take the field off every screen and door. What the records hold stays, and is back when the field is."""
    field.archived_at = timezone.now()
    field.save(update_fields=["archived_at"])
    definitions.forget()


@verb("custom-fields", "restore", label=_("Bring back"), icon="archive-restore", action="edit", when=_retired, order=91, done=_("Brought back"))
def bring_back(field: CustomField, *, access: Access) -> None:
    """Put a retired field back, with all values."""
    field.archived_at = None
    field.save(update_fields=["archived_at"])
    definitions.forget()


@verb("custom-fields", "delete", label=_("Delete"), icon="trash-2", action="delete", when=_may, tone="bad", order=95, done=_("Deleted"),
      hint=_("The records keep what they hold: a new field with the same key and kind shows it again. Undo brings the field back."))  # fmt: skip
def remove(field: CustomField, *, access: Access) -> None:
    """Forget the definition. Values stay in the records and in the ledger."""
    field.delete()
    definitions.forget()


@verb("field-sets", "attach", label=_("Attach"), icon="link", action="edit", when=_may, order=10, done=_("Attached"))
def attach(
    field_set: FieldSet,
    *,
    access: Access,
    account: Annotated[Account | None, Input(_("Account"))] = None,  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    industry: Annotated[Industry | None, Input(_("Industry"))] = None,  # type: ignore[valid-type]
    segment: Annotated[Segment | None, Input(_("Segment"))] = None,  # type: ignore[valid-type]
) -> None:
    """Give an account with everything below it, the accounts of an industry or those of a segment the fields of the set."""
    targets = [(key, one.pk) for key, one in (("accounts", account), ("industries", industry), ("segments", segment)) if one is not None]
    if not targets:
        raise Refused(_now("Choose an account, an industry or a segment."), field="account")
    for key, pk in targets:
        FieldSetUse.objects.get_or_create(field_set=field_set, record_type=key, record_id=pk)


def detach(use_id: uuid.UUID) -> None:
    """Take a set away from where it is attached; values stay. Needs an open operation."""
    FieldSetUse.objects.filter(pk=use_id).delete()
