"""Who signs in, which workspaces exist, and who may do what in each."""

from patron.identity.models.invitations import Invitation
from patron.identity.models.people import Membership, Role, Team, TeamMember
from patron.identity.models.tokens import ApiToken, TokenUse
from patron.identity.models.user import User, UserManager
from patron.identity.models.workspace import Workspace

__all__ = ["ApiToken", "Invitation", "Membership", "Role", "Team", "TeamMember", "TokenUse", "User", "UserManager", "Workspace"]
