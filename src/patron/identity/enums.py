"""The closed lists of identity."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Scope(TextChoices):
    """How far a permission reaches; each includes the one before it."""

    OWN = "own", _("own")
    TEAM = "team", _("team")
    ALL = "all", _("all")


class MembershipKind(TextChoices):
    STAFF = "staff", _("Staff")
    CONTRACTOR = "contractor", _("Contractor")
    PORTAL = "portal", _("Portal")


class MembershipState(TextChoices):
    ACTIVE = "active", _("Active")
    INVITED = "invited", _("Invited")
    LISTED = "listed", _("Listed")  # known to the workspace, without a sign-in: an imported colleague
    DEACTIVATED = "deactivated", _("Deactivated")


class TeamKind(TextChoices):
    SALES = "sales", _("Sales team")
    PRODUCTION = "production", _("Production team")
    CONSULTANTS = "consultants", _("Consultant group")
    SUPPORT = "support", _("Support queue")


ACTIONS: tuple[str, ...] = ("view", "create", "edit", "act", "delete", "export", "import")
