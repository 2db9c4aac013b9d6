"""What the settings say of the kinds of own fields: a picture, a line of help, and what each kind asks for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from patron.records.custom_models import CustomKind


@dataclass(frozen=True, slots=True)
class KindHelp:
    """How a kind is offered. `asks` names the parts of the form that only some kinds have."""

    kind: CustomKind
    icon: str
    hint: Any
    asks: frozenset[str] = frozenset({"rules", "default"})

    @property
    def label(self) -> Any:
        return self.kind.label


def _help(kind: CustomKind, icon: str, hint: Any, *asks: str) -> KindHelp:
    return KindHelp(kind, icon, hint, frozenset(asks) if asks else frozenset({"rules", "unique", "default"}))


#: Kinds in the order in which they are offered.
OFFERED: dict[str, KindHelp] = {
    h.kind.value: h
    for h in (
        _help(CustomKind.TEXT, "type", _("A line of words: a serial number, a nickname")),
        _help(CustomKind.LONG_TEXT, "file-text", _("Several lines, as long as you like"), "rules", "default"),
        _help(CustomKind.NUMBER, "hash", _("Counted or measured, with decimals if you want"), "rules", "unique", "default", "places"),
        _help(CustomKind.MONEY, "banknote", _("An amount in the workspace's currency"), "rules", "default", "places"),
        _help(CustomKind.DATE, "calendar", _("A day"), "rules", "unique", "default"),
        _help(CustomKind.DATETIME, "calendar-clock", _("A day and a time"), "rules", "default"),
        _help(CustomKind.CHOICE, "list", _("One of a list that you write"), "rules", "default", "choices"),
        _help(CustomKind.MULTI_CHOICE, "list-checks", _("Any of a list that you write"), "rules", "default", "choices"),
        _help(CustomKind.CHECKBOX, "square-check-big", _("A box to tick"), "default"),
        _help(CustomKind.PERSON, "user-round", _("Somebody of this workspace"), "rules"),
        _help(CustomKind.RELATION, "link", _("Another record: an account, a product …"), "rules", "unique", "target"),
        _help(CustomKind.FILE, "paperclip", _("A document of the record: a contract, a drawing"), "rules", "several"),
        _help(CustomKind.EMAIL, "at-sign", _("Checked, and a click writes to it")),
        _help(CustomKind.PHONE, "phone", _("Checked, and a click calls it")),
        _help(CustomKind.URL, "globe", _("Checked, and a click opens it")),
        _help(CustomKind.FORMULA, "square-function", _("Worked out from other fields of the record"), "formula", "places"),
    )
}
