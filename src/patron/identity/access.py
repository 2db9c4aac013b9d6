"""What one person may do in one workspace, resolved once per request and passed along explicitly."""

import datetime
import uuid
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from patron.identity.models import Workspace

_REACH = {"own": 1, "team": 2, "all": 3}


@dataclass(frozen=True, slots=True)
class Place:
    """A workspace that a user may enter."""

    slug: str
    name: str
    hue: int


@dataclass(frozen=True, slots=True)
class Access:
    """A person's rights. `system()` is the machine's own: everything, with no person behind it."""

    workspace: Workspace
    member_id: uuid.UUID | None
    user_id: uuid.UUID | None
    name: str
    role_name: str
    matrix: dict[str, dict[str, str]]
    field_rules: dict[str, dict[str, str]] = field(default_factory=dict)
    team_member_ids: tuple[uuid.UUID, ...] = ()
    preferences: dict[str, Any] = field(default_factory=dict)
    is_system: bool = False
    places: tuple[Place, ...] = ()

    @classmethod
    def system(cls, workspace: Workspace, name: str = "Patron") -> "Access":
        """The machine's rights, for jobs, imports from the command line and the demo."""
        return cls(workspace, None, None, name, "", {"*": {}}, is_system=True)

    def scope(self, type_key: str, action: str) -> str | None:
        """How far `action` reaches on a record type: own, team, all, or None for not at all."""
        if self.is_system:
            return "all"
        rights = self.matrix.get(type_key)
        if rights is None:
            rights = self.matrix.get("*", {})
        return rights.get(action)

    def can(self, type_key: str, action: str) -> bool:
        """Whether `action` is possible at all on the record type; `covers` answers for one record."""
        return self.scope(type_key, action) is not None

    def covers(self, type_key: str, action: str, owner_ids: set[uuid.UUID | None]) -> bool:
        """Whether `action` reaches a record that belongs to `owner_ids`."""
        scope = self.scope(type_key, action)
        if scope == "all":
            return True
        if scope is None:
            return False
        return not owner_ids.isdisjoint(self.reach(scope))

    def reach(self, scope: str) -> set[uuid.UUID | None]:
        """The people whose records a scope covers; meaningless for "all"."""
        mine: set[uuid.UUID | None] = {self.member_id}
        return mine | set(self.team_member_ids) if scope == "team" else mine

    def field_rule(self, type_key: str, name: str) -> str | None:
        """None, "hidden" or "read-only"."""
        return self.field_rules.get(type_key, {}).get(name)

    def hides(self, type_key: str, name: str) -> bool:
        return self.field_rule(type_key, name) == "hidden"

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.preferences.get("time_zone") or self.workspace.time_zone)

    @property
    def locale(self) -> str:
        return str(self.preferences.get("locale") or self.workspace.language)

    @property
    def manages_settings(self) -> bool:
        return self.is_system or "edit" in self.matrix.get("settings", {})

    def today(self) -> datetime.date:
        """The calendar day in the person's time zone."""
        return timezone.now().astimezone(self.zone).date()


def wider(one: str | None, other: str | None) -> str | None:
    """The further-reaching of two scopes."""
    return max((one, other), key=lambda scope: _REACH.get(scope or "", 0))
