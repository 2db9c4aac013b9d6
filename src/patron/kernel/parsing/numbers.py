"""Numbers, amounts of money and percentages, exactly as written: `Decimal` and `int`, never float.

"1,234.50", "1.234,50", "1 234,50" and "1'234.50" are one number to everybody, since both marks, or a mark that cannot
separate thousands, leave one reading. Only "1.234" and "1,234" have two: the context's decimal mark decides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Context, Decimal
from typing import NamedTuple

from patron.kernel.parsing.base import Invalid, ParseContext, is_blank, shown
from patron.kernel.parsing.currencies import MOST_MINOR_UNITS, currency_of, minor_units
from patron.kernel.text import _

#: The two usual forms by decimal mark: plain, and with the other mark between thousands.
_PLAIN = {
    ".": re.compile(r"-?[0-9]{1,15}(?:\.[0-9]{1,15})?").fullmatch,
    ",": re.compile(r"-?[0-9]{1,15}(?:,[0-9]{1,15})?").fullmatch,
}
_GROUPED = {
    ".": re.compile(r"-?[1-9][0-9]{0,2}(?:,[0-9]{3}){1,4}(?:\.[0-9]{1,9})?").fullmatch,
    ",": re.compile(r"-?[1-9][0-9]{0,2}(?:\.[0-9]{3}){1,4}(?:,[0-9]{1,9})?").fullmatch,
}
_LONGEST = 100
_INTEGER_LIMIT = 2**63 - 1
_EXACT = Context(prec=4 * _LONGEST)

_PARTS = re.compile(r"([^0-9]*?)([.,]?[0-9](?:[0-9.,' ]*[0-9])?[.,]?)([^0-9]*)")
_SCIENTIFIC = re.compile(r"[-+]?[0-9]+(?:[.,][0-9]+)?[eE][-+]?[0-9]+")
_GROUPED_BY = {
    mark: re.compile(
        rf"[1-9][0-9]{{0,2}}(?:{mark}[0-9]{{3}})+|[1-9][0-9]?(?:{mark}[0-9]{{2}})+{mark}[0-9]{{3}}"
    ).fullmatch
    for mark in (r"\.", ",", "'", " ")
}
#: Words for powers of ten. Beside a plain number "m", "t" and "mm" would be units of measure: only for money.
_SCALES = {"k": 3, "tsd": 3, "thousand": 3, "mio": 6, "million": 6, "millionen": 6, "mrd": 9, "billion": 9, "bn": 9}
_MONEY_SCALES = _SCALES | {"t": 3, "m": 6, "mm": 6, "mn": 6, "mill": 6, "b": 9}
_WORD = re.compile(r"([^\W\d_]+)\.?")
_SAME_SIGN = str.maketrans({"−": "-", "–": "-", "—": "-", "’": "'", "‘": "'", "´": "'", "`": "'", "＋": "+", "％": "%"})


class Parts(NamedTuple):
    """A number taken apart: its value and the words before and after it, signs and brackets removed."""

    value: Decimal
    before: str
    after: str


def number(s: str, ctx: ParseContext, digits: int = 18, places: int = 6) -> Decimal:
    """A decimal number with at most `places` decimal places and `digits` digits in all.

    Reads grouping of thousands, "12k" and "3 Mio", a sign before or after, brackets for negative amounts. Raises
    `Invalid` for anything else, and for more places or digits rather than rounding.
    """
    quick = _quick(s, ctx.decimal_mark, digits, places)
    if quick is not None:
        return quick
    value, before, after = split(s, ctx)
    if before or after:
        raise _not_a_number(s)
    return fitted(value, digits, places)


def integer(s: str, ctx: ParseContext, low: int = -_INTEGER_LIMIT - 1, high: int = _INTEGER_LIMIT) -> int:
    """A whole number from `low` to `high`; "12.0" is one, "12.5" is refused. Otherwise as `number`."""
    if s.isdecimal() and len(s) < 18:
        whole = int(s)
    else:
        value = number(s, ctx, digits=2 * _LONGEST, places=_LONGEST)
        whole = int(value)
        if whole != value:
            raise Invalid(_("“%s” is not a whole number. Enter it without decimals, such as 12.") % shown(s))
    if low <= whole <= high:
        return whole
    if low >= 0 and high == _INTEGER_LIMIT:
        raise Invalid(_("Enter a whole number of at least %d.") % low)
    raise Invalid(_("Enter a whole number from %(low)d to %(high)d.") % {"low": low, "high": high})


def money(
    s: str, ctx: ParseContext, currency: str | None = None, digits: int = 18, places: int | None = None
) -> tuple[Decimal, str | None]:
    """An amount and the currency written with it (ISO code), or None where none is written.

    `currency` is the one expected: it gives the limit of places where none is written, and decides what "$" or "kr"
    means. `places` overrides the limit. A written currency other than the expected is returned, not refused.
    Raises `Invalid` for more decimal places than the currency has (two for EUR, none for JPY) rather than rounding.
    """
    quick = _quick(s, ctx.decimal_mark, digits, _places(currency, places))
    if quick is not None:
        return quick, None
    value, before, after = split(s, ctx, _MONEY_SCALES)
    words = [word for word in (before, after) if word]
    found = currency_of(words[0], ctx, currency) if len(words) == 1 else None
    if words and not found:
        raise _not_an_amount(s)
    known = found or currency
    return fitted(value, digits, _places(known, places), known), found


def percent(
    s: str,
    ctx: ParseContext,
    digits: int = 7,
    places: int = 2,
    low: Decimal | int | None = None,
    high: Decimal | int | None = None,
) -> Decimal:
    """Per cent, as a number: "12,5 %" and "12.5" both give 12.5. Limits as in `number`; `low` and `high` if given."""
    value, before, after = split(s, ctx)
    if (before or "%") != "%" or (after.lower() or "%") not in ("%", "percent", "prozent", "pct", "p.c."):
        raise Invalid(_("“%s” is not a percentage. Enter it as a number, such as 12.5 for 12.5 %%.") % shown(s))
    if low is not None and high is not None and not low <= value <= high:
        raise Invalid(_("Enter a percentage from %(low)s to %(high)s.") % {"low": low, "high": high})
    if (low is not None and value < low) or (high is not None and value > high):
        raise Invalid(
            _("Enter a percentage of at least %s.") % low
            if high is None
            else _("Enter a percentage of at most %s.") % high
        )
    return fitted(value, digits, places)


def _quick(s: str, mark: str, digits: int, places: int) -> Decimal | None:
    """The value of a number in a usual form that fits at sight; None where a closer look is needed."""
    if not _PLAIN[mark](s):
        if not _GROUPED[mark](s):
            return None
        s = s.replace("," if mark == "." else ".", "")
    found = s.find(mark)
    if len(s) > digits - places or (found >= 0 and len(s) - found - 1 > places):
        return None
    return Decimal(s if mark == "." else s.replace(",", "."))


def _places(currency: str | None, places: int | None) -> int:
    if places is not None:
        return places
    return minor_units(currency) if currency else MOST_MINOR_UNITS


def fitted(value: Decimal, digits: int, places: int, currency: str | None = None) -> Decimal:
    """`value` in at most `places` decimal places and `digits` digits in all; `Invalid` if that needs rounding."""
    exponent = value.as_tuple().exponent
    if isinstance(exponent, int) and exponent < -places:
        short = value.quantize(Decimal(1).scaleb(-places), context=_EXACT)
        if short != value:
            raise Invalid(_too_many_places(value, places, currency))
        value = short
    if value.adjusted() >= digits - places and value:
        message = _("This number is too large: enter at most %d digits before the decimal mark.")
        raise Invalid(message % (digits - places))
    return value


def split(s: str, ctx: ParseContext, scales: Mapping[str, int] = _SCALES) -> Parts:
    """The number in `s` and the words around it, those of `scales` multiplied in.

    Raises `Invalid` when there is no number, or none with one reading.
    """
    if is_blank(s):
        raise Invalid(_("Enter a number, such as 12500."))
    plain = _plain(s, ctx)
    match = _PARTS.fullmatch(plain) if len(plain) <= _LONGEST else None
    if match is None:
        raise _not_a_number(s)
    before, body, after = match[1].strip(), match[2], match[3].strip()
    if body[-1] in ".," and after[:1] == "-":
        body, after = body[:-1], after.lstrip("-").lstrip()
    negative, before, after = _sign(before, after, s)
    word = _WORD.match(after)
    power = scales.get(word[1].lower(), 0) if word else 0
    after = after[word.end() :].strip() if word and power else after
    value = Decimal(_digits(body, ctx, s)).scaleb(power, context=_EXACT)
    if power and value == value.to_integral_value(context=_EXACT):
        value = value.quantize(Decimal(1), context=_EXACT)
    return Parts(-value if negative and value else value, before, after)


def _plain(s: str, ctx: ParseContext) -> str:
    """`s` in ASCII digits, marks, signs and ordinary spaces; letters and signs of money stay."""
    s = s.strip()
    if not s.isascii():
        mark, other = (".", ",") if ctx.decimal_mark == "." else (",", ".")
        s = s.translate(_SAME_SIGN).replace("٫", mark).replace("٬", other)
        s = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else " " if c.isspace() else c for c in s)
        s = re.sub(r"[\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]", "", s).strip()
    return s.replace("\x00", "")


def _sign(before: str, after: str, s: str) -> tuple[bool, str, str]:
    """Whether the number is negative, and the words left: "-€", "(", "EUR -", and after it "-" or ")"."""
    bracket = before.count("(")
    signs = [c for c in before + after if c in "-+"]
    if (
        bracket != after.count(")")
        or ")" in before
        or "(" in after
        or len(signs) > 1
        or bracket > 1
        or (bracket and signs)
    ):
        raise _not_a_number(s)
    before = re.sub(r"[-+(]", "", before).strip()
    after = re.sub(r"[-+)]", "", after).strip()
    return bool(bracket) or signs == ["-"], before, after


def _digits(body: str, ctx: ParseContext, s: str) -> str:
    """The number's digits with a point as decimal mark. `body` holds digits, marks, apostrophes and spaces only."""
    for gap in "' ":
        if gap in body:
            whole, mark, places = re.match(r"([^.,]*)([.,]?)(.*)", body).groups()  # type: ignore[union-attr]
            if not _GROUPED_BY[gap](whole) or (places and not places.isdecimal()):
                raise _not_a_number(s)
            return whole.replace(gap, "") + "." + places if mark else whole.replace(gap, "")
    last = max(body.rfind("."), body.rfind(","))
    if last < 0:
        return body
    mark = body[last]
    other = "," if mark == "." else "."
    whole, places = body[:last], body[last + 1 :]
    if other in whole:
        if mark in whole or not _GROUPED_BY["," if other == "," else r"\."](whole):
            raise _not_a_number(s)
        return whole.replace(other, "") + "." + places
    grouped = _GROUPED_BY["," if mark == "," else r"\."](body)
    if grouped and (mark in whole or mark != ctx.decimal_mark):
        return body.replace(mark, "")
    if mark in whole:
        raise _not_a_number(s)
    return (whole or "0") + "." + places


def _too_many_places(value: Decimal, places: int, currency: str | None) -> str:
    values = {"value": format(value, "f"), "places": places, "currency": currency or ""}
    if not places:
        return (
            _("Amounts in %(currency)s have no decimal places: enter %(value)s as a whole number.") % values
            if currency
            else _("Enter %(value)s as a whole number.") % values
        )
    if currency:
        return _("Amounts in %(currency)s have at most %(places)d decimal places: shorten %(value)s.") % values
    return _("Enter at most %(places)d decimal places: shorten %(value)s.") % values


def _not_a_number(s: str) -> Invalid:
    if _SCIENTIFIC.fullmatch(s.strip()):
        message = _(
            "“%s” is a spreadsheet's short form that may have lost digits. Enter the whole number, such as 12500."
        )
    else:
        message = _("“%s” is not a number. Enter the value as a number, such as 12500.")
    return Invalid(message % shown(s))


def _not_an_amount(s: str) -> Invalid:
    return Invalid(_("“%s” is not an amount. Enter it as a number, such as 12500 or 12500 EUR.") % shown(s))
