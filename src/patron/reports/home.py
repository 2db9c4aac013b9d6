"""The home page's figures: what needs me today, how the pipeline stands, what was won."""

from __future__ import annotations

import datetime
import functools
import math
import operator
import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Value
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.kernel.formats import Formats
from patron.records.record_type import Stat
from patron.records.views.base import href
from patron.sales.domain import forecast, kept, queries
from patron.sales.domain.forecast import Forecast
from patron.sales.domain.kept import Deals
from patron.sales.domain.stage_totals import pipeline_totals
from patron.sales.domain.stages import default_pipeline, open_stages, stages_of
from patron.sales.enums import StageKind
from patron.sales.models import Pipeline

SCOPES = ("me", "team", "all")
ATTENTION = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """A column of the month chart: heights and places in units of the drawing, amounts in base currency."""

    label: str
    x: int
    won: Decimal
    weighted: Decimal
    won_height: float
    weighted_height: float
    now: bool


@dataclass(frozen=True, slots=True)
class Chart:
    bars: list[Bar]
    ticks: list[tuple[float, str]]
    width: int
    finding: str


def scope_of(access: Access, wanted: str) -> str:
    """Whose figures to show: what was asked for, as far as the person's rights go."""
    scope = access.scope("deals", "view") or "own"
    allowed = {"own": ("me",), "team": ("me", "team"), "all": SCOPES}[scope]
    return wanted if wanted in allowed else allowed[-1]


#: What the figures add up.
_ADDED = ("base_amount", "weighted", "won_base", "lost_base", "outcome", "expected_close", "closed_on")


def may_add_up(access: Access) -> bool:
    """Whether the person may see deals and everything that their sums are made of."""
    return access.can("deals", "view") and not any(access.hides("deals", name) for name in _ADDED)


def deals_of(access: Access, scope: str) -> Deals:
    """The visible deals of the person, of their teams, or all; all of them as sums where these may be used."""
    if scope == "all":
        return kept.whole(access)
    owners = [access.member_id] if scope == "me" else [access.member_id, *access.team_member_ids]
    return kept.part(queries.live(access).filter(owner_id__in=owners))


def outlook(access: Access, deals: Deals) -> Forecast:
    """Nine months back, three ahead: what the figures and the chart are about (D1)."""
    today = access.today()
    return forecast.forecast(deals.by_day, start=_months_on(today, -8), end=_months_on(today, 4), today=today)


def stats(access: Access, deals: Deals, ahead: Forecast, fmt: Formats) -> list[Stat]:
    """Five figures, each with the rows behind it. Two queries."""
    today, currency = access.today(), access.workspace.currency
    won, recent, before = _rates(deals, today)
    totals = queries.open_totals(deals.by_day, today)
    late, rate, earlier = totals.late, recent.by_count, before.by_count
    soon = sum((m.weighted for m in ahead.months if m.month and today.replace(day=1) <= m.month < _months_on(today, 3)), Decimal(0))
    return [
        Stat(_("Won this quarter"), fmt.money(won.won_value, currency, False), ngettext("%(n)s deal", "%(n)s deals", won.won) % {"n": fmt.number(won.won)}, _deals(access, '[["outcome","is",["won","partially_won"]],["closed_on","within","this_quarter"]]')),
        Stat(_("Open pipeline"), fmt.money(totals.base, currency, False), ngettext("%(n)s open deal", "%(n)s open deals", totals.count) % {"n": fmt.number(totals.count)}, _deals(access, '[["outcome","is",["open"]]]')),
        Stat(_("Weighted pipeline"), fmt.money(totals.weighted, currency, False), _("of which %(x)s close in three months") % {"x": fmt.money(soon, currency, False)}, _deals(access, '[["outcome","is",["open"]]]')),
        Stat(_("Win rate, 90 days"), "–" if rate is None else f"{rate:.0f}%", _points(rate, earlier), _deals(access, '[["closed_on","within","last_90_days"]]'), _tone(rate, earlier)),
        Stat(_("Overdue close dates"), fmt.number(late), _("open deals past their date") if late else _("every date lies ahead"), _deals(access, '[["outcome","is",["open"]],["expected_close","within","past"]]'), "bad" if late else ""),
    ]  # fmt: skip


def _rates(deals: Deals, today: datetime.date) -> list[queries.WinRate]:
    """This quarter, the last 90 days, and the 90 before."""
    quarter, half, whole = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1), today - datetime.timedelta(days=90), today - datetime.timedelta(days=180)
    days = sorted({quarter, half, whole})
    parts = list(zip(days, queries.rates_between(deals.by_day.filter(closed_on__gte=whole), days)[1:], strict=True))

    def between(start: datetime.date, end: datetime.date = datetime.date.max) -> queries.WinRate:
        return functools.reduce(operator.add, (rate for day, rate in parts if start <= day < end))

    return [between(quarter), between(half), between(whole, half)]


def _deals(access: Access, conditions: str) -> str:
    from urllib.parse import urlencode

    return href(access, "deals", query=urlencode({"view": "all", "f": f'{{"and":{conditions}}}'}))


