"""Record types that a workspace makes itself: their definitions, and one table for the records of all of them."""

from __future__ import annotations

import threading
import uuid
from typing import Any, ClassVar

from django.apps.registry import Apps
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.numbering import draw
from patron.kernel.tenancy import TenantForeignKey
from patron.records.custom_models import _Setting
from patron.records.model import Record, RecordManager, own_text, own_text_index

#: Every key begins with this, as no built-in type's does or will: the two never meet, in addresses, rights and the API.
MARK = "x-"
TYPE_KEY = r"^x(-[a-z]+)+$"
PREFIX = r"^[A-Z][A-Z0-9]{0,7}$"


class Place(models.TextChoices):
    """Where the sidebar shows a type."""

    HOME = "home", _("At the top")
    SALES = "sales", _("Sales")
    CATALOG = "catalog", _("Catalogue")
    OWN = "own", _("Own records")
    NOWHERE = "none", _("Not in the sidebar")


class CustomType(_Setting):
    """A record type of the workspace's own. `key` names it in addresses, files, roles and the API for good; everything else may change.

    `states` are `[{"value", "label", "tone", "closed"}]` in order, the first of which new records have; `prefix` is what numbers begin with, "" for
    records without numbers. Retired (archived) it takes no new records and leaves sidebar, create menu and import; what is there stays readable.
    """

    label = models.CharField(_("name of one"), max_length=60)
    plural = models.CharField(_("name of many"), max_length=60)
    key = models.CharField(_("key"), max_length=40, blank=True, validators=[RegexValidator(TYPE_KEY, _("Use small letters and single hyphens, after “x-”."))])
    icon = models.CharField(_("icon"), max_length=40, default="shapes", db_default="shapes")
    description = models.CharField(_("description"), max_length=250, blank=True, default="", db_default="")
    title_label = models.CharField(_("what names a record"), max_length=60, blank=True, default="", db_default="", help_text=_("Empty: “Name”."))
    prefix = models.CharField(
        _("numbers begin with"), max_length=8, blank=True, default="", db_default="", help_text=_("Capitals, such as CRS for CRS-0001. Empty: no numbers."),
        validators=[RegexValidator(PREFIX, _("Use up to eight capitals and digits, beginning with a letter."))],
    )  # fmt: skip
    nav = models.CharField(_("in the sidebar"), max_length=10, choices=Place.choices, default=Place.OWN, db_default=Place.OWN)
    order = models.PositiveIntegerField(_("order"), default=0, db_default=0)
    states = models.JSONField(_("states"), default=list, db_default=models.Value([], models.JSONField()), blank=True)

    not_relations: ClassVar = {"states": "words and colours"}

    class Meta(_Setting.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "key"], name="custom_type_key_once", violation_error_message=_("There is a record type with this key already.")),
            models.UniqueConstraint("workspace", Lower("plural"), name="custom_type_named_once", violation_error_message=_("There is a record type of this name already.")),
            models.CheckConstraint(condition=models.Q(key__regex=TYPE_KEY), name="custom_type_key"),
            models.CheckConstraint(condition=models.Q(prefix="") | models.Q(prefix__regex=PREFIX), name="custom_type_prefix"),
            models.CheckConstraint(condition=models.Q(nav__in=Place.values), name="custom_type_place"),
            models.CheckConstraint(condition=~models.Q(label="") & ~models.Q(plural=""), name="custom_type_named"),
        ]

    def __str__(self) -> str:
        return self.plural


_index = models.Index


