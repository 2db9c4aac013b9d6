"""Whose eyes a webhook has: the member's who made it, with the rights that they have at that moment."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from patron.automation import payload
from patron.automation.domain.hooks import TEST
from patron.automation.models import Delivery, Webhook
from patron.identity import database
from patron.identity.access import Access
from patron.identity.models import Membership, Workspace
from patron.records import registry
from patron.records.record_type import RecordType


def accesses(hooks: Iterable[Webhook], place: Workspace) -> dict[uuid.UUID, Access]:
    """The rights of each webhook's member by member; those who left have none."""
    wanted = {h.member_id for h in hooks}
    users = Membership.objects.filter(pk__in=wanted, user__isnull=False).values_list("pk", "user_id")
    found = {member: database.enter(user, place.slug) for member, user in users}
    return {member: access for member, access in found.items() if access is not None}


def sees_gone(record_type: RecordType, access: Access, values: Mapping[str, Any]) -> bool:
    """Whether the person would have seen a record that is no more, by its last values (by column or by field).

    Where a type's rows are not simply someone's own, the row itself would have to say; then nothing is told of it.
    """
    kind, scope = type(record_type), access.scope(record_type.key, "view")
    if scope is None or kind.restrict is not RecordType.restrict or (scope != "all" and kind.own is not RecordType.own):
        return False
    if scope == "all":
        return True
    owners = {values.get(f"{path}_id") or values.get(path) for path in record_type.owners if "__" not in path}
    return not owners.isdisjoint({str(i) for i in access.reach(scope) if i})


def seen(record_type: RecordType, access: Access, ids: Iterable[uuid.UUID]) -> tuple[set[uuid.UUID], set[uuid.UUID]]:
    """Of these records: those that the person sees, and those that are no more. Two queries."""
    wanted = set(ids)
    there = set(record_type.model.objects.filter(pk__in=wanted).values_list("pk", flat=True))
    visible = set(record_type.visible(access).filter(pk__in=there).values_list("pk", flat=True)) if access.can(record_type.key, "view") else set()
    return visible, wanted - there


def bodies(deliveries: list[Delivery], access: Access) -> dict[uuid.UUID, str]:
    """What may be sent now, by delivery: fields hidden since are left out; deliveries about records out of sight are missing."""
    found: dict[uuid.UUID, str] = {}
    by_type: dict[str, list[Delivery]] = {}
    for delivery in deliveries:
        by_type.setdefault(delivery.type_key, []).append(delivery)
    for key, group in by_type.items():
        record_type = registry.find(key)
        found.update({d.pk: d.payload for d in group if d.event == TEST})
        if record_type is None:
            continue
        visible, gone = seen(record_type, access, (d.record_id for d in group))
        for delivery in group:
            if delivery.pk not in found and (delivery.record_id in visible or (delivery.record_id in gone and _saw(record_type, access, delivery))):
                found[delivery.pk] = _bounded(record_type, access, delivery.payload)
    return found


def _saw(record_type: RecordType, access: Access, delivery: Delivery) -> bool:
    return sees_gone(record_type, access, msgspec.json.decode(delivery.payload)["data"])


def _bounded(record_type: RecordType, access: Access, text: str) -> str:
    hidden = {n for n, rule in access.field_rules.get(record_type.key, {}).items() if rule == "hidden"}
    return payload.without(text, hidden, title=record_type.title in hidden) if hidden else text
