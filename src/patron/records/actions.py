"""The verbs that every record type has: change many at once, assign, tag, archive, bring back, delete."""

from __future__ import annotations

from typing import Annotated, Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import CharField, F, Func, ProtectedError, QuerySet, TextField, Value
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import Membership
from patron.records import registry
from patron.records.verbs import Input, Refused, verb

_TEXTS: Any = ArrayField(CharField(max_length=40))


def _is_live(record: Any, access: Access) -> str | None:
    return _now("This is archived already.") if record.archived_at else None


def _is_archived(record: Any, access: Access) -> str | None:
    return None if record.archived_at else _now("This is not archived.")


def _assign_all(rows: QuerySet[Any], *, access: Access, owner: Membership | None = None) -> int:
    return rows.exclude(owner=owner).update(owner=owner) if owner else rows.exclude(owner=None).update(owner=None)


@verb("*", "assign", label=_("Assign"), icon="user-plus", action="edit", bulk=_assign_all, needs="owner", order=80, done=_("Assigned"))
def assign(record: Any, *, access: Access, owner: Annotated[Membership | None, Input(_("Owner"))] = None) -> None:
    """Give the record another owner, or none. Tells nobody by itself: notifications read the ledger."""
    record.owner = owner
    record.save(update_fields=["owner"])


def _tag_all(rows: QuerySet[Any], *, access: Access, tags: list[str]) -> int:
    added: Any = Func(F("tags"), Value(tags, output_field=_TEXTS), function="array_cat", output_field=_TEXTS)
    distinct = Func(added, function="patron_distinct", output_field=_TEXTS)
    return rows.exclude(tags__contains=tags).update(tags=distinct)


@verb("*", "tag", label=_("Tag"), icon="tag", action="edit", bulk=_tag_all, needs="tags", order=81, done=_("Tagged"))
def tag(record: Any, *, access: Access, tags: Annotated[list[str], Input(_("Tags"), kind="tags")]) -> None:
    """Add tags; those that are there stay."""
    record.tags = list(dict.fromkeys([*record.tags, *tags]))
    record.save(update_fields=["tags"])


def _untag_all(rows: QuerySet[Any], *, access: Access, tags: list[str]) -> int:
    left: Any = F("tags")
    for word in tags:
        left = Func(left, Value(word, output_field=TextField()), function="array_remove", output_field=_TEXTS, template="%(function)s(%(expressions)s::varchar)")
    return rows.filter(tags__overlap=tags).update(tags=left)


@verb("*", "untag", label=_("Remove tags"), icon="tags", action="edit", bulk=_untag_all, needs="tags", order=82, done=_("Tags removed"))
def untag(record: Any, *, access: Access, tags: Annotated[list[str], Input(_("Tags"), kind="tags")]) -> None:
    """Take tags away; those that are not there are ignored."""
    record.tags = [t for t in record.tags if t not in tags]
    record.save(update_fields=["tags"])


def _archive_all(rows: QuerySet[Any], *, access: Access) -> int:
    return rows.filter(archived_at__isnull=True).update(archived_at=timezone.now())


@verb("*", "archive", label=_("Archive"), icon="archive", action="edit", when=_is_live, bulk=_archive_all, needs="archived_at", order=90, done=_("Archived"))
def archive(record: Any, *, access: Access) -> None:
    """Take the record out of lists and search. It keeps all its relations and can be brought back."""
    record.archived_at = timezone.now()
    record.save(update_fields=["archived_at"])


def _restore_all(rows: QuerySet[Any], *, access: Access) -> int:
    return rows.filter(archived_at__isnull=False).update(archived_at=None)


@verb("*", "restore", label=_("Bring back"), icon="archive-restore", action="edit", when=_is_archived, bulk=_restore_all, needs="archived_at", order=91, done=_("Brought back"))
def restore(record: Any, *, access: Access) -> None:
    """Put an archived record back."""
    record.archived_at = None
    record.save(update_fields=["archived_at"])


@verb("*", "delete", label=_("Delete"), icon="trash-2", action="delete", bulk=True, tone="bad", order=95, done=_("Deleted"))
def delete(record: Any, *, access: Access) -> None:
    """Remove the record and what belongs to it alone. Refused where other records point to it; undo brings it back."""
    try:
        record.delete()
    except ProtectedError as error:
        kinds = {registry.find_model(type(o)) for o in error.protected_objects}
        names = ", ".join(sorted({str(k.plural).lower() for k in kinds if k})) or _now("other records")
        raise Refused(_now("Other records need this one: %(names)s. Archive it instead.") % {"names": names}) from error
