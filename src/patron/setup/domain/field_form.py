"""Own fields as the settings' form sends them: typed values out of text, with messages where they belong."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import DataError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid, is_blank
from patron.kernel.text import fold
from patron.records import changes, registry
from patron.records.custom_models import KEY, CustomField
from patron.records.customs import definitions, formula
from patron.records.customs.transforms import Tried
from patron.records.customs.values import WORDED
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.setup.domain.lists import STEP
from patron.setup.field_kinds import OFFERED
from patron.setup.own_fields import listed

PLAIN = ("label", "key", "hint", "section", "required", "unique", "searchable", "target", "places", "several", "formula", "field_set")
SAVED = (*(n for n in PLAIN if n != "key"), "kind", "choices", "visible_if", "readonly_if", "default")  # what the form of a field sets
TONES = ("", "good", "info", "note", "warn", "bad")
_SAMPLES = 3


def own_type() -> RecordType:
    return registry.get("custom-fields")


def proposed(label: str, type_key: str) -> str:
    """A key that nobody has, made of the label."""
    base = re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:36].strip("_")
    base = base if re.fullmatch(KEY, base) else f"field_{base}".strip("_")[:36].strip("_")
    known = set(CustomField.objects.filter(type_key=type_key).values_list("key", flat=True))
    return next(key for n in range(1, len(known) + 2) if (key := base if n == 1 else f"{base}_{n}") not in known)


def next_order(type_key: str) -> int:
    """Where a new field stands: after all others of its type."""
    return int(CustomField.objects.filter(type_key=type_key).aggregate(last=Max("order"))["last"] or 0) + STEP


def read(data: Any, view: View, *, type_key: str, kind: str, record: CustomField | None) -> tuple[dict[str, Any], dict[str, str]]:
    """Values for `changes.create` or `changes.edit`, and what could not be read. The database and the type's rules have the last word."""
    asks = OFFERED[kind].asks if kind in OFFERED else frozenset()
    sent = {**{n: data.get(n, "") for n in PLAIN if n in data}, "required": data.get("required", ""), "unique": data.get("unique", ""), "several": data.get("several", "")}
    if kind in WORDED and "words" in data:
        sent["searchable"] = data.get("searchable", "")
    if record is None and is_blank(sent.get("key", "")):
        sent["key"] = proposed(sent.get("label", ""), type_key)
    names = [n for n in PLAIN if n in sent and not (record is not None and n == "key")]
    reading = changes.read(own_type(), sent, view, names)
    values: dict[str, Any] = {**reading.values, "kind": kind}
    errors = dict(reading.errors)
    if values.get("places") is None:
        values.pop("places", None)
    if "choices" in asks:
        values["choices"] = choices(data)
    for name in ("visible_if", "readonly_if"):
        if name in data:
            values[name] = _condition(data[name], name, errors)
    if "default" in asks:
        _default(data, values, view, errors, type_key=type_key, record=record)
    if record is None:
        values.update(type_key=type_key, order=next_order(type_key))
    return values, errors


def choices(data: Any) -> list[dict[str, str]]:
    """The rows of the list of choices; rows without words are left out."""
    rows = zip(data.getlist("choice-value"), data.getlist("choice-label"), data.getlist("choice-tone"), strict=False)
    return [{"value": v, "label": label.strip(), "tone": tone if tone in TONES else ""} for v, label, tone in rows if label.strip()]


def rearranged(data: Any) -> list[dict[str, str]]:
    """The rows after one of the buttons "up:2", "down:0", "remove:1", "add" was pressed."""
    labels = data.getlist("choice-label")
    rows = [{"value": v, "label": label, "tone": t} for v, label, t in zip(data.getlist("choice-value"), labels, data.getlist("choice-tone"), strict=False)]
    word, _colon, at = data.get("row", "").partition(":")
    i = int(at) if at.isdigit() else -1
    if word == "add":
        return [*rows, {"value": "", "label": "", "tone": ""}]
    if not 0 <= i < len(rows):
        return rows
    row = rows.pop(i)
    if word in ("up", "down"):
        rows.insert(max(i - 1, 0) if word == "up" else i + 1, row)
    return rows


def _condition(text: str, name: str, errors: dict[str, str]) -> Any:
    try:
        tree = json.loads(text) if text.strip() else {}
    except ValueError:
        errors[name] = _("This condition cannot be read.")
        return {}
    empty = isinstance(tree, dict) and len(tree) == 1 and not next(iter(tree.values()))
    return {} if empty or not tree else tree


def _default(data: Any, values: dict[str, Any], view: View, errors: dict[str, str], *, type_key: str, record: CustomField | None) -> None:
    """The default as the person writes it, kept as it is stored."""
    from patron.records.customs.values import stored

    field = preview_field(type_key, values, record)
    text = ", ".join(data.getlist("default"))
    try:
        values["default"] = None if is_blank(text) else stored(kind_of(field.kind).parse(text, field, view.parsing()))
    except Invalid as error:
        errors["default"] = error.message


def preview_field(type_key: str, values: Mapping[str, Any], record: CustomField | None) -> Field:
    """The field that these values would make, without rules: to read and to draw its default."""
    kept = {n: getattr(record, n) for n in ("kind", "label", "choices", "places", "target", "key")} if record is not None else {}
    row = {"key": "new", "label": "", "choices": [], "places": 2, "target": "", **kept, **{n: v for n, v in values.items() if n in ("kind", "choices", "places", "target")}}
    row["choices"] = listed(row["choices"])
    more: dict[str, Any] = {"type_key": type_key, "hint": "", "section": "", "required": False, "unique": False, "default": None, "formula": "", "visible_if": {}, "readonly_if": {}}
    return definitions.definition({**row, **more, "archived_at": None, "field_set_id": None}).field


@dataclass(frozen=True, slots=True)
class Sample:
    """What a formula comes to for one record."""

    name: str
    value: str


def samples(type_key: str, text: str, view: View) -> list[Sample]:
    """The formula worked out for the newest records that the person may see; `Invalid` with what is wrong with it."""
    record_type = registry.get(type_key)
    sql, output = formula.sql_of(type_key, text)
    kind = kind_of(formula.kind_of(type_key, text))
    rows = record_type.visible(view.access).order_by("-created_at", "-pk").annotate(worked_out=Tried(sql, output))
    shape = Field("formula", kind.name, "", "formula", places=2)
    try:
        with transaction.atomic():
            found = list(rows.values_list(record_type.title_path, "worked_out")[:_SAMPLES])
    except DataError:
        raise Invalid(_("This formula comes to a number that is too large.")) from None
    return [Sample(str(name or _("No name")), "" if value is None else kind.text(value, shape, view)) for name, value in found]


def formula_names(record_type: RecordType, *, but: str = "") -> list[tuple[str, str]]:
    """The fields that a formula of the type may use: (name, label)."""
    found = []
    for name, field in record_type.fields.items():
        usable = "__" not in field.path if not field.is_custom else bool(field.column)
        if usable and not field.is_relation and field.kind not in ("tags", "multi_choice", "file", "json") and name != but:
            found.append((name, str(field.label)))
    return found
