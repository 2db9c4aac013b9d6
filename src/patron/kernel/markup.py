"""Small pieces of markup, put together quickly: lists draw thousands of them."""

from __future__ import annotations

from markupsafe import Markup, escape


def filled(form: str, *values: object) -> Markup:
    """`form % values` with each value escaped: what `Markup(form) % values` answers at a fifth of its cost. `form` is our own, never a person's."""
    return Markup(form % tuple(map(escape, values)))  # noqa: S704 (every value was escaped)
