"""A workspace's own record types as a record type: history, undo, rights and API as everything else; their screen is in the settings."""

from __future__ import annotations

import re
from typing import Annotated, Any, ClassVar

from django.db.models import Count
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.kernel.tenancy import current_workspace_id
from patron.kernel.text import fold
from patron.records import changes, registry
from patron.records.custom_models import CustomField
from patron.records.customs import definitions
from patron.records.customs.types import states_of
from patron.records.own_records import MARK, TYPE_KEY, CustomRecord, CustomType
from patron.records.record_type import Section
from patron.records.registry import register
from patron.records.verbs import Input, Refused, verb
from patron.setup import jobs
from patron.setup.own_fields import _Setting

KEY = "record-types"
TONES = ("none", "info", "note", "good", "warn", "bad")
_LONGEST = 30  # of a key: addresses, roles and saved views have room for 40
MOST_STATES = 30
_LETTERS = "bcdefghijklmnopqrstuvwxyz"
#: Icons that a type may show; a type of another icon keeps it.
ICONS = (
    "shapes", "graduation-cap", "book-open", "notebook-pen", "library", "school", "file-signature", "file-check", "clipboard-check", "scale", "gavel", "landmark", "car", "truck",
    "bike", "ship", "plane", "train-front", "fuel", "container", "factory", "warehouse", "store", "house-plug", "hotel", "building-2", "server", "laptop", "smartphone", "printer",
    "cable", "satellite", "wrench", "hammer", "plug", "key", "flask-conical", "microscope", "stethoscope", "pill", "heart-handshake", "lightbulb", "award", "trophy", "gem", "ticket",
    "utensils", "coffee", "music", "camera", "palette", "shirt", "sofa", "backpack", "sprout", "trees", "dog", "paw-print", "leaf", "flame", "map", "compass", "route", "boxes",
)  # fmt: skip


@register
class CustomTypeRecord(_Setting):
    """A record type that the workspace made."""

    key = KEY
    model = CustomType
    label, plural, icon = _("Record type"), _("Record types"), "shapes"
    title = "plural"
    description = _("Record types of your own: courses, contracts, vehicles – with everything that the others have.")
    columns = ("plural", "label", "key", "prefix", "nav", "archived_at")
    sections = (
        Section(_("Record type"), ("label", "plural", "key", "icon", "description")),
        Section(_("Records"), ("title_label", "prefix", "nav", "order")),
    )
    sort = "order"
    keys = ("key",)
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {
        "custom_type_named_once": ("plural", _("There is a record type of this name already.")), "custom_type_place": ("nav", _("Choose one from the list.")),
    }  # fmt: skip

    def defaults(self, access: Access) -> dict[str, Any]:
        return {}

    def clean(self, record: CustomType, *, access: Access, changed: set[str]) -> dict[str, str]:
        if not access.manages_settings:
            return {"": _now("Only administrators change the settings. Ask one of them.")}
        before = None if record._state.adding else CustomType.objects.get(pk=record.pk)
        record.label, record.plural = record.label.strip(), record.plural.strip()
        record.prefix = (record.prefix or "").strip().upper()
        return {**_key(record, before), **_name(record), **_look(record), **_states(record, before)}

    def saved(self, record: CustomType, *, access: Access, created: bool, changed: set[str]) -> None:
        """Records without a state get the first one where the type has states now."""
        definitions.forget()
        if "states" in changed and record.states:
            CustomRecord.objects.filter(type=record, state="").update(state=record.states[0]["value"])


def _key(record: CustomType, before: CustomType | None) -> dict[str, str]:
    """Chosen once; made of the plural where nobody chose. Letters and single hyphens, after the mark."""
    if before is not None:
        return {} if record.key == before.key else {"key": _now("The key stays as it is: addresses, files and programs know the type by it. Change the name.")}
    taken = set(CustomType.objects.values_list("key", flat=True))
    if record.key:
        record.key = MARK + record.key.strip().removeprefix(MARK)
        if not re.fullmatch(TYPE_KEY, record.key) or len(record.key) > _LONGEST:
            return {"key": _now("Use small letters and single hyphens.")}
        return {"key": _now("There is a record type with this key already.")} if record.key in taken else {}
    words = re.sub(r"[^a-z]+", "-", fold(record.plural)).strip("-")[: _LONGEST - len(MARK)].strip("-")
    key = MARK + (words or "type")  # of a name without a Latin letter
    endings = ("", *(f"-{a}" for a in _LETTERS), *(f"-{a}{b}" for a in _LETTERS for b in _LETTERS))
    record.key = next(key + ending for ending in endings if key + ending not in taken)
    return {}


def _name(record: CustomType) -> dict[str, str]:
    """A name that nothing else in the sidebar has."""
    if not record.label or not record.plural:
        return {}
    names = {fold(str(t.plural)) for t in registry.all_types() if t.nav and getattr(t, "id", None) != record.pk}
    return {"plural": _now("There is a record type of this name already.")} if fold(record.plural) in names else {}


def _look(record: CustomType) -> dict[str, str]:
    if not re.fullmatch(r"[A-Z][A-Z0-9]{0,7}|", record.prefix):
        return {"prefix": _now("Use up to eight capitals and digits, beginning with a letter.")}
    return {} if record.icon in ICONS else {"icon": _now("Choose one of the icons.")}


