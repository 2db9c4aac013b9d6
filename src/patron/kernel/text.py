"""Words for people, and letters made comparable."""

from __future__ import annotations

import unicodedata

from django.apps import apps
from django.conf import settings
from django.utils.translation import gettext, ngettext

from patron.kernel.unaccent import TABLE


def _(message: str) -> str:
    """The message in the person's language; as written where Django is not running (tools, tests of pure functions)."""
    return gettext(message) if settings.configured and apps.ready else message


def _n(singular: str, plural: str, number: int) -> str:
    """Like `_` for a message that depends on `number`; the caller fills in the number itself."""
    if settings.configured and apps.ready:
        return ngettext(singular, plural, number)
    return singular if number == 1 else plural


def fold(text: str) -> str:
    """`text` without accents, in lower case, with single spaces: what two spellings of one name have in common.

    Letter by letter the same as `lower(unaccent(text))` in PostgreSQL: "Łódź" and "LODZ" give "lodz", "Straße" gives
    "strasse", "Ærø" gives "aero". Runs of white space become one space and none is left at the ends, which the
    database does not do by itself.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFC", text).translate(TABLE)
    return " ".join(text.lower().split())
