"""Why somebody sees something, or not: the deciding line of their role, in words."""

from __future__ import annotations

import re
import uuid
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import Membership, TeamMember
from patron.records import registry
from patron.records.record_type import RecordType
from patron.setup.domain.roles import PLAIN, REST, SCOPES, actions_of, reach, shape


@dataclass(frozen=True, slots=True)
class Answer:
    """One action: how far it reaches, and why. `allowed` is about the record that was asked for, None without one."""

    action: str
    label: Any
    scope: str
    reach: str
    because: str
    allowed: bool | None = None
    why: str = ""


def answers(access: Access, record_type: RecordType, record: Any = None) -> list[Answer]:
    """What the person may do with records of the type, and with the given one."""
    line = record_type.plural if record_type.key in access.matrix else _("Everything else")
    found = []
    for action, label in actions_of(record_type.key).items():
        scope = reach(access.scope(record_type.key, action) or "", action, shape(record_type))
        because = _("The role “%(role)s” says “%(scope)s” for “%(line)s”.") % {"role": access.role_name, "scope": _granted(access, record_type, action), "line": line}
        allowed, why = (None, "") if record is None or action in PLAIN else _about(access, record_type, record, action)
        found.append(Answer(action, label, scope, _reach(scope, action, record_type, access), because, allowed, why))
    return found


def _granted(access: Access, record_type: RecordType, action: str) -> str:
    rights = access.matrix.get(record_type.key, access.matrix.get(REST, {}))
    scope = rights.get(action, "")
    return _("Yes") if scope and action in PLAIN else str(SCOPES.get(scope, scope))


def _reach(scope: str, action: str, record_type: RecordType, access: Access) -> str:
    plural = str(record_type.plural).lower()
    if not scope:
        return _("No")
    if action in PLAIN:
        return _("Yes")
    if shape(record_type) == "part":
        return _("As far as the record that they belong to")
    if scope == "all" and record_type.narrowed and not access.manages_settings:
        return _("All %(plural)s %(narrowed)s") % {"plural": plural, "narrowed": record_type.narrowed}
    return {"all": _("All %(plural)s"), "team": _("Their own and their team's %(plural)s"), "own": _("Their own %(plural)s")}[scope] % {"plural": plural}


def _about(access: Access, record_type: RecordType, record: Any, action: str) -> tuple[bool, str]:
    """Whether the action reaches the record, by the same predicate as every door asks; and whose it is where that decides."""
    covered = record_type.restrict(record_type.model.objects.filter(pk=record.pk), access, action).exists()
    if access.scope(record_type.key, action) in (None, "all") and shape(record_type) != "part":
        return covered, ""
    owners = Membership.objects.filter(pk__in=[i for i in record_type.owner_ids(record) if i]).order_by("name")
    names = ", ".join(_("themselves") if m.pk == access.member_id else m.name for m in owners)
    if not names:
        return covered, "" if covered else _("It belongs to nobody.")
    return covered, _("It belongs to %(names)s.") % {"names": names}


def colleagues(member: Membership) -> list[tuple[Membership, str]]:
    """Whose records count as the team's, and why each."""
    reasons: dict[Any, list[str]] = {}
    mine = set(TeamMember.objects.filter(member=member).values_list("team", flat=True))
    for row in TeamMember.objects.select_related("team", "member").order_by("team__name"):
        if row.member_id == member.pk:
            continue
        if row.team_id in mine:
            reasons.setdefault(row.member, []).append(_("both in %(team)s") % {"team": row.team.name})
        elif row.team.manager_id == member.pk:
            reasons.setdefault(row.member, []).append(_("in %(team)s, which they lead") % {"team": row.team.name})
    for other in Membership.objects.filter(manager=member):
        reasons.setdefault(other, []).append(_("reports to them"))
    return [(other, ", ".join(why)) for other, why in sorted(reasons.items(), key=lambda pair: pair[0].name)]


def rules(access: Access, record_type: RecordType) -> list[tuple[str, str]]:
    """Fields that the role hides or only shows."""
    words = {"hidden": _("hidden"), "read-only": _("read only")}
    found = access.field_rules.get(record_type.key, {})
    return [(str(record_type.fields[n].label), words.get(rule, rule)) for n, rule in found.items() if n in record_type.fields]


_ADDRESS = re.compile(r"(?:/w/[^/]+/([a-z-]+)/)?([0-9a-f]{8}-[0-9a-f-]{27})", re.IGNORECASE)


def named(text: str) -> tuple[RecordType | None, uuid.UUID | None]:
    """The type and id in a record's address, or an id alone."""
    match = _ADDRESS.search(text)
    if match is None:
        return None, None
    try:
        return registry.find(match[1] or ""), uuid.UUID(match[2])
    except ValueError:
        return None, None
