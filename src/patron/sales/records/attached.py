"""Where the sections and tabs of selling appear: on leads and deals, and on the accounts and contacts below."""

from __future__ import annotations

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from patron.customers.field_sets import of_its_account, of_their_accounts
from patron.records.customs.rules import field_sets_for
from patron.records.record_type import Panel, Tab
from patron.records.registry import attach_panel, attach_tab
from patron.sales.models import Stakeholder
from patron.sales.records import panels

_DEAL_PANELS = (
    Panel("path", _("Stage"), "sales/_path.html", panels.path, "centre", 5, ("deals.stage",)),
    Panel("lines", _("Lines"), "sales/_lines.html", panels.lines, "work", 10),
    Panel("jobs", _("Job requests"), "sales/_jobs.html", panels.jobs, "work", 20),
    Panel("reviews", _("Reviews"), "sales/_reviews.html", panels.reviews, "work", 30),
    Panel("continued", _("Deferred"), "sales/_continued.html", panels.continued, "work", 35),
    Panel("stakeholders", _("Stakeholders"), "sales/_stakeholders.html", panels.stakeholders, "about", 10, ("stakeholders.contact",)),
    Panel("team", _("Sales team"), "sales/_team.html", panels.team, "about", 20, ("deal-members.member",)),
    Panel("competitors", _("Competitors"), "sales/_competitors.html", panels.competitors, "about", 30, ("deal-competitors.competitor",)),
)
_LEAD_PANELS = (
    Panel("lead-path", _("State"), "sales/_lead_path.html", panels.lead_path, "centre", 5, ("leads.status",)),
    Panel("made", _("Qualified into"), "sales/_made.html", panels.made_of, "work", 5),
    Panel("score", _("Score"), "sales/_score.html", panels.score, "work", 10),
)


def _of_account(record: Any) -> Q:
    return Q(account=record.pk)


def _of_contact(record: Any) -> Q:
    return Q(contact=record.pk) | Q(pk__in=Stakeholder.objects.filter(contact=record.pk, archived_at=None).values("deal"))


for _panel in _DEAL_PANELS:
    attach_panel("deals", _panel)
for _panel in _LEAD_PANELS:
    attach_panel("leads", _panel)
attach_panel("accounts", Panel("open-deals", _("Open deals"), "sales/_open_deals.html", panels.open_deals, "work", 20, ("deals.account",)))
attach_tab("accounts", Tab("deals", _("Deals"), "deals", _of_account, lambda record: {"account": str(record.pk)}, 30, ("deals.account",)))
attach_tab("accounts", Tab("leads", _("Leads"), "leads", lambda record: Q(account=record.pk) | Q(converted_account=record.pk), None, 45, ("leads.account", "leads.converted_account")))
attach_tab("contacts", Tab("deals", _("Deals"), "deals", _of_contact, lambda record: {"contact": str(record.pk)}, 30, ("deals.contact", "stakeholders.contact")))
attach_tab("contacts", Tab("leads", _("Leads"), "leads", lambda record: Q(contact=record.pk) | Q(converted_contact=record.pk), None, 45, ("leads.contact", "leads.converted_contact")))
attach_tab("competitors", Tab("deals", _("Deals"), "deals", lambda record: Q(competitors__competitor=record.pk), None, 30, ("deal-competitors.competitor",)))
for _key in ("deals", "leads"):
    field_sets_for(_key, of_its_account, of_their_accounts)
