"""Who signs in, which workspaces exist, and who may do what in each."""

from patron.identity.models.people import Membership, Role, Team, TeamMember
from patron.identity.models.user import User, UserManager
from patron.identity.models.workspace import Workspace

__all__ = ["Membership", "Role", "Team", "TeamMember", "User", "UserManager", "Workspace"]
