"""Creating and editing one record: the single path of forms, inline edit and API.

Values come typed (see `read`); rules are checked in Python for good messages and by the database for good.
"""

from __future__ import annotations

import copy
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from django.db import IntegrityError, models, transaction
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.db import prepared
from patron.kernel.parsing import Invalid, is_blank
from patron.ledger.operations import operation
from patron.records import constraints, lookup, seen, uploads
from patron.records.customs import rules
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.kinds.base import fitting
from patron.records.kinds.plain import OtherCurrency
from patron.records.merging import redirects
from patron.records.record_type import RecordType

Errors = dict[str, str]


class NotValid(Exception):
    """Values that were refused: messages by field name, "" for the record as a whole. Nothing was written."""

    def __init__(self, errors: Errors) -> None:
        super().__init__("; ".join(errors.values()))
        self.errors = errors


class Conflict(Exception):
    """Somebody else changed the record since it was read, in fields that this change sets too. Nothing was written."""

    def __init__(self, record: Any, fields: dict[str, tuple[Any, Any]], others: dict[str, Any]) -> None:
        super().__init__("changed by someone else")
        self.record = record
        self.fields = fields  # name -> (their value, the value that was wanted)
        self.others = others  # what was wanted too, and what nobody else touched


@dataclass(frozen=True, slots=True)
class Reading:
    """What came out of text: values by field, and what could not be read."""

    values: dict[str, Any]
    errors: Errors


def read(record_type: RecordType, data: Mapping[str, Any], view: View, names: list[str] | None = None, record: Any = None) -> Reading:
    """Typed values from a form's text. Only fields that this person may set count; others are ignored.

    A currency written with an amount ("12 USD") is that of a new record whose form leaves the currency open, as in an import; anything else
    than the record's currency is an error, never dropped. `record` is the one that is being changed.
    """
    editable = record_type.editable_fields(view.access)
    values: dict[str, Any] = {}
    written: dict[str, str] = {}
    errors: Errors = {}
    for name in names if names is not None else [n for n in editable if n in data]:
        field = editable.get(name)
        if field is None:
            continue
        try:
            if field.kind == "file":
                values[name] = read_files(field, data, record)
                continue
            values[name] = read_one(field, text_of(field, data), view, _currency(field, data, view, record, written))
        except OtherCurrency as error:
            own = next((f for f in editable.values() if f.path == field.currency), None)
            if own is None or record is not None or own.name in written or not is_blank(str(data.get(own.name, "") or "")):
                errors[name] = error.message
            else:
                values[name], written[own.name] = error.amount, error.currency
        except Invalid as error:
            errors[name] = error.message
    return Reading({**values, **written}, errors)


def read_files(field: Field, data: Mapping[str, Any], record: Any) -> list[str]:
    """The value of a field of files after a form of the record; `Invalid` for files that cannot be taken, and for none where one is asked for."""
    found = uploads.read(field, data, record)
    if field.required and not found:
        raise Invalid(_("Choose a file for “%(label)s”.") % {"label": field.label})
    return found


def text_of(field: Field, data: Mapping[str, Any]) -> str:
    """What was sent for a field; several ticks are joined as a list is typed."""
    several = getattr(data, "getlist", None) if field.kind in ("multi_choice", "tags") else None
    return ", ".join(several(field.name)) if several else str(data.get(field.name, "") or "")


def _currency(field: Field, data: Mapping[str, Any], view: View, record: Any, written: Mapping[str, str]) -> str:
    """The currency that an amount of this field is in: chosen in the same form, else the record's, else the workspace's."""
    if field.kind != "money" or not field.currency:
        return view.access.workspace.currency
    chosen = written.get(field.currency) or str(data.get(field.currency, "") or "").strip().upper()
    return str(chosen or getattr(record, field.currency, "") or view.access.workspace.currency)


def currency_of(field: Field, record: Any, view: View) -> str:
    """The currency that an amount of this record is in."""
    return _currency(field, {}, view, record, {})


def read_one(field: Field, text: str, view: View, currency: str | None = None) -> Any:
    """One typed value; `Invalid` where the text stands for none. Blank is the kind's empty value.

    `currency` is the one that an amount is in, where it is not the workspace's; "" for unknown, so that none may be written.
    """
    kind = kind_of(field.kind)
    if is_blank(text):
        if field.required:
            raise Invalid(_("Enter a value for “%(label)s”.") % {"label": field.label})
        return kind.blank(field)
    if field.is_relation:
        return lookup.one(field, text, view)
    ctx = view.parsing()
    return fitting(kind.parse(text, field, ctx if currency is None else replace(ctx, currency=currency or None)), field)


def create(record_type: RecordType, values: dict[str, Any], *, access: Access, verb: str = "", reason: str = "") -> Any:
    """Save a new record with its type's defaults under the given values; raises `NotValid`."""
    record = record_type.model()
    defaults = record_type.all_defaults(access)
    given = {n: v for n, v in values.items() if v is not None or n not in defaults}
    for name, value in {**defaults, **given}.items():
        _set(record, record_type, name, value)
    rules.leave_out(record_type, record, given=set(given))
    with operation(verb or f"{record_type.key}.create", access=access, subject=(record_type.key, record.pk), reason=reason):
        _save(record_type, record, set(values), access=access, created=True)
    return record


