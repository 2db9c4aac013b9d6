"""Texts, choices, addresses and telephone numbers."""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from patron.kernel.parsing import (
    Invalid,
    ParseContext,
    checkbox,
    choice,
    date_,
    datetime_,
    domain_of,
    email,
    integer,
    is_blank,
    long_text,
    money,
    number,
    percent,
    phone,
    phone_display,
    tags,
    text,
    url,
    uuid_,
)

EN = ParseContext("en")
DE = ParseContext("de-DE")
US = ParseContext("en-US")
SECTORS = {"tech": "Technology", "med": "Medical", "gtx": "GTX Pro", "gtxp": "GTX Plus Pro"}


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("  Acme\x00 Corp\n", "Acme Corp"),
        ("a\r\nb\tc", "a b c"),
        ("e\u0301", "é"),
        ("\ufeffa\u200bb", "ab"),
        ("\u202eevil", "evil"),
        ("\ud800x", "x"),
        ("👩\u200d👧", "👩\u200d👧"),
        (" ", ""),
    ],
)
def test_text_is_one_tidy_line(written: str, stored: str) -> None:
    assert text(written) == stored


def test_text_too_long_names_both_lengths() -> None:
    assert text("x" * 20, 20) == "x" * 20
    with pytest.raises(Invalid, match="Shorten the text to 20 characters; it has 21"):
        text("x" * 21, 20)


def test_long_text_keeps_its_lines() -> None:
    assert long_text("\n  a\r\n\tb\x00\r\n\n") == "  a\n\tb"
    with pytest.raises(Invalid, match="to 5 characters; it has 6"):
        long_text("abcdef", 5)


@given(st.text(alphabet=st.characters()))
def test_text_is_stable_and_storable(written: str) -> None:
    once = text(written, 10_000)
    assert text(once, 10_000) == once
    assert not any(unicodedata.category(c) in ("Cc", "Cs") for c in once)
    once.encode()
    lines = long_text(written, 10_000)
    assert long_text(lines, 10_000) == lines
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c not in "\n\t" for c in lines)


def test_tags_are_split_and_each_kept_once() -> None:
    assert tags("VIP, Straße;strasse | new\nvip") == ["VIP", "Straße", "new"]
    assert tags(" ,; ") == []
    with pytest.raises(Invalid, match="to 5 characters; it has 6"):
        tags("abcdef", 5)
    with pytest.raises(Invalid, match="at most 2 tags; these are 3"):
        tags("a,b,c", most=2)


@pytest.mark.parametrize(
    ("written", "value"),
    [("tech", "tech"), ("TECHNOLOGY", "tech"), (" Médical ", "med"), ("GTXPro", "gtx"), ("gtx plus pro", "gtxp")],
)
def test_choice_by_value_or_label(written: str, value: str) -> None:
    assert choice(written, SECTORS) == value


def test_choice_suggests_the_nearest() -> None:
    with pytest.raises(Invalid, match="Did you mean “Technology”") as caught:
        choice("technolgy", SECTORS)
    assert caught.value.suggestion == "Technology"


def test_choice_lists_what_there_is() -> None:
    with pytest.raises(Invalid, match="Choose one of: Technology, Medical, GTX Pro, GTX Plus Pro"):
        choice("zzz", SECTORS)
    with pytest.raises(Invalid, match="L7 and 12 more"):
        choice("zzz", {n: f"L{n}" for n in range(20)})


def test_choice_never_guesses_between_two() -> None:
    with pytest.raises(Invalid, match="may mean Blue, BLUE"):
        choice("blue", {1: "Blue", 2: "BLUE"})
    assert choice("a", {"a": "b", "b": "a"}) == "a"
    assert choice("AB", {1: "A-B", 2: "AB"}) == 2


@pytest.mark.parametrize("word", ["yes", "Y", "TRUE", "1", "ja", "Oui", "sí", "x", "wahr", "vrai"])
def test_checkbox_yes(word: str) -> None:
    assert checkbox(word) is True


@pytest.mark.parametrize("word", ["no", "N", "False", "0", "NEIN", "non", "não", "faux"])
def test_checkbox_no(word: str) -> None:
    assert checkbox(word) is False


def test_checkbox_refuses_what_is_neither() -> None:
    with pytest.raises(Invalid, match="yes or no instead of “maybe”"):
        checkbox("maybe")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        (" Ann@EXAMPLE.com ", "Ann@example.com"),
        ("Ann Lee <ann@x.com>", "ann@x.com"),
        ("mailto:a@b.co", "a@b.co"),
        ("ann@müller.de", "ann@xn--mller-kva.de"),
        ("ann@x.com.", "ann@x.com"),
        ("o'neill+crm@mail.x.org", "o'neill+crm@mail.x.org"),
    ],
)
def test_email_is_normalised(written: str, stored: str) -> None:
    assert email(written) == stored
    assert email(stored) == stored


@pytest.mark.parametrize(
    "written", ["a@b", "a b@c.de", "@", "a@@b.de", "a..b@c.de", "ann@gmail,com", "a@-b.de", "x" * 65 + "@a.de", ""]
)
def test_email_refuses(written: str) -> None:
    with pytest.raises(Invalid):
        email(written)


