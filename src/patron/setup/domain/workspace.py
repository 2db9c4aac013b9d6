"""The workspace's own settings. The directory of workspaces is no ledgered table, so the operation itself keeps what changed, and undo reads it."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import replace
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from babel import Locale
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import capfirst
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.domain.status import refresh_statuses
from patron.customers.jobs import refresh_statuses_later
from patron.customers.models import Account
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.formats import Formats
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.changes import NotValid
from patron.records.fields import Field
from patron.records.verbs import Refused

VERB = "workspace.edit"
LOCALES = ("en", "en_GB", "en_US", "de", "de_AT", "de_CH", "fr", "fr_CH", "es", "it", "nl", "pt", "pt_BR", "pl", "cs", "da", "sv", "nb", "fi", "hu", "tr", "ja")
STATUS_RULES = frozenset({"counts_orders", "order_window_days"})
AT_ONCE = 5_000  # accounts whose statuses are brought up to date while the person waits
HUES = (262, 230, 200, 175, 150, 120, 90, 65, 40, 20, 345, 310)


def fields(locale: str = "en") -> tuple[Field, ...]:
    """What can be set, as fields of a form."""
    return (
        _field("name", "text", required=True, max_length=120),
        _field("currency", "currency", required=True, hint=_("Totals and reports are in this currency.")),
        _field("country", "country", required=True, hint=_("For phone numbers without a country code.")),
        _field("time_zone", "choice", required=True, choices=zones(), hint=_("When a day begins and ends. People can choose their own.")),
        _field("language", "choice", label=_("Numbers and dates"), required=True, choices=formats(locale), hint=_("How they are written and read. People can choose their own.")),
        _field("fiscal_month", "choice", label=_("Fiscal year starts in"), required=True, choices=months(locale)),
        _field("hue", "integer", required=True),
        _field("counts_orders", "checkbox", label=_("Won deals and orders make an account active")),
        _field("order_window_days", "integer", label=_("For how many days"), required=True, hint=_("After the last one the account counts as churned.")),
    )


def _field(name: str, kind: str, *, label: Any = "", **more: Any) -> Field:
    column: Any = Workspace._meta.get_field(name)
    return Field(name=name, kind=kind, label=label or capfirst(column.verbose_name), path=name, nullable=False, **more)


@lru_cache(maxsize=1)
def zones() -> tuple[tuple[str, str], ...]:
    """Places of the time zone database, without its old and technical names."""
    areas = ("Africa", "America", "Antarctica", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
    found = sorted(z for z in available_timezones() if z.partition("/")[0] in areas)
    return (("UTC", "UTC"), *((z, z.replace("_", " ").replace("/", " / ")) for z in found))


@lru_cache(maxsize=8)
def formats(locale: str) -> tuple[tuple[str, str], ...]:
    """Locales by name, each with a date and a number as it writes them."""
    shown = []
    for code in LOCALES:
        known = Locale.parse(code)
        fmt = Formats(code, ZoneInfo("UTC"))
        sample = f"{fmt.date(datetime.date(2026, 12, 31))}, {fmt.number(Decimal('1234.5'), 2)}"
        shown.append((code, f"{capfirst(known.get_display_name(locale.replace('-', '_')) or code)}: {sample}"))
    return tuple(shown)


@lru_cache(maxsize=8)
def months(locale: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(locale, sep="-" if "-" in locale else "_").months["stand-alone"]["wide"]
    return tuple((str(number), capfirst(names[number])) for number in range(1, 13))


def holds_money() -> bool:
    """Whether any amount was recorded: from then on the base currency stands."""
    types = [t for t in registry.all_types() if any(f.kind == "money" and not f.path.startswith("custom__") for f in t.fields.values())]
    return any(t.model.objects.exists() for t in types)


def save(values: dict[str, Any], *, access: Access) -> uuid.UUID | None:
    """Change the settings; answers the operation, None where nothing changed. Raises `NotValid`."""
    with transaction.atomic():
        place = Workspace.objects.select_for_update(no_key=True).get(pk=access.workspace.pk)
        changed = {n: [getattr(place, n), v] for n, v in values.items() if getattr(place, n) != v}
        if "currency" in changed and holds_money():
            raise NotValid({"currency": _now("Amounts are recorded in %(currency)s already: the base currency stands.") % {"currency": place.currency}})
        for name, (_old, new) in changed.items():
            setattr(place, name, new)
        try:
            place.full_clean(validate_constraints=False)
        except ValidationError as error:
            raise NotValid({n: " ".join(m) for n, m in error.message_dict.items()}) from error
        if not changed:
            return None
        with operation(VERB, access=access, details={"changes": changed}) as signed:
            place.save(update_fields=list(changed))
            _statuses(changed, place, access)
        return signed.id


def undo(operation_id: uuid.UUID, *, access: Access) -> uuid.UUID:
    """Put back what an operation changed, unless a setting was changed again since; raises `Refused`."""
    with transaction.atomic():
        place = Workspace.objects.select_for_update(no_key=True).get(pk=access.workspace.pk)
        target = Operation.objects.filter(pk=operation_id, verb=VERB).first()
        if target is None:
            raise Refused(_now("There is no such change."))
        if Operation.objects.filter(undoes=operation_id).exists():
            raise Refused(_now("This was undone already."))
        changed = {n: [new, old] for n, (old, new) in target.details["changes"].items()}
        newer = [n for n, (new, _old) in changed.items() if getattr(place, n) != new]
        if newer:
            raise Refused(_now("Something newer stands in the way: %(what)s was changed again since.") % {"what": label_of(newer[0])})
        for name, (_new, old) in changed.items():
            setattr(place, name, old)
        with operation(VERB, access=access, undoes=operation_id, details={"changes": changed, "verb": VERB}) as signed:
            place.save(update_fields=list(changed))
            _statuses(changed, place, access)
        return signed.id


def _statuses(changed: dict[str, Any], place: Workspace, access: Access) -> None:
    """What makes an account active was changed: statuses follow, at once or, where there are many accounts, in a job."""
    if STATUS_RULES.isdisjoint(changed):
        return
    if Account.objects.order_by()[: AT_ONCE + 1].count() > AT_ONCE:
        refresh_statuses_later.defer(workspace_id=str(place.pk))
    else:
        refresh_statuses(access=replace(access, workspace=place), cause="settings changed")


def label_of(name: str) -> str:
    """What a setting is called."""
    return next((str(f.label) for f in fields() if f.name == name), name)
