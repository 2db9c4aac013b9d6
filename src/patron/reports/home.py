"""The home page's figures: what needs me today, how the pipeline stands, what was won."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.kernel.formats import Formats
from patron.records.record_type import Stat
from patron.records.views.base import href
from patron.sales.domain import forecast, queries
from patron.sales.domain.stages import default_pipeline, stages_of
from patron.sales.enums import Outcome, StageKind
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


def deals_of(access: Access, scope: str) -> QuerySet[Any]:
    """The visible deals of the person, of their teams, or all."""
    rows = queries.live(access)
    if scope == "me":
        return rows.filter(owner_id=access.member_id)
    if scope == "team":
        return rows.filter(owner_id__in=[access.member_id, *access.team_member_ids])
    return rows


def stats(access: Access, rows: QuerySet[Any], fmt: Formats) -> list[Stat]:
    """Five figures, each with the rows behind it."""
    today, currency = access.today(), access.workspace.currency
    quarter = today.replace(month=(today.month - 1) // 3 * 3 + 1, day=1)
    won = queries.win_rates(rows.filter(closed_on__gte=quarter))
    recent = queries.win_rates(rows.filter(closed_on__gte=today - datetime.timedelta(days=90)))
    before = queries.win_rates(rows.filter(closed_on__gte=today - datetime.timedelta(days=180), closed_on__lt=today - datetime.timedelta(days=90)))
    open_ = forecast.forecast(rows, start=today.replace(day=1), end=_months_on(today, 3), today=today)
    totals = _open_totals(rows)
    late = queries.closing_late(rows, access=access).count()
    rate, earlier = recent.by_count, before.by_count
    return [
        Stat(_("Won this quarter"), fmt.money(won.won_value, currency, False), _("%(n)s deals") % {"n": won.won}, _deals(access, '[["outcome","is",["won","partially_won"]],["closed_on","within","this_quarter"]]')),
        Stat(_("Open pipeline"), fmt.money(totals["base"], currency, False), _("%(n)s open deals") % {"n": fmt.number(totals["n"])}, _deals(access, '[["outcome","is",["open"]]]')),
        Stat(_("Weighted pipeline"), fmt.money(totals["weighted"], currency, False), _("of which %(x)s close in three months") % {"x": fmt.money(sum((m.weighted for m in open_.months), Decimal(0)), currency, False)}, _deals(access, '[["outcome","is",["open"]]]')),
        Stat(_("Win rate, 90 days"), "–" if rate is None else f"{rate:.0f}%", _points(rate, earlier), _deals(access, '[["closed_on","within","last_90_days"]]'), _tone(rate, earlier)),
        Stat(_("Overdue close dates"), fmt.number(late), _("open deals past their date") if late else _("every date lies ahead"), _deals(access, '[["outcome","is",["open"]],["expected_close","within","past"]]'), "bad" if late else ""),
    ]  # fmt: skip


def _open_totals(rows: QuerySet[Any]) -> dict[str, Any]:
    from django.db.models import Count, Sum

    found = rows.filter(outcome=Outcome.OPEN).order_by().aggregate(n=Count("pk"), base=Sum("base_amount"), weighted=Sum("weighted"))
    return {"n": found["n"], "base": found["base"] or Decimal(0), "weighted": found["weighted"] or Decimal(0)}


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


def months_chart(access: Access, rows: QuerySet[Any], fmt: Formats) -> Chart:
    """Won per month and what is weighted for the coming ones: nine months back, three ahead (D1)."""
    today = access.today()
    found = forecast.forecast(rows, start=_months_on(today, -8), end=_months_on(today, 4), today=today)
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


def pipeline(access: Access, rows: QuerySet[Any]) -> dict[str, Any] | None:
    """The default pipeline's open stages with sum and weighted sum; None where the workspace has no pipeline."""
    chosen: Pipeline | None = default_pipeline()
    if chosen is None:
        return None
    stages = stages_of(chosen.pk, StageKind.OPEN)
    totals = queries.pipeline_totals(rows.filter(pipeline=chosen, outcome=Outcome.OPEN), stages, access=access)
    top = max((t.base for t in totals.values()), default=Decimal(0)) or Decimal(1)
    bars = [(s, totals[s.pk], round(float(totals[s.pk].base / top * 100), 1), round(float(totals[s.pk].weighted / top * 100), 1)) for s in stages]
    return {"pipeline": chosen, "bars": bars, "count": sum(t.count for t in totals.values()), "base": sum((t.base for t in totals.values()), Decimal(0)), "rotting": sum(t.rotting for t in totals.values())}


def attention(access: Access, rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """The largest open deals that rot, are past their date, or have no next step: each once, with its worst reason."""
    stages, now = list(_open_stages()), timezone.now()
    sources: tuple[tuple[str, str, QuerySet[Any], Callable[[Any], str]], ...] = (
        ("hourglass", "bad", rows.filter(queries.rotting(stages, now)), partial(_rotting_words, now=now)),
        ("calendar-x", "bad", queries.closing_late(rows, access=access), _late_words),
        ("triangle-alert", "warn", queries.without_next_step(rows), _alone_words),
    )
    found: list[dict[str, Any]] = []
    seen = set()
    for icon, tone, source, words in sources:
        for deal in source.select_related("account", "stage").order_by("-base_amount")[:ATTENTION]:
            if deal.pk not in seen:
                seen.add(deal.pk)
                found.append({"icon": icon, "tone": tone, "deal": deal, "why": words(deal), "account": deal.account})
    found.sort(key=lambda a: -(a["deal"].base_amount or 0))
    return found[:ATTENTION]


def _rotting_words(deal: Any, *, now: datetime.datetime) -> str:
    return _("%(days)s days in %(stage)s") % {"days": (now - deal.stage_since).days, "stage": deal.stage.name}


def _late_words(_deal: Any) -> str:
    return _("should have closed by now")


def _alone_words(_deal: Any) -> str:
    return _("no next step")


def _open_stages() -> QuerySet[Any]:
    from patron.sales.models import Stage

    return Stage.objects.filter(kind=StageKind.OPEN)  # type: ignore[no-any-return]


def has_team(access: Access) -> bool:
    """Whether the person is in a team, so that "my team" means something."""
    return TeamMember.objects.filter(member_id=access.member_id).exists() or bool(access.team_member_ids)


