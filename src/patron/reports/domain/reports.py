"""Saved reports beside the shipped ones: finding, saving, deleting."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import IO, Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.ledger.operations import operation
from patron.records import changes, perform, registry
from patron.records.kinds import View
from patron.reports import files
from patron.reports.definition import Definition, read
from patron.reports.domain import sharing
from patron.reports.models import Report
from patron.reports.result import Result
from patron.reports.run import run
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

    @property
    def type_key(self) -> str:
        """The record type that it is about."""
        return self.stored.type_key if isinstance(self.stored, Definition) else str(self.stored.get("type_key"))

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
        named, wanted = of_shipped(SHIPPED[key]), ("reports", SHIPPED[key].definition.type_key)
        return named if all(registry.find(k) and access.can(k, "view") for k in wanted) else None
    try:
        wanted_id = uuid.UUID(key)
    except ValueError:
        return None
    found = sharing.visible(Report, access).filter(pk=wanted_id).first()
    return of_saved(found) if found else None


def by_name(name: str, access: Access) -> list[Named]:
    """Reports of that key or name, without regard to case."""
    exact = find(name, access)
    if exact is not None:
        return [exact]
    found = [of_saved(r) for r in sharing.visible(Report, access).filter(name__iexact=name.strip()).order_by("created_at")]
    return found or [of_shipped(s) for s in SHIPPED.values() if str(s.name).casefold() == name.strip().casefold()]


def saved(access: Access) -> list[Named]:
    """The saved reports that are the person's own, their teams' or everyone's, by name; those on records that their role does not show are left out."""
    return _by_name(sharing.visible(Report, access).filter(sharing.addressed(access)), access)


def of_others(access: Access) -> list[Named]:
    """The reports that other people keep for themselves or their teams: for those who see all."""
    return _by_name(sharing.visible(Report, access).exclude(sharing.addressed(access)), access) if access.manages_settings else []


def _by_name(rows: QuerySet[Report], access: Access) -> list[Named]:
    found = map(of_saved, rows.select_related("owner", "team").order_by("name"))
    return [named for named in found if access.can(named.type_key, "view")]


def shipped(access: Access) -> list[Named]:
    """The shipped reports on records that the person's role shows."""
    return [named for named in (find(key, access) for key in SHIPPED) if named is not None]


def save(definition: Definition, *, access: Access, name: str, scope: str, description: str = "", team_id: uuid.UUID | None = None, report: Report | None = None) -> Report:
    """Keep a definition under a name, or change a report that may be changed. Raises `Refused`, and `NotValid` with the fields that are wrong."""
    values = {"name": name, "description": description, "scope": scope, "team": team_id, "definition": definition.stored()}
    if report is None:
        sharing.check_make(Report, access)
        made: Report = changes.create(registry.of_model(Report), values, access=access)
        return made
    return change(report, values, access=access)


def change(report: Report, values: dict[str, Any], *, access: Access) -> Report:
    """Change a report that may be changed: the values that are given. Raises `Refused`, and `NotValid` with the fields that are wrong."""
    sharing.check_change(report, access)
    changes.edit(registry.of_model(Report), report, values, access=access)
    return report


def delete(report: Report, *, access: Access) -> uuid.UUID:
    """Remove a report with its tiles and schedules; answers the operation, whose undo brings all of them back. Raises `NotAllowed`."""
    return perform.perform(registry.verb("reports", "delete"), registry.of_model(Report), report, access=access, inputs={}).operation_id


def figures(named: Named, view: View) -> Result:
    """The report's figures for this reader; `Invalid` with words where it cannot be made for them."""
    return run(named.definition, view, own=named.is_own(view.access))


def may_export(named: Named, access: Access) -> bool:
    """Whether the person may take away what the report counts."""
    return access.can(named.type_key, "export")


def export(named: Named, result: Result, stream: IO[bytes], form: str) -> int:
    """Write the figures as a file (`csv`, `xlsx`); takes the right to export records of that type, and is recorded. Answers the number of lines. Raises `NotAllowed`."""
    access = result.view.access
    if not may_export(named, access):
        raise perform.NotAllowed("reports.export")
    count = files.write(result, stream, form)
    with operation("reports.export", access=access, details={"name": named.name, "rows": count, "format": form}):
        pass
    return count


def copy_name(name: str) -> str:
    """What a copy is called until somebody names it."""
    return (_("Copy of %(name)s") % {"name": name})[:80]
