"""Fields: the attributes of a record type, derived from its model; each has a kind that knows how to read, show and filter values."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.text import capfirst

from patron.identity.models import Membership
from patron.kernel.tenancy import TenantForeignKey
from patron.records import columns
from patron.records.customs.values import SHAPES, patched, typed

if TYPE_CHECKING:
    from patron.records.record_type import RecordType

BOOKKEEPING = {"id", "workspace", "revision", "custom", "search", "own_text"}


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute. `path` is the ORM path of its value; `label` and `hint` are lazy texts.

    `target` is the type key that a relation points to; `choices` the values of a choice in order; `currency` the path of the column that
    names an amount's currency ("" for the workspace's); `low` and `high` the limits of a number; `prefix` the relation that a dotted field is reached
    through; `column` what the ledger calls it where that is not the path; `owner_type` the type that an own field belongs to; `structure` the JSON
    Schema of a structure that programs may set; `several` whether an own field takes more than one file.
    """

    name: str
    kind: str
    label: Any
    path: str
    required: bool = False
    editable: bool = True
    hint: Any = ""
    max_length: int = 0
    low: Decimal | None = None
    high: Decimal | None = None
    digits: int = 18
    places: int = 0
    choices: tuple[tuple[str, Any], ...] = ()
    tones: dict[str, str] = field(default_factory=dict)
    target: str = ""
    model: Any = None
    currency: str | None = None
    nullable: bool = True
    sortable: bool = True
    default: Any = None
    aliases: tuple[str, ...] = ()
    prefix: str = ""
    column: str = ""
    owner_type: str = ""
    structure: dict[str, Any] = field(default_factory=dict)
    several: bool = False

    @property
    def is_relation(self) -> bool:
        return self.kind in ("relation", "person")

    @property
    def is_custom(self) -> bool:
        return bool(self.owner_type)

    @property
    def own_key(self) -> str:
        """The key of an own field in the column `custom`."""
        return self.column.removeprefix("custom.")

    def get(self, record: Any) -> Any:
        """The value that a loaded record has."""
        if not self.owner_type:
            return getattr(record, self.path)
        if not self.column:
            return values_of_formula(record, self)
        return typed(SHAPES[self.kind], (record.custom or {}).get(self.own_key))

    def put(self, record: Any, value: Any) -> None:
        """Give a record a value; nothing is saved."""
        if self.owner_type:
            record.custom = patched(record.custom or {}, self.own_key, value)
        else:
            setattr(record, self.path, value)

    def through(self, relation: Field) -> Field:
        """This field as seen from a record that points here by `relation`: a dotted name, a longer path."""
        step = relation.path.removesuffix("_id")
        return replace(
            self, name=f"{relation.name}.{self.name}", label=f"{relation.label} › {self.label}", path=f"{step}__{self.path}",
            currency=f"{step}__{self.currency}" if self.currency else self.currency, editable=False, prefix=step, nullable=True,
        )  # fmt: skip


def values_of_formula(record: Any, field: Field) -> Any:
    """What a formula comes to for one record: asked of the database, which alone knows how."""
    return type(record).objects.filter(pk=record.pk).values_list(field.path, flat=True).first()


def fields_of(record_type: RecordType) -> dict[str, Field]:
    """Every field of a type: the model's own, then the computed ones."""
    found: dict[str, Field] = {}
    for column in record_type.model._meta.local_fields:
        if column.name not in BOOKKEEPING and column.name not in record_type.internal:
            found[column.name] = _from_column(column, record_type)
    for computed in record_type.computed:
        found[computed.name] = replace(computed, editable=False)
    return found


_PLAIN: tuple[tuple[Any, str], ...] = (
    (columns.MoneyField, "money"),
    (columns.PercentField, "percent"),
    (columns.PhoneField, "phone"),
    (columns.CurrencyField, "currency"),
    (columns.CountryField, "country"),
    (models.EmailField, "email"),
    (models.URLField, "url"),
    (models.BooleanField, "checkbox"),
    (models.DateTimeField, "datetime"),
    (models.DateField, "date"),
    (models.DecimalField, "number"),
    (models.IntegerField, "integer"),
    (models.TextField, "long_text"),
    (models.CharField, "text"),
    (ArrayField, "tags"),
    (models.JSONField, "json"),
)


def _kind(column: Any) -> str:
    if isinstance(column, TenantForeignKey):
        return "person" if column.remote_field.model is Membership else "relation"
    if isinstance(column, ArrayField):
        return "multi_choice" if column.base_field.choices else "tags"
    if column.choices:
        return "choice"
    output = column.output_field if getattr(column, "generated", False) else column
    return next((kind for model_field, kind in _PLAIN if isinstance(output, model_field)), "text")


def _from_column(column: Any, record_type: RecordType) -> Field:
    kind = _kind(column)
    editable = column.editable and not getattr(column, "generated", False) and column.name not in record_type.protected
    editable = editable and (kind != "json" or column.name in record_type.structures)
    choices = column.base_field.choices if kind == "multi_choice" else column.choices
    output = column.output_field if getattr(column, "generated", False) else column
    low, high = _limits(column, editable)
    return Field(
        name=column.name,
        kind=kind,
        label=capfirst(column.verbose_name),
        path=column.attname,
        required=not column.blank and not column.has_default() and not column.has_db_default() and kind != "checkbox",
        editable=editable,
        hint=column.help_text,
        max_length=column.max_length or (column.base_field.max_length if isinstance(column, ArrayField) else 0) or 0,
        low=low,
        high=high,
        digits=getattr(output, "max_digits", None) or 18,
        places=getattr(output, "decimal_places", None) or 0,
        choices=tuple((str(value), label) for value, label in choices or ()),
        tones=record_type.tones.get(column.name, {}),
        target="people" if kind == "person" else "",
        model=column.remote_field.model if column.remote_field else None,
        currency=_currency(column, kind),
        nullable=column.null or getattr(column, "generated", False),
        default=None if column.get_default() in (None, "") or callable(column.default) else column.get_default(),
        aliases=record_type.aliases.get(column.name, ()),
        structure=record_type.structures.get(column.name, {}),
    )


def _limits(column: Any, editable: bool) -> tuple[Decimal | None, Decimal | None]:
    """The smallest and the largest number that the column takes, as its validators say; integers have those of their type."""
    if not editable or not isinstance(column, (models.DecimalField, models.IntegerField)):
        return None, None
    low = [Decimal(v.limit_value) for v in column.validators if isinstance(v, MinValueValidator)]
    high = [Decimal(v.limit_value) for v in column.validators if isinstance(v, MaxValueValidator)]
    return max(low, default=None), min(high, default=None)


def _currency(column: Any, kind: str) -> str | None:
    return column.currency_field if kind == "money" and hasattr(column, "currency_field") else ("" if kind == "money" else None)
