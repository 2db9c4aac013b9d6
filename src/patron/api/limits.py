"""How many requests a key may make: a bucket that refills evenly, in the database, since several processes serve."""

from __future__ import annotations

import math
from dataclasses import dataclass

from django.conf import settings
from django.db import connection

from patron.api.problems import Problem

WINDOW = 60  # seconds
FAILED = 60  # refused keys per minute and address


@dataclass(frozen=True, slots=True)
class Left:
    """What a bucket holds after this request."""

    limit: int
    level: float

    @property
    def headers(self) -> dict[str, str]:
        """RateLimit fields as the IETF's draft has them: what is left, and the seconds until the bucket is full."""
        full = math.ceil((self.limit - max(self.level, 0)) * WINDOW / self.limit)
        return {"RateLimit-Policy": f'"key";q={self.limit};w={WINDOW}', "RateLimit": f'"key";r={max(0, int(self.level))};t={full}'}


def take(who: str, limit: int | None = None) -> Left:
    """Take one out of the bucket of `who`; a `Problem` with the seconds to wait when it is empty."""
    most = limit or settings.PATRON_API_RATE
    with connection.cursor() as cursor:
        cursor.execute("SELECT api_take(%s, %s, %s)", [who, most / WINDOW, most])
        (level,) = cursor.fetchone()
    left = Left(most, level)
    if level < 0:
        wait = max(1, math.ceil(-level * WINDOW / most))
        raise Problem("too-many", f"This key may make {most} requests a minute. Wait {wait} s.", headers={"Retry-After": str(wait), **left.headers})
    return left
