"""What a new workspace starts with: the shipped types of connection (domain, section 2)."""

from typing import Final

from django.utils.translation import gettext as _

from patron.customers.models import ConnectionType

#: What the first party is to the second, and the second to the first.
CONNECTION_TYPES: Final = (
    ("parent of", "child of"),
    ("spouse of", "spouse of"),
    ("trustee of", "trust of"),
    ("member of the family", "family of"),
    ("subsidiary of", "holding of"),
    ("partner of", "partner of"),
    ("referred by", "referred"),
    ("competitor of", "competitor of"),
)


def ship_lists() -> None:
    """Give the open workspace its types of connection; where it has some, they stay as they are. Needs an open operation."""
    if not ConnectionType.objects.exists():
        ConnectionType.objects.bulk_create(ConnectionType(name=_(a), reverse_name=_(b), order=i) for i, (a, b) in enumerate(CONNECTION_TYPES, 1))
