"""Changing many records at once: set-based, one operation, undone like a single edit."""

from __future__ import annotations

from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Func, JSONField, Q, QuerySet, Value
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.db import gin
from patron.kernel.db.install import is_distributed
from patron.ledger.operations import operation
from patron.records import changes, constraints
from patron.records.customs import rules
from patron.records.customs.values import stored
from patron.records.fields import Field
from patron.records.perform import Done
from patron.records.record_type import RecordType

_CHUNK = 10_000  # rows that are locked by one statement


def edit_many(record_type: RecordType, queryset: QuerySet[Any], values: dict[str, Any], *, access: Access, reason: str = "") -> Done:
    """Give all rows that the person may edit the same values; rows that have them already stay untouched.

    Rules across fields (`RecordType.clean`) run per record where the type has any; otherwise it is one UPDATE. Where the database refuses that because the
    value does not go with others of a record, those records alone are left out and named.
    """
    rows = record_type.restrict(queryset, access, "edit")
    fields = record_type.fields
    if files := [n for n in values if fields[n].kind == "file"]:
        raise changes.NotValid({n: _("A file is put on one record at a time: open the record.") for n in files})
    paths = {fields[n].path: v for n, v in values.items()}
    differs = Q()
    for path, value in paths.items():
        differs |= Q(**{f"{path}__isnull": False}) if value is None else (~Q(**{path: value}) | Q(**{f"{path}__isnull": True}))
    rows = rows.filter(differs)
    with transaction.atomic(), operation(f"{record_type.key}.bulk_edit", access=access, reason=reason, details={"fields": sorted(values)}) as signed:
        if record_type.has_rules or rules.one_by_one(record_type, values):
            return Done(signed.id, *_one_by_one(record_type, rows, values, access))
        try:
            with transaction.atomic():
                held = _hold(record_type, rows)
                with gin.sorted_in_beside(record_type.model, held):
                    count = rows.order_by().update(**_assignments(fields, values), **_churn(held))
        except IntegrityError as error:
            if getattr(error.__cause__, "sqlstate", "") == "23505":  # what only one may have is no value for many
                raise changes.NotValid(constraints.explain(record_type, error)) from error
            return Done(signed.id, *_one_by_one(record_type, rows, values, access))
    return Done(signed.id, count)


def _assignments(fields: dict[str, Field], values: dict[str, Any]) -> dict[str, Any]:
    """Columns and their new values; own values are put into the rows' objects without touching the others there."""
    plain = {fields[n].path: v for n, v in values.items() if not fields[n].is_custom}
    own = {fields[n].own_key: stored(v) for n, v in values.items() if fields[n].is_custom}
    if own:
        plain["custom"] = Func(F("custom"), Value(own, output_field=JSONField()), function="patron_patched", output_field=JSONField())
    return plain


def _churn(rows: int) -> dict[str, Any]:
    """What keeps PostgreSQL from looking for dead versions wherever an index page is full: of rows that one statement changes none is dead yet.

    It looks only in indexes none of whose columns are set; every index begins with the workspace, so that is set to what it is (7 % of a large edit).
    """
    return {"workspace_id": F("workspace_id")} if rows >= gin.MANY and not is_distributed() else {}


def _hold(record_type: RecordType, rows: QuerySet[Any]) -> int:
    """Lock the rows and answer how many there are. In one order, so that two bulk edits of the same rows wait for each other instead of for ever.

    Their ids are read first: asked for as one, PostgreSQL may walk the table's order and look each row up among those that are meant.
    """
    ids = sorted(rows.order_by().values_list("pk", flat=True))
    for first in range(0, len(ids), _CHUNK):
        held = record_type.model.objects.filter(pk__among=ids[first : first + _CHUNK]).order_by("pk").select_for_update(of=("self",), no_key=True)
        len(held.values_list("pk"))
    return len(ids)


def _one_by_one(record_type: RecordType, rows: QuerySet[Any], values: dict[str, Any], access: Access) -> tuple[int, None, list[tuple[str, str]]]:
    count, refused = 0, []
    _hold(record_type, rows)
    for record in rows.iterator(chunk_size=500):
        try:
            with transaction.atomic():
                changes.edit(record_type, record, values, access=access)
            count += 1
        except changes.NotValid as error:
            refused.append((str(record), " ".join(error.errors.values())))
    return count, None, refused


def nothing_chosen() -> str:
    return _("Choose at least one record.")
