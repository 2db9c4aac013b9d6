"""The sealed history of a workspace: verified by night and when asked, and who is told."""

from __future__ import annotations

import logging
import re
import uuid
from datetime import UTC, datetime

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from patron.collab.domain import notifications
from patron.collab.domain.notifications import Telling
from patron.identity.access import Access
from patron.identity.domain.administrators import administrators
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger import checks, trail
from patron.ledger.verifying import WORDS, Break, Verdict

log = logging.getLogger(__name__)

#: Operations and changes up to which a person may wait for a verification: two seconds or three.
AT_ONCE = 100_000

for _what, _words in WORDS.items():
    notifications.kind(f"trail_{_what}", format_lazy("{} {}", _("The sealed history of this workspace does not hold."), _words), "triangle-alert")
notifications.kind("trail_holds", _("The sealed history was verified: all blocks up to number %(number)s hold."), "shield-check")


def verify(place: Workspace, *, expected: dict[int, str] | None = None, asked: uuid.UUID | None = None) -> Verdict:
    """Verify a workspace's chain, also against blocks whose hashes were kept elsewhere (`expected`), note it, and tell: administrators what does not hold,
    once, and `asked` (a member) also that all holds. A transaction of its own, unless one is open."""
    with workspace(place.pk):
        verdict = checks.check(expected=expected)
        _tell(verdict, place, asked)
    return verdict


def kept_head(text: str) -> tuple[int, str]:
    """A head as the settings and `patron trail` give it: NUMBER:HASH. Raises `ValueError`."""
    match = re.fullmatch(r"\s*([1-9][0-9]{0,17})\s*:\s*([0-9a-fA-F]{64})\s*", text, re.ASCII)
    if match is None:
        raise ValueError(text)
    return int(match[1]), match[2].lower()


def _tell(verdict: Verdict, place: Workspace, asked: uuid.UUID | None) -> None:
    access, found = Access.system(place), verdict.found
    if found is not None:
        log.error("The sealed history of the workspace %s does not hold: %s", place.slug, found.words)
        notifications.tell(_broken(found), access=access)
    elif asked is not None:
        key = f"trail:holds:{datetime.now(UTC).isoformat()}"
        notifications.tell([Telling("trail_holds", asked, None, key, {"number": verdict.blocks})], access=access)


def _broken(found: Break) -> list[Telling]:
    key, params = f"trail:{found.what}:{found.number}:{found.operation_id}", {"number": found.number, "operation": str(found.operation_id)}
    return [Telling(f"trail_{found.what}", member, None, key, params) for member in administrators().values_list("pk", flat=True)]


def short() -> bool:
    """Whether the open workspace's chain is verified while a person waits."""
    head = trail.head()
    return head.operations + head.changes <= AT_ONCE
