"""What the API keeps: answers to requests that carried an idempotency key."""

from typing import ClassVar

from django.db import models

from patron.kernel.tenancy import TenantModel


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
