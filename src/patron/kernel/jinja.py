"""The template environment: one language for every page."""

from collections.abc import Callable
from functools import cache
from typing import Any

from django.conf import settings
from django.templatetags.static import static
from django.urls import reverse
from django.utils import translation
from jinja2 import Environment, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from patron.kernel import ui
from patron.kernel.markup import filled


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a named URL."""
    return reverse(name, args=args or None, kwargs=kwargs or None)


@cache
def icon(name: str, cls: str = "") -> Markup:
    """An icon of the sprite; decorative, so the control that holds it carries the label."""
    sprite = static("vendor/sprite.svg")
    return filled('<svg class="icon %s" aria-hidden="true"><use href="%s#%s"/></svg>', cls, sprite, name)


def _words() -> Callable[..., Markup]:
    """`_("…", name=value)` in templates: each message is looked up once per language, since a page asks a hundred times. Values are escaped."""
    known: dict[tuple[str | None, str], Markup] = {}

    def words(message: str, /, **values: Any) -> Markup:
        key = (translation.get_language(), message)
        found = known.get(key)
        if found is None:
            found = known[key] = Markup(translation.gettext(message))  # noqa: S704 (our own message, as gettext of Jinja2 does it)
        return found % values if values else found

    return words


def _counted(ngettext: Callable[..., Markup]) -> Callable[..., Markup]:
    """`ngettext("%(num)s row", "%(num)s rows", n)` in templates, with `num` written as the reader writes numbers, where the page knows how."""

    @pass_context
    def counted(context: Context, one: str, many: str, count: int, /, **values: Any) -> Markup:
        fmt = context.get("fmt")
        return ngettext(context, one, many, count, **{"num": fmt.number(count) if fmt else count, **values})

    return counted


def environment(**options: Any) -> Environment:
    """Jinja2 with gettext, auto-escaping and Patron's globals; an undefined name is an error, not an empty string."""
    env = Environment(**{**options, "undefined": StrictUndefined, "trim_blocks": True, "lstrip_blocks": True, "extensions": ["jinja2.ext.i18n", "jinja2.ext.do"]})
    env.install_gettext_callables(translation.gettext, translation.ngettext, newstyle=True)  # type: ignore[attr-defined]
    plain: Any = env.globals["ngettext"]
    env.globals.update(_=_words(), ngettext=_counted(plain))
    env.globals.update(url=url, static=static, icon=icon, hue=ui.hue, initials=ui.initials, tone_of=ui.tone_of, debug=settings.DEBUG)
    return env
