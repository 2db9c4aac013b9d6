"""Calls, meetings and notes: one table, so that a timeline is one indexed read."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from patron.collab.enums import (
    ActivityKind,
    CallOutcome,
    Direction,
    MeetingOutcome,
    Outcome,
)
from patron.identity.models import Membership
from patron.kernel.db.functions import SearchText
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.model import Record, external_id_once, own_text, own_text_index

_TEXT = models.TextField()
_TRIMMED = models.Func(F("body"), Value(" \n\r\t"), function="btrim", output_field=_TEXT)
_FIRST_LINE = Left(models.Func(_TRIMMED, Value("\n"), Value(1), function="split_part", output_field=_TEXT), 120)
TITLE = Case(
    When(~Q(subject=""), then=F("subject")), When(~Q(body=""), then=_FIRST_LINE), default=F("kind"), output_field=models.CharField(max_length=200)
)


class Activity(Record):
    """A call, a meeting or a note. `at` is the instant it happened or is planned for; `done` says which of the two.

    `title` is the subject, else the first line of the text: kept by the database, so that every list has something to show.
    """

    kind = models.CharField(_("kind"), max_length=10, choices=ActivityKind.choices, default=ActivityKind.NOTE, db_default=ActivityKind.NOTE)
    subject = models.CharField(_("subject"), max_length=200, blank=True, default="", db_default="")
    body = models.TextField(_("text"), blank=True, default="", db_default="")
    at = models.DateTimeField(_("when"))
    minutes = models.PositiveIntegerField(_("minutes"), null=True, blank=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome.choices, blank=True, default="", db_default="")
    direction = models.CharField(_("direction"), max_length=4, choices=Direction.choices, blank=True, default="", db_default="")
    location = models.CharField(_("place"), max_length=200, blank=True, default="", db_default="")
    done = models.BooleanField(_("done"), default=True, db_default=True)
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("owner"), db_index=False)
    title = models.GeneratedField(
        expression=TITLE, output_field=models.CharField(_("title"), max_length=200), db_persist=True, verbose_name=_("title")
    )
    search = models.GeneratedField(
        expression=SearchText("subject", "body", "location"), output_field=models.TextField(), db_persist=True, editable=False
    )
    own_text = own_text()

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("activity_external_id_once"),
            models.CheckConstraint(condition=Q(kind__in=ActivityKind.values), name="activity_kind_known"),
            models.CheckConstraint(
                condition=~Q(kind="note") | (Q(done=True, outcome="", direction="") & (~Q(body="") | ~Q(subject=""))),
                name="activity_note_says_something",
            ),
            models.CheckConstraint(condition=Q(direction="") | Q(kind="call", direction__in=Direction.values), name="activity_direction_of_call"),
            models.CheckConstraint(
                condition=Q(outcome="") | Q(kind="call", outcome__in=CallOutcome.values) | Q(kind="meeting", outcome__in=MeetingOutcome.values),
                name="activity_outcome_of_kind",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "at", "id"], name="activity_recent"),
            models.Index(fields=["workspace", "owner", "at"], name="activity_by_owner"),
            models.Index(fields=["workspace", "owner", "at", "id"], name="activity_planned", condition=Q(done=False)),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="activity_search"),
            own_text_index("activity_own_text"),
        ]

    def __str__(self) -> str:
        return self.subject or self.body.partition("\n")[0][:120] or str(ActivityKind(self.kind).label)


class ActivityLink(TenantModel):
    """That an activity belongs on a record's timeline. `at` is the activity's, kept by a trigger: one index scan gives a page in order."""

    activity = TenantForeignKey(Activity, on_delete=models.CASCADE, related_name="links", db_on_delete="CASCADE", db_index=False)
    record_type = models.CharField(max_length=40)
    record_id = models.UUIDField()
    at = models.DateTimeField()

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "activity", "record_type", "record_id"], name="activity_link_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "record_id", "-at", "-activity"], name="activity_link_timeline")]


class Attendee(TenantModel):
    """Who took part: a member of the workspace, or a record such as a contact. Records that take part are linked as well."""

    activity = TenantForeignKey(Activity, on_delete=models.CASCADE, related_name="attendees", db_on_delete="CASCADE", db_index=False)
    member = TenantForeignKey(Membership, null=True, on_delete=models.PROTECT, related_name="+", db_index=False)
    record_type = models.CharField(max_length=40, blank=True, default="", db_default="")
    record_id = models.UUIDField(null=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["workspace", "activity", "member"], name="attendee_member_once"),
            models.UniqueConstraint(fields=["workspace", "activity", "record_type", "record_id"], name="attendee_record_once"),
            models.CheckConstraint(
                condition=Q(member__isnull=False, record_type="", record_id__isnull=True)
                | (Q(member__isnull=True, record_id__isnull=False) & ~Q(record_type="")),
                name="attendee_is_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="attendee_by_member", condition=Q(member__isnull=False))]
