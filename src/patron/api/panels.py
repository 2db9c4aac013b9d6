"""What the pages of proposals and applications show beyond their fields."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from patron.api.domain import oauth, proposals
from patron.api.enums import ProposalState
from patron.api.models import Application, Grant, Proposal
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.records import registry
from patron.records.kinds import View


def shown(proposal: Proposal, access: Access) -> dict[str, Any]:
    """What would change now, for a proposal that waits; for others which record it was about."""
    view = View(access, Formats(access.locale, access.zone))
    record_type = registry.find(proposal.type_key)
    target = proposals.target_of(proposal, access)
    now = getattr(target, "revision", None)
    waiting = proposal.state == ProposalState.OPEN
    found = proposals.trial(proposal, view) if waiting else proposals.Trial()
    label = str(record_type.label) if record_type else proposal.type_key
    return {
        "waiting": waiting, "changes": found.changes, "trouble": found.problem, "revision": now, "stale": waiting and target is not None and proposals.is_stale(proposal, target),
        "target": str(target) if target is not None else "", "target_url": f"/w/{access.workspace.slug}/{proposal.type_key}/{target.pk}/" if target is not None and record_type and record_type.has_page else "",
        "what": _("New %(type)s") % {"type": label.lower()} if proposal.verb == "create" else label, "gone": proposal.record_id is not None and target is None,
    }  # fmt: skip


def connecting(application: Application, access: Access) -> dict[str, Any]:
    """What the program's settings ask for, and how many people granted it something."""
    base = settings.BASE_URL.rstrip("/")
    people = Grant.objects.filter(application=application, revoked_at=None, code_used_at__isnull=False).values("member").distinct().count()
    return {"client_id": oauth.client_id_of(application), "authorize": f"{base}/oauth/authorize/", "token": f"{base}/api/oauth/token/", "revoke": f"{base}/api/oauth/revoke/", "people": people}
