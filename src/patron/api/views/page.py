"""The documentation for people at /api/docs/: rendered by us from the OpenAPI document, in the product's look, without any script."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from markupsafe import Markup, escape

from patron.api import codec
from patron.api.openapi import document
from patron.api.problems import CODES
from patron.identity import database
from patron.identity.access import Access, Place
from patron.kernel import tenancy
from patron.kernel.markup import filled
from patron.kernel.web import error_page, render
from patron.records import registry


def _access(request: HttpRequest) -> tuple[Access | None, list[Place]]:
    """What the person may do in the workspace that they name, were in last, or may enter at all."""
    user: Any = request.user
    places = database.places(user.pk)
    known = {p.slug for p in places}
    wanted = request.GET.get("workspace", "")
    if wanted and wanted not in known:
        return None, places
    slug = wanted or (user.last_workspace if user.last_workspace in known else "") or (places[0].slug if places else "")
    return (database.enter(user.pk, slug) if slug else None), places


@login_required
@require_safe
def docs(request: HttpRequest) -> HttpResponse:
    """Every address that the person reaches in a workspace, one record type at a time."""
    access, places = _access(request)
    if access is None:
        return error_page(request, 404)
    chosen = request.GET.get("type") or document.GENERAL
    with tenancy.workspace(access.workspace.pk, fields_version=access.workspace.fields_version):
        spec = document.of(access, only=chosen)
        tags = {t["name"]: t["description"] for t in spec["tags"]}
        labels = {name: str(registry.get(name).plural) if name != document.GENERAL else _("Start here") for name in tags}
        icons = {name: registry.get(name).icon for name in tags if name != document.GENERAL}
    if chosen not in tags:
        return error_page(request, 404)
    context = {
        "place": access.workspace, "chosen": chosen, "heading": _("API of %(name)s") % {"name": access.workspace.name} if chosen == document.GENERAL else labels[chosen],
        "text": coded(tags[chosen].removeprefix(f"{labels[chosen]}. ")), "operations": _operations(spec, chosen), "fields": _fields(spec, chosen),
        "problems": [(c, status, title) for c, (status, title) in CODES.items()], "introduction": [coded(p) for p in spec["info"]["description"].split("\n\n")],
        "host": request.build_absolute_uri("/").rstrip("/"),
    }  # fmt: skip
    return render(request, "api/docs.html", {**context, **_around(access, places, labels, icons, chosen)})


def _around(access: Access, places: list[Place], labels: dict[str, str], icons: dict[str, str], chosen: str) -> dict[str, Any]:
    """What stands around the page: the contents in the sidebar, and the way back."""
    slug = access.workspace.slug

    def entry(name: str, icon: str) -> dict[str, Any]:
        return {"label": labels[name], "icon": icon, "url": f"?workspace={slug}&type={name}", "current": name == chosen}

    return {
        "lang": access.locale, "workspace_name": access.workspace.name, "brand_hue": access.workspace.hue,
        "workspaces": [{"name": p.name, "url": f"?workspace={p.slug}", "current": p.slug == slug} for p in places],
        "nav": [
            {"title": "", "items": [{"label": _("Back to work"), "icon": "arrow-left", "url": f"/w/{slug}/"}, entry(document.GENERAL, "book-open")]},
            {"title": _("Record types"), "items": [entry(name, icon) for name, icon in icons.items()]},
        ],
        "account": {"name": access.name, "email": "", "url": "", "security_url": "/auth/sessions/", "preferences_url": "", "sign_out_url": "/auth/logout/"},
    }  # fmt: skip


def coded(text: str) -> Markup:
    """Text in which `words` between backticks are code."""
    return Markup("").join(filled("<code>%s</code>", part) if i % 2 else escape(part) for i, part in enumerate(text.split("`")))


@login_required
@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    """The same document as a file, for tools."""
    access, _known = _access(request)
    if access is None:
        return error_page(request, 404)
    name = f'attachment; filename="patron-{access.workspace.slug}-openapi.json"'
    with tenancy.workspace(access.workspace.pk, fields_version=access.workspace.fields_version):
        made = codec.dumps(document.of(access))
    return HttpResponse(made, content_type="application/json", headers={"Content-Disposition": name})


def _operations(spec: dict[str, Any], tag: str) -> list[dict[str, Any]]:
    """The addresses of one tag with what goes in."""
    found = []
    for path, methods in spec["paths"].items():
        for method, operation in methods.items():
            if tag in operation["tags"]:
                body = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
                inputs = body.get("properties", {}).get("inputs", {})
                required = inputs.get("required", [])
                found.append({
                    "id": operation["operationId"], "method": method.upper(), "path": path, "summary": operation["summary"], "text": coded(operation.get("description", "")),
                    "parameters": [(p["name"], p["in"], _kind(p["schema"]), coded(p["description"])) for p in operation["parameters"] if p["in"] != "path"],
                    "inputs": [(n, _kind(s), s.get("title", ""), n in required) for n, s in inputs.get("properties", {}).items()],
                    "answers": ", ".join(operation["responses"]),
                })  # fmt: skip
    return found


def _fields(spec: dict[str, Any], tag: str) -> list[tuple[str, str, str, bool]]:
    """Name, type, label of the record's fields, and whether they can be set."""
    for name, schema in spec["components"]["schemas"].items():
        if name == "".join(part.capitalize() for part in tag.split("-")):
            writable = spec["components"]["schemas"][f"{name}Values"]["properties"]
            return [(n, _kind(s), s.get("title", ""), n in writable) for n, s in schema["properties"].items() if n != "included"]
    return []


def _kind(schema: dict[str, Any]) -> str:
    """A schema in a few words."""
    for many in ("anyOf", "oneOf"):
        if many in schema:
            return " or ".join(dict.fromkeys(_kind(s) for s in schema[many]))
    kind = schema.get("type", "any")
    text = " or ".join(kind) if isinstance(kind, list) else str(kind)
    if "enum" in schema:
        return ", ".join(str(v) for v in schema["enum"]) if len(schema["enum"]) <= 12 else "one of the names below"
    return f"{schema['format']} {text}" if "format" in schema else "decimal " + text if str(schema.get("pattern", "")).startswith("^-?[0-9]") else text
