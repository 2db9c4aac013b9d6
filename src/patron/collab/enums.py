"""The closed lists of working together."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityKind(TextChoices):
    CALL = "call", _("Call")
    MEETING = "meeting", _("Meeting")
    NOTE = "note", _("Note")


class Direction(TextChoices):
    OUT = "out", _("Outgoing")
    IN = "in", _("Incoming")


class CallOutcome(TextChoices):
    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    CALL_BACK = "call_back", _("Asked to call back")
    WRONG_NUMBER = "wrong_number", _("Wrong number")


class MeetingOutcome(TextChoices):
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class Outcome(TextChoices):
    """Either list as one, for the column that holds both; the database ties each value to its kind."""

    REACHED = "reached", _("Reached")
    NO_ANSWER = "no_answer", _("No answer")
    LEFT_MESSAGE = "left_message", _("Left a message")
    CALL_BACK = "call_back", _("Asked to call back")
    WRONG_NUMBER = "wrong_number", _("Wrong number")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


class TaskKind(TextChoices):
    TASK = "task", _("Task")
    FOLLOW_UP = "follow_up", _("Follow-up")


class TaskState(TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    CANCELLED = "cancelled", _("Cancelled")


class Priority(TextChoices):
    LOW = "low", _("Low")
    NORMAL = "normal", _("Normal")
    HIGH = "high", _("High")


class Recurrence(TextChoices):
    NONE = "none", _("Does not repeat")
    DAILY = "daily", _("Daily")
    WEEKLY = "weekly", _("Weekly")
    MONTHLY = "monthly", _("Monthly")
    YEARLY = "yearly", _("Yearly")
