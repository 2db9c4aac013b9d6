"""What the API keeps: answers to requests that carried an idempotency key, what tools propose, applications and what people granted them."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from patron.api.enums import ProposalState
from patron.identity.models import ApiToken, Membership
from patron.kernel.tenancy import TenantForeignKey, TenantModel


class KeptAnswer(TenantModel):
    """The answer to a write, kept with the write itself in one transaction: it exists if and only if the write does."""

    ledgered = False
    not_relations: ClassVar = {"credential": "names a key", "headers": "of an answer that was given"}

    credential = models.UUIDField()
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "credential", "key"], name="kept_answer_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "at"], name="kept_answer_by_age")]


class Proposal(TenantModel):
    """A write that a tool asked for and a person has yet to approve: one act on one record, with exactly these inputs.

    `inputs` are the typed values as JSON, relations resolved to ids; `seen_revision` is the record's when it was proposed. Only state and decision ever
    change. `client` says which program asked, `credential` which key (empty for the command line).
    """

    not_relations: ClassVar = {
        "record_id": "read through redirects: what was asked stays as it was asked", "inputs": "read through redirects when approved", "credential": "names a key",
    }

    title = models.CharField(_("what"), max_length=200)
    type_key = models.CharField(_("type"), max_length=40)
    record_id = models.UUIDField(_("record"), null=True)
    verb = models.CharField(_("act"), max_length=60)
    inputs = models.JSONField(_("inputs"), default=dict)
    seen_revision = models.PositiveIntegerField(_("revision"), null=True)
    reason = models.CharField(_("why"), max_length=500, blank=True, default="")
    member = TenantForeignKey(Membership, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="+", verbose_name=_("on behalf of"), db_index=False)
    client = models.CharField(_("asked by"), max_length=120)
    credential = models.UUIDField(null=True)
    state = models.CharField(_("state"), max_length=10, choices=ProposalState.choices, default=ProposalState.OPEN)
    created_at = models.DateTimeField(_("asked"), auto_now_add=True)
    expires_at = models.DateTimeField(_("lapses"))
    decided_by = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("decided by"), db_index=False)
    decided_at = models.DateTimeField(_("decided"), null=True)
    answer = models.CharField(_("answer"), max_length=500, blank=True, default="")

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["workspace", "member", "-created_at"], name="proposal_by_member"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="proposal_newest"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(state="open") | models.Q(decided_by__isnull=False, decided_at__isnull=False), name="proposal_decided_by_somebody"),
        ]

    def __str__(self) -> str:
        return self.title


class Application(TenantModel):
    """A program that asks people of the workspace for access by OAuth 2. A public client: PKCE stands in for a secret that could not be kept."""

    name = models.CharField(_("name"), max_length=80)
    redirect_uris = models.TextField(_("return addresses"), max_length=2000)
    created_at = models.DateTimeField(_("registered"), auto_now_add=True)
    disabled_at = models.DateTimeField(_("switched off"), null=True, editable=False)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "name"], name="application_name_once")]

    def __str__(self) -> str:
        return self.name


class Grant(TenantModel):
    """What a person granted an application: a code, exchanged once for a key of an hour (`token`) and a refresh token, of which only hashes are kept."""

    exported = False
    not_relations: ClassVar = {"scopes": "name types, not records"}
    secret_columns = ("code_hash", "refresh_hash", "before_hash", "challenge")

    application = TenantForeignKey(Application, on_delete=models.PROTECT, related_name="grants", db_index=False)
    member = TenantForeignKey(Membership, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="+", db_index=False)
    scopes = models.JSONField(default=list)
    redirect_uri = models.CharField(max_length=500)
    challenge = models.CharField(max_length=128)
    code_hash = models.CharField(max_length=64)
    code_expires_at = models.DateTimeField()
    code_used_at = models.DateTimeField(null=True)
    token = TenantForeignKey(ApiToken, null=True, on_delete=models.CASCADE, db_on_delete="CASCADE", related_name="+", db_index=False)
    refresh_hash = models.CharField(max_length=64, blank=True, default="")
    before_hash = models.CharField(max_length=64, blank=True, default="")  # the refresh token before: used again, it was stolen
    refresh_expires_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "code_hash"], name="grant_code_once")]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "refresh_hash"], name="grant_by_refresh"),
            models.Index(fields=["workspace", "before_hash"], name="grant_by_refresh_before"),
            models.Index(fields=["workspace", "application"], name="grant_by_application"),
            models.Index(fields=["workspace", "token"], name="grant_by_token"),
        ]
