"""Shaping roles: the matrix of who does what how far, and the fields that a role hides or only shows."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.identity.domain.administrators import administrators, last_one, lock, manages
from patron.identity.models import Membership, Role
from patron.identity.roles import REPORTING
from patron.ledger.operations import operation
from patron.records import constraints, registry
from patron.records.changes import NotValid
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

ACTIONS: dict[str, Any] = {
    "view": _("See"), "create": _("Create"), "edit": _("Edit"), "act": _("Act"), "delete": _("Delete"), "export": _("Export"), "import": _("Import"),
}  # fmt: skip
SCOPES: dict[str, Any] = {"": _("No"), "own": _("Own"), "team": _("Team"), "all": _("All")}
PLAIN = frozenset({"create", "import"})  # possible or not: there is no row yet that could be somebody's own
REST, SETTINGS = "*", "settings"
FIELD_RULES: dict[str, Any] = {"": _("As usual"), "read-only": _("Read only"), "hidden": _("Hidden")}


@dataclass(frozen=True, slots=True)
class Row:
    """A line of the matrix: a record type, or "*" for those without a line of their own. `more` are rights that only this type has: (action, words, scope)."""

    key: str
    label: Any
    icon: str
    kind: str
    own: bool
    cells: tuple[tuple[str, str], ...]
    rules: int = 0
    more: tuple[tuple[str, Any, str], ...] = ()

    def choices(self, action: str) -> list[tuple[str, Any]]:
        """What can be granted for an action: how far, or only whether."""
        if action in PLAIN or self.kind == "part":
            return [("", _("No")), ("all", _("Yes"))]
        return [(value, label) for value, label in SCOPES.items() if self.kind == "owned" or value in ("", "all")]


def groups(role: Role) -> list[tuple[Any, list[Row]]]:
    """The matrix in sections: the rest first, then what has a place in the sidebar, then parts and lists."""
    titles = {"sales": _("Sales"), "catalog": _("Catalogue"), "home": _("Work"), "own": _("Own records")}
    found: dict[Any, list[Row]] = {"": [_row(role, None)]}
    for record_type in sorted(registry.all_types(), key=lambda t: (not t.nav, t.nav_order)):
        title = titles.get(record_type.nav, record_type.nav.capitalize()) if record_type.nav else _("Parts, lists and people")
        found.setdefault(title, []).append(_row(role, record_type))
    return list(found.items())


def _row(role: Role, record_type: RecordType | None) -> Row:
    key = record_type.key if record_type else REST
    own = key in role.matrix or record_type is None
    rights = role.matrix.get(key, role.matrix.get(REST, {}))
    if record_type is None:
        return Row(key, _("Everything else"), "layers", "owned", True, tuple((action, rights.get(action, "")) for action in ACTIONS))
    kind = shape(record_type)
    cells = tuple((action, reach(rights.get(action, ""), action, kind)) for action in ACTIONS)
    more = tuple((action, label, reach(rights.get(action, ""), action, kind)) for action, label in record_type.more_actions.items())
    return Row(key, record_type.plural, record_type.icon, kind, own, cells, len(role.field_rules.get(key, {})), more)


def actions_of(key: str) -> dict[str, Any]:
    """Every action that a line of the matrix may grant, in words."""
    found = registry.find(key)
    return {**ACTIONS, **(found.more_actions if found is not None else {})}


def shape(record_type: RecordType) -> str:
    """Whether records are somebody's own ("owned"), go with the record they hang on ("part"), or belong to everybody ("shared")."""
    if record_type.owners or type(record_type).own is not RecordType.own:
        return "owned"
    return "part" if type(record_type).restrict is not RecordType.restrict else "shared"


def reach(scope: str, action: str, kind: str) -> str:
    """What a scope comes to: parts and what has no row yet are possible or not, and what belongs to nobody is reached by "all" alone."""
    if action in PLAIN or kind == "part":
        return "all" if scope else ""
    return scope if kind == "owned" or scope == "all" else ""


def read(data: Mapping[str, Any], before: Mapping[str, Mapping[str, str]] | None = None) -> dict[str, dict[str, str]]:
    """The matrix that a form describes: a type has a line where `own-<type>` is ticked; cells are `<type>:<action>`.

    Rights that the form does not ask for stay as they were in `before`.
    """
    keys = [REST, *(t.key for t in registry.all_types() if data.get(f"own-{t.key}"))]
    matrix: dict[str, dict[str, str]] = {}
    for key in keys:
        wanted = {action: str(data.get(f"{key}:{action}", "")) for action in actions_of(key) if action in ACTIONS or f"{key}:{action}" in data}
        kept = {action: scope for action, scope in (before or {}).get(key, {}).items() if action not in wanted}
        matrix[key] = {**{action: scope for action, scope in wanted.items() if scope in SCOPES and scope}, **kept}
    if data.get("manages"):
        matrix[SETTINGS] = {"edit": "all"}
    else:
        matrix[SETTINGS] = {}
    return matrix