def test_email_refuses_several() -> None:
    with pytest.raises(Invalid, match="one e-mail address"):
        email("a@b.com; c@d.com")


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("example.com", "https://example.com"),
        ("www.Example.com/Path?q=1#x", "https://www.example.com/Path?q=1#x"),
        ("HTTP://x.y", "http://x.y"),
        ("https://münchen.de/ü", "https://xn--mnchen-3ya.de/ü"),
        ("http://intranet/", "http://intranet/"),
        ("http://[::1]:80/", "http://[::1]:80/"),
        ("example.com:8080/x", "https://example.com:8080/x"),
    ],
)
def test_url_is_normalised(written: str, stored: str) -> None:
    assert url(written) == stored
    assert url(stored) == stored


@given(st.from_regex(r"https?://([a-z0-9-]{1,4}\.){1,3}[a-z0-9-]{1,4}(/[A-Za-z0-9._~/-]{0,8})?", fullmatch=True))
def test_a_plain_url_is_read_as_any_other(written: str) -> None:
    """White space before it keeps it from the short way."""

    def read(text: str) -> str:
        try:
            return url(text)
        except Invalid as error:
            return f"refused: {error.message.replace(text, written)}"

    assert read(written) == read(f" {written}")


@pytest.mark.parametrize(
    "written",
    [
        "javascript:alert(1)", "data:text/html,x", "ftp://a.b", "http://u:p@a.b", "intranet", "http://", "999.1.1.1",
        "a b.com", "https://a.b:99999", "http://a..b", "https://good.com\\@evil.com", "java\nscript:x", "",
        "https://" + "a" * 2000 + ".com",
    ],
)  # fmt: skip
def test_url_refuses(written: str) -> None:
    with pytest.raises(Invalid):
        url(written)


@pytest.mark.parametrize(
    ("written", "domain"),
    [
        ("ann@www.Example.com", "example.com"),
        ("https://www.Acme.de/x", "acme.de"),
        ("acme.de", "acme.de"),
        ("Ann <a@müller.de>", "xn--mller-kva.de"),
        ("x", ""),
        ("", ""),
        ("a@", ""),
    ],
)
def test_domain_of(written: str, domain: str) -> None:
    assert domain_of(written) == domain


@pytest.mark.parametrize(
    ("written", "ctx", "stored"),
    [
        ("030 901820", DE, "+4930901820"),
        ("+49 (0)30 90-18-20", EN, "+4930901820"),
        ("0049 30 901820", EN, "+4930901820"),
        ("(212) 555-0100 ext. 12", US, "+12125550100;ext=12"),
        ("tel:+1-212-555-0100", EN, "+12125550100"),
        ("+39 06 1234567", EN, "+39061234567"),
    ],
)
def test_phone_is_e164(written: str, ctx: ParseContext, stored: str) -> None:
    assert phone(written, ctx) == stored
    assert phone(stored, EN) == stored


@pytest.mark.parametrize(
    ("written", "ctx", "words"),
    [
        ("030 901820", EN, "country code"),
        ("+1 212", EN, "too short"),
        ("+1 212 555 0100 99999", EN, "too long"),
        ("901820", US, "too short"),
        ("abc", DE, "not a telephone number"),
        ("", DE, "Enter a telephone number"),
    ],
)
def test_phone_refuses_with_the_reason(written: str, ctx: ParseContext, words: str) -> None:
    with pytest.raises(Invalid, match=words):
        phone(written, ctx)


def test_phone_display() -> None:
    assert phone_display("+4930901820", "DE") == "030 901820"
    assert phone_display("+4930901820;ext=12") == "+49 30 901820 ext. 12"
    assert phone_display("front desk") == "front desk"


def test_uuid() -> None:
    value = uuid.uuid4()
    assert uuid_(f" {value} ") == value
    with pytest.raises(Invalid, match="record's identifier"):
        uuid_("12")


@pytest.mark.parametrize(("written", "blank"), [("", True), (" \u00a0\ufeff\x00", True), ("0", False), ("-", False)])
def test_is_blank(written: str, blank: bool) -> None:
    assert is_blank(written) is blank


def test_context_follows_the_locale() -> None:
    assert (EN.date_order, EN.decimal_mark, EN.country) == ("MDY", ".", None)
    assert (DE.date_order, DE.decimal_mark, DE.country) == ("DMY", ",", "DE")
    assert (ParseContext("sv").date_order, ParseContext("en-GB").date_order, ParseContext("tlh").date_order) == (
        "YMD",
        "DMY",
        "MDY",
    )
    assert ParseContext("de", decimal_mark=".", country="AT").country == "AT"


PARSERS = (number, integer, money, percent, date_, datetime_, phone)


@given(st.text(alphabet=st.characters(), max_size=60))
def test_any_text_is_read_or_refused_with_words(written: str) -> None:
    domain_of(written)
    for ctx in (EN, DE):
        for parse in PARSERS:
            _read_or_refuse(partial(parse, written, ctx))
    for plain in (text, long_text, tags, email, url, checkbox, uuid_, lambda s: choice(s, SECTORS)):
        _read_or_refuse(partial(plain, written))


def _read_or_refuse(call: Callable[[], object]) -> None:
    """Fails for anything but a value or a refusal in words."""
    words = "read"
    try:
        call()
    except Invalid as problem:
        words = problem.message
    assert 0 < len(words.strip()) < 400
