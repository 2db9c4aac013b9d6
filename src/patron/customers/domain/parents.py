"""Whether an account may hang under another one, said before PostgreSQL has to refuse it (D3)."""

from __future__ import annotations

import uuid
from typing import Final

from django.db import OperationalError, connection, transaction
from django.utils.translation import gettext as _

from patron.customers.models import Account, AccountTree
from patron.kernel.tenancy import current_workspace_id

DEADLOCK: Final = "40P01"
_HOLD = "SELECT FROM customers_account WHERE workspace_id = %s AND id = %s FOR KEY SHARE"


def refusal(account_id: uuid.UUID, parent: Account) -> str | None:
    """Why not, in words; None where it may. Holds the parent until the transaction ends.

    Two people who move two accounts under each other hold what the other one needs: PostgreSQL then stops one of them, who is told here.
    """
    if parent.pk == account_id:
        return _("An account cannot be its own parent.")
    if not _held(parent.pk):
        return busy()
    if AccountTree.objects.filter(ancestor=account_id, descendant=parent.pk).exists():
        return _("“%(name)s” lies below this account already: choose another parent.") % {"name": parent}
    return None


def busy() -> str:
    return _("Somebody else is moving accounts of this tree right now. Look at the tree and try again.")


def is_deadlock(error: OperationalError) -> bool:
    return getattr(error.__cause__, "sqlstate", "") == DEADLOCK


def _held(parent_id: uuid.UUID) -> bool:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_HOLD, [current_workspace_id(), parent_id])
    except OperationalError as error:
        if not is_deadlock(error):
            raise
        return False
    return True
