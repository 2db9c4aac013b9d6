"""What the database lacks, and bringing it up to date. Needs Django set up."""

import psycopg
from django.db.migrations.loader import MigrationLoader

LOCK = 7_061_726_906  # any number that no other part of Patron uses for an advisory lock


def unapplied(owner_url: str) -> list[tuple[str, str]]:
    """The (app, name) of each migration in the code that the database has not had; reads only."""
    with psycopg.connect(owner_url, connect_timeout=20) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
        known = row is not None and row[0] is not None
        applied = set(connection.execute("SELECT app, name FROM django_migrations").fetchall()) if known else set()
    on_disk = MigrationLoader(None).disk_migrations
    return sorted(key for key, migration in on_disk.items() if key not in applied and not _replaced(migration.replaces, applied))


def _replaced(replaces: object, applied: set[tuple[str, str]]) -> bool:
    """Whether all that a squashed migration stands for was applied."""
    assert isinstance(replaces, list)
    return bool(replaces) and all(tuple(key) in applied for key in replaces)


def apply(owner_url: str, *, verbosity: int = 1) -> None:
    """Apply what is missing and install policies, roles and functions; two programs at once take turns."""
    from django.core.management import call_command  # keeps `unapplied` light

    from patron.kernel.db.install import install

    with psycopg.connect(owner_url, autocommit=True) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        call_command("migrate", interactive=False, verbosity=verbosity)
        install()
