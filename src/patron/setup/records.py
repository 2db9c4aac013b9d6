"""People, teams and roles as record types: the same lists, forms, import and history as everything else."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.enums import MembershipState
from patron.identity.models import Membership, Role, Team, TeamMember
from patron.kernel.tenancy import current_workspace_id
from patron.records.fields import Field
from patron.records.record_type import RecordType, Section
from patron.records.registry import register
from patron.setup import keys, own_fields, own_types  # noqa: F401  (declare keys, own fields, field sets and record types)
from patron.setup.database import LAST_ADMINISTRATOR


@register
class PersonRecord(RecordType):
    """A colleague in the workspace; their sign-in, if they have one, is a user."""

    key = "people"
    model = Membership
    label, plural, icon = _("Person"), _("People"), "users"
    avatar = "person"
    description = _("Colleagues who own records, with their role, team and manager.")
    subtitle = ("title", "office")
    columns = ("name", "email", "role", "title", "office", "manager", "state")
    filters = ("role", "office", "manager", "state")
    sections = (
        Section(_("Person"), ("name", "email", "title", "phone", "office")),
        Section(_("In the workspace"), ("role", "manager", "external_id")),
    )
    sort = "name"
    owners = ("id",)
    keys = ("email", "name", "external_id")
    internal = ("user", "preferences")
    protected = ("state", "kind")
    badge_of = ("state",)
    tones: ClassVar[dict[str, dict[str, str]]] = {"state": {"active": "good", "invited": "info", "listed": "none", "deactivated": "warn"}}
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {"name": ("sales agent", "employee", "colleague", "rep"), "office": ("regional office", "region", "branch")}
    duplicate_fields = ("email", "name")
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        LAST_ADMINISTRATOR: ("role", _("Nobody else could change the settings any more. Make another person an administrator first.")),
        "member_not_own_manager": ("manager", _("Nobody is their own manager.")),
    }

    def own(self, access: Access, scope: str) -> Q:
        return Q(pk__in=[i for i in access.reach(scope) if i is not None])

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        return {record.pk}

    def editable_fields(self, access: Access) -> dict[str, Field]:
        """Roles are given by administrators alone, whichever door is used."""
        fields = super().editable_fields(access)
        return fields if access.manages_settings else {n: f for n, f in fields.items() if n != "role"}

    def defaults(self, access: Access) -> dict[str, Any]:
        agent = Role.objects.filter(key="sales-agent").values_list("pk", flat=True).first()
        return {"role": agent, "state": MembershipState.LISTED}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if "manager" in changed and record.manager_id and _manages(record, record.manager_id):
            return {"manager": _now("This person reports to %(name)s already: two people cannot manage each other.") % {"name": record.name}}
        if "role" in changed and record.pk == access.member_id:
            return {"role": _now("Another administrator has to change your role.")}
        return {}

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(MembershipState(record.state).label), self.tones["state"][record.state]


_ONE_AT_A_TIME = "SELECT pg_advisory_xact_lock(hashtext('people.managers:' || %s::text))"


def _manages(record: Any, manager: uuid.UUID) -> bool:
    """Whether the person is above `manager` in the line of managers, or is the same.

    Held until the transaction ends: of two people who are made each other's manager at the same time, the second is told.
    """
    person = record.pk
    with connection.cursor() as cursor:
        cursor.execute(_ONE_AT_A_TIME, [record.workspace_id or current_workspace_id()])
    known = dict(Membership.objects.exclude(manager=None).values_list("pk", "manager_id"))
    step: uuid.UUID | None = manager
    while step is not None:
        if step == person:
            return True
        step = known.pop(step, None)
    return False


@register
class RoleRecord(RecordType):
    """A named set of permissions. What it grants is edited in the settings."""

    key = "roles"
    model = Role
    label, plural, icon = _("Role"), _("Roles"), "shield"
    description = _("Named sets of permissions: who sees and does what.")
    columns = ("name", "description")
    sections = (Section(_("Role"), ("name", "description")),)
    sort = "name"
    owners = ()
    keys = ("name",)
    internal = ("key", "matrix", "field_rules")
    searchable = False
    has_page = False
    importable = False
    duplicate_fields = ()
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        LAST_ADMINISTRATOR: ("", _("Nobody else could change the settings any more. Make another person an administrator first.")),
    }

    def editable_fields(self, access: Access) -> dict[str, Field]:
        return super().editable_fields(access) if access.manages_settings else {}


@register
class TeamRecord(RecordType):
    """A group of colleagues: sales team, production team, consultant group, support queue."""

    key = "teams"
    model = Team
    label, plural, icon = _("Team"), _("Teams"), "users-round"
    description = _("Groups of colleagues who share records, queues and lost deals.")
    columns = ("name", "kind", "manager")
    filters = ("kind", "manager")
    sections = (Section(_("Team"), ("name", "kind", "manager")),)
    sort = "name"
    owners = ("manager",)
    keys = ("name",)
    searchable = False
    duplicate_fields = ()


@register
class TeamMemberRecord(RecordType):
    """Who is in which team."""

    key = "team-members"
    model = TeamMember
    label, plural, icon = _("Team member"), _("Team members"), "user-plus"
    title = "member"
    columns = ("member", "team")
    filters = ("team", "member")
    sections = (Section(_("Membership"), ("team", "member")),)
    sort = "team"
    owners = ("member",)
    keys = ()
    searchable = False
    has_page = False
    duplicate_fields = ()
