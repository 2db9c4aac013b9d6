"""Files in own fields, as the keeper that `records.uploads` asks for: attachments of the record that name the field."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import IO, Any

from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Q, TextField
from django.db.models.functions import Cast
from django.utils.translation import gettext as _

from patron.collab.domain import contents, files
from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.ledger.models import Change
from patron.records import uploads
from patron.records.fields import Field
from patron.records.uploads import Told, Unkept, Upload
from patron.records.verbs import Refused


class Attachments:
    """Keeps the files of own fields beside those of the record itself."""

    def accept(self, name: str, stream: IO[bytes]) -> Upload:
        most = files.most_bytes()
        size = stream.seek(0, 2)
        stream.seek(0)
        try:
            cleaned = contents.clean_name(name)
        except Refused as error:
            raise Invalid(error.message) from None
        if size == 0:
            raise Invalid(_("“%(name)s” is empty.") % {"name": cleaned})
        if size > most:
            raise Invalid(_("“%(name)s” is larger than %(most)s MB.") % {"name": cleaned, "most": most // 1024**2})
        return Upload.of(cleaned, stream)

    def told(self, ids: Iterable[str], access: Access) -> dict[str, Told]:
        wanted = list(dict.fromkeys(ids))
        rows = Attachment.objects.filter(pk__in=wanted).values_list("pk", "name", "media_type", "size") if wanted else ()
        return {str(pk): Told(str(pk), name, kind, size, content_address(access, pk)) for pk, name, kind, size in rows}

    def address(self, file_id: str) -> str:
        return f"{settings.BASE_URL.rstrip('/')}/api/v1/files/{file_id}/content/"

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        wanted = set(ids)
        found = {str(pk): name for pk, name in Attachment.objects.filter(pk__in=wanted).values_list("pk", "name")}
        if gone := wanted - set(found):
            told = Change.objects.filter(table_name=Attachment._meta.db_table, row_id__in=gone, action__in=("I", "D")).order_by("seq")
            found.update({str(pk): str(name) for pk, name in told.values_list("row_id", "changes__name") if name})
        return found

    def may_add(self, access: Access) -> bool:
        return access.can(files.KEY, "create")

    def strange(self, record_type: Any, record: Any, field: Field, ids: Iterable[str]) -> set[str]:
        wanted = set(ids)
        if not wanted:
            return set()
        free = Q(field_key__isnull=True) | Q(field_key=field.own_key)
        rows = Attachment.objects.filter(free, archived_at__isnull=True, pk__in=wanted, record_type=record_type.key, record_id=record.pk)
        return wanted - {str(pk) for pk in rows.values_list("pk", flat=True)}

    def settle(self, record_type: Any, record: Any, field: Field, was: list[str], access: Access) -> None:
        now = list(field.get(record))
        made = [_row(record_type, record, field, upload, access) for upload in now if isinstance(upload, Upload)]
        Attachment.objects.bulk_create(made)
        mine = Attachment.objects.filter(record_type=record_type.key, record_id=record.pk)
        if taken := [i for i in now if i not in was and not isinstance(i, Upload)]:
            mine.filter(pk__in=taken).exclude(field_key=field.own_key).update(field_key=field.own_key)
        if gone := [i for i in was if i not in now]:
            mine.filter(pk__in=gone).delete()

    def named(self, words: str) -> Any:
        found = Attachment.objects.filter(field_key__isnull=False)
        for word in words.split():
            found = found.filter(search__contains=word)
        return ArraySubquery(found.order_by().annotate(text=Cast("pk", TextField())).values("text"))


def content_address(access: Access, file_id: Any) -> str:
    """Where a file's content is given out."""
    return f"/w/{access.workspace.slug}/collab/files/{file_id}/content/"


def _row(record_type: Any, record: Any, field: Field, upload: Upload, access: Access) -> Attachment:
    assert upload.stream is not None  # refused before (`uploads.refusal`)
    upload.stream.seek(0)
    try:
        content = contents.keep(upload.stream, files.most_bytes())
    except Refused as error:
        raise Unkept(field.name, f"{upload.name}: {error.message}") from error
    return Attachment(
        pk=uuid.UUID(upload), name=upload.name, record_type=record_type.key, record_id=record.pk, field_key=field.own_key, size=content.size,
        media_type=content.media_type, sha256=content.sha256, owner_id=access.member_id,
    )  # fmt: skip


uploads.kept_by(Attachments())
