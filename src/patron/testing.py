"""A small cast for tests: a workspace with the shipped roles, and people in it.

alice (sales agent), bob (her team-mate), charlie (agent of another team), dora (administrator), erin (manager of alice's team), rita (auditor).
"""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.contrib.auth.hashers import make_password

from patron.identity import database
from patron.identity.access import Access
from patron.identity.domain import workspaces
from patron.identity.models import Membership, Team, TeamMember, User, Workspace
from patron.kernel.tenancy import workspace as open_tenant
from patron.ledger.operations import operation

PASSWORD = "correct horse battery"
_CAST = {"alice": "sales-agent", "bob": "sales-agent", "charlie": "sales-agent", "dora": "administrator", "erin": "manager", "rita": "auditor"}


@dataclass
class Scene:
    """A workspace and its people."""

    workspace: Workspace
    users: dict[str, User] = field(default_factory=dict)
    members: dict[str, Membership] = field(default_factory=dict)

    def access(self, name: str = "dora") -> Access:
        """What the person may do; resolved as a request resolves it."""
        found = database.enter(self.users[name].pk, self.workspace.slug)
        assert found is not None
        return found

    @property
    def system(self) -> Access:
        return Access.system(self.workspace)


def make_workspace(slug: str = "", *, password: str | None = None, **settings: object) -> Scene:
    """A new workspace with the cast. Users are global, so their addresses carry the workspace's slug."""
    slug = slug or f"t{uuid.uuid4().hex[:10]}"
    hashed = make_password(password)  # once: hashing is slow on purpose
    scene = Scene(workspaces.found(f"Workspace {slug}", slug, **settings))
    with open_tenant(scene.workspace.pk), operation("workspaces.found", access=scene.system):
        roles = workspaces.ship_roles()
        for name, role in _CAST.items():
            user = User(email=f"{name}@{slug}.example", name=name.capitalize())
            user.password = hashed
            user.save()
            scene.users[name] = user
            scene.members[name] = workspaces.join(user, roles[role])
        north = Team.objects.create(name="North", manager=scene.members["erin"])
        south = Team.objects.create(name="South")
        for team, names in ((north, ("alice", "bob")), (south, ("charlie",))):
            for name in names:
                TeamMember.objects.create(team=team, member=scene.members[name])
    return scene


@contextlib.contextmanager
def open_workspace(scene: Scene, name: str = "dora", verb: str = "test") -> Iterator[Access]:
    """Inside the workspace, signed as a person."""
    with open_tenant(scene.workspace.pk):
        access = scene.access(name)
        with operation(verb, access=access):
            yield access
