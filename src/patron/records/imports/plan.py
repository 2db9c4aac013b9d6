"""What a plan says: which column becomes which field, how rows find records, what happens to doubtful ones. Kept as JSON, written as TOML."""

from __future__ import annotations

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal

import msgspec
from django.utils.translation import gettext as _

from patron.records.verbs import Refused

Mode = Literal["create", "update", "upsert"]
Alike = Literal["skip", "create", "update"]

#: How keys of several fields are written, as in "deal+product".
JOINED = "+"


class _Part(msgspec.Struct, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """Unknown words in a plan are refused: a misspelt one would silently do nothing."""


class Relation(_Part):
    """How a cell names another record.

    `by` is a field of the other type; "" tries its title, e-mail address, number, SKU and external id. `within` narrows the choice
    (`{"pipeline": "Sales"}`). `create` makes what is missing; `defaults` are values for it, texts as in a file, `{column}` filled in.
    What is neither found nor made is an error, or with `missing` "blank" left empty.
    """

    by: str = ""
    create: bool = False
    missing: Literal["error", "blank"] = "error"
    within: dict[str, str] = {}
    defaults: dict[str, str] = msgspec.field(default={}, name="with")


class Column(_Part):
    """Where one field's value comes from: a column of the file, the same `constant` for all rows, or a `template` of columns.

    A template is text with `{column}` or `{column|what stands for an empty cell}`. Without `field` the column is not imported.
    `fixes` replace whole cells before anything else; `multiply` scales numbers ("1000000" for a column in millions).
    `prefix` is put before every value: "salesforce:" before the ids of another system. `first` keeps what stands before the first of these
    characters or words (" ::: " between several addresses in one cell).
    `when` takes the value only where other columns begin with one of these words: `{ Stage = ["Won", "Lost"] }`.
    `date_order` ("DMY") and `decimal_mark` (",") say how the file writes; "" is the person's own habit. A `blank` cell keeps what a record has or clears it.
    """

    column: str = ""
    field: str = ""
    constant: str | None = None
    template: str = ""
    fixes: dict[str, str] = {}
    date_order: Literal["", "YMD", "DMY", "MDY"] = ""
    decimal_mark: Literal["", ".", ","] = ""
    blank: Literal["keep", "clear"] = "keep"
    multiply: str = ""
    prefix: str = ""
    first: str = ""
    when: dict[str, list[str]] = {}
    relation: Relation = msgspec.field(default_factory=Relation)


class Plan(_Part):
    """One file into one record type.

    `key` are ways to find existing records, tried in order; one way is a field, or several joined by "+". Mode: create makes a record of
    every row and leaves those alone that exist; update changes only those that exist; upsert does both. `fill` changes empty fields only.
    `alike` is what happens to a new row that looks like an existing record by `alike_by` (default: the type's): skip, create, or update it.
    `refuse` writes nothing at all while a single row has an error; otherwise such rows are left out.
    `defaults` are texts for fields that are empty or missing in the file. `history` lets a file set created_at and updated_at.
    """

    type: str
    mode: Mode = "create"
    key: list[str] = []
    fill: bool = False
    alike: Alike = "skip"
    alike_by: list[str] | None = None
    refuse: bool = False
    columns: list[Column] = []
    defaults: dict[str, str] = {}
    history: bool = False
    tag: str = ""

    def as_json(self) -> dict[str, Any]:
        """The plan for a JSON column or a TOML file."""
        found: dict[str, Any] = msgspec.to_builtins(self)
        return found

    def ways(self) -> list[list[str]]:
        """The key as lists of fields, in the order in which they are tried."""
        return [[part.strip() for part in way.split(JOINED)] for way in self.key]


def from_json(data: Any) -> Plan:
    """A plan from JSON or TOML already read; `Refused` with the place that is wrong."""
    try:
        plan = msgspec.convert(data, Plan)
    except msgspec.ValidationError as error:
        raise Refused(_("The plan cannot be used: %(why)s") % {"why": error}) from error
    for column in plan.columns:
        if column.multiply:
            _factor(column.multiply)
    return plan


def from_file(path: Path) -> Plan:
    """A plan kept as a TOML file."""
    try:
        return from_json(tomllib.loads(path.read_text()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Refused(_("“%(file)s” is no plan: %(why)s") % {"file": path.name, "why": error}) from error


def _factor(text: str) -> Decimal:
    try:
        factor = Decimal(text)
    except ArithmeticError:
        factor = Decimal(0)
    if not factor.is_finite() or factor == 0:
        raise Refused(_("“%(text)s” cannot be multiplied by. Enter a number such as 1000.") % {"text": text})
    return factor


def factor_of(column: Column) -> Decimal | None:
    """The number that the column's values are multiplied by."""
    return _factor(column.multiply) if column.multiply else None
