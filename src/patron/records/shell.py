"""The navigation around every page, from the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from patron.kernel.web import page_part
from patron.records import registry
from patron.records.views.base import href

Provider = Callable[[HttpRequest, Any], dict[str, Any] | None]
_links: list[tuple[Any, Provider]] = []


def nav_link(label: Any) -> Callable[[Provider], Provider]:
    """Register an entry of the sidebar's first section, which Ctrl-K finds by its label: (request, access) -> {icon, url, count?} or None."""

    def register(provider: Provider) -> Provider:
        _links.append((label, provider))
        return provider

    return register


def links(request: HttpRequest, access: Any, called: Callable[[str], bool] = lambda _label: True) -> list[dict[str, Any]]:
    """The registered entries for this person, of those whose label answers `called`."""
    wanted = ((str(label), provider) for label, provider in _links if called(str(label)))
    return [{"label": label, **link} for label, provider in wanted if (link := provider(request, access))]


@page_part
def shell(request: HttpRequest) -> dict[str, Any]:
    """Sidebar, create menu, workspaces and account menu; nothing outside a workspace."""
    access = getattr(request, "access", None)
    if access is None:
        return {}
    here, place, root = request.path, access.workspace, href(access)
    shown = [(t, t.nav_address(access) or href(access, t.key)) for t in sorted((t for t in registry.all_types() if t.nav), key=lambda t: t.nav_order) if access.can(t.key, "view")]
    create = [t for t, _address in shown if t.creatable and access.can(t.key, "create")]
    more = [{**link, "current": here.startswith(link["url"])} for link in links(request, access)]
    first = here.removeprefix(root).partition("/")[0]
    current = first if first in ("", "settings") or any(t.key == first for t, _address in shown) else None
    email = request.user.email  # type: ignore[union-attr]
    key = (
        place.pk, place.fields_version, place.name, access.places, access.locale, current, access.manages_settings, tuple((t.key, address) for t, address in shown),
        tuple(t.key for t in create), tuple(tuple(link.values()) for link in more), access.name, email, access.preferences.get("theme"), access.preferences.get("density"),
    )  # fmt: skip

    def parts() -> dict[str, Any]:
        settings = {"icon": "settings", "label": _("Settings"), "url": href(access, "settings"), "current": current == "settings"}
        return {
            "nav": _sections(access, shown, more, current), "search_url": href(access, "search"), "settings_link": settings if access.manages_settings else {},
            "create_menu": [{"icon": t.icon, "label": t.label, "url": href(access, t.key, "new")} for t in create],
            "workspaces": [{"name": p.name, "url": f"/w/{p.slug}/", "current": p.slug == place.slug} for p in access.places],
            "account": {"name": access.name, "email": email, "url": "", "security_url": "/auth/sessions/", "preferences_url": href(access, "preferences"), "sign_out_url": "/auth/logout/"},
        }  # fmt: skip

    return {"workspace_name": place.name, "brand_hue": place.hue, "lang": access.locale, "frame_key": key, "frame_parts": parts}


def _sections(access: Any, shown: list[tuple[Any, str]], more: list[dict[str, Any]], current: str | None) -> list[dict[str, Any]]:
    """The sidebar's sections: home with the links of other parts, then the types by their group."""
    entries: dict[str, list[dict[str, Any]]] = {}
    for known, address in shown:
        entries.setdefault(known.nav, []).append({"icon": known.icon, "label": known.plural, "url": address, "current": known.key == current})
    home = {"icon": "house", "label": _("Home"), "url": href(access), "current": current == ""}
    titles = {"sales": _("Sales"), "catalog": _("Catalogue"), "own": _("Own records")}
    top = {"title": "", "items": [home, *more, *entries.pop("home", [])]}
    return [top, *({"title": titles.get(group, group.capitalize()), "items": items} for group, items in entries.items())]
