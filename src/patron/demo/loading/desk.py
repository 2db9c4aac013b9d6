"""Saved views and favourites."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from patron.collab.models import Favourite
from patron.demo.loading.book import Book, uuid_at, write
from patron.demo.story import things
from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.parsing import Invalid
from patron.records import filters, registry
from patron.records.kinds import View
from patron.records.models import SavedView


def load(book: Book, progress: Callable[[str], object]) -> None:
    """Write the views in the filter language, and what people keep at hand. A view that the record type cannot show is left out, and said."""
    kept = [view for view in book.story.saved_views if _understood(book, view, progress)]
    names = {view.key for view in kept}
    write(SavedView, (_view(book, view, place) for place, view in enumerate(kept, 1)))
    favourites = [f for f in book.story.favourites if f.about.type != "saved_views" or f.about.key in names]
    rows = [(book.id("people", f.person), book.ref(f.about)) for f in favourites]
    write(Favourite, (Favourite(id=uuid_at(book.now), member_id=who, record_type=r.type_key, record_id=r.id, created_at=book.now) for who, r in rows))


def _view(book: Book, view: things.SavedView, place: int) -> SavedView:
    columns = registry.get(view.type).visible_fields(Access.system(book.workspace))
    state = {
        "filter": translated(book, view.filter), "words": "", "sort": view.sort, "columns": [name for name in view.columns if name in columns],
        "archived": False,
    }  # fmt: skip
    return SavedView(
        id=book.id("saved_views", view.key), type_key=view.type, name=view.name, scope=view.scope, owner_id=book.person(view.owner),
        team_id=book.maybe("teams", view.team), state=state, position=place,
    )  # fmt: skip


def _understood(book: Book, view: things.SavedView, progress: Callable[[str], object]) -> bool:
    access = Access.system(book.workspace)
    try:
        filters.condition(registry.get(view.type), translated(book, view.filter), View(access, Formats(access.locale, access.zone)))
    except (Invalid, registry.Unknown) as error:
        progress(f"The view “{view.name}” of {view.type} is left out: {error}")
        return False
    return True


def translated(book: Book, tree: Any) -> Any:
    """The filter with ids, and names of tags, in place of the story's keys (`@kind/key`)."""
    if isinstance(tree, dict):
        return {word: [translated(book, node) for node in nodes] for word, nodes in tree.items()}
    if isinstance(tree, list):
        return [translated(book, part) for part in tree]
    if not isinstance(tree, str) or not tree.startswith("@"):
        return tree
    kind, _slash, key = tree[1:].partition("/")
    return book.tags([key])[0] if kind == "tags" else str(book.id(kind, key))
