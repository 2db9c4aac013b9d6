"""From what people type to the record they mean: an id, a title, an e-mail address or a number."""

from __future__ import annotations

import uuid
from typing import Any

from django.db.models import F, Q
from django.utils.translation import gettext as _

from patron.identity.models import Membership
from patron.kernel.db.functions import Fold
from patron.kernel.parsing import Invalid
from patron.kernel.text import fold
from patron.records import registry
from patron.records.fields import Field
from patron.records.kinds import View
from patron.records.merging import redirects


def one(field: Field, text: str, view: View) -> uuid.UUID:
    """The id of the record that `text` names, among those the person may see; `Invalid` where it is none or not only one."""
    queryset, title = candidates(field, view)
    try:
        wanted = uuid.UUID(text.strip())
    except ValueError:
        return _by_name(queryset, title, text, view)
    if not queryset.filter(pk=wanted).exists():
        target = registry.find_model(field.model)
        went = redirects.survivor_of(target, wanted) if target else None
        if went is not None and queryset.filter(pk=went).exists():
            return went
        raise Invalid(_("Choose one from the list."))
    return wanted


def candidates(field: Field, view: View) -> tuple[Any, str]:
    """The rows that a relation may point to, and the path of their title."""
    if field.model is Membership:
        return Membership.objects.exclude(state="deactivated"), "name"
    target = registry.find_model(field.model)
    if target is None:
        return field.model.objects.all(), "name"
    queryset = target.visible(view.access)
    return queryset, target.title_path


def _by_name(queryset: Any, title: str, text: str, view: View) -> uuid.UUID:
    if text.strip() == "me" and queryset.model is Membership and view.access.member_id:
        return view.access.member_id
    wanted = fold(text)
    matches = Q(_title=wanted)
    names = {f.name for f in queryset.model._meta.local_fields}
    for other in ("email", "number", "sku", "external_id"):
        if other in names:
            matches |= Q(**{f"{other}__iexact": text.strip()})
    found = list(queryset.annotate(_title=Fold(F(title))).filter(matches).values_list("pk", flat=True)[:2])
    if not found:
        raise Invalid(_("There is no “%(text)s” to choose. Pick one from the list.") % {"text": text.strip()[:60]})
    if len(found) > 1:
        raise Invalid(_("Several are called “%(text)s”. Pick one from the list.") % {"text": text.strip()[:60]})
    return uuid.UUID(str(found[0]))


def titles(wanted: dict[str, set[uuid.UUID]], view: View) -> dict[tuple[str, uuid.UUID], str]:
    """Titles of many records by (type key, id): one query per type; those the person may not see are left out."""
    found: dict[tuple[str, uuid.UUID], str] = {}
    for key, ids in wanted.items():
        record_type = registry.find(key)
        if record_type is None or not ids:
            continue
        rows = record_type.visible(view.access).filter(pk__in=ids)
        found.update({(key, pk): str(title) for pk, title in rows.values_list("pk", record_type.title_path)})
    return found
