"""Own fields and their sets as record types: history, undo, rights, import and API as everything else; their screen is in the settings."""

from __future__ import annotations

import re
from typing import Any, ClassVar

from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import current_workspace_id
from patron.kernel.text import fold
from patron.records import registry
from patron.records.custom_models import CustomField, CustomKind, FieldSet
from patron.records.customs import conditions, database, definitions, formula, rules
from patron.records.customs.values import SHAPES, alike, stored
from patron.records.fields import Field
from patron.records.kinds import kind_of
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.setup import jobs


def takers() -> list[RecordType]:
    """The record types that may have own fields: those whose rows have a place for them."""
    return [t for t in registry.all_types() if any(f.name == "custom" for f in t.model._meta.local_fields)]


class _Setting(RecordType):
    """What only administrators change."""

    searchable = False
    has_page = False
    importable = False
    owners = ()
    duplicate_fields = ()

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return super().editable_fields(access) if access.manages_settings else {}


@register
class CustomFieldRecord(_Setting):
    """An own field of a record type."""

    key = "custom-fields"
    model = CustomField
    label, plural, icon = _("Own field"), _("Own fields"), "text-cursor-input"
    title = "label"
    description = _("Fields that a workspace adds to its records.")
    columns = ("label", "type_key", "kind", "required", "section")
    filters = ("type_key", "kind")
    sections = (
        Section(_("Field"), ("label", "type_key", "key", "kind", "hint", "section", "order")),
        Section(_("Rules"), ("required", "unique", "searchable", "target", "places", "several", "formula", "field_set")),
    )
    sort = "order"
    keys = ("key",)
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "custom_field_label_once": ("label", _("There is a field of this name already. Perhaps it is retired.")),
        "custom_field_key_once": ("key", _("There is a field with this key already.")),
    }

    def defaults(self, access: Access) -> dict[str, Any]:
        return {}

    def clean(self, record: CustomField, *, access: Access, changed: set[str]) -> dict[str, str]:
        if not access.manages_settings:
            return {"": _now("Only administrators change the settings. Ask one of them.")}
        before = None if record._state.adding else CustomField.objects.get(pk=record.pk)
        if wrong := _identity(record, before):
            return wrong
        return {**_choices(record), **_link(record), **_formula(record), **_files(record), **_conditions(record), **_set(record), **_default(record)}

    def saved(self, record: CustomField, *, access: Access, created: bool, changed: set[str]) -> None:
        definitions.forget()
        if created or changed & {"unique", "kind", "archived_at"}:
            CustomField.objects.filter(pk=record.pk).update(index_state="wanted")
            jobs.index_own_fields_later(current_workspace_id())
        if created or changed & {"kind", "choices", "searchable", "archived_at"}:
            jobs.rewrite_own_texts_later(current_workspace_id(), record.type_key, record.key)


def _identity(record: CustomField, before: CustomField | None) -> dict[str, str]:
    """Type and key never change; the kind does only where what is stored stays readable."""
    record_type = registry.find(record.type_key)
    if record_type is None or record_type not in takers():
        return {"type_key": _now("There is no such kind of record, or it takes no own fields.")}
    if before is None:
        if not re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", record.key) or len(record.key) > 40:
            return {"key": _now("Use small letters, digits and single underscores, beginning with a letter.")}
        if record.kind != CustomKind.FORMULA and database.holds_others(record_type.model, record.key, record.kind):
            return {"key": _now("Records hold values of another kind under this key, from a field that was deleted. Choose another key.")}
        return {}
    if (record.type_key, record.key) != (before.type_key, before.key):
        return {"key": _now("The key stays as it is: files and programs know the field by it. Change the label.")}
    if record.kind not in alike(before.kind):
        return {"kind": _now("What is stored would not fit this kind. Make a new field and retire this one.")}
    return {}


def _choices(record: CustomField) -> dict[str, str]:
    """A choice needs a list; its values are short and each there once."""
    if record.kind not in (CustomKind.CHOICE, CustomKind.MULTI_CHOICE):
        record.choices = []
        return {}
    record.choices = listed(record.choices)
    return {} if record.choices else {"choices": _now("Enter at least one choice.")}