def _points(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None:
        return _("too little to compare")
    change = round(now - before)
    return _("as before") if not change else (_("up %(n)s points") if change > 0 else _("down %(n)s points")) % {"n": abs(change)}


def _tone(now: Decimal | None, before: Decimal | None) -> str:
    if now is None or before is None or round(now - before) == 0:
        return ""
    return "good" if now > before else "bad"


def _months_on(day: datetime.date, months: int) -> datetime.date:
    index = day.year * 12 + day.month - 1 + months
    return datetime.date(index // 12, index % 12 + 1, 1)


def months_chart(access: Access, found: Forecast, fmt: Formats) -> Chart:
    """Won per month and what is weighted for the coming ones."""
    today = access.today()
    top = _nice(max((m.closed + m.weighted for m in found.months), default=Decimal(1)) or Decimal(1))
    scale = Decimal(200) / top
    bars = [
        Bar(fmt.month(m.month), 36 + i * 60, m.closed, m.weighted, float(m.closed * scale), float(m.weighted * scale), m.month == today.replace(day=1))
        for i, m in enumerate(found.months) if m.month
    ]  # fmt: skip
    ticks = [(210 - float(top * n / 4 * scale), fmt.short(top * n / 4)) for n in (range(5) if any(b.won or b.weighted for b in bars) else (0,))]
    ahead = sum((m.weighted for m in found.months), Decimal(0))
    closed = sum((m.closed for m in found.months), Decimal(0))
    finding = _("%(won)s won in these months; %(ahead)s weighted lies ahead, %(late)s of it is past its date.") % {
        "won": fmt.money(closed, access.workspace.currency, False), "ahead": fmt.money(ahead + found.overdue.weighted, access.workspace.currency, False),
        "late": fmt.money(found.overdue.weighted, access.workspace.currency, False),
    }  # fmt: skip
    return Chart(bars, ticks, 36 + 60 * len(bars), finding)


def _nice(value: Decimal) -> Decimal:
    """The next round number above: 1, 2, 4, 5 or 8 times a power of ten."""
    power = Decimal(10) ** max(0, math.floor(math.log10(float(value))) if value >= 1 else 0)
    return next(n * power for n in (1, 2, 4, 5, 8, 10) if n * power >= value)


def pipeline(access: Access, deals: Deals) -> dict[str, Any] | None:
    """The default pipeline's open stages with sum and weighted sum; None where the workspace has no pipeline."""
    chosen: Pipeline | None = default_pipeline()
    if chosen is None:
        return None
    stages = stages_of(chosen.pk, StageKind.OPEN)
    totals = pipeline_totals(deals, stages, access=access)
    top = max((t.base for t in totals.values()), default=Decimal(0)) or Decimal(1)
    bars = [(s, totals[s.pk], round(float(totals[s.pk].base / top * 100), 1), round(float(totals[s.pk].weighted / top * 100), 1)) for s in stages]
    return {"pipeline": chosen, "bars": bars, "count": sum(t.count for t in totals.values()), "base": sum((t.base for t in totals.values()), Decimal(0)), "rotting": sum(t.rotting for t in totals.values())}


@dataclass(frozen=True, slots=True)
class Worry:
    """An open deal that somebody should look at, and why."""

    icon: str
    tone: str
    pk: uuid.UUID
    name: str
    account: str
    why: str
    amount: Decimal | None
    currency: str


def attention(access: Access, rows: QuerySet[Any]) -> list[Worry]:
    """The largest open deals that rot, are past their date, or have no next step: each once, with its worst reason. Two queries."""
    stages, now = open_stages(), timezone.now()
    sources = (rows.filter(queries.rotting(stages, now)), queries.closing_late(rows, access=access), queries.without_next_step(rows))
    parts = [
        source.annotate(_why=Value(i)).order_by("-base_amount", "pk").values_list("_why", "base_amount", "pk", "name", "account__name", "amount", "currency", "stage_since", "stage__name")[:ATTENTION]
        for i, source in enumerate(sources)
    ]
    found: dict[Any, tuple[Decimal, Worry]] = {}
    for why, base, pk, name, account, amount, currency, since, stage in sorted(parts[0].union(*parts[1:], all=True), key=lambda row: row[0]):
        icon, tone, words = (
            ("hourglass", "bad", _("%(days)s days in %(stage)s") % {"days": (now - since).days, "stage": stage}),
            ("calendar-x", "bad", _("should have closed by now")),
            ("triangle-alert", "warn", _("no next step")),
        )[why]
        found.setdefault(pk, (base or Decimal(0), Worry(icon, tone, pk, name, account or "", words, amount, currency or access.workspace.currency)))
    return [worry for _base, worry in sorted(found.values(), key=lambda pair: -pair[0])][:ATTENTION]


def has_team(access: Access) -> bool:
    """Whether the person is in a team, so that "my team" means something."""
    return TeamMember.objects.filter(member_id=access.member_id).exists() or bool(access.team_member_ids)


