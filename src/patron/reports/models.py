"""Saved reports, dashboards of tiles, and schedules by e-mail."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from patron.identity.models import Membership, Team
from patron.kernel.tenancy import TenantForeignKey, TenantModel
from patron.records.models import ViewScope
from patron.reports import shipped
from patron.reports.enums import Frequency


def _checks(name: str) -> list[Any]:
    return [
        models.CheckConstraint(condition=~Q(scope="team") | Q(team__isnull=False), name=f"{name}_team_named"),
        models.CheckConstraint(condition=~Q(name=""), name=f"{name}_has_a_name"),
    ]


class Shared(TenantModel):
    """Something with a name that a person keeps for themselves, for a team or for everyone. Whose it is decides `records.SharedType`."""

    name = models.CharField(_("name"), max_length=80)
    description = models.CharField(_("description"), max_length=250, blank=True, default="", db_default="")
    scope = models.CharField(_("who sees it"), max_length=10, choices=ViewScope.choices, default=ViewScope.PRIVATE)
    owner = TenantForeignKey(Membership, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("owner"), db_index=False)
    team = TenantForeignKey(Team, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("team"), db_index=False)
    created_at = models.DateTimeField(_("created"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("changed"), db_default=Now(), editable=False)
    revision = models.PositiveIntegerField(db_default=1, editable=False)

    class Meta(TenantModel.Meta):
        abstract = True

    def __str__(self) -> str:
        return self.name


class Report(Shared):
    """A definition with a name. The figures are worked out anew for every reader, under that reader's rights."""

    definition: Any = models.JSONField(_("definition"))
    names_records = ("definition",)
    not_relations: ClassVar = {"definition": "its filter is moved as text (names_records)"}

    class Meta(Shared.Meta):
        constraints: ClassVar = _checks("report")
        indexes: ClassVar = [
            models.Index(fields=["workspace", "scope", "name"], name="report_by_scope"),
            models.Index(fields=["workspace", "owner"], name="report_by_owner"),
            models.Index(fields=["workspace", "team"], name="report_by_team"),
        ]


class Dashboard(Shared):
    """Tiles on a grid of twelve columns. One that everyone sees may be the default."""

    is_default = models.BooleanField(_("opens first"), default=False, db_default=False)

    class Meta(Shared.Meta):
        constraints: ClassVar = [
            *_checks("dashboard"),
            models.UniqueConstraint(fields=["workspace"], name="dashboard_one_default", condition=Q(is_default=True)),
            models.CheckConstraint(condition=Q(is_default=False) | Q(scope="workspace"), name="dashboard_default_is_shared"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "scope", "name"], name="dashboard_by_scope"),
            models.Index(fields=["workspace", "owner"], name="dashboard_by_owner"),
            models.Index(fields=["workspace", "team"], name="dashboard_by_team"),
        ]


_ONE_REPORT = Q(report__isnull=True) ^ Q(shipped="")


class Tile(TenantModel):
    """One report on a dashboard: a saved one or, by its key, a shipped one. `width` is in twelfths of the page."""

    dashboard = TenantForeignKey(Dashboard, on_delete=models.CASCADE, related_name="tiles", verbose_name=_("dashboard"), db_index=False)
    report = TenantForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("report"), db_index=False)
    shipped = models.CharField(_("report that comes with Patron"), max_length=40, choices=shipped.choices, blank=True, default="", db_default="")
    width = models.PositiveSmallIntegerField(_("width"), default=6, db_default=6, help_text=_("In twelfths of the page: 3, 4, 6, 8 or 12."))
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_default=0, help_text=_("Smaller ones come first; a new tile is the last."))

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ONE_REPORT, name="tile_of_one_report"),
            models.CheckConstraint(condition=Q(width__range=(3, 12)), name="tile_fits_the_page"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "dashboard", "position"], name="tile_by_dashboard"),
            models.Index(fields=["workspace", "report"], name="tile_by_report"),
        ]


class Schedule(TenantModel):
    """A report by e-mail at an hour of its maker's zone. Each recipient gets it under their own rights; `next_at` is when it is due."""

    report = TenantForeignKey(Report, null=True, blank=True, on_delete=models.CASCADE, related_name="+", verbose_name=_("report"), db_index=False)
    shipped = models.CharField(_("report that comes with Patron"), max_length=40, choices=shipped.choices, blank=True, default="", db_default="")
    owner = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner"), db_index=False)
    frequency = models.CharField(_("how often"), max_length=8, choices=Frequency.choices, default=Frequency.WEEKLY)
    weekday = models.PositiveSmallIntegerField(_("on"), default=0, db_default=0)
    month_day = models.PositiveSmallIntegerField(_("day of the month"), default=1, db_default=1)
    hour = models.PositiveSmallIntegerField(_("hour"), default=8, db_default=8)
    zone = models.CharField(_("time zone"), max_length=60)
    next_at = models.DateTimeField(_("next sent"))
    sent_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    problem = models.CharField(_("what went wrong"), max_length=300, blank=True, default="", db_default="")
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [
            models.CheckConstraint(condition=_ONE_REPORT, name="schedule_of_one_report"),
            models.CheckConstraint(condition=Q(weekday__range=(0, 6), month_day__range=(1, 31), hour__range=(0, 23)), name="schedule_has_a_time"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "next_at"], name="schedule_due"),
            models.Index(fields=["workspace", "report"], name="schedule_by_report"),
            models.Index(fields=["workspace", "owner"], name="schedule_by_owner"),
        ]


class Recipient(TenantModel):
    """That a member gets a scheduled report."""

    schedule = TenantForeignKey(Schedule, on_delete=models.CASCADE, related_name="recipients", db_index=False)
    member = TenantForeignKey(Membership, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta(TenantModel.Meta):
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "schedule", "member"], name="recipient_once")]
        indexes: ClassVar = [models.Index(fields=["workspace", "member"], name="recipient_by_member")]
