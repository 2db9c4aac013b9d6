"""Sizes of files in words, as people read them."""

from zoneinfo import ZoneInfo

import pytest

from patron.kernel.formats import Formats


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