def listed(entries: Any) -> list[dict[str, str]]:
    """Choices as they are stored: values made of the labels where none are given, each once."""
    found: list[dict[str, str]] = []
    known: set[str] = set()
    for entry in entries if isinstance(entries, list) else []:
        label = str(entry.get("label") or entry.get("value") or "").strip()[:80] if isinstance(entry, dict) else str(entry).strip()[:80]
        value = str(entry.get("value") or "").strip()[:60] if isinstance(entry, dict) else ""
        value = value or re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:60] or f"choice_{len(found) + 1}"
        if label and value not in known:
            known.add(value)
            tone = str(entry.get("tone") or "") if isinstance(entry, dict) else ""
            found.append({"value": value, "label": label, **({"tone": tone} if tone in ("good", "info", "note", "warn", "bad", "none") else {})})
    return found


def _link(record: CustomField) -> dict[str, str]:
    if record.kind != CustomKind.RELATION:
        record.target = ""
        return {}
    target = registry.find(record.target)
    return {} if target is not None and target.has_page and target.screens else {"target": _now("Choose what the field links to.")}


def _formula(record: CustomField) -> dict[str, str]:
    if record.kind != CustomKind.FORMULA:
        record.formula = ""
        return {}
    record.required = record.unique = False
    try:
        formula.compiled(record.type_key, record.formula)
    except Invalid as error:
        return {"formula": error.message}
    return {}


def _files(record: CustomField) -> dict[str, str]:
    """Only a field of files may hold several; each file is one of its own, so no two records have the same."""
    if record.kind != CustomKind.FILE:
        record.several = False
        return {}
    return {"unique": _now("Two records never share a file. Leave this box empty.")} if record.unique else {}


def _conditions(record: CustomField) -> dict[str, str]:
    errors, record_type = {}, registry.get(record.type_key)
    for name in ("visible_if", "readonly_if"):
        try:
            conditions.check(getattr(record, name), record_type.fields)
        except Invalid as error:
            errors[name] = error.message
    if f"x_{record.key}" in conditions.names(record.visible_if or {}):
        errors["visible_if"] = _now("A field cannot depend on itself.")
    return errors


def _set(record: CustomField) -> dict[str, str]:
    """Only records of customers can have a field by a set."""
    if record.field_set_id is None or rules.takes_sets(record.type_key):
        return {}
    return {"field_set": _now("Field sets are for accounts and what belongs to them.")}


def _default(record: CustomField) -> dict[str, str]:
    """A default is a value of the field's kind; links, files and formulas have none."""
    if record.default in (None, "", []):
        record.default = None
        return {}
    if SHAPES.get(record.kind) in (None, "link") or record.kind == CustomKind.FILE:
        return {"default": _now("This kind of field has no default.")}
    row = {name: getattr(record, name, None) for name in ("type_key", "key", "label", "kind", "hint", "section", "required", "unique", "choices", "target", "places", "formula", "archived_at", "field_set_id")}
    field = definitions.definition({**row, "default": None, "visible_if": {}, "readonly_if": {}}).field
    try:
        if isinstance(record.default, str):
            record.default = stored(kind_of(field.kind).parse(record.default, field, _plain_context()))
    except Invalid as error:
        return {"default": error.message}
    return {}


def _plain_context() -> Any:
    """How a default is read: as it is stored."""
    from datetime import UTC, datetime
    from zoneinfo import ZoneInfo

    from patron.kernel.parsing import ParseContext

    return ParseContext(locale="en", zone=ZoneInfo("UTC"), today=datetime.now(UTC).date(), country="")


@register
class FieldSetRecord(_Setting):
    """Fields that only some customers have."""

    key = "field-sets"
    model = FieldSet
    label, plural, icon = _("Field set"), _("Field sets"), "layers"
    description = _("Fields that only some customers have: attached to an account, an industry or a segment, and inherited down the account tree.")
    columns = ("name", "description")
    sections = (Section(_("Field set"), ("name", "description")),)
    sort = "name"
    keys = ("name",)
