"""The navigation around every page, from the registry."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from patron.kernel.web import page_part
from patron.records import registry
from patron.records.views.base import href

_links: list[Callable[[HttpRequest, Any], dict[str, Any] | None]] = []


def nav_link(provider: Callable[[HttpRequest, Any], dict[str, Any] | None]) -> Callable[[HttpRequest, Any], dict[str, Any] | None]:
    """Register an entry of the sidebar's first section: (request, access) -> {icon, label, url, count?} or None."""
    _links.append(provider)
    return provider


@page_part
def shell(request: HttpRequest) -> dict[str, Any]:
    """Sidebar, create menu, workspaces and account menu; nothing outside a workspace."""
    access = getattr(request, "access", None)
    if access is None:
        return {}
    here = request.path
    entries: dict[str, list[dict[str, Any]]] = {}
    create = []
    for record_type in sorted((t for t in registry.all_types() if t.nav), key=lambda t: t.nav_order):
        if not access.can(record_type.key, "view"):
            continue
        address = href(access, record_type.key)
        entries.setdefault(record_type.nav, []).append({"icon": record_type.icon, "label": record_type.plural, "url": record_type.nav_address(access) or address, "current": here.startswith(address)})
        if record_type.creatable and access.can(record_type.key, "create"):
            create.append({"icon": record_type.icon, "label": record_type.label, "url": href(access, record_type.key, "new")})
    home = {"icon": "house", "label": _("Home"), "url": href(access), "current": here == href(access)}
    titles = {"sales": _("Sales"), "catalog": _("Catalogue"), "home": "", "own": _("Own records")}
    links = [{**link, "current": here.startswith(link["url"])} for link in (make(request, access) for make in _links) if link]
    sections = [{"title": "", "items": [home, *links, *entries.pop("home", [])]}, *({"title": titles.get(k, k.capitalize()), "items": items} for k, items in entries.items())]
    return {
        "workspace_name": access.workspace.name, "brand_hue": access.workspace.hue, "lang": access.locale, "nav": sections, "create_menu": create,
        "search_url": href(access, "search"), "workspaces": _places(request, access),
        "settings_link": {"icon": "settings", "label": _("Settings"), "url": href(access, "settings"), "current": here.startswith(href(access, "settings"))} if access.manages_settings else {},
        "account": {
            "name": access.name, "email": request.user.email, "url": "", "security_url": "/auth/sessions/", "preferences_url": href(access, "preferences"),  # type: ignore[union-attr]
            "sign_out_url": "/auth/logout/",
        },
    }  # fmt: skip


def _places(request: HttpRequest, access: Any) -> list[dict[str, Any]]:
    return [{"name": p.name, "url": f"/w/{p.slug}/", "current": p.slug == access.workspace.slug} for p in access.places]

