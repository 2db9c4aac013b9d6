"""Doing a verb: rights, precondition, typed inputs, one operation – the same for button, bulk action, API, command line and tool."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import Enum
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import Membership
from patron.kernel.parsing import Invalid, is_blank
from patron.ledger.operations import operation, settle
from patron.records import changes, constraints, registry
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.record_type import RecordType
from patron.records.verbs import Refused, Verb, VerbInput

BULK_LIMIT = 100_000


class NotAllowed(Exception):
    """The person's role does not reach this verb on this record."""


@dataclass(slots=True)
class Done:
    """What a verb did: how many records, what it answered, the operation (to undo it), and who was left out and why."""

    operation_id: uuid.UUID
    count: int
    result: Any = None
    refused: list[tuple[str, str]] = field(default_factory=list)


_KINDS: tuple[tuple[type, str], ...] = (
    (bool, "checkbox"), (int, "integer"), (Decimal, "number"), (datetime.datetime, "datetime"), (datetime.date, "date"), (str, "text"),
)  # fmt: skip


def input_fields(verb: Verb, record: Any = None, access: Access | None = None) -> list[Field]:
    """The verb's inputs as fields, so that one form machinery asks for them."""
    return [_field(i) for i in verb.inputs]


def _field(item: VerbInput) -> Field:
    annotation, label = item.annotation, item.spec.label or item.name.replace("_", " ").capitalize()
    kind, model, target = item.spec.kind, None, ""
    choices: tuple[tuple[str, Any], ...] = ()
    if isinstance(annotation, type) and issubclass(annotation, models.Model):
        model = annotation
        kind = kind or ("person" if annotation is Membership else "relation")
        found = registry.find_model(annotation)
        target = "people" if annotation is Membership else (found.key if found else "")
    elif isinstance(annotation, type) and issubclass(annotation, Enum) and issubclass(annotation, models.Choices):
        kind, choices = kind or "choice", tuple((str(v), c) for v, c in annotation.choices)
    elif getattr(annotation, "__origin__", None) is list:
        kind = kind or "tags"
    kind = kind or next((k for t, k in _KINDS if isinstance(annotation, type) and issubclass(annotation, t)), "text")
    return Field(
        name=item.name, kind=kind, label=label, path=item.name, required=item.required and kind != "checkbox", hint=item.spec.hint,
        choices=choices, model=model, target=target, currency="" if kind == "money" else None, places=2, nullable=not item.required or kind != "text",
        max_length={"text": 500, "tags": 40, "email": 254}.get(kind, 20_000), default=item.default,
        low=Decimal(0) if kind == "percent" else None, high=Decimal(100) if kind == "percent" else None,
    )  # fmt: skip


def read_inputs(verb: Verb, data: Mapping[str, Any], view: View) -> dict[str, Any]:
    """Typed arguments from text; raises `changes.NotValid` with a message per input. Left-out optional ones keep their defaults."""
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for item, spec in zip(verb.inputs, input_fields(verb), strict=True):
        text = data.get(item.name, "")
        if not isinstance(text, str):
            values[item.name] = text
            continue
        if is_blank(text) and not item.required:
            if spec.kind == "checkbox" and item.name in data:
                values[item.name] = False
            continue
        try:
            values[item.name] = typed(item, changes.read_one(spec, text, view, _currency(verb)))
        except Invalid as error:
            errors[item.name] = error.message
    if errors:
        raise changes.NotValid(errors)
    return values


def _currency(verb: Verb) -> str | None:
    """An amount asked for by a verb of records that have currencies of their own is in the record's: none may be written with it."""
    record_type = registry.find(verb.type_key)
    return "" if record_type is not None and any(f.kind == "currency" for f in record_type.fields.values()) else None


def typed(item: VerbInput, value: Any) -> Any:
    """The argument that a verb's function takes: the record for an id, the member of the list for its value."""
    annotation = item.annotation
    if isinstance(annotation, type) and issubclass(annotation, models.Model):
        return annotation._base_manager.get(pk=value)
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return annotation(value)
    return value


