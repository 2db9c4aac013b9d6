"""What the templates of the UI kit need from Python: pure functions, installed as Jinja globals by ``kernel.jinja``."""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from functools import lru_cache

#: Tones a badge, meter or note can have; each is a CSS class ``is-<tone>``.
TONES = frozenset({"good", "info", "note", "warn", "bad", "none"})

#: Words that carry a tone wherever they appear. Keys are lower case English state keys, not translated labels.
STATE_TONES: Mapping[str, str] = {
    **dict.fromkeys(("customer", "active", "paid", "won", "approved", "done", "completed", "accepted", "delivered"), "good"),
    **dict.fromkeys(("open", "sent", "renewing", "new", "planned", "qualified", "working"), "info"),
    **dict.fromkeys(("onboarding", "in_review", "in_progress", "negotiation"), "note"),
    **dict.fromkeys(("ends_soon", "due_soon", "watch", "duplicate", "waiting", "stale"), "warn"),
    **dict.fromkeys(("at_risk", "overdue", "lost", "failed", "unqualified", "rejected", "cancelled"), "bad"),
}


@lru_cache(maxsize=4096)
def hue(name: str) -> int:
    """A stable colour angle for an avatar: one of twelve, the same for the same name on every machine."""
    return zlib.crc32(name.strip().encode()) % 12 * 30


@lru_cache(maxsize=4096)
def initials(name: str) -> str:
    """One or two capital letters that stand for a person or company; a question mark for an empty name."""
    words = [word for word in name.replace("&", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in words[:2]).upper() or "?"


def tone_of(state: str) -> str:
    """The tone of a state key such as ``at_risk``; ``none`` for a state without one. Spaces and case do not matter."""
    return STATE_TONES.get(state.strip().lower().replace(" ", "_").replace("-", "_"), "none")
