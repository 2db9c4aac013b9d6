"""Records and saved views that a person keeps at hand."""

from typing import NamedTuple
from urllib.parse import quote

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from patron.collab.domain.refs import Ref, ensure, titles
from patron.collab.models import Favourite
from patron.identity.access import Access
from patron.identity.models import TeamMember
from patron.records import registry
from patron.records.models import SavedView, ViewScope
from patron.records.verbs import Refused

VIEWS = "views"
KEPT, LEFT = gettext_lazy("Added to your favourites"), gettext_lazy("Removed from your favourites")
MOST = 50


class Kept(NamedTuple):
    """A favourite as the sidebar shows it."""

    ref: Ref
    text: str
    href: str
    icon: str


def toggle(access: Access, ref: Ref) -> bool:
    """Keep a record or saved view at hand, or no longer; answers whether it is kept now. Nothing for the machine, which keeps nothing.

    Raises `Refused` for what the person may not see.
    """
    if access.member_id is None:
        return False
    mine = Favourite.objects.filter(member_id=access.member_id, record_type=ref.type_key, record_id=ref.id)
    if mine.delete()[0]:
        return False
    if ref.type_key != VIEWS:
        ensure([ref], access)
    elif not _views(access).filter(pk=ref.id).exists():
        raise Refused(_("There is no such view, or you cannot see it."))
    Favourite.objects.bulk_create([Favourite(member_id=access.member_id, record_type=ref.type_key, record_id=ref.id)], ignore_conflicts=True)
    return True


def is_kept(access: Access, ref: Ref) -> bool:
    return bool(Favourite.objects.filter(member_id=access.member_id, record_type=ref.type_key, record_id=ref.id).exists())


def kept(access: Access) -> list[Kept]:
    """The person's favourites in the order they were added, at most `MOST`. What they may no longer see is left out, and back when they may.

    One query, one for views, one per type.
    """
    if access.member_id is None:
        return []
    rows = Favourite.objects.filter(member_id=access.member_id).order_by("created_at", "id").values_list("record_type", "record_id")
    return shown([Ref(*pair) for pair in rows[:MOST]], access)


def shown(refs: list[Ref], access: Access) -> list[Kept]:
    """Favourites ready to show, without those that the person may no longer see."""
    found = {t.ref: Kept(t.ref, t.text, t.href, t.icon) for t in titles((r for r in refs if r.type_key != VIEWS), access).values() if not t.hidden}
    if views := [ref.id for ref in refs if ref.type_key == VIEWS]:
        found |= {one.ref: one for view in _views(access).filter(pk__in=views) if (one := _of_view(view, access))}
    return [found[ref] for ref in refs if ref in found]


def _of_view(view: SavedView, access: Access) -> Kept | None:
    if registry.find(view.type_key) is None or not access.can(view.type_key, "view"):
        return None
    return Kept(Ref(VIEWS, view.pk), view.name, f"/w/{quote(access.workspace.slug)}/{view.type_key}/?view={view.pk}", "bookmark")


def _views(access: Access) -> QuerySet[SavedView]:
    """The saved views that the person may use: their own, their teams' and everyone's."""
    teams = TeamMember.objects.filter(member_id=access.member_id).values("team_id")
    rows: QuerySet[SavedView] = SavedView.objects.all()
    return rows.filter(
        Q(scope=ViewScope.WORKSPACE) | Q(scope=ViewScope.PRIVATE, owner_id=access.member_id) | Q(scope=ViewScope.TEAM, team_id__in=teams)
    )
