"""The form of a page as a browser would send it: every control with what it holds."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any


class _Form(HTMLParser):
    """Collects the controls of the first form that has `action`, or of the only one."""

    def __init__(self, action: str) -> None:
        super().__init__()
        self.wanted, self.inside, self.values = action, False, dict[str, list[str]]()
        self.select, self.text = "", ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = dict(attrs)
        if tag == "form":
            self.inside = self.wanted in (has.get("action") or "")
        name = has.get("name") or ""
        if not self.inside or "disabled" in has:
            return
        if tag == "div" and has.get("data-combobox"):
            self._chosen = (has.get("data-value") or "", "data-multiple" in has)
        elif tag == "select":
            self.select = name
        elif tag == "option" and self.select and ("selected" in has or self.select not in self.values):
            self.values[self.select] = [has.get("value") or ""]
        elif tag == "textarea":
            self.text, self.values[name] = name, [""]
        elif tag == "input" and name and has.get("type") != "file" and (has.get("type") not in ("checkbox", "radio") or "checked" in has):
            self.values.setdefault(name, []).append(self._value(has))

    def _value(self, has: dict[str, str | None]) -> str:
        """The combobox sends the id that it holds instead of the words that it shows."""
        held, self._chosen = getattr(self, "_chosen", ("", False)), ("", False)
        return held[0] if held[0] and has.get("type") == "text" else has.get("value") or ""

    def handle_data(self, data: str) -> None:
        if self.text:
            self.values[self.text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "textarea":
            self.text = ""
        elif tag == "select":
            self.select = ""
        elif tag == "form":
            self.inside = False


def sent_by(answer: Any, action: str = "", **typed: Any) -> dict[str, Any]:
    """What the form in an answer sends, with `typed` over it; None unticks a box, or leaves a control out."""
    form = _Form(action)
    form.feed(answer.content.decode())
    values = {**{name: held[0] if len(held) == 1 else held for name, held in form.values.items()}, **typed}
    return {name: value for name, value in values.items() if value is not None}
