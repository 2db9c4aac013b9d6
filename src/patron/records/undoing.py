"""Who may undo what, and the reasons in words when it cannot be done."""

from __future__ import annotations

import uuid
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.models import Change, Operation
from patron.ledger.undo import CannotUndo, undo
from patron.records import history, registry
from patron.records.kinds import View
from patron.records.merge_models import Merge
from patron.records.merging import parting
from patron.records.verbs import Refused


def may_undo(signed: Operation, access: Access) -> bool:
    """One's own operations; and all of them for those who manage settings, or may edit everything of that type."""
    if access.is_system or access.manages_settings or (signed.actor_id is not None and signed.actor_id == access.member_id):
        return True
    key = signed.verb.partition(".")[0]
    return registry.find(key) is not None and access.scope(key, "edit") == "all"


def undo_operation(operation_id: uuid.UUID, *, view: View) -> uuid.UUID:
    """Undo, with rights checked and obstacles named; raises `Refused`."""
    signed = Operation.objects.filter(pk=operation_id).first()
    if signed is None or not may_undo(signed, view.access):
        raise Refused(_("There is no such change, or it is not yours to undo."))
    if (answer := _unmerged(signed, view)) is not None:
        return answer
    try:
        return undo(operation_id, access=view.access)
    except CannotUndo as error:
        raise Refused(" ".join([error.message, *_reasons(error, view)])) from error


def _unmerged(signed: Operation, view: View) -> uuid.UUID | None:
    """Undoing a merge is unmerging, where nothing is left behind by it; undoing that is merging again. None for any other operation."""
    if Merge.objects.filter(parted_operation_id=signed.pk).exists():
        raise Refused(_("This unmerged records. Merge them again instead."))
    item = Merge.objects.filter(operation_id=signed.pk).first()
    if item is None:
        return None
    left = parting.preview(item, access=view.access).left if (why := parting.refusal(item)) is None else []
    if why or left:
        raise Refused(why or _("Some of what this merged was changed since. Use “Unmerge” on the record: it says what goes back and what stays."))
    return parting.unmerge(item, access=view.access, undoes=signed.pk).operation_id


def _reasons(error: CannotUndo, view: View) -> list[str]:
    """Up to three of the newer changes that stand in the way, by name."""
    found = []
    signed = {o.pk: o for o in Operation.objects.filter(pk__in=[o.operation_id for o in error.obstacles if o.operation_id])}
    for obstacle in error.obstacles[:3]:
        newer = signed.get(obstacle.operation_id) if obstacle.operation_id else None
        if newer is not None:
            found.append(
                _("%(who)s: %(what)s, %(when)s (%(where)s).")
                % {"who": newer.actor_name, "what": history.what(newer), "when": view.fmt.ago(newer.at), "where": _name(obstacle.table, obstacle.row_id, view)}
            )
    return found


def _name(table: str, row_id: uuid.UUID, view: View) -> str:
    record_type = history.type_of(table, row_id)
    if record_type is None:
        return history.label_of_table(table)
    title = record_type.visible(view.access).filter(pk=row_id).values_list(record_type.title_path, flat=True).first()
    return str(title or record_type.label)


def summary(signed: Operation) -> list[tuple[str, str, int]]:
    """What an operation touched: (what, action, how many rows)."""
    from django.db.models import Count

    rows: Any = Change.objects.filter(operation_id=signed.pk, at=signed.at).values("table_name", "action").annotate(n=Count("seq")).order_by("table_name", "action")
    words = {"I": _("created"), "U": _("changed"), "D": _("removed")}
    return [(_plural(signed, r["table_name"]), words[r["action"]], r["n"]) for r in rows]


def _plural(signed: Operation, table: str) -> str:
    """What the rows of a table are called; of a shared one, what the operation was about."""
    subject = registry.find(signed.subject_type or signed.verb.partition(".")[0])
    return str(subject.plural) if subject is not None and subject.table == table else history.label_of_table(table)
