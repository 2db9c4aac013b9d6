"""The verbs that every record has: log a call or meeting, add a note, a task, a follow-up."""

import datetime
import re
import uuid
from typing import Annotated, Any

from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import related
from patron.collab.domain.activities import Party, create_activity
from patron.collab.domain.refs import Ref, titles
from patron.collab.domain.tasks import create_task
from patron.collab.enums import (
    ActivityKind,
    CallOutcome,
    Direction,
    MeetingOutcome,
    Priority,
    TaskKind,
)
from patron.collab.models import Activity, Task
from patron.identity.access import Access
from patron.identity.models import Membership
from patron.kernel.db.functions import Fold
from patron.kernel.text import fold
from patron.records import registry
from patron.records.verbs import Input, Refused, verb

_OWN = ("activities", "tasks", "files")


def _may(type_key: str) -> Any:
    """A precondition: the person may make things of a type, and the record is none of these things itself."""

    def when(record: Any, access: Access) -> str | None:
        if registry.of_model(type(record)).key in _OWN:
            return _now("Tasks and activities hang on other records, not on each other.")
        return None if access.can(type_key, "create") else _now("Your role does not allow this.")

    return when


def party(text: str, record: Ref, access: Access) -> Party:
    """Who took part, from names separated by commas: the record's people first, then members of the workspace; also `contacts/0190…`.

    Raises `Refused` (field `with_whom`) for a name that fits nobody or several. Two queries and one per type.
    """
    names = [part.strip() for part in re.split(r"[,;\n]", text) if part.strip()]
    if not names:
        return Party()
    known: dict[str, list[Ref]] = {}
    for title in titles(related.people(record, access), access).values():
        known.setdefault(fold(title.text), []).append(title.ref)
    members = _members(names)
    records, people = [], []
    for name in names:
        fits = [ref] if (ref := Ref.read(name)) else known.get(fold(name), [])
        if len(fits) == 1:
            records.append(fits[0])
        elif not fits and len(members.get(fold(name), [])) == 1:
            people.append(members[fold(name)][0])
        else:
            several = len(fits) > 1 or fold(name) in members
            words = _now("Several are called “%(name)s”.") if several else _now("There is no “%(name)s” among the people of this record.")
            raise Refused(words % {"name": name[:60]}, field="with_whom")
    return Party(tuple(people), tuple(records))


def _members(names: list[str]) -> dict[str, list[uuid.UUID]]:
    wanted = [fold(name) for name in names]
    rows = Membership.objects.exclude(state="deactivated").annotate(_name=Fold(F("name")), _mail=Fold(F("email")))
    found: dict[str, list[uuid.UUID]] = {}
    for pk, name, mail in rows.filter(Q(_name__in=wanted) | Q(_mail__in=wanted)).values_list("pk", "_name", "_mail"):
        found.setdefault(mail if mail in wanted else name, []).append(pk)
    return found


@verb("*", "log_call", label=_("Log a call"), icon="phone", action="view", needs="custom", when=_may("activities"), order=60, done=_("Call logged"))
def log_call(
    record: Any,
    *,
    access: Access,
    with_whom: Annotated[str, Input(_("With"), hint=_("Names, separated by commas."))] = "",
    outcome: Annotated[CallOutcome | None, Input(_("Outcome"))] = None,
    direction: Annotated[Direction, Input(_("Direction"))] = Direction.OUT,
    minutes: Annotated[int | None, Input(_("Minutes"))] = None,
    at: Annotated[datetime.datetime | None, Input(_("When"), hint=_("Empty for now; later to plan it."))] = None,
    body: Annotated[str, Input(_("What was said"), kind="long_text")] = "",
    subject: Annotated[str, Input(_("Subject"))] = "",
) -> Activity:
    """Write down a call about the record, or plan one; it shows on the timeline of everyone called as well."""
    ref = Ref.of(record)
    values: dict[str, Any] = {
        "subject": subject,
        "body": body,
        "minutes": minutes,
        "outcome": outcome or "",
        "direction": direction,
        **({"at": at} if at else {}),
    }
    return create_activity(
        access=access, kind=ActivityKind.CALL, about=[ref], with_whom=party(with_whom, ref, access), verb=f"{ref.type_key}.log_call", **values
    )


