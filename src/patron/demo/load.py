"""Loads the demo company into a workspace of its own, once."""

from __future__ import annotations

import datetime
import os
import secrets
from collections.abc import Callable
from pathlib import Path
from typing import Final, NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.utils import timezone

from patron.demo.loading import company, desk, lately, leads, parties, selling, work
from patron.demo.loading.book import Book
from patron.demo.loading.touching import Touches
from patron.demo.story import Story, cast, tell
from patron.demo.story.clock import Clock
from patron.identity.access import Access
from patron.identity.domain import workspaces
from patron.identity.models import User, Workspace
from patron.kernel.tenancy import workspace as open_workspace
from patron.ledger.operations import operation
from patron.sales.domain import amounts

SEED: Final = 7
#: For how many days a won deal keeps an account active: customers of this company buy about once a year.
ORDER_WINDOW_DAYS: Final = 425
HUE: Final = 205
_PASSWORD_FILE: Final = "demo_password"
_LOCK: Final = 7_201_973
_WORDS: Final = [
    "amber",
    "anchor",
    "aspen",
    "badger",
    "bamboo",
    "beacon",
    "birch",
    "bramble",
    "canyon",
    "cedar",
    "cobalt",
    "copper",
    "coral",
    "cricket",
    "dahlia",
    "delta",
    "ember",
    "falcon",
    "fern",
    "fjord",
    "flint",
    "garnet",
    "ginger",
    "glacier",
    "granite",
    "harbor",
    "hazel",
    "heron",
    "indigo",
    "island",
    "ivory",
    "jasmine",
    "juniper",
    "kestrel",
    "lagoon",
    "lantern",
    "larch",
    "lichen",
    "lotus",
    "maple",
    "marble",
    "meadow",
    "mercury",
    "nectar",
    "nickel",
    "nutmeg",
    "oasis",
    "onyx",
    "orchid",
    "osprey",
    "otter",
    "pebble",
    "pepper",
    "pewter",
    "poplar",
    "quartz",
    "raven",
    "saffron",
    "sandal",
    "sequoia",
    "silver",
    "spruce",
    "sparrow",
    "tangerine",
    "thistle",
    "topaz",
    "tulip",
    "tundra",
    "velvet",
    "violet",
    "walnut",
    "willow",
    "winter",
    "yarrow",
    "zephyr",
]


class Credentials(NamedTuple):
    """How to sign in to the demo workspace. `password` is empty where it is not known, because its user was there before or changed it."""

    email: str
    password: str
    url: str
    workspace: str


def ensure(progress: Callable[[str], object] = print) -> Credentials | None:
    """The demo workspace, made where it is missing; where it is there nothing is changed. None where nobody knows the password any more."""
    found = load(today(), progress=progress)
    return found if found.password else None


def today() -> datetime.date:
    """The day that it is for the demo company."""
    return timezone.now().astimezone(ZoneInfo(cast.WORKSPACE.time_zone)).date()


def load(today: datetime.date, *, slug: str = "", progress: Callable[[str], object] = print) -> Credentials:
    """Make the demo workspace at `slug` as it stands on that day, and answer how to sign in.

    One transaction: whatever ends it early leaves no workspace behind. An existing workspace of that address stays as it is.
    """
    slug = slug or cast.WORKSPACE.slug
    if Workspace.objects.filter(slug=slug).exists():
        return _known(slug)
    password = _password()
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        if not Workspace.objects.filter(slug=slug).exists():
            _make(today, slug, password, progress)
    return _known(slug)


def _make(today: datetime.date, slug: str, password: str, progress: Callable[[str], object]) -> None:
    progress("Making the demo workspace …")
    place = workspaces.found(
        cast.WORKSPACE.name, slug, currency=cast.WORKSPACE.currency, time_zone=cast.WORKSPACE.time_zone, language=cast.WORKSPACE.language,
        fiscal_month=cast.WORKSPACE.fiscal_start_month, country=cast.OFFICES[0].country, hue=HUE, order_window_days=ORDER_WINDOW_DAYS,
    )  # fmt: skip
    now = _moment(today, place)
    book = Book(place, tell(today, SEED, until=now.time()), now)
    lately.hold_back(book)
    with open_workspace(place.pk):
        _constraints("DEFERRED")  # leads and deals point to each other
        _write(book, make_password(password), progress)
        _constraints("IMMEDIATE")
        recent = lately.Lately(book)
        recent.make()
    progress(f"The demo workspace “{place.name}” is ready: {_counts(book.story)}.")


def _constraints(when: str) -> None:
    """When the rest of the transaction checks links: at its end, or at once, beginning with what waits."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET CONSTRAINTS ALL {when}")


def _moment(today: datetime.date, place: Workspace) -> datetime.datetime:
    """The time of day to which the story is told: now where it is about today, else the evening."""
    now = timezone.now().astimezone(place.zone)
    return now if now.date() == today else datetime.datetime.combine(today, datetime.time(18), place.zone)


def _write(book: Book, password: str, progress: Callable[[str], object]) -> None:
    """All rows, signed by the machine. Sums and times come ready; `sales.domain.amounts` finds nothing to change."""
    access = Access.system(book.workspace)
    with operation("demo.load", access=access):
        touches = Touches(book)
        company.load(book, password)
        parties.load(book, touches)
        leads.load(book, touches)
        selling.load(book, touches)
        work.load(book, touches)
        desk.load(book, progress)
        amounts.recompute([book.id("deals", deal.key) for deal in book.story.deals])


def _counts(story: Story) -> str:
    kinds = ("accounts", "contacts", "leads", "deals", "activities", "tasks")
    return ", ".join(f"{len(getattr(story, kind))} {kind}" for kind in kinds)


def _administrator() -> str:
    clock = Clock(timezone.now().date(), datetime.time(18))
    return next(person.email for person in cast.people(clock) if person.key == cast.ADMINISTRATOR)


def _known(slug: str) -> Credentials:
    """What is known of signing in to the demo workspace."""
    email = _administrator()
    file = _file()
    password = file.read_text().strip() if file.exists() else ""
    user = User.objects.filter(email__iexact=email).first()
    fits = user is not None and bool(password) and user.check_password(password)
    return Credentials(email, password if fits else "", f"{settings.BASE_URL}/", slug)


def _file() -> Path:
    return Path(settings.DATA_DIR) / _PASSWORD_FILE


def _password() -> str:
    """The demo's password: that of the data folder, or a new one that only its owner can read there."""
    file = _file()
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        words = [secrets.choice(_WORDS) for _ in range(3)]
        handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as stream:
            stream.write("-".join([*words, str(secrets.randbelow(90) + 10)]) + "\n")
    return file.read_text().strip()