def _states(record: CustomType, before: CustomType | None) -> dict[str, str]:
    """Short labels, each there once; one that records are in stays until they are moved."""
    found: list[dict[str, Any]] = []
    for entry in record.states if isinstance(record.states, list) else []:
        told = entry if isinstance(entry, dict) else {"label": entry}
        label = str(told.get("label") or "").strip()[:60]
        if not label:
            continue
        value = str(told.get("value") or "").strip()[:60] or re.sub(r"[^a-z0-9]+", "_", fold(label)).strip("_")[:50] or f"state_{len(found) + 1}"
        if any(value == s["value"] or fold(label) == fold(s["label"]) for s in found):
            return {"states": _now("There are two states called “%(name)s”.") % {"name": label}}
        tone = told.get("tone") if told.get("tone") in TONES else "none"
        found.append({"value": value, "label": label, "tone": tone, "closed": bool(told.get("closed"))})
    record.states = found
    if len(found) > MOST_STATES:
        return {"states": _now("A record type has at most %(most)s states.") % {"most": MOST_STATES}}
    return _in_use(record, before) if before is not None else {}


def _in_use(record: CustomType, before: CustomType) -> dict[str, str]:
    gone = {s.value: s.label for s in states_of(before.states)}.items() - {s.value: s.label for s in states_of(record.states)}.items()
    values = {value for value, _label in gone} - {s.value for s in states_of(record.states)}
    if not values:
        return {}
    used = CustomRecord.objects.filter(type=record, state__in=values).values_list("state").annotate(n=Count("pk")).order_by("-n").first()
    if used is None:
        return {}
    label = next(s.label for s in states_of(before.states) if s.value == used[0])
    return {"states": _now("%(n)s records are in the state “%(name)s”. Move them to another one first.") % {"n": used[1], "name": label}}


# --- states as text, for doors that know no rows --------------------------------------------------------------------------


def _as_text(record: CustomType, access: Access) -> str:
    return "\n".join(" | ".join([s.label, s.tone or "none", *(["done"] if s.closed else [])]) for s in states_of(record.states))


@verb(KEY, "set_states", label=_("Set the states"), icon="list-checks", action="edit", when=lambda record, access: _settings(record, access), order=20, done=_("States set"))
def set_states(
    record: CustomType, *, access: Access,
    states: Annotated[str, Input(_("States"), kind="long_text", hint=_("One per line, in order: name | none, info, note, good, warn or bad | done"), initial=_as_text)],
) -> None:  # fmt: skip
    """Replace the states by those of the text; one of a known name stays what it is to the records that are in it."""
    known = {fold(s.label): s.value for s in states_of(record.states)}
    rows = []
    for line in states.splitlines():
        label, *more = (part.strip() for part in line.split("|"))
        rows.append({"value": known.get(fold(label), ""), "label": label, "tone": next((m for m in more if m in TONES), "none"), "closed": "done" in more})
    changes.edit(registry.get(KEY), record, {"states": rows}, access=access)


# --- retire, bring back, delete ---------------------------------------------------------------------------------------


def _settings(record: CustomType, access: Access) -> str | None:
    return None if access.manages_settings else _now("Only administrators change the settings. Ask one of them.")


def _live(record: CustomType, access: Access) -> str | None:
    return _settings(record, access) or (_now("This is retired already.") if record.archived_at else None)


def _retired(record: CustomType, access: Access) -> str | None:
    return _settings(record, access) or (None if record.archived_at else _now("This is not retired."))


def _unused(record: CustomType, access: Access) -> str | None:
    """Why a type cannot be deleted: its records, archived ones too, or fields that link to it."""
    count = CustomRecord.objects.filter(type=record).count()
    if count:
        return _now("There are %(n)s records of this type, archived ones included. Delete them first, or retire the type.") % {"n": count}
    link = CustomField.objects.filter(target=record.key).exclude(type_key=record.key).first()
    if link is not None:
        return _now("The field “%(field)s” links to it. Delete that field first.") % {"field": link.label}
    return _settings(record, access)


@verb(KEY, "archive", label=_("Retire"), icon="archive", action="edit", when=_live, bulk=True, order=90, done=_("Retired"))
def retire(record: CustomType, *, access: Access) -> None:
    """Take no new records of the type and show it in no menu. Its records stay and stay readable."""
    record.archived_at = timezone.now()
    record.save(update_fields=["archived_at"])
    definitions.forget()


@verb(KEY, "restore", label=_("Bring back"), icon="archive-restore", action="edit", when=_retired, bulk=True, order=91, done=_("Brought back"))
def bring_back(record: CustomType, *, access: Access) -> None:
    """Let a retired type take new records again."""
    record.archived_at = None
    record.save(update_fields=["archived_at"])
    definitions.forget()


@verb(KEY, "delete", label=_("Delete"), icon="trash-2", action="delete", when=_unused, bulk=True, tone="bad", order=95, done=_("Deleted"))
def delete(record: CustomType, *, access: Access) -> None:
    """Remove a type that has no records, with its own fields. Undo brings both back."""
    if refusal := _unused(record, access):
        raise Refused(refusal)
    for key, kind in CustomField.objects.filter(type_key=record.key).values_list("key", "kind"):
        jobs.drop_own_indexes_later(current_workspace_id(), record.key, key, kind)
    CustomField.objects.filter(type_key=record.key).delete()
    record.delete()
    definitions.forget()