class CustomRecord(Record):
    """A record of a type that the workspace made. Code meets it as the class of its type alone (`model_of`), which sees no other type's rows."""

    #: Marks a table that several record types share: the column that tells them apart (see `records.shared`).
    shared_by: ClassVar[str] = "type"
    own_type_id: ClassVar[uuid.UUID | None] = None

    type = TenantForeignKey(CustomType, on_delete=models.PROTECT, related_name="records", verbose_name=_("record type"), db_index=False, editable=False)
    number = models.CharField(_("number"), max_length=30, blank=True, default="", db_default="", editable=False)
    name = models.CharField(_("name"), max_length=250)
    state = models.CharField(_("state"), max_length=60, blank=True, default="", db_default="")
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"), db_index=False)
    search = models.GeneratedField(expression=SearchText("name", "number", "external_id"), output_field=models.TextField(), db_persist=True, editable=False)
    own_text = own_text()

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "number")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "type", "number"], name="custom_record_number_once", condition=~models.Q(number="")),
            models.UniqueConstraint(fields=["workspace", "type", "external_id"], name="custom_record_external_id", condition=~models.Q(external_id="")),
        ]
        indexes: ClassVar = [
            _index("workspace", "type", Fold("name"), "id", name="custom_record_by_name"),
            _index("workspace", "type", Fold("number"), "id", name="custom_record_by_number"),
            _index(fields=["workspace", "type", "-created_at", "-id"], name="custom_record_newest"),
            _index(fields=["workspace", "type", "-updated_at", "-id"], name="custom_record_changed"),
            _index(fields=["workspace", "type", "state", "id"], name="custom_record_by_state"),
            _index(fields=["workspace", "type", "owner", "id"], name="custom_record_by_owner"),
            _index(fields=["workspace", "owner"], name="custom_record_owned", condition=models.Q(owner__isnull=False)),
            GinIndex("workspace", "type", OpClass("search", name="gin_trgm_ops"), name="custom_record_search"),
            own_text_index("custom_record_own_text", "type"),
        ]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        if not args and self.own_type_id is not None:
            kwargs.setdefault("type_id", self.own_type_id)
        super().__init__(*args, **kwargs)

    def __reduce__(self) -> Any:
        """Copies and pickles name the type: Django would look for the class in its own registry."""
        return _blank, (self.own_type_id,), super().__reduce__()[2]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A new record of a numbered type draws its number inside the same transaction: a refused one gives it back."""
        if self._state.adding and not self.number:
            self.number = next(iter(numbers_for(self.type_id, 1)), "")
        super().save(*args, **kwargs)


def _blank(type_id: uuid.UUID | None) -> Any:
    """An empty record of the type, for `copy` and `pickle` to fill."""
    kind = CustomRecord if type_id is None else model_of(type_id)
    return kind.__new__(kind)


def numbers_for(type_id: uuid.UUID, count: int) -> list[str]:
    """As many numbers as there are new records, in order; none for a type without numbers. Locks the type's counter until the transaction ends."""
    prefix = CustomType.objects.filter(pk=type_id).values_list("prefix", flat=True).first()
    if not prefix or not count:
        return []
    first = draw(f"own-records:{type_id}", count)
    return [f"{prefix}-{number:04d}" for number in range(first, first + count)]


class _OwnManager(RecordManager):
    """The rows of one type."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(type_id=self.model.own_type_id)


#: Apart from Django's own registry: migrations, system checks and the installer know the one table alone.
_apps = Apps()
_models: dict[uuid.UUID, Any] = {}
_lock = threading.Lock()


def model_of(type_id: uuid.UUID) -> Any:
    """The class of one type's records: a proxy of `CustomRecord` that reads and makes rows of this type alone. Made once and kept."""
    with _lock:
        if type_id not in _models:
            known = CustomRecord._meta
            options = {
                "proxy": True, "app_label": "records", "apps": _apps, "base_manager_name": "objects", "constraints": list(known.constraints), "indexes": list(known.indexes),
            }  # fmt: skip
            names = {"__module__": __name__, "own_type_id": type_id, "objects": _OwnManager(), "Meta": type("Meta", (), options)}
            made: Any = type(f"CustomRecord_{type_id.hex}", (CustomRecord,), names)
            made._meta.local_fields, made._meta.parents = known.local_fields, {}  # the columns are its own, as of the model of any other type
            made._meta._expire_cache()
            _models[type_id] = made
        return _models[type_id]
