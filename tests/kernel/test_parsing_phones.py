"""Telephone numbers: the short way for plain ones says what the whole way says."""

from __future__ import annotations

import re

import phonenumbers
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from patron.kernel.parsing import Invalid, ParseContext, contacts, phone, phone_display

CODES = sorted(phonenumbers.COUNTRY_CODE_TO_REGION_CODE)
CONTEXT = ParseContext(country="DE")


def read(text: str) -> str:
    try:
        return phone(text, CONTEXT)
    except Invalid as problem:
        return f"refused: {problem}"


def read_whole(text: str) -> str:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(contacts, "_PLAIN_PHONE", re.compile(r"(?!)"))
        return read(text)


@given(st.sampled_from(CODES), st.text("0123456789", max_size=16), st.lists(st.tuples(st.integers(0, 16), st.sampled_from(" -")), max_size=3))
@example(39, "0612345678", [(2, " ")])
@example(44, "02071234567", [])
@example(1, "12025550100", [(1, "-"), (4, "-")])
@example(54, "91123456789", [])
@example(7, "88005553535", [])
@example(800, "12345678", [])
def test_both_ways_read_the_same(code: int, digits: str, breaks: list[tuple[int, str]]) -> None:
    text = f"{code}{digits}"
    for place, sign in breaks:
        text = text[:place] + sign + text[place:]
    assert read(f"+{text}") == read_whole(f"+{text}")


@given(st.sampled_from(CODES), st.text("0123456789", max_size=14), st.sampled_from([None, "DE", "US", "IT", "AR"]))
@example(39, "0612345678", "IT")
@example(49, "30901820", "DE")
@example(54, "91123456789", "AR")
@example(1, "", None)
def test_what_is_stored_is_shown_as_the_whole_way_shows_it(code: int, digits: str, country: str | None) -> None:
    stored = f"+{code}{digits}"
    try:
        whole = phonenumbers.parse(stored)
    except phonenumbers.NumberParseException:
        assert phone_display(stored, country) == stored
        return
    at_home = country is not None and phonenumbers.country_code_for_region(country) == whole.country_code
    shape = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    assert phone_display(stored, country) == phonenumbers.format_number(whole, shape)


@given(st.text("+0123456789 -", max_size=20))
def test_anything_of_digits_and_breaks_is_read_the_same(text: str) -> None:
    assert read(text) == read_whole(text)


@pytest.mark.parametrize("stored", ["", "+", "+4", "+999", "no number", "+49 30", "+4930901820;ext=12"])
def test_anything_stored_is_shown(stored: str) -> None:
    assert phone_display(stored, "DE").replace(" ", "").endswith(stored.replace(" ", "").removeprefix("+49").replace(";ext=", "ext."))


@pytest.mark.parametrize("text", ["+49 30 901820", "+4930901820", "+39 06 698 12345", "+1 202-555-0100"])
def test_plain_numbers_take_the_short_way(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def asked(*_arguments: object) -> None:
        raise AssertionError("the whole way")

    monkeypatch.setattr(phonenumbers, "parse", asked)
    assert phone(text, CONTEXT) == re.sub(r"[ -]", "", text)
