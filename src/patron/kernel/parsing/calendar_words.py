"""The words of dates and times in the languages that files come in."""

from __future__ import annotations

from functools import lru_cache
from typing import Literal

from babel.dates import get_day_names, get_month_names

from patron.kernel.parsing.base import babel_locale
from patron.kernel.text import fold

#: Languages read besides the person's own; where a word means two months, the first one's meaning is taken.
LANGUAGES = ("en", "de", "fr", "es", "it", "pt", "nl", "pl", "sv", "da", "nb", "cs")

#: Days from today.
RELATIVE = {
    "today": 0, "tomorrow": 1, "yesterday": -1, "heute": 0, "morgen": 1, "ubermorgen": 2, "gestern": -1,
    "aujourd'hui": 0, "demain": 1, "hier": -1, "hoy": 0, "manana": 1, "ayer": -1, "oggi": 0, "domani": 1, "ieri": -1,
    "hoje": 0, "amanha": 1, "ontem": -1, "vandaag": 0, "gisteren": -1, "dzis": 0, "dzisiaj": 0, "jutro": 1,
    "wczoraj": -1, "idag": 0, "i dag": 0, "imorgon": 1, "i morgon": 1, "igar": -1, "i gar": -1, "i morgen": 1,
}  # fmt: skip

#: Words beside a day, month or year that add nothing: "20 de octubre de 2016", "le 20 octobre", "the 1st of May".
FILLERS = frozenset(("de", "del", "of", "the", "den", "der", "le", "el", "il", "do", "am", "on", "r", "rok", "roku"))

#: Month names, long and short, folded, by month. Written out, since loading a dozen locales takes 10 MB.
_MONTHS = (
    (
        "january jan januar janvier janv enero ene gennaio gen janeiro januari stycznia styczen sty ledna leden led "
        "jaenner"
    ),
    "february feb februar fevrier fevr febrero febbraio fevereiro fev februari lutego luty lut unora unor uno",
    "march mar marz mars marzo marco maart mrt marca marzec marts brezna brezen bre mrz maerz",
    "april apr avril avr abril abr aprile kwietnia kwiecien kwi dubna duben dub",
    "may mai mayo maggio mag maio mei maja maj kvetna kveten kve",
    "june jun juni juin junio giugno giu junho czerwca czerwiec cze cervna cerven cvn",
    "july jul juli juillet juil julio luglio lug julho lipca lipiec lip cervence cervenec cvc",
    "august aug aout agosto ago augustus sierpnia sierpien sie augusti srpna srpen srp",
    "september sep sept septembre septiembre settembre set setembro wrzesnia wrzesien wrz zari zar",
    "october oct oktober okt octobre octubre ottobre ott outubro out pazdziernika pazdziernik paz rijna rijen rij",
    "november nov novembre noviembre novembro listopada listopad lis listopadu",
    (
        "december dec dezember dez decembre diciembre dic dicembre dezembro grudnia grudzien gru desember des prosince "
        "prosinec pro"
    ),
)
_WEEKDAYS = (
    "sunday monday tuesday wednesday thursday friday saturday sun mon tue wed thu fri sat sonntag montag dienstag "
    "mittwoch donnerstag freitag samstag so mo di mi do fr sa dimanche lundi mardi mercredi jeudi vendredi samedi dim "
    "lun mar mer jeu ven sam domingo lunes martes miercoles jueves viernes sabado dom mie jue vie sab domenica lunedi "
    "martedi mercoledi giovedi venerdi sabato gio segunda-feira terca-feira quarta-feira quinta-feira sexta-feira seg "
    "ter qua qui sex zondag maandag dinsdag woensdag donderdag vrijdag zaterdag zo ma wo vr za niedziela poniedzialek "
    "wtorek sroda czwartek piatek sobota niedz pon wt sr czw pt sob sondag mandag tisdag onsdag torsdag fredag lordag "
    "son man tis ons tors fre lor tirsdag tirs tir tor nedele pondeli utery streda ctvrtek patek ne po ut st ct pa"
)

_WIDTHS: tuple[Literal["wide", "abbreviated"], ...] = ("wide", "abbreviated")
_CONTEXTS: tuple[Literal["format", "stand-alone"], ...] = ("format", "stand-alone")


@lru_cache(maxsize=64)
def months(locale: str) -> dict[str, int]:
    """Month names, long and short, folded and without full stops, to 1..12; the locale's own go before the others."""
    found = {word: month for month, words in enumerate(_MONTHS, 1) for word in words.split()}
    for width in _WIDTHS:
        for context in _CONTEXTS:
            names = get_month_names(width, context, babel_locale(locale))
            found.update((plain(word), month) for month, word in names.items())
    return found


@lru_cache(maxsize=64)
def weekdays(locale: str) -> frozenset[str]:
    """Names of days of the week, long and short, folded and without full stops."""
    found = set(_WEEKDAYS.replace("-", " ").split())
    for width in _WIDTHS:
        found.update(plain(word) for word in get_day_names(width, "format", babel_locale(locale)).values())
    return frozenset(found)


def plain(word: str) -> str:
    """A calendar word as the tables hold it."""
    return fold(word).strip(". ")
