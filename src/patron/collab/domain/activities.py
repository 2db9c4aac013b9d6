"""Calls, meetings and notes: writing them down, on every record they belong to."""

import datetime
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import mentions, touch
from patron.collab.domain.refs import Ref, ensure
from patron.collab.enums import ActivityKind, CallOutcome, MeetingOutcome, Outcome
from patron.collab.models import Activity, ActivityLink, Attendee
from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records.changes import NotValid
from patron.records.verbs import Input, Refused, verb


@dataclass(frozen=True, slots=True)
class Party:
    """Who took part: members of the workspace, and records such as contacts."""

    members: tuple[uuid.UUID, ...] = ()
    records: tuple[Ref, ...] = ()


def create_activity(
    *,
    access: Access,
    kind: str,
    about: Sequence[Ref],
    with_whom: Party = Party(),
    done: bool | None = None,
    verb: str = "activities.create",
    **values: Any,
) -> Activity:
    """Save a call, meeting or note on the timelines of `about` and of every record that took part.

    `values` are columns of `Activity`; `at` is now unless given. What lies ahead is planned, what lies behind is done, unless `done` says so.
    Tells the members whom the text names. Raises `NotValid` (messages by field) and `Refused` where a record may not be seen.
    """
    activity = Activity(kind=kind, **{"owner_id": access.member_id, "at": timezone.now(), **values})
    refs = ensure([*about, *with_whom.records], access)
    if done is not None:
        activity.done = done
    errors = check(activity, access=access, decide=done is None)
    if errors:
        raise NotValid(errors)
    with operation(verb, access=access, subject=about[0] if about else ("activities", activity.pk)):
        activity.save(force_insert=True)
        link([activity], refs)
        attendees = [Attendee(activity_id=activity.pk, member_id=m) for m in dict.fromkeys(with_whom.members)]
        attendees += [Attendee(activity_id=activity.pk, record_type=r.type_key, record_id=r.id) for r in dict.fromkeys(with_whom.records)]
        Attendee.objects.bulk_create(attendees)
        if activity.body:
            mentions.keep(activity, activity.body, access=access, created=True)
        touch.after(refs, access)
    return activity


def link(activities: Iterable[Activity], refs: Iterable[Ref]) -> None:
    """Put activities on the timelines of records; links that exist stay. One statement. The references were checked by the caller."""
    wanted = list(dict.fromkeys(refs))
    rows = [ActivityLink(activity_id=a.pk, record_type=r.type_key, record_id=r.id, at=a.at) for a in activities for r in wanted]
    ActivityLink.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)


def check(activity: Activity, *, access: Access, decide: bool) -> dict[str, str]:
    """The rules across an activity's fields, for every door: messages by field name. `decide`: whether it is done follows from its time."""
    errors: dict[str, str] = {}
    if activity.at is None:
        return {"at": _now("Enter when it was, or is to be.")}
    if activity.kind == ActivityKind.NOTE:
        activity.done, activity.direction, activity.outcome = True, "", ""
        if not activity.body.strip() and not activity.subject.strip():
            errors["body"] = _now("Write something.")
    elif decide:
        activity.done = activity.at <= timezone.now()
    if activity.kind != ActivityKind.CALL:
        activity.direction = ""
    if activity.outcome and activity.outcome not in _outcomes(activity.kind):
        errors["outcome"] = _now("A call and a meeting end differently. Choose another outcome.")
    if activity.outcome and not activity.done and decide:
        errors["outcome"] = _now("What is still to come has no outcome yet.")
    return errors


def _outcomes(kind: str) -> list[str]:
    return {ActivityKind.CALL: CallOutcome.values, ActivityKind.MEETING: MeetingOutcome.values}.get(ActivityKind(kind), [])


def after_save(activity: Activity, *, access: Access, changed: set[str], created: bool = False) -> None:
    """Consequences of an activity that a form changed, inside its operation. Its links follow its time by themselves."""
    if "body" in changed:
        mentions.keep(activity, activity.body, access=access, created=created)
    touch.after(records_of([activity.pk]), access)


def records_of(activity_ids: Iterable[uuid.UUID]) -> list[Ref]:
    """The records whose timelines activities are on, each once."""
    links = ActivityLink.objects.filter(activity_id__in=list(activity_ids)).values_list("record_type", "record_id")
    return list(dict.fromkeys(Ref(*pair) for pair in links))


def _is_planned(activity: Activity, access: Access) -> str | None:
    return _now("This is done already.") if activity.done else None


def _mark_all(rows: QuerySet[Activity], *, access: Access, outcome: Outcome | None = None, minutes: int | None = None) -> int:
    found = Activity.objects.filter(pk__in=rows.order_by().values("pk"), done=False).order_by("pk").select_for_update(of=("self",))
    activities, now = list(found), timezone.now()
    for activity in activities:
        if outcome and outcome not in _outcomes(activity.kind):
            raise Refused(_now("A call and a meeting end differently. Choose another outcome."), field="outcome")
        activity.done, activity.outcome = True, outcome or ""
        activity.at = min(activity.at, now)
        activity.minutes = activity.minutes if minutes is None else minutes
    with operation("activities.mark_done", access=access):
        Activity.objects.bulk_update(activities, ["done", "outcome", "at", "minutes"], batch_size=500)
        touch.after(records_of([a.pk for a in activities]), access)
    return len(activities)


@verb(
    "activities",
    "mark_done",
    label=_("Mark as done"),
    icon="circle-check",
    when=_is_planned,
    bulk=_mark_all,
    primary=True,
    order=10,
    done=_("Marked as done"),
)
def mark_done(
    activity: Activity,
    *,
    access: Access,
    outcome: Annotated[Outcome | None, Input(_("Outcome"))] = None,
    minutes: Annotated[int | None, Input(_("Minutes"))] = None,
) -> None:
    """Say that a planned call or meeting took place (or was cancelled, by its outcome). One whose time has not come yet happened now."""
    with operation("activities.mark_done", access=access, subject=("activities", activity.pk)):
        if not _mark_all(Activity.objects.filter(pk=activity.pk), access=access, outcome=outcome, minutes=minutes):
            raise Refused(_now("This is done already."))


def planned(access: Access, until: datetime.datetime) -> QuerySet[Activity]:
    """The person's own planned calls and meetings up to an instant, earliest first."""
    rows: QuerySet[Activity] = Activity.objects.visible_to(access).live()
    return rows.filter(owner_id=access.member_id, done=False, at__lte=until).order_by("at", "id")
