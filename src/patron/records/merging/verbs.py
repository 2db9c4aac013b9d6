"""Merge and unmerge as verbs of every type whose records can be merged, and so behind every door."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records import registry
from patron.records.merge_models import Merge
from patron.records.merging import engine, parting
from patron.records.verbs import Input, Refused, verb


def _choose(record: Any, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    from patron.records.views.merging import picker

    return picker(record, access)


def _merge_all(rows: QuerySet[Any], *, access: Access, others: list[str] | None = None, choices: str = "") -> int:
    """Merge a selection into its oldest record; answers how many went into it."""
    record_type = registry.of_model(rows.model)
    ids = list(rows.order_by("created_at", "pk").values_list("pk", flat=True)[: engine.MOST + 1])
    if not ids:
        return 0
    done = engine.merge(record_type, ids[0], [*ids[1:], *(_id(o) for o in others or ())], access=access, choices=read_choices(choices))
    return len(done.merged)


@verb("*", "merge", label=_("Merge"), icon="merge", action="edit", bulk=_merge_all, needs="mergeable", order=85, done=_("Merged into %(name)s"), page="merge", as_one=True, template="records/merge/choose.html", context=_choose)
def merge(
    record: Any,
    *,
    access: Access,
    others: Annotated[list[str] | None, Input(_("Merge into this one"), kind="tags", hint=_("Ids of the records that go, separated by commas."))] = None,
    choices: Annotated[str, Input(_("Choices"), kind="long_text", hint=_("Whose value wins, as JSON: {\"phone\": \"id\"}. Empty: by the rules."))] = "",
) -> Merge:
    """Merge other records into this one: relations move with their attributes, old ids lead here. See `merging.engine.merge`."""
    record_type = registry.of_model(type(record))
    return engine.merge(record_type, record.pk, [_id(o) for o in others or ()], access=access, choices=read_choices(choices))


def read_choices(given: Any) -> dict[str, uuid.UUID]:
    """Field -> id from a mapping or its JSON text; `Refused` where it is neither."""
    try:
        tree = json.loads(given) if isinstance(given, str) and given.strip() else given or {}
    except ValueError:
        tree = None
    if not isinstance(tree, Mapping):
        raise Refused(_now("Give the choices as field and id, such as {\"phone\": \"0190…\"}."), field="choices")
    return {str(name): _id(value, "choices") for name, value in tree.items()}


def _id(value: Any, field: str = "others") -> uuid.UUID:
    try:
        return value if isinstance(value, uuid.UUID) else uuid.UUID(str(value).strip())
    except ValueError:
        raise Refused(_now("“%(value)s” is no id of a record.") % {"value": str(value)[:60]}, field=field) from None


def _was_merged(record: Any, access: Access) -> str | None:
    record_type = registry.of_model(type(record))
    return None if parting.merges_of(record_type, record.pk) else _now("Nothing was merged into this.")


def _context(record: Any, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    from patron.records.merging.preview import unmerge_dialog

    return unmerge_dialog(record, access)


@verb("*", "unmerge", label=_("Unmerge"), icon="split", action="edit", when=_was_merged, needs="mergeable", order=86, done=_("Unmerged"), template="records/merge/unmerge.html", context=_context)
def unmerge(
    record: Any, *, access: Access, merge_id: Annotated[str, Input(_("Which merge"), hint=_("Empty: the last one."))] = ""
) -> parting.Parted:
    """Take a merge into this record back: see `merging.parting.unmerge`."""
    found = parting.merges_of(registry.of_model(type(record)), record.pk)
    wanted = next((m for m in found if not merge_id or str(m.pk) == str(merge_id).strip()), None)
    if wanted is None:
        raise Refused(_now("There is no such merge into this record."), field="merge_id")
    return parting.unmerge(wanted, access=access)
