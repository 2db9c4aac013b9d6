"""Dates, numbers and money as a person reads them: their locale, their time zone."""

import datetime as dt
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from babel import Locale, UnknownLocaleError, dates, numbers, units
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from markupsafe import Markup

from patron.kernel.markup import filled


class Formats:
    """Formats values for one person. Makes no guesses: a date stays the date it is, an instant is shown in the person's zone.

    Made for one request or job: words that lists repeat are looked up once, in the language that is active when they are first needed.
    """

    def __init__(self, locale: str, zone: ZoneInfo) -> None:
        self.zone = zone
        self._locale = locale
        self._money: dict[str, str] = {}
        self._days: dict[int, str] = {}

    @cached_property
    def locale(self) -> Locale:
        try:
            return Locale.parse(self._locale, sep="-" if "-" in self._locale else "_")
        except (UnknownLocaleError, ValueError):
            return Locale("en")

    @cached_property
    def _date_pattern(self) -> Any:
        return dates.parse_pattern("d MMM yyyy") if self.locale.language == "en" else dates.get_date_format("medium", locale=self.locale)

    @cached_property
    def _minutes_ago(self) -> str:
        return _("%(n)s min ago")

    @cached_property
    def _hours_ago(self) -> str:
        return _("%(n)s h ago")

    def number(self, value: Decimal | int, places: int | None = None) -> str:
        """12500 -> 12,500; trailing zeros of a Decimal are dropped unless `places` says how many to show."""
        if isinstance(value, int) and self.locale.language == "en":
            return f"{value:,}"
        pattern = None if places is None else "#,##0." + "0" * places if places else "#,##0"
        return str(numbers.format_decimal(value, format=pattern, locale=self.locale, decimal_quantization=places is not None))

    def count(self, value: int, exact: bool = True) -> str:
        """A number of rows; an estimate says so, in two digits."""
        return self.number(value) if exact else _("about %(n)s") % {"n": self.number(int(float(f"{value:.2g}")))}

    def money(self, amount: Decimal | None, currency: str, cents: bool | None = None) -> str:
        """€1,250.00; without cents where the amount has none and `cents` is not asked for."""
        if amount is None:
            return ""
        short = cents is False or (cents is None and amount == amount.to_integral_value())
        shape = self._money.get(currency)
        if shape is None:
            shape = self._money[currency] = self._shape(currency)
        if shape is not _BABEL:
            minus, symbol = "-" if amount < 0 else "", shape
            return f"{minus}{symbol}{abs(amount):,.0f}" if short else f"{minus}{symbol}{abs(amount):,.2f}"
        if short:
            pattern = _without_cents(self.locale)
            return str(numbers.format_currency(amount.quantize(Decimal(1)), currency, locale=self.locale, format=pattern, currency_digits=False))
        return str(numbers.format_currency(amount, currency, locale=self.locale))

    def _shape(self, currency: str) -> str:
        """English money with two decimals is put together without Babel: lists show hundreds of amounts."""
        symbol = str(numbers.get_currency_symbol(currency, self.locale))
        plain = self.locale.language == "en" and numbers.get_currency_precision(currency) == 2
        return (symbol if len(symbol) < 3 else symbol + "\u00a0") if plain else _BABEL

    def size(self, count: int) -> str:
        """What a file holds, in powers of a thousand as disks are sold: 37 bytes, 2.4 kB, 13 MB."""
        for power, unit in ((3, "gigabyte"), (2, "megabyte"), (1, "kilobyte")):
            if count >= 1000**power:
                many = round(Decimal(count) / 1000**power, 1 if count < 10 * 1000**power else 0)
                return str(units.format_unit(many.normalize() + 0, f"digital-{unit}", length="short", locale=self.locale))
        return str(units.format_unit(count, "digital-byte", locale=self.locale))

    def short(self, amount: Decimal) -> str:
        """An amount for an axis: 12k, 1.5m, 2bn."""
        for size, letter in ((Decimal(1_000_000_000), "bn"), (Decimal(1_000_000), "m"), (Decimal(1_000), "k")):
            if abs(amount) >= size:
                return self.number((amount / size).quantize(Decimal("0.1")).normalize() + 0) + letter
        return self.number(amount.quantize(Decimal(1)))

    def month(self, day: dt.date) -> str:
        """The month's short name."""
        return _MONTHS[day.month - 1] if self.locale.language == "en" else str(dates.format_date(day, "LLL", locale=self.locale))

    def long_date(self, day: dt.date) -> str:
        """Thursday 19 November 2026."""
        return str(dates.format_date(day, "EEEE d MMMM y" if self.locale.language == "en" else "full", locale=self.locale))

    def percent(self, value: Decimal | int) -> str:
        """25 -> 25%: the value is in per cent already."""
        return str(numbers.format_percent(Decimal(value) / 100, format="#,##0.##%" if self.locale.language == "en" else None, locale=self.locale))

    def date(self, value: dt.date | None) -> str:
        if value is None:
            return ""
        if self.locale.language == "en":
            return f"{value.day} {_MONTHS[value.month - 1]} {value.year}"
        return str(dates.format_date(value, locale=self.locale))

    def day(self, value: dt.date) -> str:
        """A date without its year where that is this year's."""
        if value.year == self.today().year and self.locale.language == "en":
            return f"{value.day} {_MONTHS[value.month - 1]}"
        return self.date(value)

    def time(self, value: dt.datetime) -> str:
        return value.astimezone(self.zone).strftime("%H:%M")

    def datetime(self, value: dt.datetime | None) -> str:
        return "" if value is None else self._full(value.astimezone(self.zone))

    def _full(self, local: dt.datetime) -> str:
        return f"{self.date(local)}, {local.hour:02}:{local.minute:02}"

    def today(self) -> dt.date:
        return timezone.now().astimezone(self.zone).date()

    def ago(self, value: dt.datetime | None) -> str:
        """Relative up to seven days, then the date; also for what lies ahead."""
        return "" if value is None else self._ago(value.astimezone(self.zone))

    def _ago(self, local: dt.datetime) -> str:
        now = timezone.now()
        minutes = int((now - local).total_seconds() // 60)
        if 0 <= minutes < 60:
            return _("just now") if minutes < 1 else self._minutes_ago % {"n": minutes}
        days = now.astimezone(self.zone).toordinal() - local.toordinal()
        if days == 0:
            return f"{local:%H:%M}" if minutes < 0 else self._hours_ago % {"n": minutes // 60}
        return self._days_ago(days, local)

    def relative_day(self, value: dt.date) -> str:
        """Today, yesterday, tomorrow, n days ago, in n days; beyond a week the date."""
        return self._days_ago((self.today() - value).days, value)

    def _days_ago(self, days: int, value: dt.date) -> str:
        if not -7 <= days <= 7:
            return self.date(value)
        said = self._days.get(days)
        if said is None:
            said = self._days[days] = _in_days(days)
        return said

    def stamp(self, value: dt.datetime | dt.date | None) -> Markup:
        """A `<time>` element: machine-readable, with the relative form to read and the full one on hover."""
        if value is None:
            return Markup("")
        if isinstance(value, dt.datetime):
            local = value.astimezone(self.zone)
            return filled('<time datetime="%s" title="%s">%s</time>', value.isoformat(), self._full(local), self._ago(local))
        return filled('<time datetime="%s">%s</time>', value.isoformat(), self.date(value))


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_BABEL = "babel"
_SHORT: dict[str, str] = {}


def _in_days(days: int) -> str:
    """How long ago a day within a week is, or how far ahead."""
    if -1 <= days <= 1:
        return _("Today") if days == 0 else _("Yesterday") if days == 1 else _("Tomorrow")
    if days > 0:
        return ngettext("%(n)s day ago", "%(n)s days ago", days) % {"n": days}
    return ngettext("in %(n)s day", "in %(n)s days", -days) % {"n": -days}


def _without_cents(locale: Locale) -> str:
    key = str(locale)
    if key not in _SHORT:
        pattern = locale.currency_formats["standard"].pattern
        _SHORT[key] = pattern.replace("0.00", "0")
    return _SHORT[key]