def parts(name: str, description: str, matrix: Mapping[str, Mapping[str, str]]) -> dict[str, Any]:
    """A role as parts that people change by themselves: its name, what it is for, and each line of the matrix (`matrix:<type>`)."""
    return {"name": name, "description": description, **{f"matrix:{key}": dict(rights) for key, rights in matrix.items()}}


def whole(parts: Mapping[str, Any]) -> dict[str, Any]:
    """The values of a role out of its parts; a line that is None is none."""
    lines = {n.removeprefix("matrix:"): rights for n, rights in parts.items() if n.startswith("matrix:") and rights is not None}
    return {"name": parts["name"], "description": parts["description"], "matrix": lines}


def save(role: Role, *, access: Access, **values: Any) -> uuid.UUID | None:
    """Change a role (`name`, `description`, `matrix`, `field_rules`); answers the operation, None where nothing changed. Raises `NotValid`, `Refused`."""
    changed = {n: v for n, v in values.items() if getattr(role, n) != v}
    if not changed:
        return None
    if not str(values.get("name", role.name)).strip():
        raise NotValid({"name": _now("Enter a name for the role.")})
    if "matrix" in changed and manages(role) and not manages(Role(matrix=changed["matrix"])):
        _refuse_lock_out(role, access)
    with _explained(), transaction.atomic(), operation("roles.edit", access=access, subject=("roles", role.pk)) as signed:
        for name, value in changed.items():
            setattr(role, name, value)
        role.save(update_fields=list(changed))
    return signed.id


def _refuse_lock_out(role: Role, access: Access) -> None:
    if Membership.objects.filter(pk=access.member_id, role=role).exists():
        raise Refused(_now("You have this role: you would lock yourself out of the settings. Another administrator has to do this."))
    lock()
    if not administrators().exclude(role=role).exists():
        raise Refused(last_one())


def create(name: str, description: str, *, access: Access, like: Role | None = None) -> tuple[Role, uuid.UUID]:
    """A new role, or a copy of one under another name; a copy does not manage settings before somebody says so."""
    if not name.strip():
        raise NotValid({"name": _now("Enter a name for the role.")})
    matrix = {**like.matrix, SETTINGS: {}} if like else {REST: {"view": "own"}, SETTINGS: {}, "people": {"view": "all"}, "teams": {"view": "all"}, **REPORTING}
    made = Role(name=name.strip(), description=description.strip(), matrix=matrix, field_rules=like.field_rules if like else {})
    with _explained(), transaction.atomic(), operation("roles.create", access=access, subject=("roles", made.pk)) as signed:
        made.save(force_insert=True)
    return made, signed.id


def delete(role: Role, *, access: Access) -> uuid.UUID:
    """Remove a role that nobody has."""
    number = Membership.objects.filter(role=role).count()
    if number:
        raise Refused(_now("%(n)s people have this role. Give them another one first.") % {"n": number} if number > 1 else _now("Somebody has this role. Give them another one first."))
    with transaction.atomic(), operation("roles.delete", access=access, subject=("roles", role.pk)) as signed:
        role.delete()
    return signed.id


@contextlib.contextmanager
def _explained() -> Iterator[None]:
    """The database's refusal in words."""
    try:
        yield
    except IntegrityError as error:
        found = constraints.explain(registry.get("roles"), error)
        if last_one() in found.values():
            raise Refused(last_one()) from error
        raise NotValid(found) from error


def differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """What changed between two matrices, as (what, before, after) in words."""
    for key in sorted({*old, *new}):
        words = actions_of(key)
        for action in ("edit",) if key == SETTINGS else words:
            before, after = (str(m.get(key, {} if key == SETTINGS else m.get(REST, {})).get(action, "")) for m in (old, new))
            if before != after:
                yield f"{_label(key)}: {words[action]}", str(SCOPES.get(before, before)), str(SCOPES.get(after, after))


def _label(key: str) -> str:
    if key in (REST, SETTINGS):
        return _now("Everything else") if key == REST else _now("Settings")
    found = registry.find(key)
    return str(found.plural) if found else key