def available(record_type: RecordType, record: Any, access: Access) -> list[tuple[Verb, str | None]]:
    """The verbs that the person may do to this record, each with the reason why not now (None: it can be done)."""
    found = [v for v in registry.verbs(record_type.key) if v.applies(record_type) and record_type.allows(record, access, v.action)]
    return [(v, v.refusal(record, access)) for v in sorted(found, key=lambda v: v.order)]


def perform(verb: Verb, record_type: RecordType, record: Any, *, access: Access, inputs: dict[str, Any], reason: str = "") -> Done:
    """Do the verb to one record: rights, lock, precondition, act. Raises `NotAllowed`, `Refused`, `changes.NotValid`; then nothing was written."""
    if not record_type.allows(record, access, verb.action):
        raise NotAllowed(verb.full_name)
    name, subject, details = verb.signs(record) if verb.signs else (f"{record_type.key}.{verb.name}", (record_type.key, record.pk), None)
    with transaction.atomic(), operation(name, access=access, subject=subject, reason=reason, details=details) as signed:
        locked = record_type.model.objects.select_for_update(of=("self",), no_key=True).get(pk=record.pk)
        if refusal := verb.refusal(locked, access):
            raise Refused(refusal)
        try:
            with transaction.atomic():
                result = verb.act(locked, access=access, **inputs)
        except IntegrityError as error:
            raise changes.NotValid(constraints.explain(record_type, error)) from error
        _settle(verb)
    return Done(signed.id, 1, result)


def _settle(verb: Verb) -> None:
    """The verbs of every type know no figures that other records keep of these: they are settled here."""
    if verb.type_key == "*" and verb.name in ("archive", "restore", "delete"):
        settle()


def perform_many(verb: Verb, record_type: RecordType, queryset: QuerySet[Any], *, access: Access, inputs: dict[str, Any], reason: str = "") -> Done:
    """Do the verb to a set inside one operation. Set-based where the verb knows how; else one by one, saying who was left out and why.

    A set that the database refuses as a whole is done one by one, too, so that only the records are left out for which it does. Of those nothing is written.
    """
    rows = record_type.restrict(queryset, access, verb.action)
    with transaction.atomic(), operation(f"{record_type.key}.{verb.name}", access=access, subject=(record_type.key, None), reason=reason) as signed:  # type: ignore[arg-type]
        done, refused = _at_once(verb, record_type, rows, access, inputs), list[tuple[str, str]]()
        if done is None:
            done, refused = _one_by_one(verb, record_type, rows, access, inputs)
        _settle(verb)
    return Done(signed.id, done, refused=refused)


def _at_once(verb: Verb, record_type: RecordType, rows: QuerySet[Any], access: Access, inputs: dict[str, Any]) -> int | None:
    """How many it was done to by the verb's own way for sets; None where it has none, or the database refused a record."""
    if not callable(verb.bulk):
        return None
    try:
        with transaction.atomic():
            return verb.bulk(rows, access=access, **inputs)
    except IntegrityError as error:
        if verb.as_one:
            raise changes.NotValid(constraints.explain(record_type, error)) from error
        return None


def _one_by_one(verb: Verb, record_type: RecordType, rows: QuerySet[Any], access: Access, inputs: dict[str, Any]) -> tuple[int, list[tuple[str, str]]]:
    """How many it was done to, and who was left out and why; each record in a savepoint of its own."""
    done, refused = 0, []
    ids = list(rows.order_by("pk").values_list("pk", flat=True)[: BULK_LIMIT + 1])
    if len(ids) > BULK_LIMIT:
        raise Refused(_("Choose at most %(most)s records at a time.") % {"most": BULK_LIMIT})
    for record in record_type.model.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk").iterator(chunk_size=500):
        name = str(record)
        try:
            if reason_not := verb.refusal(record, access):
                raise Refused(reason_not)
            with transaction.atomic():
                verb.act(record, access=access, **inputs)
            done += 1
        except Refused as error:
            refused.append((name, error.message))
        except changes.NotValid as error:
            refused.append((name, " ".join(error.errors.values())))
        except IntegrityError as error:
            refused.append((name, " ".join(constraints.explain(record_type, error).values())))
    return done, refused
