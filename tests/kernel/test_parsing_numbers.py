"""Numbers, money and percentages: what is written is what is stored, or it is refused with words."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from babel.numbers import format_currency, format_decimal
from hypothesis import given
from hypothesis import strategies as st

from patron.kernel.parsing import Invalid, ParseContext, integer, memoised, minor_units, money, number, percent

EN = ParseContext("en")
DE = ParseContext("de-DE")
SV = ParseContext("sv-SE")
LOCALES = ["en", "de", "fr", "es", "it", "pl", "sv", "nb", "pt_BR", "de_CH", "en_IN", "cs", "nl", "ja"]


@pytest.mark.parametrize(
    ("text", "english", "german"),
    [
        ("12500", "12500", "12500"),
        ("1,234.50", "1234.50", "1234.50"),
        ("1.234,50", "1234.50", "1234.50"),
        ("1,234", "1234", "1.234"),
        ("1.234", "1.234", "1234"),
        ("12,5", "12.5", "12.5"),
        ("12.5", "12.5", "12.5"),
        ("1 234,50", "1234.50", "1234.50"),
        ("1\u202f234,50", "1234.50", "1234.50"),
        ("1’234.50", "1234.50", "1234.50"),
        ("12,34,567.00", "1234567.00", "1234567.00"),
        ("1.234.567", "1234567", "1234567"),
        ("0.123", "0.123", "0.123"),
        ("-5", "-5", "-5"),
        ("\u22125", "-5", "-5"),
        ("5-", "-5", "-5"),
        ("(1,234.50)", "-1234.50", "-1234.50"),
        ("+5", "5", "5"),
        (".5", "0.5", "0.5"),
        ("12k", "12000", "12000"),
        ("1,5 Mio.", "1500000", "1500000"),
        ("١٢٣", "123", "123"),
        (" 7 ", "7", "7"),
        ("007", "7", "7"),
    ],
)
def test_number_reads(text: str, english: str, german: str) -> None:
    assert number(text, EN) == Decimal(english)
    assert number(text, DE) == Decimal(german)


@pytest.mark.parametrize(
    "text",
    [
        "abc",
        "1,2,3",
        "1..2",
        "--5",
        "-(5)",
        "12 34",
        "5²",
        "1,23,4",
        "12 m",
        "½",
        "NaN",
        "Infinity",
        "0x1F",
        "1_000",
        ".",
    ],
)
def test_number_refuses_and_quotes_what_it_refuses(text: str) -> None:
    with pytest.raises(Invalid, match="such as 12500") as caught:
        number(text, EN)
    assert text in caught.value.message


def test_number_refuses_a_spreadsheets_short_form_with_the_reason() -> None:
    with pytest.raises(Invalid, match="may have lost digits"):
        number("1.23E+11", EN)


def test_number_never_rounds() -> None:
    assert number("1.2500", EN, places=2) == Decimal("1.25")
    with pytest.raises(Invalid, match=r"at most 2 decimal places: shorten 1.255"):
        number("1.255", EN, places=2)


def test_number_refuses_more_digits_than_fit() -> None:
    assert number("9999", EN, digits=6, places=2) == 9999
    with pytest.raises(Invalid, match="at most 4 digits"):
        number("10000", EN, digits=6, places=2)


def test_number_of_blank_says_what_to_enter() -> None:
    with pytest.raises(Invalid, match="Enter a number"):
        number(" \x00", EN)


def test_number_refuses_endless_text_quickly() -> None:
    with pytest.raises(Invalid):
        number("9" * 1_000_000, EN)


@pytest.mark.parametrize(("text", "value"), [("12", 12), ("12.0", 12), ("1,000", 1000), ("1k", 1000), ("-3", -3)])
def test_integer_reads(text: str, value: int) -> None:
    assert integer(text, EN) == value
    assert type(integer(text, EN)) is int


def test_integer_refuses_with_the_range() -> None:
    with pytest.raises(Invalid, match="not a whole number"):
        integer("12.5", EN)
    with pytest.raises(Invalid, match="from 0 to 100"):
        integer("101", EN, 0, 100)
    with pytest.raises(Invalid, match="at least 1"):
        integer("0", EN, 1)
    with pytest.raises(Invalid):
        integer("9223372036854775808", EN)


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1054", "1054", None),
        ("€ 1.234,50", "1234.50", "EUR"),
        ("1,234.50 EUR", "1234.50", "EUR"),
        ("$1,234.56", "1234.56", "USD"),
        ("-€5", "-5", "EUR"),
        ("€-5", "-5", "EUR"),
        ("($12)", "-12", "USD"),
        ("USD 12k", "12000", "USD"),
        ("US$ 3bn", "3000000000", "USD"),
        ("1.5m", "1500000", None),
        ("12,-", "12", None),
        ("12.– CHF", "12", "CHF"),
        ("1 000 zł", "1000", "PLN"),
        ("¥100", "100", "JPY"),
        ("Fr. 12.50", "12.50", "CHF"),
    ],
)
def test_money_reads(text: str, value: str, currency: str | None) -> None:
    assert money(text, EN) == (Decimal(value), currency)


def test_money_shared_signs_follow_the_expected_currency_then_the_country() -> None:
    assert money("$5", EN, "CAD") == (Decimal(5), "CAD")
    assert money("$5", ParseContext("en-AU")) == (Decimal(5), "AUD")
    assert money("5 kr", SV) == (Decimal(5), "SEK")
    with pytest.raises(Invalid, match="SEK, NOK, DKK, ISK"):
        money("5 kr", EN)


@pytest.mark.parametrize(
    ("text", "currency", "words"),
    [
        ("12.345", "EUR", "Amounts in EUR have at most 2 decimal places"),
        ("100.5", "JPY", "Amounts in JPY have no decimal places"),
        ("¥100.5", None, "Amounts in JPY have no decimal places"),
        ("12 apples", "EUR", "not an amount"),
        ("12%", "EUR", "not an amount"),
        ("Total 5", "EUR", "not an amount"),
    ],
)
def test_money_refuses(text: str, currency: str | None, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        money(text, EN, currency)


def test_money_takes_three_places_where_the_currency_has_three() -> None:
    assert money("1.234", EN, "KWD") == (Decimal("1.234"), None)
    assert money("1.230000", EN, "EUR") == (Decimal("1.23"), None)


@pytest.mark.parametrize(
    ("text", "value"), [("12.5", "12.5"), ("12,5 %", "12.5"), ("%5", "5"), ("-3 %", "-3"), ("120", "120")]
)
def test_percent_reads(text: str, value: str) -> None:
    assert percent(text, EN) == Decimal(value)


def test_percent_refuses_beyond_its_range() -> None:
    with pytest.raises(Invalid, match="from 0 to 100"):
        percent("120", EN, low=0, high=100)
    with pytest.raises(Invalid, match="at least 0"):
        percent("-1", EN, low=0)
    with pytest.raises(Invalid):
        percent("12 EUR", EN)


AMOUNTS = st.decimals(-(10**11), 10**11, places=2, allow_nan=False, allow_infinity=False)


@given(AMOUNTS, st.sampled_from(LOCALES))
def test_number_reads_back_what_each_locale_writes(value: Decimal, locale: str) -> None:
    written = format_decimal(value, format="#,##0.00" if locale != "en_IN" else "#,##,##0.00", locale=locale)
    assert number(written, ParseContext(locale)) == value


@given(AMOUNTS, st.sampled_from(LOCALES), st.sampled_from(["EUR", "USD", "CHF", "SEK", "JPY", "KWD", "PLN"]))
def test_money_reads_back_what_each_locale_writes(value: Decimal, locale: str, currency: str) -> None:
    value = value.quantize(Decimal(1).scaleb(-minor_units(currency)))
    written = format_currency(value, currency, locale=locale)
    amount, found = money(written, ParseContext(locale), currency)
    assert (amount, found) == (value, currency)


@given(st.integers(-(2**63), 2**63 - 1), st.sampled_from(LOCALES))
def test_integer_reads_back_what_each_locale_writes(value: int, locale: str) -> None:
    assert integer(format_decimal(value, locale=locale), ParseContext(locale)) == value


@given(st.text(alphabet="0123456789.,' -+()€$kEUR%\u00a0", max_size=14), st.sampled_from([EN, DE]))
def test_numbers_are_read_or_refused_and_the_same_each_time(text: str, ctx: ParseContext) -> None:
    for parse in (number, integer, money, percent):
        first = _outcome(parse, text, ctx)
        assert first != ""
        assert _outcome(parse, text, ctx) == first


def _outcome(parse: Callable[[str, ParseContext], object], text: str, ctx: ParseContext) -> object:
    """The value, or the words of the refusal; anything else but a refusal fails the test."""
    try:
        return parse(text, ctx)
    except Invalid as problem:
        return problem.message


@given(st.decimals(-(10**9), 10**9, places=4, allow_nan=False, allow_infinity=False), st.sampled_from([EN, DE]))
def test_number_written_with_a_point_and_four_places_has_one_reading(value: Decimal, ctx: ParseContext) -> None:
    assert number(format(value, "f"), ctx) == value


def test_memoised_gives_what_the_parser_gives_refusals_too() -> None:
    calls = []

    def parse(text: str, ctx: ParseContext) -> Decimal:
        calls.append(text)
        return number(text, ctx)

    quick = memoised(parse, EN)
    assert [quick("1"), quick("1"), quick("2")] == [1, 1, 2]
    for _time in range(2):
        with pytest.raises(Invalid, match="abc"):
            quick("abc")
    assert calls == ["1", "2", "abc"]
