"""What makes a company recognisable, in Python and in PostgreSQL alike."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from patron.customers.models import Account, Contact
from patron.customers.rules import FREE_MAIL, domain_of, full_name
from patron.identity.access import Access
from patron.kernel.parsing import Invalid, email, url
from tests.customers.conftest import Make

CASES = [
    ("https://www.example.com/de?x=1", "", "example.com"), ("http://shop.example.co.uk:8080", "", "shop.example.co.uk"), ("", "ann@example.com", "example.com"),
    ("", "ann@gmail.com", ""), ("https://example.com", "ann@other.example", "example.com"), ("", "", ""), ("https://www.intern/", "", ""), ("https://xn--mnchen-3ya.de/", "", "xn--mnchen-3ya.de"),
]  # fmt: skip


@pytest.mark.parametrize(("website", "mail", "expected"), CASES)
def test_domain_of_website_or_mail(make: Make, website: str, mail: str, expected: str) -> None:
    assert domain_of(website, mail) == expected
    assert make("A", website=website, email=mail).domain == expected


_LABEL = st.from_regex(r"[a-z0-9]([a-z0-9-]{0,5}[a-z0-9])?", fullmatch=True)
_HOST = st.builds(".".join, st.lists(_LABEL, min_size=1, max_size=4))
_SITE = st.one_of(st.just(""), st.builds("{}{}{}{}".format, st.sampled_from(["", "http://", "https://", "HTTPS://WWW.", "www."]), _HOST, st.sampled_from(["", ":80", ":8443"]), st.sampled_from(["", "/", "/a.b/c", "?q=a.b", "#x"])))  # fmt: skip
_MAIL = st.one_of(st.just(""), st.builds("a@{}".format, st.one_of(_HOST, st.sampled_from(FREE_MAIL))))


@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(website=_SITE, mail=_MAIL)
def test_the_database_finds_the_same_domain(make: Make, website: str, mail: str) -> None:
    """For everything that the parsers let in."""
    try:
        stored = url(website) if website else "", email(mail) if mail else ""
    except Invalid:
        return
    made = make("A", website=stored[0], email=stored[1])
    assert Account.objects.values_list("domain", flat=True).get(pk=made.pk) == domain_of(*stored)


@pytest.mark.parametrize(("first", "last", "expected"), [("Ann", "Lee", "Ann Lee"), ("", "Lee", "Lee"), (" Ann ", "", "Ann"), ("", " ", "")])
def test_full_name(first: str, last: str, expected: str) -> None:
    assert full_name(first, last) == expected


def test_a_contacts_name_holds_as_much_of_long_names_as_it_may(access: Access) -> None:
    first, last = "F" * 100, "L" * 100
    contact = Contact.objects.create(first_name=first, last_name=last)
    contact.refresh_from_db()
    assert contact.name == full_name(first, last) == f"{first} {last}"[:200]
    Contact.objects.filter(pk=contact.pk).update(first_name="Ada")
    contact.refresh_from_db()
    assert contact.name == f"Ada {last}"
