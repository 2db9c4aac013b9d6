"""Kinds that point to another record: relations, and people as a special case."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import Q
from django.utils.translation import gettext as gettext_now
from django.utils.translation import gettext_lazy as _

from patron.kernel import ui
from patron.kernel.markup import filled
from patron.kernel.parsing import Invalid, ParseContext
from patron.records import registry
from patron.records.fields import Field
from patron.records.kinds.base import DASH, Cell, Kind, Operator, View, many, unless, written

_LINK = '<a href="%s">%s</a>'
_PERSON = '<span class="who"><span class="avatar s" style="--h:%s" data-i="%s" aria-hidden="true"></span>%s</span>'


class Relation(Kind):
    """A link to one record, shown by that record's title."""

    name = "relation"
    sql = "uuid"
    operators = (Operator("is", _("is"), "many"), Operator("is_not", _("is not"), "many"))

    def title_path(self, field: Field) -> str:
        if field.is_custom:
            start, _mark, key = field.path.rpartition("custom__link_")
            return f"{start}custom__title_{field.owner_type}:{key}"
        target = registry.find_model(field.model)
        return f"{field.path.removesuffix('_id')}__{target.title_path if target else 'name'}"

    def paths(self, field: Field) -> tuple[str, ...]:
        return (field.path, self.title_path(field))

    def parse(self, text: str, field: Field, ctx: ParseContext) -> Any:
        """An id. Names are resolved by the door, since that takes a look into the database (`records.lookup`)."""
        try:
            return uuid.UUID(text.strip())
        except ValueError:
            raise Invalid(gettext_now("Choose one from the list.")) from None

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        i, j = at
        target = registry.find_model(field.model)
        if target is None or not target.has_page or not view.access.can(target.key, "view"):
            return lambda row: DASH if row[i] is None else row[j]
        start = view.href(target.key, "")[:-1]

        def show(row: tuple[Any, ...]) -> Any:
            return DASH if row[i] is None else filled(_LINK, f"{start}{row[i]}/", row[j])

        return show

    def plain(self, value: Any) -> Any:
        return None if value is None else str(value)

    def from_plain(self, value: Any, field: Field, ctx: ParseContext) -> Any:
        return self.parse(written(value), field, ctx)

    def schema(self, field: Field) -> dict[str, Any]:
        return {"type": "string", "format": "uuid"}

    def condition(self, field: Field, op: str, value: Any, view: View) -> Q:
        if op not in ("is", "is_not"):
            return super().condition(field, op, value, view)
        ids = [self._id(v, view) for v in many(value)]
        chosen = self._among([i for group in ids for i in group], field)
        return chosen if op == "is" else unless(chosen)

    def _among(self, ids: list[uuid.UUID | None], field: Field) -> Q:
        real = [i for i in ids if i is not None]
        chosen = Q(**{f"{field.path}__in": real})
        return chosen | Q(**{f"{field.path}__isnull": True}) if len(real) < len(ids) else chosen

    def _id(self, value: Any, view: View) -> list[uuid.UUID | None]:
        try:
            return [uuid.UUID(str(value))]
        except ValueError:
            raise Invalid(gettext_now("Choose one from the list.")) from None


class Person(Relation):
    """A member of the workspace; filters also know "me" and "my team"."""

    name = "person"

    def cell(self, field: Field, at: tuple[int, ...], view: View) -> Cell:
        i, j = at
        ready: dict[Any, Any] = {None: DASH}

        def show(row: tuple[Any, ...]) -> Any:
            shown = ready.get(row[i])
            if shown is None:
                name = row[j]
                shown = ready[row[i]] = filled(_PERSON, ui.hue(name), ui.initials(name), name)
            return shown

        return show

    def title_path(self, field: Field) -> str:
        return super().title_path(field) if field.is_custom else f"{field.path.removesuffix('_id')}__name"

    def _id(self, value: Any, view: View) -> list[uuid.UUID | None]:
        if value == "me":
            return [view.access.member_id or uuid.UUID(int=0)]
        if value == "my_team":
            return [view.access.member_id or uuid.UUID(int=0), *view.access.team_member_ids]
        return super()._id(value, view)


RELATION, PERSON = Relation(), Person()
