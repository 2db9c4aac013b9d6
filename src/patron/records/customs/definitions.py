"""The own fields of the open workspace, as `Field`s; read once per transaction, kept per version of the workspace's definitions."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.models import Membership
from patron.records.customs import formula, versions
from patron.records.customs.transforms import answers
from patron.records.customs.values import SHAPES, WORDED
from patron.records.fields import Field

_COLUMNS = (
    "id", "type_key", "key", "label", "kind", "hint", "section", "required", "unique", "default", "choices", "target", "places", "formula", "visible_if",
    "readonly_if", "field_set_id", "archived_at", "searchable", "several",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Definition:
    """One own field: what was declared, and the `Field` made of it."""

    type_key: str
    key: str
    section: str
    field: Field
    unique: bool
    visible_if: Any
    readonly_if: Any
    field_set_id: uuid.UUID | None
    formula: str
    retired: bool
    searchable: bool


@dataclass(frozen=True, slots=True)
class Definitions:
    """All own fields of one workspace, by type and name in their order; retired ones apart."""

    live: dict[str, dict[str, Definition]]
    retired: dict[str, dict[str, Definition]]

    def of(self, type_key: str) -> dict[str, Definition]:
        return self.live.get(type_key, {})

    def kept(self, type_key: str) -> list[Field]:
        """The fields whose values records of a type may hold: retired ones too, no formulas."""
        return [d.field for d in (*self.live.get(type_key, {}).values(), *self.retired.get(type_key, {}).values()) if not d.formula]


def current() -> Definitions:
    """The definitions of the open workspace; none outside of one."""
    return _kept.current()


def forget() -> None:
    """After a change of definitions: read them anew in this transaction. Others do so by the version, which a trigger has moved on."""
    versions.forget()


def _read() -> Definitions:
    from patron.records.custom_models import CustomField

    live: dict[str, dict[str, Definition]] = {}
    retired: dict[str, dict[str, Definition]] = {}
    for row in CustomField.objects.order_by("type_key", "order", "created_at", "pk").values(*_COLUMNS):
        made = definition(row)
        (retired if made.retired else live).setdefault(made.type_key, {})[made.field.name] = made
    return Definitions(live, retired)


_kept = versions.PerVersion("own_fields", Definitions({}, {}), _read)


def name_of(key: str) -> str:
    """How a field is called at every door: with a mark that no built-in field has, now or later."""
    return f"x_{key}"


def definition(row: dict[str, Any]) -> Definition:
    """A definition out of its row."""
    field = _formula(row) if row["kind"] == "formula" else _field(row)
    return Definition(
        row["type_key"], row["key"], row["section"] or _("More"), field, row["unique"], row["visible_if"] or {}, row["readonly_if"] or {}, row["field_set_id"],
        row["formula"], row["archived_at"] is not None, row["kind"] in WORDED and row.get("searchable", True),
    )  # fmt: skip


def _field(row: dict[str, Any]) -> Field:
    kind, key = row["kind"], row["key"]
    choices = tuple((str(c["value"]), str(c["label"])) for c in row["choices"] or ())
    return Field(
        name=name_of(key), kind=kind, label=row["label"], path=f"custom__{SHAPES[kind]}_{key}", required=row["required"], hint=row["hint"],
        max_length=1000 if kind == "text" else 0, places=row["places"] if kind in ("number", "money") else 0, choices=choices,
        tones={str(c["value"]): c["tone"] for c in row["choices"] or () if c.get("tone")}, target="people" if kind == "person" else row["target"],
        model=_model(row), currency="" if kind == "money" else None, nullable=kind not in ("checkbox", "multi_choice", "file"), default=row["default"],
        column=f"custom.{key}", owner_type=row["type_key"], aliases=tuple(dict.fromkeys((name_of(key), key, key.replace("_", " ")))),
        sortable=kind != "file", several=kind == "file" and bool(row.get("several")),
    )  # fmt: skip


def _formula(row: dict[str, Any]) -> Field:
    """A formula shows as the kind of what it comes to, and is set by nobody."""
    kind = formula.kind_of(row["type_key"], row["formula"])
    return Field(
        name=name_of(row["key"]), kind=kind, label=row["label"], path=f"custom__formula_{row['type_key']}:{row['key']}", hint=row["hint"], places=row["places"],
        currency="" if kind == "money" else None, editable=False, nullable=True, column="", owner_type=row["type_key"],
    )  # fmt: skip


def _model(row: dict[str, Any]) -> Any:
    from patron.records import registry

    if row["kind"] == "person":
        return Membership
    target = registry.find(row["target"]) if row["kind"] == "relation" else None
    return target.model if target else None


@answers
def _answer(what: str, key: str) -> tuple[Any, Any]:
    """What the SQL of a title or a formula needs to know."""
    from patron.records import registry

    type_key, _colon, own = key.partition(":")
    found = current().of(type_key).get(name_of(own)) or current().retired.get(type_key, {}).get(name_of(own))
    if what == "title":
        target = registry.find(found.field.target) if found else None
        column = target.model._meta.get_field(target.title).column if target else "name"
        return (target.table if target else Membership._meta.db_table), column
    assert found is not None
    return formula.sql_of(type_key, found.formula, found.field.places)
