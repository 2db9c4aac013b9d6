"""The cards of the board as markup. Put together in Python, not in the template: it is what a board spends its time on (compare `records.rows`)."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from markupsafe import Markup, escape

from patron.kernel import ui
from patron.kernel.jinja import icon
from patron.records.kinds import View
from patron.records.views.base import href
from patron.sales.board import BOARD, Card
from patron.sales.models import Stage

#: The sign of a card's next activity: icon, tone, words.
ACTS = {
    "today": ("calendar-clock", "good", gettext_lazy("Activity due today")),
    "planned": ("calendar", "none", gettext_lazy("Activity planned")),
    "overdue": ("calendar-x", "bad", gettext_lazy("Activity overdue")),
    "none": ("triangle-alert", "warn", gettext_lazy("No activity planned")),
}


def cards(shown: list[Card], stage: Stage, view: View) -> Markup:
    """`<li>` elements by the contract of board.js: data-id, data-revision, data-move-url, a grip that opens the menu. Everything is escaped here."""
    words = _Words(stage, view)
    return Markup("".join(_card(card, view, words) for card in shown))  # noqa: S704 (every part was escaped)


class _Words:
    """What is the same on every card of a column, or on many, looked up once."""

    def __init__(self, stage: Stage, view: View) -> None:
        self.base = str(escape(href(view.access, "deals")))
        self.limit = str(escape(_("The limit for this stage is %(n)s days") % {"n": stage.expected_days}))
        self.move, self.owner = str(escape(_("Move %(name)s"))), str(escape(_("Owner %(name)s")))
        self.drag = str(escape(_("Drag, or press for a menu")))
        self.grip, self.rotting = icon("grip-vertical"), icon("hourglass")
        self.acts = {"": "", **{key: self._act(*act) for key, act in ACTS.items()}}
        self._marks: dict[int, str] = {}
        self._faces: dict[str, str] = {"": ""}

    def _act(self, name: str, tone: str, words: Any) -> str:
        label = escape(words)
        return f'<span class="act is-{tone}" title="{label}">{icon(name)}<span class="sr">{label}</span></span>'

    def rot(self, days: int) -> str:
        """That a deal has been here for so many days."""
        if days not in self._marks:
            said = escape(ngettext("%(n)s day", "%(n)s days", days) % {"n": days})
            self._marks[days] = f'<span class="act is-bad" title="{self.limit}">{self.rotting}{said}</span>'
        return self._marks[days]

    def face(self, name: str) -> str:
        """Who owns a deal; nothing where nobody does."""
        if name not in self._faces:
            sign = f'<span class="avatar s" style="--h:{ui.hue(name)}" data-i="{escape(ui.initials(name))}" aria-hidden="true"></span>'
            self._faces[name] = f'{sign}<span class="sr">{self.owner.replace("%(name)s", str(escape(name)))}</span>'
        return self._faces[name]


def _card(card: Card, view: View, words: _Words) -> str:
    url, title = f"{words.base}{card.id}/", str(escape(card.name))
    amount = f"<b>{escape(view.fmt.money(card.amount, card.currency, cents=False))}</b>" if card.amount is not None else ""
    if card.rotting_days is None:
        rot, mark, day = "", "", str(escape(view.fmt.day(card.expected_close))) if card.expected_close else ""
    else:
        rot, mark, day = " rot", words.rot(card.rotting_days), ""
    tag = f'<span class="badge is-info end">{escape(card.tags[0])}</span>' if card.tags else ""
    below = f'<p><span class="clip">{escape(card.account)}</span>{tag}</p>' if card.account or tag else ""
    return (
        f'<li class="deal{rot}" id="card-{card.id}" data-id="{card.id}" data-revision="{card.revision}" data-move-url="{url}do/{BOARD.verb}/">'
        f'<div class="top"><a href="{url}">{title}</a><button class="grip" type="button" aria-label="{words.move.replace("%(name)s", title)}"'
        f' title="{words.drag}" popovertarget="move">{words.grip}</button></div>{below}<p class="num">{amount}{day}<span class="end">{mark}{words.acts[card.next]}'
        f"{words.face(card.owner)}</span></p></li>\n"
    )
