"""Deals."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records.record_type import RecordType, Section, Stat
from patron.records.registry import register
from patron.sales.board import BOARD
from patron.sales.domain import editing, imported, opening
from patron.sales.enums import Outcome
from patron.sales.models import Deal, DealMember

OUTCOME_TONES = {"open": "info", "won": "good", "partially_won": "note", "lost": "bad"}


@register
class DealType(RecordType):
    """What we try to sell. A deal belongs to its owner and to everybody in its sales team."""

    key, model, icon = "deals", Deal, "kanban"
    label, plural = _("Deal"), _("Deals")
    description = _("What you try to sell, stage by stage. Win or lose a deal to close it.")
    nav, nav_order = "sales", 40
    subtitle = ("number", "account")
    columns = ("account", "stage", "base_amount", "weighted", "expected_close", "owner", "next_activity_at", "outcome")
    more_actions: ClassVar[dict[str, Any]] = {"override": _("Skip what a stage needs")}
    filters = ("stage", "outcome", "owner", "account", "expected_close", "base_amount", "pipeline", "closed_on", "next_activity_at", "source")
    sections = (
        Section(_("Deal"), ("name", "account", "contact", "owner", "amount", "currency", "expected_close", "opened_on")),
        Section(_("Forecast"), ("probability", "forecast_category", "next_step")),
        Section(_("Origin"), ("source", "campaign", "lead")),
        Section(_("More"), ("description", "tags")),
    )
    quick = ("name", "account", "amount", "currency", "expected_close", "owner", "contact")
    facts = (
        "account", "contact", "amount", "currency", "probability", "expected_close", "opened_on", "closed_on", "next_step", "forecast_category",
        "source", "campaign", "lead", "lost_reason", "lost_note", "lost_to", "deferred_from", "description",
    )  # fmt: skip
    sort = "-created_at"
    totals = ("base_amount", "weighted", "won_base", "lost_base")
    keys = ("external_id", "number")
    protected = ("outcome", "lost_reason", "lost_note", "lost_to")
    internal = ("stage_kind", "rate")
    collections: ClassVar[dict[str, tuple[str, str]]] = {
        "lines": ("deal-lines", "deal"), "stakeholders": ("stakeholders", "deal"), "members": ("deal-members", "deal"),
        "competitors": ("deal-competitors", "deal"),
    }  # fmt: skip
    duplicate_fields = ("name",)
    badge_of = ("outcome",)
    tones: ClassVar[dict[str, dict[str, str]]] = {"outcome": OUTCOME_TONES}
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "external_id": ("opportunity_id", "opportunity id", "deal id", "deal_id"), "name": ("opportunity name", "opportunity", "deal name", "deal", "title"),
        "stage": ("deal_stage", "deal stage", "sales stage", "opportunity stage"), "owner": ("sales_agent", "sales agent", "deal owner", "opportunity owner", "sales rep"),
        "opened_on": ("engage_date", "engage date", "open date", "created date"), "closed_on": ("closed date", "actual close date", "won date"),
        "expected_close": ("close_date", "close date", "expected close date", "closing date", "target close date"),
        "amount": ("close_value", "close value", "value", "deal value", "deal amount", "opportunity amount", "revenue"),
        "account": ("company", "customer", "account name", "organisation", "organization"), "source": ("lead source",),
    }  # fmt: skip
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "deal_own_probability": ("probability", _("Enter a probability between 0 and 100.")),
        "deal_open_has_no_end": ("closed_on", _("An open deal has no closing day.")),
        "deal_won_with_account": ("account", _("A won deal belongs to somebody.")),
        "deal_lost_for_a_reason": ("lost_reason", _("Choose a lost reason.")),
        "deal_closed_on_a_day": ("closed_on", _("Enter the day on which the deal closed.")),
        "deal_parts_make_the_whole": ("amount", _("What was won and what was lost do not add up to the amount.")),
        "deal_stands_in_its_stage": ("stage", _("This stage does not fit the deal's pipeline or outcome.")),
    }
    board = BOARD

    def own(self, access: Access, scope: str) -> Q:
        reach = [i for i in access.reach(scope) if i is not None]
        teamed = DealMember.objects.filter(member__in=reach, archived_at=None).values("deal")
        return Q(owner__in=reach) | Q(pk__in=teamed)

    def owner_ids(self, record: Any) -> set[uuid.UUID | None]:
        team = record.members.filter(archived_at=None).values_list("member", flat=True)
        return {record.owner_id, *team}

    def defaults(self, access: Access) -> dict[str, Any]:
        return opening.defaults(access)

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        return editing.faults(record, access=access, changed=changed)

    def saved(self, record: Any, *, access: Access, created: bool, changed: set[str]) -> None:
        editing.saved(record, access=access, created=created, changed=changed)

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        imported.deals_imported(ids, access=access, created=created)

    def badge(self, record: Any) -> tuple[str, str] | None:
        return str(Outcome(record.outcome).label), OUTCOME_TONES[record.outcome]

    def board_address(self, access: Access) -> str:
        return f"/w/{access.workspace.slug}/deals/board/"

    def nav_address(self, access: Access) -> str:
        return self.board_address(access)

    def stats(self, record: Any, access: Access) -> list[Stat]:
        fmt = Formats(access.locale, access.zone)
        return _closed_stats(record, fmt) if not record.is_open else _open_stats(record, access, fmt)


def _money(record: Any, amount: Any, fmt: Formats) -> str:
    return fmt.money(amount, record.currency) if amount is not None and record.currency else (fmt.number(amount) if amount is not None else "—")


def _open_stats(record: Any, access: Access, fmt: Formats) -> list[Stat]:
    days = (timezone.now() - record.stage_since).days
    expected = record.stage.expected_days
    rotting = expected is not None and days > expected
    late = record.expected_close is not None and record.expected_close < access.today()
    note = _now("own probability") if record.probability is not None else ""
    found = [
        Stat(_now("Amount"), _money(record, record.amount, fmt), _recurring(record, access, fmt), of=("amount", "base_amount", "mrr")),
        Stat(
            _now("Weighted"),
            fmt.money(record.weighted, access.workspace.currency) or "—",
            f"{fmt.percent(record.effective_probability)} {note}".strip(),
            of=("weighted", "amount", "base_amount", "probability", "effective_probability"),
        ),
        Stat(_now("Expected close"), fmt.date(record.expected_close) or "—", _now("overdue") if late else "", tone="bad" if late else "", of=("expected_close",)),
        Stat(
            _now("In this stage"),
            ngettext("%(n)s day", "%(n)s days", days) % {"n": days},
            _now("longer than expected") if rotting else "",
            tone="bad" if rotting else "",
            of=("stage_since",),
        ),
    ]
    if record.next_activity_at is None:
        return [*found, Stat(_now("Next activity"), "—", _now("nothing planned"), tone="warn", of=("next_activity_at",))]
    return [*found, Stat(_now("Next activity"), fmt.ago(record.next_activity_at), of=("next_activity_at",))]


def _closed_stats(record: Any, fmt: Formats) -> list[Stat]:
    cycle = (record.closed_on - record.opened_on).days if record.closed_on and record.opened_on else None
    found = [Stat(_now("Won"), _money(record, record.won_amount, fmt), tone="good" if record.is_won else "", of=("won_amount", "amount"))]
    if record.lost_amount:
        found.append(Stat(_now("Lost"), _money(record, record.lost_amount, fmt), str(record.lost_reason or ""), tone="bad", of=("lost_amount", "amount", "lost_reason")))
    found.append(Stat(_now("Closed on"), fmt.date(record.closed_on) or "—", of=("closed_on",)))
    if cycle is not None and cycle >= 0:
        found.append(Stat(_now("Took"), ngettext("%(n)s day", "%(n)s days", cycle) % {"n": cycle}, of=("closed_on", "opened_on")))
    return found


def _recurring(record: Any, access: Access, fmt: Formats) -> str:
    """What stands under the amount: its worth in base currency where that is another, and what comes in per month."""
    notes = []
    if record.currency not in ("", access.workspace.currency):
        notes.append(fmt.money(record.base_amount, access.workspace.currency) if record.base_amount is not None else _now("no exchange rate"))
    if record.mrr:
        notes.append(_now("%(amount)s per month") % {"amount": _money(record, record.mrr, fmt)})
    return ", ".join(notes)
