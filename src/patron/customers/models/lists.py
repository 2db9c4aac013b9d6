"""Lists of values that a workspace keeps for its accounts."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower, Now
from django.utils.translation import gettext_lazy as _

from patron.kernel.db.functions import Fold
from patron.kernel.tenancy import TenantModel
from patron.records.model import RecordManager


class ListValue(TenantModel):
    """One entry of a list: its name, once in any spelling of upper and lower case, and its place."""

    name = models.CharField(_("name"), max_length=80)
    order = models.PositiveIntegerField(_("order"), default=0, db_default=0)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)
    archived_at = models.DateTimeField(_("archived"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = RecordManager()

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


def list_constraints(prefix: str) -> list[models.BaseConstraint]:
    """What every list refuses: a name twice, and no name."""
    return [
        models.UniqueConstraint("workspace", Lower("name"), name=f"{prefix}_name_once", violation_error_message=_("This name is in the list already.")),
        models.CheckConstraint(condition=~models.Q(name=""), name=f"{prefix}_named"),
    ]


def list_indexes(prefix: str) -> list[models.Index]:
    """The orders in which a list is shown."""
    return [
        models.Index("workspace", "order", "id", name=f"{prefix}_by_order"),
        models.Index("workspace", Fold("name"), "id", name=f"{prefix}_by_name"),
    ]


class Industry(ListValue):
    """What an account's business is."""

    class Meta(ListValue.Meta):
        constraints: ClassVar = list_constraints("industry")
        indexes: ClassVar = list_indexes("industry")


class Segment(ListValue):
    """How we group accounts: by size, by importance, by the way we serve them."""

    class Meta(ListValue.Meta):
        constraints: ClassVar = list_constraints("segment")
        indexes: ClassVar = list_indexes("segment")
