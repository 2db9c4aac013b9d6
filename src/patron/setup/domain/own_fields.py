"""Own fields in their order; retiring, bringing back and deleting them; attaching field sets."""

from __future__ import annotations

import uuid
from typing import Annotated, Any

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.models import Account, Industry, Segment
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.ledger import operations
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.custom_models import CustomField, FieldSet, FieldSetUse, IndexState
from patron.records.customs import definitions
from patron.records.verbs import Input, Refused, verb
from patron.setup import jobs
from patron.setup.domain.lists import same_list, write_order


def counts() -> dict[str, tuple[int, int]]:
    """Record type -> how many own fields it has, live and retired."""
    rows = CustomField.objects.values_list("type_key").annotate(live=Count("pk", filter=Q(archived_at=None)), retired=Count("pk", filter=~Q(archived_at=None))).order_by()
    return {key: (live, retired) for key, live, retired in rows}


def targets() -> list[tuple[str, Any]]:
    """What a field may link to: (type key, name)."""
    return sorted(((t.key, t.plural) for t in registry.all_types() if t.has_page and t.screens), key=lambda pair: str(pair[1]))


def sets() -> list[tuple[str, str]]:
    return [(str(pk), name) for pk, name in FieldSet.objects.filter(archived_at=None).order_by("name").values_list("pk", "name")]


def _ids(type_key: str) -> list[uuid.UUID]:
    rows = CustomField.objects.filter(type_key=type_key, archived_at=None).order_by("order", "created_at", "pk")
    return list(rows.select_for_update(of=("self",)).values_list("pk", flat=True))


def move(field: CustomField, step: int, *, access: Access) -> uuid.UUID | None:
    """One place up (-1) or down (1); answers the operation, None at the ends."""
    with transaction.atomic():
        ids = _ids(field.type_key)
        at = ids.index(field.pk) if field.pk in ids else -1
        if at < 0 or not 0 <= at + step < len(ids):
            return None
        ids[at], ids[at + step] = ids[at + step], ids[at]
        return _put(ids, access)


def arrange(type_key: str, wanted: list[uuid.UUID], *, access: Access, seen: list[uuid.UUID] | None = None) -> uuid.UUID | None:
    """The order that somebody dragged the fields into. `Refused` where the list, or its order since it was `seen`, is another one meanwhile."""
    with transaction.atomic():
        same_list(_ids(type_key), wanted, seen)
        return _put(wanted, access)


def _put(ids: list[uuid.UUID], access: Access) -> uuid.UUID:
    done = write_order(registry.get("custom-fields"), ids, access)
    definitions.forget()
    return done


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
    _changed(field)


@verb("custom-fields", "restore", label=_("Bring back"), icon="archive-restore", action="edit", when=_retired, order=91, done=_("Brought back"))
def bring_back(field: CustomField, *, access: Access) -> None:
    """Put a retired field back, with all values."""
    field.archived_at = None
    field.save(update_fields=["archived_at"])
    _changed(field)


@verb("custom-fields", "delete", label=_("Delete"), icon="trash-2", action="delete", when=_may, tone="bad", order=95, done=_("Deleted"),
      hint=_("The records keep what they hold: a new field with the same key and kind shows it again. Undo brings the field back."))  # fmt: skip
def remove(field: CustomField, *, access: Access) -> None:
    """Forget the definition. Values stay in the records and in the ledger; its indexes go in the background."""
    field.delete()
    _changed(field)
    jobs.drop_own_indexes_later(current_workspace_id(), field.type_key, field.key, field.kind)


def _changed(field: CustomField) -> None:
    definitions.forget()
    jobs.rewrite_own_texts_later(current_workspace_id(), field.type_key, field.key)


def settle(operation_id: uuid.UUID, access: Access) -> None:
    """Let indexes and search follow definitions that an undo put back or took away."""
    rows = Change.objects.filter(operation_id=operation_id, table_name=CustomField._meta.db_table)
    touched = dict(rows.values_list("row_id", "changes"))
    back = list(CustomField.objects.filter(pk__in=touched))
    for field in back:
        _changed(field)
    if CustomField.objects.filter(pk__in=touched).update(index_state=IndexState.WANTED):
        jobs.index_own_fields_later(current_workspace_id())
    for gone in (touched[pk] for pk in touched.keys() - {f.pk for f in back}):
        jobs.rewrite_own_texts_later(current_workspace_id(), gone["type_key"], gone["key"])
        jobs.drop_own_indexes_later(current_workspace_id(), gone["type_key"], gone["key"], gone["kind"])


operations.follow((CustomField._meta.db_table,), settle)


def _failed(record: CustomField, access: Access) -> str | None:
    return _may(record, access) or (None if record.index_state == IndexState.FAILED else _now("The index of this field has not failed."))


@verb("custom-fields", "index", label=_("Build the index again"), icon="refresh-cw", action="edit", when=_failed, order=80, done=_("The index is being built"))
def index_again(field: CustomField, *, access: Access) -> None:
    """Have the worker try once more, after what stood in its way was put right."""
    CustomField.objects.filter(pk=field.pk).update(index_state=IndexState.WANTED)
    jobs.index_own_fields_later(current_workspace_id())


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


def detach(field_set: FieldSet, use_id: uuid.UUID, *, access: Access) -> uuid.UUID | None:
    """Take a set away from where it is attached; values stay. Answers the operation, None where it is attached no more."""
    with transaction.atomic(), operation("field-sets.detach", access=access, subject=("field-sets", field_set.pk)) as signed:
        gone, _rows = FieldSetUse.objects.filter(pk=use_id, field_set=field_set).delete()
    return signed.id if gone else None
