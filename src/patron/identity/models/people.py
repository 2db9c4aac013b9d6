"""People inside a workspace, their teams, and the roles that say what they may do."""

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.identity.enums import MembershipKind, MembershipState, TeamKind
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class Role(TenantModel):
    """A named set of permissions. `matrix`: type key -> action -> scope; `field_rules`: type key -> field -> hidden | read-only.

    The key "*" stands for every record type that has no entry of its own, "settings" for the settings screens.
    """

    name = models.CharField(_("name"), max_length=80)
    key = models.CharField(max_length=40, blank=True, editable=False)  # of a shipped role
    description = models.CharField(_("description"), max_length=300, blank=True)
    not_relations: ClassVar = {"matrix": "names types, not records", "field_rules": "names fields, not records"}

    matrix = models.JSONField(_("permissions"), default=dict, blank=True)
    field_rules = models.JSONField(_("field rules"), default=dict, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    revision = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("workspace", Lower("name"), name="role_name_once")]

    def __str__(self) -> str:
        return self.name


class Membership(TenantModel):
    """A person in a workspace. Owners and assignees point here, so that the database itself refuses a stranger."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, blank=True, on_delete=models.PROTECT, related_name="memberships", editable=False)
    name = models.CharField(_("name"), max_length=150)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True)
    title = models.CharField(_("job title"), max_length=120, blank=True)
    office = models.CharField(_("office"), max_length=80, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    manager = TenantForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="reports", verbose_name=_("manager"), db_index=False)
    role = TenantForeignKey(Role, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("role"), db_index=False)
    kind = models.CharField(_("kind"), max_length=12, choices=MembershipKind.choices, default=MembershipKind.STAFF)
    state = models.CharField(_("state"), max_length=12, choices=MembershipState.choices, default=MembershipState.LISTED)
    preferences = models.JSONField(default=dict, blank=True, editable=False)
    not_relations: ClassVar = {"preferences": "zone, language and the like"}
    external_id = models.CharField(_("external id"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)
    search = models.GeneratedField(
        expression=SearchText("name", "email", "title", "office"), output_field=models.TextField(), db_persist=True, editable=False
    )

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name",)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("email"), name="member_email_once", condition=~models.Q(email="")),
            models.UniqueConstraint(fields=["workspace", "user"], name="member_user_once"),
            models.UniqueConstraint(fields=["workspace", "external_id"], name="member_external_id_once", condition=~models.Q(external_id="")),
            models.CheckConstraint(condition=~models.Q(manager=models.F("id")), name="member_not_own_manager"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="member_by_name"),
            models.Index(fields=["workspace", "manager"], name="member_by_manager"),
            models.Index(fields=["workspace", "role"], name="member_by_role"),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="member_search"),
        ]

    def __str__(self) -> str:
        return self.name


class Team(TenantModel):
    """A group of staff."""

    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=TeamKind.choices, default=TeamKind.SALES)
    manager = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.SET_NULL, related_name="teams_managed", verbose_name=_("manager"), db_index=False)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("changed"), auto_now=True)
    revision = models.PositiveIntegerField(default=1, editable=False)
    archived_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint("workspace", Lower("name"), name="team_name_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "manager"], name="team_by_manager")]

    def __str__(self) -> str:
        return self.name


class TeamMember(TenantModel):
    """Who is in which team."""

    team = TenantForeignKey(Team, on_delete=models.CASCADE, related_name="members", db_on_delete="CASCADE", db_index=False)
    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="teams", db_on_delete="CASCADE", db_index=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "team", "member"], name="team_member_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="team_member_by_member")]
