"""Files on records: add, rename, remove. Whoever sees the record sees its files."""

from __future__ import annotations

import uuid
from collections.abc import Iterable
from typing import IO, Annotated, Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import contents, held
from patron.collab.domain.refs import Ref, ensure
from patron.collab.domain.refs import visible as visible_records
from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.verbs import Input, Refused, verb

KEY = "files"


def most_bytes() -> int:
    """How large a file on a record may be."""
    return int(settings.PATRON_FILE_MEGABYTES) * 1024**2


def add(ref: Ref, uploads: Iterable[tuple[str, IO[bytes]]], *, access: Access, field: str = "") -> list[Attachment]:
    """Put files on a record that the person may see, or into one of its own fields by name; one operation. `Refused` in words, and then none of them is added."""
    ensure([ref], access)
    if field:
        return held.put(ref, field, list(uploads), access=access)
    if not access.can(KEY, "create"):
        raise Refused(_now("Your role does not allow to add files."))
    named = [(contents.clean_name(name), stream) for name, stream in uploads]
    if not named:
        raise Refused(_now("Choose a file."), field="file")
    made = [_row(ref, name, contents.keep(stream, most_bytes()), access) for name, stream in named]
    with operation(f"{ref.type_key}.add_file", access=access, subject=(ref.type_key, ref.id)):
        for row in made:
            row.save(force_insert=True)
    return made


def _row(ref: Ref, name: str, found: contents.Content, access: Access) -> Attachment:
    return Attachment(
        name=name, record_type=ref.type_key, record_id=ref.id, size=found.size, media_type=found.media_type, sha256=found.sha256, owner_id=access.member_id
    )


def on(record_id: uuid.UUID) -> QuerySet[Attachment]:
    """The files of a record that the caller has checked the right on, newest first."""
    return Attachment.objects.filter(record_id=record_id, archived_at__isnull=True).select_related("owner").order_by("-created_at", "-pk")


def of_visible_records(rows: QuerySet[Attachment], access: Access) -> QuerySet[Attachment]:
    """Files on records that the person may see. A type that is seen as a whole costs nothing; others a look into their rows."""
    whole, parts = [], Q()
    for record_type in registry.all_types():
        if record_type.key == KEY or not access.can(record_type.key, "view"):
            continue
        every = record_type.model.objects.all()
        seen = record_type.restrict(every, access)
        if seen is every:
            whole.append(record_type.key)
        else:
            parts |= Q(record_type=record_type.key, record_id__in=seen.order_by().values("pk"))
    return rows.filter(Q(record_type__in=whole) | parts)


def sees_record(row: Attachment, access: Access) -> bool:
    """Whether the person may see the record that a file is on."""
    record_type = registry.find(row.record_type)
    return record_type is not None and access.can(record_type.key, "view") and visible_records(record_type, access).filter(pk=row.record_id).exists()


def _same_name(row: Any, access: Access) -> str:
    return str(row.name)


@verb(KEY, "rename", label=_("Rename"), icon="pencil", action="edit", order=10, done=_("File renamed"))
def rename(row: Attachment, *, access: Access, name: Annotated[str, Input(_("Name"), initial=_same_name)]) -> Attachment:
    """Give a file another name. Its kind stays what the content shows."""
    row.name = contents.clean_name(name)
    with operation(f"{KEY}.rename", access=access, subject=(KEY, row.pk)):
        row.save(update_fields=["name"])
    return row


def _delete_all(rows: QuerySet[Attachment], *, access: Access) -> int:
    """Those that stand in own fields one by one, by the rules of their records; the others at once."""
    with operation(f"{KEY}.delete", access=access):
        ids = list(rows.order_by().values_list("pk", flat=True))
        for row in Attachment.objects.filter(pk__in=ids, field_key__isnull=False).order_by("pk"):
            held.take_out(row, access=access)
        Attachment.objects.filter(pk__in=ids).delete()
    return len(ids)


@verb(KEY, "delete", label=_("Remove"), icon="trash-2", action="delete", bulk=_delete_all, tone="bad", order=20, done=_("File removed"))
def delete(row: Attachment, *, access: Access) -> None:
    """Take a file off its record, and out of the own field that it stands in: what "delete" means for files. Undo brings both back, content and all."""
    with operation(f"{KEY}.delete", access=access, subject=(KEY, row.pk)):
        held.take_out(row, access=access)
        Attachment.objects.filter(pk=row.pk).delete()
