"""Instants come out of the database as they went in, in UTC, whatever the session's zone is; what no datetime holds is refused."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, connection
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.types.datetime import TimestamptzLoader

from patron.kernel.db.base import Instants

ZONES = st.builds(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)), st.integers(-14 * 60, 14 * 60))
MOMENTS = st.datetimes(dt.datetime(1, 1, 2), dt.datetime(9999, 12, 30), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds the zone


def read(sql: str, *params: Any) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql, params)
        return cursor.fetchone()[0]


@pytest.mark.django_db
@given(MOMENTS)
@settings(max_examples=60, deadline=None)
def test_an_instant_comes_back(moment: dt.datetime) -> None:
    for zone in ("UTC", "Asia/Kathmandu", "America/St_Johns"):
        read("SELECT set_config('TimeZone', %s, true)", zone)
        found = read("SELECT %s::timestamptz", moment)
        assert isinstance(found, dt.datetime) and found == moment and found.tzinfo is dt.UTC


@given(st.datetimes(timezones=st.just(dt.UTC)))
def test_it_is_read_as_the_driver_reads_it(moment: dt.datetime) -> None:
    written = f"{moment:%Y-%m-%d %H:%M:%S}".rjust(19, "0").encode() + (f".{moment.microsecond:06}".rstrip("0").encode() if moment.microsecond else b"") + b"+00"
    assert Instants(0).load(written) == TimestamptzLoader(0).load(written) == moment


@pytest.mark.django_db
@pytest.mark.parametrize("text", ["infinity", "-infinity", "0044-03-15 12:00 BC", "20000-01-01"])
def test_what_no_datetime_holds_is_refused(text: str) -> None:
    with pytest.raises(DataError):
        read("SELECT %s::text::timestamptz", text)
