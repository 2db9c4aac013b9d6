"""What files can bring besides words and numbers: files on records and in their own fields, and what calls, meetings, notes and tasks hang on."""

from __future__ import annotations

import json
import shutil
import tempfile
import uuid
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import contents, files, touch
from patron.collab.domain.refs import Ref, visible
from patron.collab.models import Activity, ActivityLink, Attachment, Task, TaskLink
from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.records import registry
from patron.records.fields import Field
from patron.records.imports import extras
from patron.records.imports.cells import Problem
from patron.records.imports.extras import Context
from patron.records.model import Record
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

_OWN: dict[str, tuple[Any, Any, str]] = {"tasks": (Task, TaskLink, "task"), "activities": (Activity, ActivityLink, "activity")}
_LOOSE = 1 << 22  # bytes of a file that stay in memory on the way


def _takes_files(record_type: RecordType, access: Access) -> bool:
    return issubclass(record_type.model, Record) and record_type.key not in (*_OWN, files.KEY) and access.can(files.KEY, "create")


def _read_files(texts: Sequence[str], context: Context) -> dict[str, Any]:
    """Names of files beside the table; one that is missing or too large is a mistake of its row."""
    found: dict[str, Any] = {}
    most = files.most_bytes()
    for text in texts:
        name = context.attached.find(text)
        if isinstance(name, str) and context.attached.size(name) > most:
            name = Problem("", _now("“%(name)s” is larger than %(most)s MB.") % {"name": text[:100], "most": most // 1024**2})
        found[text] = name
    return found


def _attach(record_type: RecordType, work: Sequence[tuple[uuid.UUID, list[Any]]], context: Context) -> None:
    """Put the files on their records; a file that a record has already under the same name is not added again."""
    there = set(Attachment.objects.filter(record_id__in=[pk for pk, _names in work]).values_list("record_id", "name", "sha256"))
    made = []
    for record_id, names in work:
        for name in names:
            content = _kept(name, context)
            row = Attachment(
                name=contents.clean_name(name), record_type=record_type.key, record_id=record_id, size=content.size, media_type=content.media_type,
                sha256=content.sha256, owner_id=context.access.member_id,
            )  # fmt: skip
            if (record_id, row.name, row.sha256) not in there:
                made.append(row)
    Attachment.objects.bulk_create(made, batch_size=500)


def _of_field(field: Field) -> extras.Extra:
    """What fills an own field of files: names of files beside the table, as for those on records."""

    def put(record_type: RecordType, work: Sequence[tuple[uuid.UUID, list[Any]]], context: Context) -> None:
        _put(record_type, field, work, context)

    return extras.Extra(field.name, field.label, _takes_files, _read_files, put)


def _put(record_type: RecordType, field: Field, work: Sequence[tuple[uuid.UUID, list[Any]]], context: Context) -> None:
    """Put files into the field of their records: one takes the place of the one before; among several, none is added twice. A few statements."""
    held = dict(record_type.model.objects.filter(pk__in=[pk for pk, _names in work]).values_list("pk", field.path))
    known = {(row.record_id, row.name, row.sha256): str(row.pk) for row in Attachment.objects.filter(record_id__in=list(held), field_key=field.own_key)}
    made, values, gone = [], {}, []
    for record_id, names in work:
        before = list(held.get(record_id) or ())
        if before and context.fill:
            continue
        now = list(before) if field.several else []
        for name in names:
            content, clean = _kept(name, context), contents.clean_name(name)
            there = known.get((record_id, clean, content.sha256))
            if there in before:
                now += [there] if there not in now else []
                continue
            row = Attachment(
                name=clean, record_type=record_type.key, record_id=record_id, field_key=field.own_key, size=content.size, media_type=content.media_type,
                sha256=content.sha256, owner_id=context.access.member_id,
            )  # fmt: skip
            made.append(row)
            now.append(str(row.pk))
        if now != before:
            values[record_id] = now
            gone += [one for one in before if one not in now]
    Attachment.objects.bulk_create(made, batch_size=500)
    _store(record_type, field, values)
    Attachment.objects.filter(pk__in=gone, field_key=field.own_key).delete()


def _store(record_type: RecordType, field: Field, values: dict[uuid.UUID, list[str]]) -> None:
    """The values of many records in one statement."""
    if not values:
        return
    table = connection.ops.quote_name(record_type.table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} t SET custom = patron_patched(t.custom, given.own::jsonb) FROM unnest(%s::uuid[], %s::text[]) AS given(id, own) WHERE t.workspace_id = %s AND t.id = given.id",
            [list(values), [json.dumps({field.own_key: ids}) for ids in values.values()], current_workspace_id()],
        )


def _kept(name: str, context: Context) -> contents.Content:
    with context.attached.opened(name) as packed, tempfile.SpooledTemporaryFile(max_size=_LOOSE) as loose:
        shutil.copyfileobj(packed, loose)
        loose.seek(0)
        try:
            return contents.keep(loose, files.most_bytes())
        except Refused as error:
            raise Refused(f"{name}: {error.message}") from error


def _hangs(record_type: RecordType, access: Access) -> bool:
    return record_type.key in _OWN


def _read_refs(texts: Sequence[str], context: Context) -> dict[str, Any]:
    """Records by `accounts/<id>` or by the id that they had in another system; one query per type."""
    found: dict[str, list[Ref]] = {text: [ref] if (ref := Ref.read(text)) else [] for text in texts}
    by_type: dict[str, set[uuid.UUID]] = {}
    for refs in found.values():
        for ref in refs:
            by_type.setdefault(ref.type_key, set()).add(ref.id)
    for record_type in registry.all_types():
        if not issubclass(record_type.model, Record) or record_type.key in (*_OWN, files.KEY):
            continue
        rows = visible(record_type, context.access)
        there = set(rows.filter(pk__in=by_type[record_type.key]).values_list("pk", flat=True)) if record_type.key in by_type else set()
        for refs in found.values():
            refs[:] = [ref for ref in refs if ref.type_key != record_type.key or ref.id in there]
        for pk, word in rows.filter(external_id__in=list(texts)).values_list("pk", "external_id"):
            found[word].append(Ref(record_type.key, pk))
    return {text: _one(text, refs, context) for text, refs in found.items()}


def _one(text: str, refs: list[Ref], context: Context) -> Any:
    if refs:
        return refs[0]  # ids of one system are unique across its types
    if context.column.relation.missing == "blank":
        return None
    return Problem("", _now("There is no record “%(text)s” that this could hang on.") % {"text": text[:60]})


def _hang(record_type: RecordType, work: Sequence[tuple[uuid.UUID, list[Any]]], context: Context) -> None:
    """Link the imported rows to their records. Tells nobody: what is imported has happened."""
    model, links, name = _OWN[record_type.key]
    made: list[Any] = []
    known: dict[uuid.UUID, Any] = {row.pk: row for row in model.objects.filter(pk__in=[pk for pk, _refs in work])}
    for pk, refs in work:
        row = known.get(pk)
        if row is None:
            continue
        for ref in refs:
            more: dict[str, Any] = {"at": row.at} if name == "activity" else {}
            made.append(links(**{f"{name}_id": pk}, record_type=ref.type_key, record_id=ref.id, **more))
        if name == "task" and row.record_id is None:
            model.objects.filter(pk=pk).update(record_type=refs[0].type_key, record_id=refs[0].id)
    links.objects.bulk_create(made, batch_size=1000, ignore_conflicts=True)
    touch.after({ref for _pk, refs in work for ref in refs}, context.access)


extras.register(extras.Extra("+files", _("Attach files (names)"), _takes_files, _read_files, _attach))
extras.for_fields(_of_field)
extras.register(extras.Extra("+about", _("Hang on records (ids)"), _hangs, _read_refs, _hang))
