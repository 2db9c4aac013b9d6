"""An invitation that was not accepted yet."""

from typing import ClassVar

from django.db import models

from patron.identity.models.people import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class Invitation(TenantModel):
    """What makes a link in an invitation good: `code` changes with every mail, so that older links end. Accepting deletes the row.

    How a mail fared is no business data: the ledger keeps who invited whom, from the change of the member's state.
    """

    ledgered = False
    exported = False
    secret_columns = ("code",)

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="invitations", db_index=False)
    code = models.CharField(max_length=32)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why the last mail could not be sent

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "member"], name="invitation_once")]
