"""Saved reports beside the shipped ones: finding, saving, deleting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import registry
from patron.reports.definition import BadReport, Definition, read
from patron.reports.domain import sharing
from patron.reports.models import Report
from patron.reports.shipped import SHIPPED, Shipped


@dataclass(frozen=True, slots=True)
class Named:
    """A report that can be opened: a saved one (`saved`), or a shipped one. `key` is what addresses and tiles call it."""

    key: str
    name: str
    description: str
    stored: Any
    saved: Report | None = None

    @property
    def definition(self) -> Definition:
        """What it asks; `BadReport` where it was stored by a version that knew other words."""
        return self.stored if isinstance(self.stored, Definition) else read(self.stored)

    def is_own(self, access: Access) -> bool:
        """Whether the person made it."""
        return self.saved is not None and self.saved.owner_id is not None and self.saved.owner_id == access.member_id


def of_saved(report: Report) -> Named:
    return Named(str(report.pk), report.name, report.description, report.definition, report)


def of_shipped(shipped: Shipped) -> Named:
    return Named(shipped.key, str(shipped.name), str(shipped.description), shipped.definition)


def find(key: str, access: Access) -> Named | None:
    """The report under a key that the person sees; None where there is none."""
    if key in SHIPPED:
        shipped = SHIPPED[key]
        return of_shipped(shipped) if registry.find(shipped.definition.type_key) and access.can(shipped.definition.type_key, "view") else None
    try:
        wanted = uuid.UUID(key)
    except ValueError:
        return None
    found = sharing.visible(Report, access).filter(pk=wanted).first()
    return of_saved(found) if found else None


def by_name(name: str, access: Access) -> list[Named]:
    """Reports of that key or name, without regard to case."""
    exact = find(name, access)
    if exact is not None:
        return [exact]
    found = [of_saved(r) for r in sharing.visible(Report, access).filter(name__iexact=name.strip()).order_by("created_at")]
    return found or [of_shipped(s) for s in SHIPPED.values() if str(s.name).casefold() == name.strip().casefold()]


def saved(access: Access) -> list[Named]:
    """Every saved report that the person sees, by name; those on records that their role does not show are left out."""
    rows = sharing.visible(Report, access).select_related("owner", "team").order_by("name")
    return [of_saved(r) for r in rows if access.can(str(r.definition.get("type_key")), "view")]


def shipped(access: Access) -> list[Named]:
    """The shipped reports on records that the person's role shows."""
    return [named for named in (find(key, access) for key in SHIPPED) if named is not None]


def save(definition: Definition, *, access: Access, name: str, scope: str, description: str = "", team_id: uuid.UUID | None = None, report: Report | None = None) -> Report:
    """Keep a definition under a name, or change a report that may be changed. Raises `Refused`."""
    if registry.find(definition.type_key) is None or not access.can(definition.type_key, "view"):
        raise BadReport(_("Your role does not show these records."))
    if report is not None:
        sharing.check_change(report, access)
    kept = report or Report(owner_id=access.member_id)
    sharing.share(kept, name=name, description=description, scope=scope, team_id=team_id, access=access)
    kept.definition = definition.stored()
    with operation("reports.save", access=access, details={"name": kept.name}):
        kept.save()
    return kept


def delete(report: Report, *, access: Access) -> uuid.UUID:
    """Remove a report with its tiles and schedules; answers the operation, whose undo brings all of them back."""
    sharing.check_change(report, access)
    with operation("reports.delete", access=access, details={"name": report.name}) as signed:
        from patron.reports.models import Schedule, Tile

        Tile.objects.filter(report=report).delete()
        for schedule in Schedule.objects.filter(report=report):
            schedule.recipients.all().delete()
            schedule.delete()
        report.delete()
    return signed.id


def copy_name(name: str) -> str:
    """What a copy is called until somebody names it."""
    return (_("Copy of %(name)s") % {"name": name})[:80]
