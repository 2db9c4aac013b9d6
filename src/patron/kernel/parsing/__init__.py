"""What people type, turned into values: one parser per kind, for forms, inline edit, import and API alike.

Every parser takes the text first and raises `Invalid`, whose message says what to do. Blank text is refused too (but
for `text`, `long_text` and `tags`): whether a value may be missing is the caller's business (`is_blank`). Nothing is
rounded, cut or guessed silently.
"""

from patron.kernel.parsing.base import DateOrder, DecimalMark, Invalid, ParseContext, is_blank, memoised
from patron.kernel.parsing.contacts import domain_of, email, phone, phone_display, url
from patron.kernel.parsing.currencies import minor_units
from patron.kernel.parsing.dates import date_
from patron.kernel.parsing.numbers import integer, money, number, percent
from patron.kernel.parsing.options import checkbox, choice, chooser, uuid_
from patron.kernel.parsing.texts import long_text, tags, text, unkept
from patron.kernel.parsing.times import datetime_

__all__ = [
    "DateOrder",
    "DecimalMark",
    "Invalid",
    "ParseContext",
    "checkbox",
    "choice",
    "chooser",
    "date_",
    "datetime_",
    "domain_of",
    "email",
    "integer",
    "is_blank",
    "long_text",
    "memoised",
    "minor_units",
    "money",
    "number",
    "percent",
    "phone",
    "phone_display",
    "tags",
    "text",
    "unkept",
    "url",
    "uuid_",
]
