"""The base of every record: what lists, forms, import, history and permission rely on."""

from typing import Any, ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.db.functions import Fold, FoldedTail
from patron.kernel.tenancy import TenantManager, TenantModel, TenantQuerySet
from patron.records.customs.transforms import CustomValues


class RecordQuerySet(TenantQuerySet):
    """The only way to load rows for a person is `visible_to`."""

    def visible_to(self, access: Access, action: str = "view") -> Self:
        """Rows that `action` reaches for this person; the same predicate serves list, count, board, search, export, API and verb."""
        from patron.records import registry

        return registry.of_model(self.model).restrict(self, access, action)  # type: ignore[return-value]

    def live(self) -> Self:
        """Without the archived ones."""
        return self.filter(archived_at__isnull=True)


class RecordManager(TenantManager.from_queryset(RecordQuerySet)):  # type: ignore[misc]
    use_in_migrations = False


class Record(TenantModel):
    """A business record.

    `revision` and `updated_at` are moved by a database trigger on every update, whoever makes it. `custom` holds own fields.
    `external_id` is another system's key: unique in the workspace for the type where it is set (see `external_id_once`).
    """

    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)
    tags = ArrayField(models.CharField(max_length=40), verbose_name=_("tags"), default=list, db_default=models.Value("{}"), blank=True)
    external_id = models.CharField(_("external id"), max_length=120, blank=True, default="", db_default="")
    custom = CustomValues(default=dict, db_default=models.Value({}, models.JSONField()), blank=True, editable=False)

    objects: ClassVar[Any] = RecordManager()

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return str(getattr(self, "name", self.pk))


def own_text() -> "models.TextField[Any, Any]":
    """The column that records with a search text carry beside it: the words of their own values, kept by a trigger (`customs.texts`). NULL for none."""
    return models.TextField(null=True, editable=False)


def own_text_index(name: str, *leading: str) -> GinIndex:
    """Its index, over the records that have any."""
    return GinIndex("workspace", *leading, OpClass("own_text", name="gin_trgm_ops"), name=name, condition=models.Q(own_text__isnull=False))


def inside_indexes(column: str, prefix: str) -> list[models.Index]:
    """The indexes of a model that says `inside = (column,)`: the list's order, from which the text can be read without the rows, and what is inside
    the text; of what it begins with, the order knows."""
    return [
        models.Index("workspace", Fold(column), "id", name=f"{prefix}_by_{column}", include=[column, "archived_at"]),
        GinIndex("workspace", OpClass(FoldedTail(column), "gin_trgm_ops"), name=f"{prefix}_inside_{column}"),
    ]


def external_id_once(name: str) -> models.UniqueConstraint:
    """The constraint that each record type carries in its Meta: one external id, one record."""
    return models.UniqueConstraint(fields=["workspace", "external_id"], name=name, condition=~models.Q(external_id=""))
