"""Which events a webhook asks for: `*`, `deals.*`, `deals.win`, and `create`, `edit`, `delete` of every type.

An event has two names: what was done (`deals.win`) and what that meant for the record (`deals.edit`: an existing record changed). Either is
enough, so that whoever asks for `deals.edit` misses no change, whichever verb made it.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.records import registry

ACTIONS = ("create", "edit", "delete")
MOST = 100


def known(access: Access) -> dict[str, list[str]]:
    """Event names by type key, for those types that the person sees: the three of every type, then its verbs."""
    found = {}
    for record_type in registry.all_types():
        if access.can(record_type.key, "view"):
            verbs = sorted(v.name for v in registry.verbs(record_type.key) if v.applies(record_type) and v.name not in ACTIONS)
            found[record_type.key] = [f"{record_type.key}.{name}" for name in (*ACTIONS, *verbs)]
    return found


def cleaned(events: Iterable[str]) -> list[str]:
    """Small letters, no spaces, each once."""
    return list(dict.fromkeys(e.strip().lower() for e in events if e.strip()))


def problem(events: Iterable[str], access: Access) -> str:
    """Why these are no events to ask for; empty where they are."""
    chosen, names = list(events), known(access)
    if not chosen:
        return _("Choose at least one event, or * for everything.")
    if len(chosen) > MOST:
        return _("Choose at most %(most)s events; deals.* stands for all of deals.") % {"most": MOST}
    every = {"*", *(f"{key}.*" for key in names), *(e for group in names.values() for e in group)}
    wrong = [e for e in chosen if e not in every]
    return _("There is no event %(name)s. Write, for example, deals.win, accounts.create or contacts.*.") % {"name": f"“{wrong[0]}”"} if wrong else ""


def matches(events: Iterable[str], type_key: str, event: str, action: str) -> bool:
    """Whether somebody who asks for `events` is told of this one."""
    return not {"*", f"{type_key}.*", event, f"{type_key}.{action}"}.isdisjoint(events)


def type_keys(events: Iterable[str]) -> set[str] | None:
    """The types that the events are about; None for all."""
    found = {e.partition(".")[0] for e in events}
    return None if "*" in found else found