def edit(
    record_type: RecordType, record: Any, values: dict[str, Any], *, access: Access, revision: int | None = None,
    base: Mapping[str, Any] | None = None, verb: str = "", reason: str = "",
) -> set[str]:  # fmt: skip
    """Change a record; answers the names of the fields that really changed.

    `base` are the values that the person saw: what they left as it was is not written. `revision` is the one that they saw; where it is no longer
    current and `base` shows (or, where it says nothing of a field, does not rule out) that a field was changed on both sides, raises `Conflict`;
    changes of different fields go together, and files that are added and removed. Raises `NotValid`.
    """
    base = base or {}
    values = {n: v for n, v in values.items() if n not in base or base[n] != v}
    current = _locked(record_type.model, record.pk)
    if revision is not None and getattr(current, "revision", revision) != revision:
        clashes = _clashes(record_type, current, values, base)
        if clashes:
            raise Conflict(current, clashes, {n: v for n, v in values.items() if n not in clashes})
    values = {n: v if record_type.fields[n].kind != "file" else uploads.rebased(_get(record, record_type, n), v, _get(current, record_type, n)) for n, v in values.items()}
    changed = {n for n, v in values.items() if _get(current, record_type, n) != v}
    if not changed:
        return set()
    was = copy.copy(current)
    for name in changed:
        _set(current, record_type, name, values[name])
    with operation(verb or f"{record_type.key}.edit", access=access, subject=(record_type.key, record.pk), reason=reason):
        _save(record_type, current, changed, access=access, created=False, was=was)
    record.__dict__.update({k: v for k, v in current.__dict__.items() if k != "_state"})
    return changed


def _locked(model: Any, pk: uuid.UUID) -> Any:
    """The row as it is now, until the end of the transaction nobody else's; raises the model's `DoesNotExist` where it is gone."""

    def build(record: uuid.UUID) -> Any:
        return model.objects.select_for_update(of=("self",), no_key=True).filter(pk=record)

    for record in prepared.rows(("records.locked", model._meta.label), build, record=pk):
        return record
    raise model.DoesNotExist(f"{model.__name__} {pk} is gone")


def _clashes(record_type: RecordType, current: Any, values: dict[str, Any], base: Mapping[str, Any]) -> dict[str, tuple[Any, Any]]:
    """What both sides changed. An amount and its currency are one thing: 120 that was meant in one currency must not become 120 of another."""
    wanted = {n: v for n, v in {**base, **values}.items() if record_type.fields[n].kind != "file"}
    theirs = {n: _get(current, record_type, n) for n in wanted}
    moved = {n for n, now in theirs.items() if n not in base or base[n] != now}
    both = moved & values.keys()
    known = [record_type.fields[n] for n in wanted]
    for field in known:
        currency = currency_field(field, known)
        pair = {field.name, currency.name} if currency is not None else set()
        if pair & moved and pair & values.keys():
            both |= pair
    return {n: (theirs[n], v) for n, v in wanted.items() if n in both and theirs[n] != v}


def currency_field(field: Field, among: Iterable[Field]) -> Field | None:
    """The one of the fields that says what currency the field's amounts are in."""
    return next((f for f in among if f.path == field.currency), None) if field.kind == "money" and field.currency else None


def _get(record: Any, record_type: RecordType, name: str) -> Any:
    return record_type.fields[name].get(record)


def _set(record: Any, record_type: RecordType, name: str, value: Any) -> None:
    put(record, record_type.fields[name], value)


def put(record: Any, field: Field, value: Any) -> None:
    """Give a record a value that may come as the record it points to; nothing is saved."""
    field.put(record, value.pk if isinstance(value, models.Model) else value)


def _save(record_type: RecordType, record: Any, changed: set[str], *, access: Access, created: bool, was: Any = None) -> None:
    """Check, write, let consequences follow. The database's refusal is said in words."""
    errors = _missing(record_type, record, access)
    if not errors:  # rules rely on what is required
        errors = record_type.clean(record, access=access, changed=changed) | rules.refusals(record_type, record, access=access, changed=changed, was=was)
    if errors:
        raise NotValid(errors)
    try:
        with transaction.atomic():
            uploads.settle(record_type, record, changed, was, access)
            if created:
                record.save(force_insert=True)
            else:
                record.save(update_fields=_columns(record, was))
    except IntegrityError as error:
        raise NotValid(constraints.explain(record_type, error)) from error
    except uploads.Unkept as error:
        raise NotValid({error.field: error.message}) from error
    record_type.saved(record, access=access, created=created, changed=changed)


def _columns(record: Any, was: Any) -> list[str]:
    """The columns in which the record differs from the row as it was locked; values that change in place are written whatever they hold."""
    skip, now, before = {"id", "workspace", "revision", "updated_at", "created_at"}, record.__dict__, was.__dict__
    writable = [f for f in record._meta.local_fields if f.name not in skip and not getattr(f, "generated", False)]
    return [f.name for f in writable if isinstance(now[f.attname], dict | list) or now[f.attname] != before[f.attname]]


def _missing(record_type: RecordType, record: Any, access: Access) -> Errors:
    found = {}
    for name, field in record_type.own_fields.items():
        if field.required and field.editable and field.get(record) in (None, "", []):
            found[name] = _("Enter a value for “%(label)s”.") % {"label": field.label}
    return found


def get_visible(record_type: RecordType, access: Access, record_id: uuid.UUID, action: str = "view") -> Any:
    """The record if it exists and `action` reaches it, else None: the two look alike.

    The id of a record that was merged answers with the one that stayed: its `pk` then differs from `record_id`.
    """
    relations = [f.path.removesuffix("_id") for f in record_type.own_fields.values() if f.is_relation]

    def build(record: uuid.UUID) -> Any:
        return record_type.visible(access, "view").select_related(*relations).filter(pk=record)

    def find(pk: uuid.UUID) -> Any:
        return next(iter(seen.rows(access, (record_type.key,), ("record", record_type.key), build, record=pk)), None)

    record = find(record_id)
    if record is None and (went := redirects.survivor_of(record_type, record_id)) is not None:
        record = find(went)
    return record if record is None or action == "view" or record_type.allows(record, access, action) else None
