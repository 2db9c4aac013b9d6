"""The closure of the account tree: who is above whom, at which distance (D3)."""

from typing import Any, ClassVar

from django.db import models

from patron.kernel.tenancy import TenantForeignKey, TenantModel


class AccountTree(TenantModel):
    """One row per account and each account above it, and one at depth 0 for the account itself.

    Written by the triggers of `customers.database` alone, whoever moves an account: a form, an import, an undo or plain SQL.
    Derived, hence not in the ledger. Has no id of its own: the key is (workspace, descendant, ancestor).
    """

    ledgered = False
    written_by_triggers = True

    id = None  # type: ignore[assignment]
    pk = models.CompositePrimaryKey("workspace", "descendant", "ancestor")
    ancestor = TenantForeignKey("customers.Account", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    descendant = TenantForeignKey("customers.Account", on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False)
    depth = models.SmallIntegerField()

    objects: ClassVar[Any]

    class Meta(TenantModel.Meta):
        managed = False
        db_table = "customers_account_tree"
