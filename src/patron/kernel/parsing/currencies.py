"""Currencies by the signs and words that people write beside an amount."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_precision, get_currency_symbol, get_territory_currencies

from patron.kernel.parsing.base import Invalid, ParseContext, babel_locale, shown
from patron.kernel.text import _

#: More places than any currency has; the limit where none is known.
MOST_MINOR_UNITS = 4

_SIGNS = {
    "€": "EUR", "£": "GBP", "us$": "USD", "ca$": "CAD", "c$": "CAD", "au$": "AUD", "a$": "AUD", "nz$": "NZD",
    "hk$": "HKD", "sg$": "SGD", "s$": "SGD", "nt$": "TWD", "mx$": "MXN", "r$": "BRL", "₹": "INR", "₽": "RUB",
    "₩": "KRW", "₺": "TRY", "₴": "UAH", "₫": "VND", "₪": "ILS", "₦": "NGN", "₱": "PHP", "฿": "THB", "₸": "KZT",
    "₾": "GEL", "₡": "CRC", "₲": "PYG", "zł": "PLN", "kč": "CZK", "ft": "HUF", "fr": "CHF", "fr.": "CHF", "sfr": "CHF",
    "sfr.": "CHF", "rmb": "CNY", "lei": "RON", "лв": "BGN", "лв.": "BGN", "руб": "RUB", "руб.": "RUB", "円": "JPY",
    "元": "CNY", "jp¥": "JPY", "cn¥": "CNY", "$us": "USD", "$ca": "CAD",
    "$au": "AUD", "$nz": "NZD", "$hk": "HKD", "euro": "EUR", "euros": "EUR", "franken": "CHF", "yen": "JPY",
}  # fmt: skip

#: Signs of several currencies: those, the first being meant where nothing else decides (none where that would be rash).
_SHARED: dict[str, tuple[str | None, tuple[str, ...]]] = {
    "$": ("USD", ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "TWD", "CLP", "COP", "ARS", "UYU", "JMD", "BBD")),
    "¥": ("JPY", ("JPY", "CNY")),
    "kr": (None, ("SEK", "NOK", "DKK", "ISK")),
    "rs": ("INR", ("INR", "PKR", "LKR", "NPR", "MUR")),
    "dollar": ("USD", ("USD", "CAD", "AUD", "NZD", "SGD", "HKD")),
}
_SAME = {"￥": "¥", "＄": "$", "￡": "£", "kr.": "kr", "rs.": "rs", "₨": "rs", "dollars": "dollar"}


@lru_cache(maxsize=1)
def _codes() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


@lru_cache(maxsize=512)
def minor_units(currency: str) -> int:
    """Decimal places of amounts in `currency` (ISO 4217 code): 2 for EUR, 0 for JPY, 3 for KWD."""
    return int(get_currency_precision(currency))


def currency_of(word: str, ctx: ParseContext, expected: str | None) -> str | None:
    """The currency that `word`, found beside an amount, stands for; None when it stands for none.

    A sign that several currencies share means `expected` where that is one of them, then the currency of the person's
    country. Raises `Invalid` where nothing decides ("kr").
    """
    sign = _SAME.get(word.casefold(), word.casefold())
    code = word.upper()
    if expected and word == get_currency_symbol(expected, babel_locale(ctx.locale)):
        return expected
    if len(code) == 3 and code in _codes():
        return code
    if sign in _SIGNS:
        return _SIGNS[sign]
    if sign not in _SHARED:
        return None
    usual, candidates = _SHARED[sign]
    if expected in candidates:
        return expected
    own = get_territory_currencies(ctx.country) if ctx.country else []
    chosen = next((code for code in own if code in candidates), usual)
    if chosen is None:
        message = _("“%(sign)s” is used by several currencies. Write the currency's code, such as %(codes)s.")
        raise Invalid(message % {"sign": shown(word), "codes": ", ".join(candidates)})
    return chosen
