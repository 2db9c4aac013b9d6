"""Definitions of own fields, and the sets that tie them to some customers only."""

from typing import Any, ClassVar

from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.model import RecordManager

KEY = r"^[a-z][a-z0-9]*(_[a-z0-9]+)*$"


class CustomKind(models.TextChoices):
    """What an own field holds."""

    TEXT = "text", _("Text")
    LONG_TEXT = "long_text", _("Long text")
    NUMBER = "number", _("Number")
    MONEY = "money", _("Money")
    DATE = "date", _("Date")
    DATETIME = "datetime", _("Date and time")
    CHOICE = "choice", _("Choice")
    MULTI_CHOICE = "multi_choice", _("Several choices")
    PERSON = "person", _("Person")
    RELATION = "relation", _("Link to a record")
    FILE = "file", _("File")
    CHECKBOX = "checkbox", _("Yes or no")
    URL = "url", _("Web address")
    EMAIL = "email", _("E-mail address")
    PHONE = "phone", _("Telephone")
    FORMULA = "formula", _("Formula")


class IndexState(models.TextChoices):
    """Whether lists sort and filter by the field through an index yet."""

    NONE = "none", _("none")
    WANTED = "wanted", _("waiting")
    READY = "ready", _("ready")
    FAILED = "failed", _("failed")


class _Setting(TenantModel):
    """A row of the settings with the bookkeeping of a record."""

    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)
    archived_at = models.DateTimeField(_("retired"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = RecordManager()

    class Meta(TenantModel.Meta):
        abstract = True


class FieldSet(_Setting):
    """Fields that only some customers have: those that the set is attached to, and everything below them in the account tree."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True, default="", db_default="")

    class Meta(_Setting.Meta):
        constraints: ClassVar = [models.UniqueConstraint("workspace", Lower("name"), name="field_set_name_once", violation_error_message=_("There is a field set of this name already."))]

    def __str__(self) -> str:
        return self.name


class FieldSetUse(TenantModel):
    """Where a set is attached: an account, an industry or a segment, by type key and id. The target is checked when written."""

    field_set = TenantForeignKey(FieldSet, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="uses", verbose_name=_("field set"), db_index=False)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "record_id", "field_set"], name="field_set_used_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "field_set"], name="field_set_uses")]

    def __str__(self) -> str:
        return f"{self.record_type}/{self.record_id}"


class CustomField(_Setting):
    """An own field of a record type. `key` names it in files, addresses and the API for good; the label may change.

    Retired (archived) it is on no screen and takes no values, and keeps those it has. Deleted, its values stay in the records and in the ledger, and are back
    with a field of the same key and kind. `choices` are `[{"value", "label", "tone"}]`; `target` is the type key that a link points to; `several` lets a field of files hold
    more than one; `visible_if` and
    `readonly_if` are conditions of the filter language on the same record; `formula` is described in `customs.formula`.
    """

    label = models.CharField(_("label"), max_length=80)
    type_key = models.CharField(_("record type"), max_length=40)
    key = models.CharField(_("key"), max_length=40, validators=[RegexValidator(KEY, _("Use small letters, digits and single underscores, beginning with a letter."))])
    kind = models.CharField(_("kind"), max_length=12, choices=CustomKind.choices)
    hint = models.CharField(_("hint"), max_length=250, blank=True, default="", db_default="")
    section = models.CharField(_("section"), max_length=80, blank=True, default="", db_default="", help_text=_("Empty: “More”."))
    order = models.PositiveIntegerField(_("order"), default=0, db_default=0)
    required = models.BooleanField(_("required"), default=False, db_default=False)
    unique = models.BooleanField(_("no two records alike"), default=False, db_default=False)
    searchable = models.BooleanField(_("found by search"), default=True, db_default=True, help_text=_("Lists, search and programs find records by the words in it."))
    default = models.JSONField(_("default"), null=True, blank=True)
    choices = models.JSONField(_("choices"), default=list, db_default=models.Value([], models.JSONField()), blank=True)
    target = models.CharField(_("links to"), max_length=40, blank=True, default="", db_default="")
    places = models.PositiveSmallIntegerField(_("decimals"), default=2, db_default=2)
    several = models.BooleanField(_("several files"), default=False, db_default=False)
    formula = models.CharField(_("formula"), max_length=500, blank=True, default="", db_default="")
    visible_if = models.JSONField(_("shown if"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    readonly_if = models.JSONField(_("locked if"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    field_set = TenantForeignKey(FieldSet, null=True, blank=True, on_delete=models.PROTECT, related_name="fields", verbose_name=_("field set"), db_index=False)
    index_state = models.CharField(_("index"), max_length=8, choices=IndexState.choices, default=IndexState.WANTED, db_default=IndexState.WANTED, editable=False)

    names_records = ("visible_if", "readonly_if")
    not_relations: ClassVar = {
        "default": "a plain value: links have no default", "choices": "words", "visible_if": "moved as text (names_records)", "readonly_if": "as visible_if",
    }  # fmt: skip

    class Meta(_Setting.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "type_key", "key"], name="custom_field_key_once", violation_error_message=_("There is a field with this key already.")),
            models.UniqueConstraint("workspace", "type_key", Lower("label"), name="custom_field_label_once", violation_error_message=_("There is a field of this name already.")),
            models.CheckConstraint(condition=models.Q(key__regex=KEY), name="custom_field_key"),
            models.CheckConstraint(condition=models.Q(kind__in=CustomKind.values), name="custom_field_kind"),
            models.CheckConstraint(condition=~models.Q(label=""), name="custom_field_labelled"),
            models.CheckConstraint(condition=models.Q(places__lte=6), name="custom_field_places"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "type_key", "order"], name="custom_field_order"),
            models.Index(fields=["workspace", "field_set"], name="custom_field_by_set"),
        ]

    def __str__(self) -> str:
        return self.label
