"""The workspace's operations, newest first: who did what, to which record, how much of it, and whether it was undone."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patron.identity.access import Access
from patron.ledger.models import Change, Operation
from patron.records import history, lookup, registry
from patron.records.archive import whole
from patron.records.kinds import View
from patron.records.views.base import href
from patron.setup.domain import workspace as general

PAGE = 50
RECENT = 2000  # operations that the choice of verbs is drawn from

_WORDS: dict[str, Any] = {
    whole.VERB: gettext_lazy("exported the whole workspace"),
    general.VERB: gettext_lazy("changed the workspace's settings"),
    "keys.create": gettext_lazy("made the key"),
    "roles.create": gettext_lazy("created the role"),
    "roles.edit": gettext_lazy("changed the role"),
    "roles.delete": gettext_lazy("deleted a role"),
    "teams.members": gettext_lazy("changed who is in the team"),
    "people.invite": gettext_lazy("invited"),
    "people.accept": gettext_lazy("joined the workspace"),
    "people.preferences": gettext_lazy("changed their preferences"),
    "people.profile": gettext_lazy("changed their profile"),
    "custom-fields.arrange": gettext_lazy("put own fields in order"),
    "custom-fields.index": gettext_lazy("built indexes of own fields"),
    "field-sets.attach": gettext_lazy("attached the field set"),
    "field-sets.detach": gettext_lazy("detached the field set"),
    "workspaces.found": gettext_lazy("founded the workspace"),
}
_SCREENS = {"custom-fields": "fields", "field-sets": "field-sets"}  # record types whose screen is in the settings
_PLAIN: dict[str, Any] = {
    "create": gettext_lazy("created the %(one)s"),
    "edit": gettext_lazy("changed the %(one)s"),
    "bulk_edit": gettext_lazy("changed several %(many)s"),
    "export": gettext_lazy("exported %(many)s"),
    "import": gettext_lazy("imported %(many)s"),
    "arrange": gettext_lazy("put %(many)s in order"),
}


@dataclass(slots=True)
class Line:
    """One operation as the list shows it."""

    signed: Operation
    what: str
    subject: str
    address: str
    count: int
    details: str
    undo: str
    undone: bool


@dataclass(frozen=True, slots=True)
class Filter:
    """What the list is narrowed to."""

    person: uuid.UUID | None = None
    verb: str = ""
    day: datetime.date | None = None


def found(wanted: Filter, access: Access) -> QuerySet[Operation]:
    """The operations that fit, newest first."""
    rows = Operation.objects.order_by("-at", "-id")
    if wanted.person:
        rows = rows.filter(actor=wanted.person)
    if wanted.verb:
        rows = rows.filter(verb=wanted.verb)
    if wanted.day:
        start = datetime.datetime.combine(wanted.day, datetime.time(), tzinfo=access.zone)
        end = datetime.datetime.combine(wanted.day + datetime.timedelta(days=1), datetime.time(), tzinfo=access.zone)
        rows = rows.filter(at__gte=start, at__lt=end)
    return rows


def page(rows: QuerySet[Operation], after: str) -> tuple[list[Operation], str]:
    """A page of them, and the edge of the next one."""
    at, _sign, pk = after.partition("_")
    edge = _instant(at)
    if edge is not None and pk:
        rows = rows.filter(Q(at__lt=edge) | Q(at=edge, pk__lt=pk))
    shown = list(rows[: PAGE + 1])
    more = f"{shown[PAGE - 1].at.isoformat()}_{shown[PAGE - 1].pk}" if len(shown) > PAGE else ""
    return shown[:PAGE], more


def _instant(text: str) -> datetime.datetime | None:
    try:
        return parse_datetime(text)
    except ValueError:
        return None


def lines(operations: list[Operation], view: View) -> list[Line]:
    """The operations with names, numbers and what can be undone: a constant number of queries."""
    wanted: dict[str, set[uuid.UUID]] = {}
    for signed in operations:
        if signed.subject_id:
            wanted.setdefault(signed.subject_type, set()).add(signed.subject_id)
    titles = lookup.titles(wanted, view)
    numbers = _numbers(operations)
    undone = set(Operation.objects.filter(undoes__in=[o.pk for o in operations]).values_list("undoes", flat=True))
    return [_line(signed, titles, numbers.get(signed.pk, 0), signed.pk in undone, view.access) for signed in operations]


def _numbers(operations: list[Operation]) -> dict[uuid.UUID, int]:
    if not operations:
        return {}
    at = [o.at for o in operations]
    rows = Change.objects.filter(operation_id__in=[o.pk for o in operations], at__gte=min(at), at__lte=max(at))
    return dict(rows.values_list("operation_id").annotate(n=Count("seq")).order_by())


def _line(signed: Operation, titles: dict[tuple[str, uuid.UUID], str], count: int, undone: bool, access: Access) -> Line:
    subject = titles.get((signed.subject_type, signed.subject_id), "") if signed.subject_id else ""
    target = registry.find(signed.subject_type)
    address = href(access, signed.subject_type, signed.subject_id) if subject and target and target.has_page else ""
    if signed.subject_type == "roles" and subject:
        address = href(access, "settings", "roles", signed.subject_id)
    if signed.subject_type in _SCREENS and subject:
        address = href(access, "settings", _SCREENS[signed.subject_type])
    general_change = signed.verb == general.VERB
    undo = href(access, "settings", "workspace", "undo", signed.pk) if general_change else href(access, "history", signed.pk, "undo") if count else ""
    return Line(signed, describe(signed), subject, address, count, _details(signed), "" if undone else undo, undone)


def describe(signed: Operation) -> str:
    """The verb as a person says it, with the kind of record where no single one was meant."""
    if signed.undoes and signed.verb == "undo":
        return history.what(signed)
    if signed.undoes:
        return _("undid: %(what)s") % {"what": _WORDS.get(signed.verb, signed.verb)}
    return describe_verb(signed.verb)


def describe_verb(verb: str) -> str:
    """The same from a verb's name alone."""
    if verb in _WORDS:
        return str(_WORDS[verb])
    key, _dot, name = verb.partition(".")
    known = registry.find(key)
    if known is not None and name in _PLAIN:
        return str(_PLAIN[name]) % {"one": str(known.label).lower(), "many": str(known.plural).lower()}
    try:
        words = registry.verb(key, name).past
    except registry.Unknown:
        words = (name or key).replace("_", " ")
    if known is None:
        return words
    label = str(known.label).lower()
    return f"{words}:" if label in words else f"{words}: {label}"


def _details(signed: Operation) -> str:
    """What the operation keeps of itself that a reader wants to know."""
    kept = signed.details
    if signed.verb == general.VERB:
        return ", ".join(general.label_of(name) for name in kept.get("changes", {}))
    if "rows" in kept:
        return _("%(n)s rows") % {"n": kept["rows"]}
    return str(kept.get("email") or kept.get("member") or kept.get("filename") or "")


def verbs() -> list[tuple[str, str]]:
    """Verbs that were used lately, by their words."""
    recent = Operation.objects.order_by("-at", "-id").values_list("verb", flat=True)[:RECENT]
    return sorted(((verb, describe_verb(verb)) for verb in set(recent)), key=lambda pair: pair[1])
