"""Sizes of files, and how long ago something was, in words as people read them."""

import datetime as dt
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
import time_machine

from patron.kernel.formats import Formats
from patron.kernel.jinja import environment


@pytest.mark.parametrize(
    ("count", "english", "german"),
    [
        (0, "0 bytes", "0 Byte"), (1, "1 byte", "1 Byte"), (37, "37 bytes", "37 Byte"), (999, "999 bytes", "999 Byte"), (1200, "1.2 kB", "1,2 kB"), (2380, "2.4 kB", "2,4 kB"),
        (50_000_000, "50 MB", "50 MB"), (1_260_000_000, "1.3 GB", "1,3 GB"),
    ],
)  # fmt: skip
def test_a_size_is_short_and_in_the_readers_language(count: int, english: str, german: str) -> None:
    said = [Formats(locale, ZoneInfo("UTC")).size(count).replace("\N{NO-BREAK SPACE}", " ") for locale in ("en", "de")]
    assert said == [english, german]


@pytest.mark.parametrize(
    ("moment", "said", "full"),
    [
        ("2026-10-25T01:29:40Z", "just now", "25 Oct 2026, 02:29"), ("2026-10-25T00:45:00Z", "45 min ago", "25 Oct 2026, 02:45"), ("2026-10-24T22:05:00Z", "3 h ago", "25 Oct 2026, 00:05"),
        ("2026-10-25T15:00:00Z", "16:00", "25 Oct 2026, 16:00"), ("2026-10-24T21:59:00Z", "Yesterday", "24 Oct 2026, 23:59"), ("2026-10-26T08:00:00Z", "Tomorrow", "26 Oct 2026, 09:00"),
        ("2026-10-18T09:00:00Z", "7 days ago", "18 Oct 2026, 11:00"), ("2026-10-27T09:00:00Z", "in 2 days", "27 Oct 2026, 10:00"), ("2026-10-17T09:00:00Z", "17 Oct 2026", "17 Oct 2026, 11:00"),
    ],
)  # fmt: skip
def test_an_instant_is_told_by_the_readers_clock(moment: str, said: str, full: str) -> None:
    """At half past two in Berlin, on the night when the clocks go back: 45 minutes ago it was a quarter to three."""
    fmt, instant = Formats("en", ZoneInfo("Europe/Berlin")), dt.datetime.fromisoformat(moment)
    with time_machine.travel("2026-10-25T01:30:00Z", tick=False):
        for _again in range(2):  # words that were said before are said again
            assert fmt.ago(instant) == said
        assert fmt.stamp(instant) == f'<time datetime="{instant.isoformat()}" title="{full}">{said}</time>'


def test_an_estimate_says_so_in_two_digits() -> None:
    fmt = Formats("en", ZoneInfo("UTC"))
    assert [fmt.count(n, exact) for n, exact in ((1_001_837, False), (1_001_837, True), (16_600, False), (7, False))] == ["about 1,000,000", "1,001,837", "about 17,000", "about 7"]


def test_amounts_on_an_axis_are_short() -> None:
    fmt = Formats("en", ZoneInfo("UTC"))
    assert [fmt.short(Decimal(n)) for n in (950, 12_000, 1_500_000, 2_000_000_000, -1_500_000_000)] == ["950", "12k", "1.5m", "2bn", "-1.5bn"]


def test_counts_in_templates_are_written_as_the_reader_writes_numbers() -> None:
    template = environment(autoescape=True).from_string('{{ ngettext("%(num)s row of %(x)s", "%(num)s rows of %(x)s", n, x="<b>") }}')
    assert template.render(n=1_000_000, fmt=Formats("de", ZoneInfo("UTC"))) == "1.000.000 rows of &lt;b&gt;"
    assert template.render(n=1, fmt=Formats("en", ZoneInfo("UTC"))) == "1 row of &lt;b&gt;"
    assert template.render(n=1000) == "1000 rows of &lt;b&gt;"
