"""Keys for programs."""

from typing import Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from patron.identity.models.people import Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class ApiToken(TenantModel):
    """A program's key: it acts as `member`, and within `scopes` ("deals.view", "*.view", "*"). Only the key's hash is kept.

    `prefix` is the beginning of the secret part, by which people tell keys apart.
    """

    exported = False
    secret_columns = ("hash", "prefix")

    member = TenantForeignKey(Membership, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="tokens", verbose_name=_("person"), db_index=False)
    name = models.CharField(_("name"), max_length=80)
    prefix = models.CharField(max_length=12)
    hash = models.CharField(max_length=64)
    scopes: Any = ArrayField(models.CharField(max_length=60), verbose_name=_("scopes"), default=list)
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"), null=True)
    revoked_at = models.DateTimeField(_("revoked"), null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "hash"], name="token_hash_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="token_by_member")]

    def __str__(self) -> str:
        return self.name


class TokenUse(TenantModel):
    """When a key was last used, to the minute. Apart from the key, since using one is no change that anybody signs."""

    ledgered = False

    token = TenantForeignKey(ApiToken, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="uses", db_index=False)
    at = models.DateTimeField(_("last used"))

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "token"], name="token_use_once")]
