"""A kind of field for "what this hangs on": links by type and id, shown by their titles, resolved once for a whole list."""

import uuid
from typing import Any

from markupsafe import escape

from patron.collab.domain.refs import Ref, Title, titles
from patron.collab.models import ActivityLink
from patron.kernel.db import prepared
from patron.kernel.markup import filled
from patron.records.fields import Field
from patron.records.kinds import KINDS, Operator, View
from patron.records.kinds.base import DASH, EMPTY, Cell, Kind

_LINK = '<a href="%s">%s</a>'
_HIDDEN = '<span class="muted">%s</span>'


class Linked(Kind):
    """The record that a row names in `record_type` and `record_id`."""

    name = "linked"
    sql = "uuid"
    looks_up = True

    def paths(self, field: Field) -> tuple[str, ...]:
        return ("record_type", "record_id")

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        (i, j), pending = at, _Pending(view)

        def show(row: tuple[Any, ...]) -> Any:
            return DASH if row[j] is None else pending.add(Ref(row[i], row[j]))

        return show

    def plain_paths(self, field: Field) -> tuple[str, ...]:
        return ("record_type", "record_id")

    def plain_many(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[Any]:
        return [None if record is None else {"type": key, "id": record} for key, record in rows]

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "object", "properties": {"type": {"type": "string"}, "id": {"type": "string", "format": "uuid"}}, "required": ["type", "id"]}

    def words(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[str]:
        show = self.cell(field, tuple(range(len(self.paths(field)))), view)
        late = [show(row) for row in rows]
        return ["" if cell is DASH else str(cell) for cell in late]

    def all_operators(self) -> tuple[Operator, ...]:
        return EMPTY


class FirstLink(Linked):
    """The first record that an activity was written on."""

    name = "first_link"

    def paths(self, field: Field) -> tuple[str, ...]:
        return (field.path,)

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        (i,), pending = at, _PendingActivities(view)
        return lambda row: pending.add(row[i])

    def plain_paths(self, field: Field) -> tuple[str, ...]:
        return (field.path,)

    def plain_many(self, rows: list[tuple[Any, ...]], field: Field, view: View) -> list[Any]:
        first = first_links([activity for (activity,) in rows])
        return [{"type": first[a].type_key, "id": first[a].id} if a in first else None for (a,) in rows]

    def all_operators(self) -> tuple[Operator, ...]:
        return ()


class _Pending:
    """Collects what a list links to while its rows are made; the first cell to be printed looks all of them up: one query per type."""

    def __init__(self, view: View) -> None:
        self.view = view
        self.wanted: list[Any] = []
        self.found: dict[Any, Title] | None = None

    def add(self, key: Any) -> "_Late":
        self.wanted.append(key)
        self.found = None
        return _Late(self, key)

    def title(self, key: Any) -> Title | None:
        if self.found is None:
            self.found = self.look_up()
        return self.found.get(key)

    def look_up(self) -> dict[Any, Title]:
        return dict(titles(self.wanted, self.view.access))


class _PendingActivities(_Pending):
    """The same by activity: one query more for the links."""

    def look_up(self) -> dict[Any, Title]:
        first = first_links(self.wanted)
        known = titles(first.values(), self.view.access)
        return {activity: known[ref] for activity, ref in first.items()}


def first_links(activities: list[uuid.UUID]) -> dict[uuid.UUID, Ref]:
    """The first record that each activity was written on."""

    def build(ids: list[uuid.UUID]) -> Any:
        return ActivityLink.objects.filter(activity__among=ids).order_by("activity_id", "-id").values_list("activity_id", "record_type", "record_id")

    return {activity: Ref(key, record) for activity, key, record in prepared.rows("collab.first_links", build, ids=activities)}


class _Late:
    """A cell whose words are looked up when it is printed."""

    __slots__ = ("_key", "_pending")

    def __init__(self, pending: _Pending, key: Any) -> None:
        self._pending, self._key = pending, key

    def __html__(self) -> str:
        title = self._pending.title(self._key)
        if title is None:
            return str(DASH)
        return str(filled(_HIDDEN, title.text) if title.hidden else filled(_LINK, title.href, title.text) if title.href else escape(title.text))

    def __str__(self) -> str:
        title = self._pending.title(self._key)
        return title.text if title else ""


LINKED, FIRST_LINK = Linked(), FirstLink()
KINDS.setdefault(LINKED.name, LINKED)
KINDS.setdefault(FIRST_LINK.name, FIRST_LINK)
