"""Saved views: lists with a name. Private, a team's or the workspace's; the workspace may make one the default, anybody may reset to it."""

from __future__ import annotations

import uuid
from dataclasses import replace
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.kernel.db import prepared
from patron.kernel.digest import digest
from patron.ledger.operations import operation
from patron.records import filters
from patron.records.listing import ListState
from patron.records.models import SavedView, ViewScope
from patron.records.record_type import RecordType
from patron.records.verbs import Refused


def visible(type_key: str, access: Access) -> list[SavedView]:
    """The views of a type that the person sees: their own, their teams', the workspace's; in order."""
    if access.member_id is None:
        return list(_in_order(Q(scope=ViewScope.WORKSPACE) if not access.is_system else Q(), type_key))

    def build(member: uuid.UUID) -> QuerySet[SavedView]:
        teams = TeamMember.objects.filter(member_id=member).values("team_id")
        mine = Q(owner_id=member, scope=ViewScope.PRIVATE) | Q(scope=ViewScope.TEAM, team_id__in=teams)
        return _in_order(mine | Q(scope=ViewScope.WORKSPACE), type_key)

    return prepared.rows(("records.views", type_key), build, member=access.member_id)


def _in_order(which: Q, type_key: str) -> QuerySet[SavedView]:
    rows: QuerySet[SavedView] = SavedView.objects.filter(which, type_key=type_key)
    return rows.order_by("-is_default", "position", "name")


def as_state(saved: SavedView) -> ListState:
    """The list state that a view stands for."""
    found = state_from(saved.state)
    return replace(found, view=str(saved.pk), seen=digest(stored(found)))


def state_from(kept: dict[str, Any]) -> ListState:
    """The list state that was kept."""
    return ListState(
        filter=kept.get("filter") or {}, words=kept.get("words", ""), sort=kept.get("sort", ""), columns=tuple(kept.get("columns", ())), archived=bool(kept.get("archived"))
    )


def state_of(views: list[SavedView], wanted: str, *, bare: bool) -> tuple[ListState | None, SavedView | None]:
    """The state to start from: that of the view asked for; with a bare address that of the workspace's default; "all" asks for none."""
    if wanted and wanted != "all":
        for saved in views:
            if str(saved.pk) == wanted:
                return as_state(saved), saved
        raise filters.BadFilter(_("This view no longer exists, or is not shared with you."))
    default = next((v for v in views if v.is_default), None)
    return (as_state(default), default) if bare and default else (None, None)


def named(type_key: str, wanted: str, access: Access) -> ListState | None:
    """The state of a view by its id, for doors that carry one in their address."""
    return state_of(visible(type_key, access), wanted, bare=False)[0] if wanted and wanted != "all" else None


def changed(saved: SavedView | None, state: ListState) -> bool:
    """Whether the list differs from the view it started from: then it can be saved."""
    base = as_state(saved) if saved else ListState()
    return (state.filter, state.words, state.sort, state.columns, state.archived) != (base.filter, base.words, base.sort, base.columns, base.archived)


def tabs(record_type: RecordType, views: list[SavedView], chosen: SavedView | None, state: ListState, here: str) -> list[dict[str, Any]]:
    """The views as tabs; the first is always all of them."""
    plain = chosen is None
    found = [{"label": _("All %(plural)s") % {"plural": str(record_type.plural).lower()}, "url": f"{here}?view=all", "current": plain}]
    for saved in views:
        found.append({"label": saved.name, "url": f"{here}?view={saved.pk}", "current": saved is chosen})
    return found


def stored(state: ListState) -> dict[str, Any]:
    """A list's state as a view keeps it."""
    return {"filter": state.filter, "words": state.words, "sort": state.sort, "columns": list(state.columns), "archived": state.archived}


def save(record_type: RecordType, name: str, state: ListState, *, access: Access, scope: str, team_id: uuid.UUID | None = None, is_default: bool = False, saved: SavedView | None = None) -> SavedView:
    """Keep the state under a name. Sharing with the workspace takes the right to settings; a default is always the workspace's."""
    if scope == ViewScope.WORKSPACE and not access.manages_settings:
        raise Refused(_("Only an administrator shares a view with everyone."), field="scope")
    if saved is not None and not may_change(saved, access):
        raise Refused(_("This view belongs to someone else."))
    if is_default and scope != ViewScope.WORKSPACE:
        raise Refused(_("The default view is one that everyone sees."), field="is_default")
    target = saved or SavedView(type_key=record_type.key, owner_id=access.member_id)
    target.name, target.scope, target.team_id, target.is_default = name, scope, team_id if scope == ViewScope.TEAM else None, is_default
    target.state = stored(state)
    with operation("views.save", access=access, details={"name": name}):
        target.save()
    return target


def may_change(saved: SavedView, access: Access) -> bool:
    """Whose view it is may change it; shared ones also those who manage settings."""
    return access.manages_settings or saved.owner_id == access.member_id


def remove(saved: SavedView, *, access: Access) -> None:
    """Delete a view; the records that it showed are untouched."""
    if not may_change(saved, access):
        raise Refused(_("This view belongs to someone else."))
    with operation("views.delete", access=access, details={"name": saved.name}):
        saved.delete()
