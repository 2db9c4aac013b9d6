"""Field sets: what each holds and where it is attached."""

from __future__ import annotations

import uuid
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from patron.records import lookup, registry
from patron.records.custom_models import CustomField, FieldSet, FieldSetUse
from patron.records.views.base import href, view_of
from patron.setup.domain import own_fields
from patron.setup.field_kinds import OFFERED
from patron.setup.views.base import administrators, answer, page


@require_safe
@administrators
def index(request: HttpRequest) -> HttpResponse:
    """Every set with its fields and where it is attached: a constant number of queries."""
    view = view_of(request)
    found = list(FieldSet.objects.filter(archived_at=None).order_by("name"))
    fields: dict[Any, list[dict[str, Any]]] = {}
    for field in CustomField.objects.filter(field_set__isnull=False, archived_at=None).order_by("type_key", "order", "pk"):
        fields.setdefault(field.field_set_id, []).append({
            "field": field, "type": registry.find(field.type_key), "kind": OFFERED.get(field.kind),
            "url": href(view.access, "settings", "fields", field.type_key, field.pk),
        })  # fmt: skip
    rows = list(FieldSetUse.objects.all())
    wanted: dict[str, set[uuid.UUID]] = {}
    for use in rows:
        wanted.setdefault(use.record_type, set()).add(use.record_id)
    titles = lookup.titles(wanted, view)
    uses: dict[Any, list[dict[str, Any]]] = {}
    for use in rows:
        target = registry.find(use.record_type)
        name = titles.get((use.record_type, use.record_id), _("No longer there"))
        address = href(view.access, use.record_type, use.record_id) if target is not None and target.has_page else ""
        uses.setdefault(use.field_set_id, []).append({"pk": use.pk, "type": target, "name": name, "url": address})
    shown = [{"set": s, "fields": fields.get(s.pk, []), "uses": sorted(uses.get(s.pk, []), key=lambda u: str(u["name"]))} for s in found]
    context = {"sets": shown, "set_type": registry.get("field-sets"), "generic": href(view.access, "field-sets"), "fields_url": href(view.access, "settings", "fields")}
    return page(request, "setup/field_sets.html", {**context, "here": href(view.access, "settings", "field-sets")})


@require_POST
@administrators
def detach(request: HttpRequest, set_id: uuid.UUID, use_id: uuid.UUID) -> HttpResponse:
    """Take a set away from an account, an industry or a segment."""
    field_set = FieldSet.objects.filter(pk=set_id).first()
    if field_set is None:
        raise Http404
    done = own_fields.detach(field_set, use_id, access=view_of(request).access)
    return answer(request, _("“%(name)s” detached") % {"name": field_set} if done else _("It was detached already"), operation_id=done, back=href(view_of(request).access, "settings", "field-sets"))
