"""Files on records."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership
from patron.kernel.db.functions import SearchText
from patron.kernel.tenancy import TenantForeignKey
from patron.records.model import Record, external_id_once, own_text, own_text_index


class Attachment(Record):
    """A file on a record of any type. The content lies in storage under its SHA-256, once for the workspace however often it is attached.

    `media_type` is what the content looks like, whatever its name says. `owner` is who uploaded it. Content stays as long as a row or the
    history refers to it, so that a removal can be undone. `field_key` is the key of the record's own field that the file stands in; none for a file
    on the record itself. Which files a field holds, and in which order, the record says.
    """

    name = models.CharField(_("name"), max_length=200)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()
    field_key = models.CharField(max_length=40, null=True, blank=True, editable=False)
    size = models.BigIntegerField(_("size in bytes"), editable=False)
    media_type = models.CharField(_("kind"), max_length=100, editable=False)
    sha256 = models.CharField(_("checksum"), max_length=64, editable=False)
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("uploaded by"), db_index=False)
    search = models.GeneratedField(expression=SearchText("name"), output_field=models.TextField(), db_persist=True, editable=False)
    own_text = own_text()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("attachment_external_id_once"),
            models.CheckConstraint(condition=~Q(name="") & ~Q(name__contains="/"), name="attachment_has_name"),
            models.CheckConstraint(condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="attachment_checksum"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "record_id", "-created_at", "-id"], name="attachment_of_record"),
            models.Index(fields=["workspace", "-created_at", "-id"], name="attachment_newest"),
            models.Index(fields=["workspace", "owner", "-created_at"], name="attachment_by_owner"),
            models.Index(fields=["workspace", "sha256"], name="attachment_by_content"),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="attachment_search"),
            own_text_index("attachment_own_text"),
        ]

    def __str__(self) -> str:
        return self.name
