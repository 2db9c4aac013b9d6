"""Telling people: what happened that concerns them, once, in their own language and with their own rights."""

import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from patron.collab.domain.refs import Ref, Title, titles
from patron.collab.models import Notification
from patron.identity.access import Access


@dataclass(frozen=True, slots=True)
class Kind:
    """A reason for telling. `text` may use %(who)s and %(title)s, and whatever `params` the teller gives."""

    key: str
    text: Any
    icon: str


_kinds: dict[str, Kind] = {}


def kind(key: str, text: Any, icon: str = "bell") -> None:
    """Register a reason for telling; upper packages add their own while Django starts."""
    if key in _kinds:
        raise ValueError(f"notification kind {key} is declared twice")
    _kinds[key] = Kind(key, text, icon)


kind("assigned", _("%(who)s assigned “%(title)s” to you"), "user-plus")
kind("mentioned", _("%(who)s mentioned you in “%(title)s”"), "at-sign")
kind("reminder", _("Reminder: %(title)s"), "alarm-clock")
kind("completed", _("%(who)s completed “%(title)s”"), "circle-check")


class Telling(NamedTuple):
    """One thing to tell one member. What has the same `key` is told to a member once, whoever tells it again.

    `params` holds plain words and numbers, never a record's title: that is looked up by the reader's rights.
    """

    kind: str
    member_id: uuid.UUID | None
    about: Ref | None
    key: str
    params: Mapping[str, Any] = MappingProxyType({})


def tell(tellings: Iterable[Telling], *, access: Access) -> None:
    """Tell members, except whom it is who acts. One statement, however many; sends no e-mail."""
    rows = [
        Notification(
            member_id=t.member_id, kind=t.kind, key=t.key[:200], params={"who": access.name, **t.params},
            record_type=t.about.type_key if t.about else "", record_id=t.about.id if t.about else None,
        )
        for t in tellings
        if t.member_id is not None and t.member_id != access.member_id
    ]  # fmt: skip
    if rows:
        Notification.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


class Notice(NamedTuple):
    """A notification ready to read."""

    id: uuid.UUID
    text: str
    icon: str
    at: Any
    unread: bool
    target: Title | None


class Notices(NamedTuple):
    """A page of notices, newest first. `older` is the cursor of the next page, "" at the end."""

    items: list[Notice]
    older: str
    unread: int


def unread(access: Access) -> int:
    """How many notifications the person has not read; 0 for the machine."""
    return int(mine(access).filter(read_at__isnull=True).count())


def mine(access: Access) -> Any:
    """The person's own notifications: nobody else's are ever loaded."""
    return Notification.objects.filter(member_id=access.member_id) if access.member_id else Notification.objects.none()


def notices(access: Access, *, limit: int = 30, before: uuid.UUID | None = None, unread_only: bool = False) -> Notices:
    """The person's notifications, newest first, `limit` at a time. Titles cost one query per type."""
    rows = mine(access).order_by("-at", "-id")
    if unread_only:
        rows = rows.filter(read_at__isnull=True)
    edge = mine(access).filter(pk=before).first() if before else None
    if edge is not None:
        rows = rows.filter(at__lte=edge.at).exclude(at=edge.at, id__gte=edge.pk)
    found = list(rows[: limit + 1])
    shown = found[:limit]
    known = titles((Ref(n.record_type, n.record_id) for n in shown if n.record_id), access)
    items = [_notice(n, known.get(Ref(n.record_type, n.record_id)) if n.record_id else None) for n in shown]
    return Notices(items, str(shown[-1].pk) if len(found) > limit else "", unread(access))


def find(access: Access, notice_id: uuid.UUID) -> Notice | None:
    """One of the person's own notifications; None for anybody else's."""
    row = mine(access).filter(pk=notice_id).first()
    if row is None:
        return None
    ref = Ref(row.record_type, row.record_id) if row.record_id else None
    return _notice(row, titles([ref], access)[ref] if ref else None)


def _notice(row: Notification, target: Title | None) -> Notice:
    known = _kinds.get(row.kind) or Kind(row.kind, "%(title)s", "bell")
    values = {"who": "", **row.params, "title": target.text if target else ""}
    return Notice(row.pk, str(known.text) % values, known.icon, row.at, row.read_at is None, target)


def mark_read(access: Access, ids: Iterable[uuid.UUID] | None = None) -> int:
    """Mark the person's notifications as read, all of them or those given; answers how many were unread."""
    rows = mine(access).filter(read_at__isnull=True)
    if ids is not None:
        rows = rows.filter(pk__in=list(ids))
    return int(rows.update(read_at=timezone.now()))
