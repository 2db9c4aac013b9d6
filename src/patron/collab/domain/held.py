"""Files that stand in own fields of their records: which, who may see and change them, and how they come in and go."""

from __future__ import annotations

import uuid
from typing import IO

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patron.collab.domain.refs import Ref
from patron.collab.domain.refs import visible as visible_records
from patron.collab.models import Attachment
from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records import changes, registry, uploads
from patron.records.customs import definitions
from patron.records.customs.definitions import name_of
from patron.records.fields import Field
from patron.records.record_type import RecordType
from patron.records.verbs import Refused


def unruled(rows: QuerySet[Attachment], access: Access, action: str = "view") -> QuerySet[Attachment]:
    """The files without those in fields that the person's role hides; for changes also without those that it may only read."""
    for type_key, rules in access.field_rules.items():
        keys = [name.removeprefix("x_") for name, rule in rules.items() if name.startswith("x_") and (rule == "hidden" or action != "view")]
        if keys:
            rows = rows.exclude(record_type=type_key, field_key__in=keys)
    return rows


def is_ruled(row: Attachment, access: Access, action: str) -> bool:
    """The same of one file: whether the person's role keeps them from it."""
    rule = access.field_rule(row.record_type, name_of(row.field_key)) if row.field_key else None
    return rule == "hidden" or (rule is not None and action != "view")


def labels(type_key: str) -> dict[str, str]:
    """What the fields of files of a type are called, by key; retired ones are on no screen."""
    return {d.key: str(d.field.label) for d in definitions.current().of(type_key).values() if d.field.kind == "file"}


def in_seen_field(file_id: uuid.UUID, access: Access) -> Attachment | None:
    """A file that stands in a field which the person sees on a record that they see: its content is given out whatever they may do with files otherwise."""
    row = Attachment.objects.filter(pk=file_id, field_key__isnull=False).first()
    record_type = registry.find(row.record_type) if row is not None else None
    if row is None or record_type is None or not access.can(record_type.key, "view"):
        return None
    field = record_type.visible_fields(access).get(name_of(row.field_key or ""))
    if field is None or field.kind != "file":
        return None
    record = visible_records(record_type, access).filter(pk=row.record_id).first()
    return row if record is not None and str(row.pk) in field.get(record) else None


def put(ref: Ref, name: str, sent: list[tuple[str, IO[bytes]]], *, access: Access) -> list[Attachment]:
    """Put files into an own field of a record: what a form of the record would do. `Refused` in words."""
    record_type = registry.get(ref.type_key)
    record = visible_records(record_type, access).get(pk=ref.id)
    field = record_type.editable_fields(access).get(name)
    if field is None or field.kind != "file" or not record_type.allows(record, access, "edit"):
        raise Refused(_("Your role does not allow to put files there."), field="field")
    if not sent:
        raise Refused(_("Choose a file."), field="file")
    before = list(field.get(record))
    try:
        new = [uploads.keeper().accept(*one) for one in sent]
        changes.edit(record_type, record, {name: [*(before if field.several else []), *new]}, access=access)
    except Invalid as error:
        raise Refused(error.message, field="file") from None
    except changes.NotValid as error:
        raise Refused(" ".join(error.errors.values()), field="file") from None
    return list(Attachment.objects.filter(pk__in=[str(one) for one in new]))


def take_out(row: Attachment, *, access: Access) -> None:
    """Let the record's field follow the removal of a file, by the rules of the record; `Refused` where they forbid it. Inside an operation."""
    record_type = registry.find(row.record_type) if row.field_key else None
    field = _field(record_type, row.field_key or "") if record_type is not None else None
    record = record_type.model.objects.filter(pk=row.record_id).first() if record_type is not None and field is not None else None
    if record_type is None or field is None or record is None or str(row.pk) not in field.get(record):
        return
    left = [one for one in field.get(record) if one != str(row.pk)]
    if field.name not in record_type.fields:  # retired: on no screen, asked for nowhere
        field.put(record, left)
        record.save(update_fields=["custom"])
        return
    if field.name not in record_type.editable_fields(access) or not record_type.allows(record, access, "edit"):
        raise Refused(_("“%(name)s” stands in the field “%(label)s” of a record that you may not change.") % {"name": row.name, "label": field.label})
    try:
        changes.edit(record_type, record, {field.name: left}, access=access)
    except changes.NotValid as error:
        raise Refused(f"“{row.name}”: {' '.join(error.errors.values())}") from error


def _field(record_type: RecordType, key: str) -> Field | None:
    """The field of files with the key, retired ones too."""
    found = next((f for f in definitions.current().kept(record_type.key) if f.own_key == key), None)
    return found if found is not None and found.kind == "file" else None
