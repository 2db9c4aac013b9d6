"""What the machinery itself keeps: saved views."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership, Team
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.custom_models import CustomField, FieldSet, FieldSetUse  # noqa: F401  (models live where Django looks for them)
from patron.records.export_models import WorkspaceExport  # noqa: F401
from patron.records.import_models import Import, ImportProgress, ImportRow, ImportSet  # noqa: F401
from patron.records.merge_models import Merge, Redirect  # noqa: F401
from patron.records.own_records import CustomRecord, CustomType  # noqa: F401
from patron.records.word_models import Word  # noqa: F401


class ViewScope(models.TextChoices):
    PRIVATE = "private", _("Only me")
    TEAM = "team", _("My team")
    WORKSPACE = "workspace", _("Everyone")


class SavedView(TenantModel):
    """A list with a name: filter, words, sort and columns. Private, a team's, or the workspace's; one of the latter may be the default."""

    not_relations: ClassVar = {"state": "ids in filters are renamed by the merge itself (merging.moving)"}

    type_key = models.CharField(max_length=40)
    name = models.CharField(_("name"), max_length=80)
    scope = models.CharField(_("who sees it"), max_length=10, choices=ViewScope.choices, default=ViewScope.PRIVATE)
    owner = TenantForeignKey(Membership, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    team = TenantForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    state = models.JSONField(default=dict)
    names_records = ("state",)
    layout = models.CharField(max_length=10, default="table")
    position = models.PositiveIntegerField(default=100)
    is_default = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", "type_key", "owner", Lower("name"), name="view_name_once"),
            models.UniqueConstraint(fields=["workspace", "type_key"], name="view_one_default", condition=models.Q(is_default=True)),
            models.CheckConstraint(condition=~models.Q(scope="team") | models.Q(team__isnull=False), name="view_team_named"),
            models.CheckConstraint(condition=models.Q(is_default=False) | models.Q(scope="workspace"), name="view_default_is_shared"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "type_key", "position"], name="view_by_type"),
            models.Index(fields=["workspace", "team"], name="view_by_team"),
            models.Index(fields=["workspace", "owner"], name="view_by_owner"),
        ]

    def __str__(self) -> str:
        return self.name
