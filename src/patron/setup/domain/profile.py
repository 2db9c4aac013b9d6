"""One's own name, and how one likes to read: dates, numbers, colours, keys."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.models import Membership
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.fields import Field
from patron.setup.domain import workspace as general

THEMES = (("system", _("As the device")), ("light", _("Light")), ("dark", _("Dark")))
DENSITIES = (("compact", _("Compact")), ("normal", _("Normal")), ("roomy", _("Roomy")))
OWN = ("name", "title", "phone")


def fields(access: Access) -> tuple[Field, ...]:
    """What people set for themselves: their name and the like, then their preferences."""
    person = registry.get("people").fields
    standard = _("As in the workspace")
    return (
        person["name"],
        person["title"],
        replace(person["phone"], kind="phone"),
        Field("locale", "choice", _("Numbers and dates"), "locale", choices=(("workspace", standard), *general.formats(access.locale))),
        Field("time_zone", "choice", _("Time zone"), "time_zone", choices=(("workspace", standard), *general.zones())),
        Field("theme", "choice", _("Colours"), "theme", required=True, choices=THEMES),
        Field("density", "choice", _("Rows"), "density", required=True, choices=DENSITIES),
        Field("single_keys", "checkbox", _("Shortcuts of a single key"), "single_keys", hint=_("N for new, J and K to move … Keys with Ctrl work anyway.")),
    )


def values(member: Membership) -> dict[str, Any]:
    """What is set now."""
    kept = member.preferences
    return {
        **{n: getattr(member, n) for n in OWN}, "locale": kept.get("locale") or "workspace", "time_zone": kept.get("time_zone") or "workspace",
        "theme": kept.get("theme", "system"), "density": kept.get("density", "normal"), "single_keys": kept.get("single_keys", True),
    }  # fmt: skip


def save(member: Membership, wanted: dict[str, Any], *, access: Access) -> uuid.UUID | None:
    """Keep what changed, as one operation; answers it, None where nothing did. Raises `changes.NotValid`."""
    own = {n: wanted[n] for n in OWN}
    preferences = {n: v for n, v in {**member.preferences, **{n: v for n, v in wanted.items() if n not in OWN}}.items() if v != "workspace"}
    if preferences == member.preferences and all(getattr(member, n) == v for n, v in own.items()):
        return None
    with transaction.atomic(), operation("people.profile", access=access, subject=("people", member.pk)) as signed:
        changes.edit(registry.get("people"), member, own, access=access)
        Membership.objects.filter(pk=member.pk).update(preferences=preferences)
    return signed.id