@verb(
    "*",
    "log_meeting",
    label=_("Log a meeting"),
    icon="calendar",
    action="view",
    needs="custom",
    when=_may("activities"),
    order=61,
    done=_("Meeting logged"),
)
def log_meeting(
    record: Any,
    *,
    access: Access,
    subject: Annotated[str, Input(_("Subject"))] = "",
    with_whom: Annotated[str, Input(_("With"), hint=_("Names, separated by commas."))] = "",
    at: Annotated[datetime.datetime | None, Input(_("When"), hint=_("Empty for now; later to plan it."))] = None,
    minutes: Annotated[int | None, Input(_("Minutes"))] = None,
    location: Annotated[str, Input(_("Place"))] = "",
    outcome: Annotated[MeetingOutcome | None, Input(_("Outcome"))] = None,
    body: Annotated[str, Input(_("Notes"), kind="long_text")] = "",
) -> Activity:
    """Write down a meeting about the record, or plan one; it shows on the timeline of everyone who took part as well."""
    ref = Ref.of(record)
    values: dict[str, Any] = {
        "subject": subject,
        "body": body,
        "minutes": minutes,
        "outcome": outcome or "",
        "location": location,
        **({"at": at} if at else {}),
    }
    return create_activity(
        access=access, kind=ActivityKind.MEETING, about=[ref], with_whom=party(with_whom, ref, access), verb=f"{ref.type_key}.log_meeting", **values
    )


@verb(
    "*",
    "add_note",
    label=_("Add a note"),
    icon="notebook-pen",
    action="view",
    needs="custom",
    when=_may("activities"),
    order=62,
    done=_("Note saved"),
)
def add_note(
    record: Any, *, access: Access, body: Annotated[str, Input(_("Note"), kind="long_text", hint=_("Use @ to mention a colleague."))]
) -> Activity:
    """Write a note on the record. Colleagues named with @ are told."""
    ref = Ref.of(record)
    return create_activity(access=access, kind=ActivityKind.NOTE, about=[ref], verb=f"{ref.type_key}.add_note", body=body)


def _me(record: Any, access: Access) -> uuid.UUID | None:
    return access.member_id


@verb(
    "*", "add_task", label=_("Add a task"), icon="square-check-big", action="view", needs="custom", when=_may("tasks"), order=63, done=_("Task added")
)
def add_task(
    record: Any,
    *,
    access: Access,
    subject: Annotated[str, Input(_("What there is to do"))],
    due: Annotated[datetime.date | None, Input(_("Due"))] = None,
    assignee: Annotated[Membership | None, Input(_("Assignee"), initial=_me)] = None,
    priority: Annotated[Priority, Input(_("Priority"))] = Priority.NORMAL,
    reminder_at: Annotated[datetime.datetime | None, Input(_("Reminder"))] = None,
    description: Annotated[str, Input(_("Description"), kind="long_text")] = "",
) -> Task:
    """Make a task on the record, for oneself unless somebody else is chosen. The assignee is told."""
    ref = Ref.of(record)
    return create_task(
        access=access, subject=subject, about=ref, due=due, assignee=assignee, priority=priority, reminder_at=reminder_at,
        description=description, verb=f"{ref.type_key}.add_task",
    )  # fmt: skip


def _in_a_week(record: Any, access: Access) -> datetime.date:
    return access.today() + datetime.timedelta(days=7)


@verb(
    "*",
    "follow_up",
    label=_("Follow up"),
    icon="calendar-clock",
    action="view",
    needs="custom",
    when=_may("tasks"),
    order=64,
    done=_("Follow-up set"),
)
def follow_up(
    record: Any,
    *,
    access: Access,
    due: Annotated[datetime.date, Input(_("On"), initial=_in_a_week)],
    description: Annotated[str, Input(_("What for"), kind="long_text")] = "",
    assignee: Annotated[Membership | None, Input(_("Who"), initial=_me)] = None,
) -> Task:
    """Set a day to come back to the record, for oneself or another; the assignee is told. Its subject is the first line of the description."""
    ref = Ref.of(record)
    subject = description.strip().partition("\n")[0][:200] or _now("Follow up: %(title)s") % {"title": str(record)[:150]}
    return create_task(
        access=access, subject=subject, about=ref, kind=TaskKind.FOLLOW_UP, due=due, assignee=assignee, description=description,
        verb=f"{ref.type_key}.follow_up",
    )  # fmt: skip
