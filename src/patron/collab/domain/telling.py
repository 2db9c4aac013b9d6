"""An entry of a timeline in words: who did what to what. Words for acts come from the record machinery's history."""

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from markupsafe import Markup

from patron.collab import text
from patron.collab.domain.refs import Ref, Title, titles
from patron.collab.domain.sources import Act, Attached, Completed, Entry, Happened
from patron.collab.enums import ActivityKind, Outcome, TaskKind
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records import history, registry
from patron.records.kinds import View

_ICONS = {ActivityKind.CALL: "phone", ActivityKind.MEETING: "calendar", ActivityKind.NOTE: "notebook-pen"}
_FEW = 3  # changed fields that are shown with their values; of more, only the names


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a timeline: `who` `text` `targets` · `extra`, the time, and what a person wrote. `href` opens the thing itself; a file has a `size`."""

    key: str
    at: Any
    icon: str
    who: str
    text: str
    targets: tuple[Title, ...] = ()
    extra: str = ""
    body: Markup = Markup()  # noqa: RUF009  (immutable)
    href: str = ""
    size: int | None = None


def worth_telling(entry: Entry, access: Access) -> bool:
    """Whether an entry says something to a person: not an act that changed nothing but bookkeeping, or nothing that they may see."""
    if not isinstance(entry.thing, Act) or any(c.action != "U" for c in entry.thing.changes):
        return True
    record_type = registry.find(entry.record.type_key) if entry.record else None
    if record_type is None:
        return False
    changed = {path for change in entry.thing.changes for path in _paths(change.changes)}
    return any(f.path in changed for f in record_type.visible_fields(access).values())


def _paths(changes: dict[str, Any]) -> list[str]:
    """The columns of a change; own fields one by one."""
    old, new = changes.get("custom") or ({}, {})
    old, new = old or {}, new or {}
    return [*(column for column in changes if column != "custom"), *(f"custom__{k}" for k in {**old, **new} if old.get(k) != new.get(k))]


def items(entries: list[Entry], refs: list[Ref], access: Access) -> list[Item]:
    """The entries in words. Titles of everything they link to are resolved at once, one query per type; acts take three queries more."""
    links = [_refs(entry, refs) for entry in entries]
    known = titles((ref for group in links for ref in group), access)
    told = _histories(entries, access)
    made = []
    for entry, group in zip(entries, links, strict=True):
        targets = tuple(known[ref] for ref in group)
        if isinstance(entry.thing, Happened):
            made.append(_of_activity(entry.thing, targets, access))
        elif isinstance(entry.thing, Completed):
            made.append(_of_task(entry.thing, targets))
        elif isinstance(entry.thing, Attached):
            made.append(_of_file(entry.thing, targets, access))
        else:
            made.append(_of_act(entry, targets, told))
    return made


def _refs(entry: Entry, refs: list[Ref]) -> list[Ref]:
    """What an entry links to besides the record whose page it is on: who was there, the task, the relative it happened to."""
    thing = entry.thing
    if isinstance(thing, Completed):
        return [Ref("tasks", thing.id)]
    if isinstance(thing, Attached):
        return [] if thing.on == refs[0] else [thing.on]
    if isinstance(thing, Act):
        return [entry.record] if entry.record and entry.record != refs[0] else []
    return thing.present or ([] if refs[0] in thing.about else [ref for ref in thing.about if ref in refs])


def _of_task(task: Completed, targets: tuple[Title, ...]) -> Item:
    who = task.who or _("Patron")
    said = _("followed up:") if task.kind == TaskKind.FOLLOW_UP else _("completed")
    return Item(f"task-{task.id}", task.done_at, "square-check-big", who, said, targets, _minutes(task.minutes))


def _of_file(file: Attached, targets: tuple[Title, ...], access: Access) -> Item:
    said = _("added the file %(name)s to") if targets else _("added the file %(name)s")
    return Item(
        f"file-{file.id}", file.at, "paperclip", file.who or _("Patron"), said % {"name": file.name}, targets,
        href=f"/w/{access.workspace.slug}/collab/files/{file.id}/content/", size=file.size,
    )  # fmt: skip


def _minutes(minutes: int | None) -> str:
    return _("%(n)s min") % {"n": minutes} if minutes else ""


def _of_activity(activity: Happened, targets: tuple[Title, ...], access: Access) -> Item:
    targets += tuple(Title(Ref("people", member), name, "", "user", False) for member, name in activity.members if member != activity.owner_id)
    extra = " · ".join(part for part in (activity.subject, _minutes(activity.minutes), activity.location) if part)
    return Item(
        f"activity-{activity.id}", activity.at, _ICONS[ActivityKind(activity.kind)], activity.owner or _("Somebody"),
        activity_words(activity, somebody=bool(targets)), targets, extra, text.shown(activity.body, activity.mentions, people=people_address(access)),
        f"/w/{access.workspace.slug}/activities/{activity.id}/",
    )  # fmt: skip


def people_address(access: Access) -> str:
    """Where the pages of people are, "" where they have none."""
    people = registry.find("people")
    return f"/w/{access.workspace.slug}/people/" if people is not None and people.has_page else ""


def activity_words(activity: Happened, *, somebody: bool) -> str:
    """What was done, as the words between who and whom; `somebody` says whether anyone is named after them."""
    if activity.kind == ActivityKind.NOTE:
        return _("wrote a note on") if somebody else _("wrote a note")
    if activity.kind == ActivityKind.MEETING:
        if activity.outcome == Outcome.CANCELLED:
            return _("cancelled a meeting with") if somebody else _("cancelled a meeting")
        return _("met") if somebody else _("held a meeting")
    if activity.direction == "in":
        return _("took a call from") if somebody else _("took a call")
    unreached: dict[str, tuple[str, str]] = {
        Outcome.NO_ANSWER: (_("tried to reach"), _("called without an answer")),
        Outcome.LEFT_MESSAGE: (_("left a message for"), _("called and left a message")),
        Outcome.WRONG_NUMBER: (_("had a wrong number for"), _("called a wrong number")),
        Outcome.CALL_BACK: (_("is to call back"), _("called and is to call back")),
    }
    whom, nobody = unreached.get(activity.outcome, (_("called"), _("made a call")))
    return whom if somebody else nobody


def _histories(entries: list[Entry], access: Access) -> dict[uuid.UUID, history.Entry]:
    """What the record machinery says about each act, folded-in ones included."""
    acts = [e.thing for entry in entries for e in (entry, *entry.more) if isinstance(e.thing, Act)]
    changes = [change for act in acts for change in act.changes]
    view = View(access, Formats(access.locale, access.zone))
    return {told.operation_id: told for told in history.entries(changes, view)}


def _of_act(entry: Entry, targets: tuple[Title, ...], told: dict[uuid.UUID, history.Entry]) -> Item:
    """A single field is told with its new value, a few with both, many by their names; an undone act says so."""
    act: Act = entry.thing
    said = told[act.operation_id]
    what, extra = said.what, _values(_net([told[e.thing.operation_id] for e in (*reversed(entry.more), entry)]))
    if act.is_edit and extra:
        what = _("changed")
    parts = [part for part in (extra, said.reason, _("undone since") if said.undone else "") if part]
    return Item(f"act-{act.operation_id}", entry.edge.at, _icon(act), act.actor_name or _("Patron"), what, targets, " · ".join(parts))


def _net(sittings: list[history.Entry]) -> dict[str, tuple[str, str]]:
    """What a row of edits, oldest first, came to: field -> (first old, last new); what came back to where it was is left out."""
    found: dict[str, tuple[str, str]] = {}
    for sitting in sittings:
        for label, old, new in sitting.changes:
            before = found.get(label, (old, ""))
            found[label] = (before[0], history.Deed(f"{before[1]}, {new}") if before[1] and isinstance(new, history.Deed) else new)
    return {label: pair for label, pair in found.items() if pair[0] != pair[1] or pair[0] == "•••"}


def _values(changes: dict[str, tuple[str, str]]) -> str:
    if len(changes) > _FEW:
        return ", ".join(changes)
    return "; ".join(f"{label}: {old} → {new}" if old else f"{label}: {new or '—'}" for label, (old, new) in changes.items())


def _icon(act: Act) -> str:
    if act.is_edit:
        return "pencil"
    if any(c.action == "I" for c in act.changes):
        return "plus"
    type_key, _dot, name = act.verb.partition(".")
    try:
        return registry.verb(type_key, name).icon
    except registry.Unknown:
        return "pencil"
