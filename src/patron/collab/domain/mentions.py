"""@mentions: plain text that names a member of the workspace."""

import re
import uuid
from typing import Any

from django.db.models import F, Func, TextField, Value

from patron.collab.domain import notifications
from patron.collab.domain.notifications import Telling
from patron.collab.domain.refs import Ref
from patron.collab.models import Activity, Mention, Task
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.kernel.db.functions import Fold
from patron.kernel.text import fold

_NAMED = re.compile(r"(?<![\w.])@((?:[^\s@]+)(?:[ \t]+[^\s@]+){0,4})")
_EDGES = ".,;:!?()[]{}\"'»«“”…-"
Found = dict[tuple[uuid.UUID, str], None]


def find(text: str) -> list[tuple[uuid.UUID, str]]:
    """(member, name as written) of everyone whom the text names: by full name, or by a first name that only one member has.

    Case and accents do not matter. One query, and none for text without "@". A name that fits nobody stays plain text.
    """
    if "@" not in text:
        return []
    candidates = _candidates(text)
    full = {fold(name): pk for pk, name in candidates}
    first: dict[str, list[uuid.UUID]] = {}
    for pk, name in candidates:
        first.setdefault(fold(name).split(" ")[0], []).append(pk)
    found: Found = {}
    for match in _NAMED.finditer(text):
        if hit := _longest(match[1], full, first):
            found[hit] = None
    return list(found)


def _candidates(text: str) -> list[tuple[uuid.UUID, str]]:
    """Members whose first name follows an "@" somewhere in the text."""
    handle = Func(Fold(F("name")), template="('@' || split_part(%(expressions)s, ' ', 1))", output_field=TextField())
    rows = Membership.objects.exclude(state="deactivated").annotate(_handle=handle, _text=Value(fold(text), TextField()))
    return list(rows.filter(_text__contains=F("_handle")).values_list("pk", "name")[:500])


def _longest(words: str, full: dict[str, uuid.UUID], first: dict[str, list[uuid.UUID]]) -> tuple[uuid.UUID, str] | None:
    parts = re.split(r"([ \t]+)", words)
    for end in range(len(parts), 0, -2):
        written = "".join(parts[:end]).rstrip(_EDGES)
        if (member := full.get(fold(written))) is not None:
            return member, written
    written = parts[0].rstrip(_EDGES)
    alone = first.get(fold(written), [])
    return (alone[0], written) if len(alone) == 1 else None


def keep(of: Activity | Task, text: str, *, access: Access, created: bool) -> None:
    """Bring the mentions of an activity or task to what its text says, and tell those who are named for the first time.

    Runs inside the operation that wrote the text.
    """
    owner: dict[str, Any] = {"task_id": of.pk} if isinstance(of, Task) else {"activity_id": of.pk}
    now = set(find(text))
    before = {} if created else {(m.member_id, m.text): m.pk for m in Mention.objects.filter(**owner)}
    if gone := [pk for pair, pk in before.items() if pair not in now]:
        Mention.objects.filter(pk__in=gone).delete()
    fresh = sorted(now - before.keys(), key=lambda pair: pair[1])
    if fresh:
        Mention.objects.bulk_create([Mention(member_id=member, text=written[:150], **owner) for member, written in fresh])
        ref = Ref.of(of)
        notifications.tell((Telling("mentioned", member, ref, f"mention:{ref}") for member, _written in fresh), access=access)
