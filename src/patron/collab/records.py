"""Tasks and activities as record types."""

import json
from typing import Any, ClassVar
from urllib.parse import urlencode

from django.db.models import QuerySet
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.collab import about  # noqa: F401  (registers the kinds of field)
from patron.collab.domain import activities, files, held, tasks
from patron.collab.enums import TaskState
from patron.collab.models import Activity, Attachment, Task
from patron.identity.access import Access
from patron.records.fields import Field
from patron.records.record_type import RecordType, Section
from patron.records.registry import register

_MINE = json.dumps({"and": [["state", "is", "open"], ["assignee", "is", "me"]]}, separators=(",", ":"))


@register
class TaskType(RecordType):
    """Anything somebody has to do. A person's own are those they made and those they are to do."""

    key, model, icon = "tasks", Task, "square-check-big"
    label, plural = _("Task"), _("Tasks")
    description = _("Everything somebody has to do, alone or on a record: with a day, a reminder and a checklist.")
    title = "subject"
    owners = ("assignee", "owner")
    columns = ("about", "due", "assignee", "priority", "state")
    filters = ("state", "assignee", "due", "priority", "kind", "owner")
    sections = (
        Section(_("Task"), ("subject", "assignee", "due", "due_at", "reminder_at", "priority", "kind", "description")),
        Section(_("Repeats"), ("recurrence", "recurrence_every", "recurrence_until")),
        Section(_("More"), ("minutes", "tags")),
    )
    quick = ("subject", "due", "assignee", "priority", "description")
    facts = ("due", "due_at", "assignee", "priority", "reminder_at", "recurrence", "minutes", "owner", "done_at", "done_by")
    sort = "due"
    nav, nav_order = "home", 20
    totals = ("minutes",)
    protected = ("state", "done_at", "done_by")
    by_file = ("state", "done_at")
    internal = ("recurrence_anchor", "previous", "record_type", "record_id")
    computed = (Field("about", "linked", _("About"), "record_id", sortable=False),)
    badge_of = ("state",)
    tones: ClassVar[dict[str, dict[str, str]]] = {
        "priority": {"high": "bad", "normal": "none", "low": "none"},
        "state": {"open": "info", "done": "good", "cancelled": "none"},
    }
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "subject": ("task", "title", "name"), "due": ("due date", "deadline"), "description": ("notes", "details"), "assignee": ("assigned to",),
    }  # fmt: skip
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "task_follow_up_has_due": ("due", _("Choose the day to follow up.")),
        "task_due_at_has_due": ("due", _("Choose the day as well as the hour.")),
        "task_series_has_start": ("due", _("Choose the day of the first time; the others follow from it.")),
        "task_every_at_least_one": ("recurrence_every", _("Enter 1 or more.")),
        "task_has_subject": ("subject", _("Enter what there is to do.")),
    }

    def defaults(self, access: Access) -> dict[str, Any]:
        return {"owner": access.member_id, "assignee": access.member_id} if access.member_id else {}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        return tasks.check(record, changed, access=access)

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        tasks.after_save(record, access=access, created=created, changed=changed)

    def nav_address(self, access: Access) -> str:
        return f"/w/{access.workspace.slug}/tasks/?{urlencode({'f': _MINE, 'sort': 'due'})}"

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(TaskState(record.state).label), self.tones["state"][record.state]


@register
class ActivityType(RecordType):
    """Calls, meetings and notes. They are written on other records, so there is no form for a new one here."""

    key, model, icon = "activities", Activity, "history"
    label, plural = _("Activity"), _("Activities")
    description = _("Calls, meetings and notes. Write them on the record that they belong to.")
    title = "title"
    columns = ("kind", "about", "at", "owner", "outcome", "minutes")
    filters = ("kind", "at", "owner", "done", "outcome")
    sections = (Section(_("Activity"), ("subject", "at", "minutes", "direction", "outcome", "location", "owner", "body", "tags")),)
    facts = ("kind", "at", "done", "minutes", "direction", "outcome", "location", "owner")
    sort = "-at"
    totals = ("minutes",)
    protected = ("done", "kind")
    by_file = ("done", "kind")
    computed = (Field("about", "first_link", _("About"), "id", sortable=False),)
    nav, nav_order = "home", 30
    creatable = False
    badge_of = ("done",)
    tones: ClassVar[dict[str, dict[str, str]]] = {
        "kind": {"call": "info", "meeting": "note", "note": "none"},
        "outcome": {"reached": "good", "held": "good", "no_answer": "warn", "left_message": "warn", "wrong_number": "bad", "cancelled": "bad"},
    }

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        return activities.check(record, access=access, decide=False)

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        activities.after_save(record, access=access, changed=changed, created=created)

    def badge(self, record: Any) -> tuple[str, str] | None:
        return None if record.done else (_now("Planned"), "info")


@register
class FileType(RecordType):
    """Files on records. They are added on the record that they belong to; who sees that record sees them."""

    key, model, icon = files.KEY, Attachment, "paperclip"
    label, plural = _("File"), _("Files")
    description = _("Files on records. Add them on the record that they belong to.")
    columns = ("about", "media_type", "size", "owner", "created_at")
    filters = ("media_type", "owner", "created_at")
    sections = (Section(_("File"), ("name", "owner", "tags")),)
    facts = ("about", "media_type", "size", "owner", "created_at", "sha256")
    internal = ("record_type", "record_id", "field_key")
    computed = (Field("about", "linked", _("On"), "record_id", sortable=False),)
    creatable = importable = False
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {"attachment_has_name": ("name", _("Enter a name without slashes."))}

    def restrict(self, queryset: QuerySet[Any], access: Access, action: str = "view") -> QuerySet[Any]:
        """Within the person's own reach, the files on records that they may see, without those in fields that their role hides."""
        return held.unruled(files.of_visible_records(super().restrict(queryset, access, action), access), access, action)

    def allows(self, record: Any, access: Access, action: str) -> bool:
        return super().allows(record, access, action) and not held.is_ruled(record, access, action) and files.sees_record(record, access)
