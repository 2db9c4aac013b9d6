"""What `patron doctor` looks at. Each check reads only, and says what to do when something is wrong."""

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import psycopg

from patron.config import database, libpq, migrations
from patron.config.postgres import places

_EXTENSIONS = ("pg_trgm", "unaccent", "btree_gin")
_OLDEST_SERVER = 15
_STALLED = "60 seconds"
_UNSEALED = "1 hour"
_MEGABYTE = 1_000_000

Verdict = Literal["ok", "warn", "fail"]


@dataclass(frozen=True, slots=True)
class Finding:
    """One check's result, in words."""

    check: str
    verdict: Verdict
    detail: str

    def as_dict(self) -> dict[str, str]:
        """For JSON."""
        return asdict(self)


def examine(owner_url: str) -> Iterator[Finding]:
    """All checks, one after the other; needs Django set up. A check that cannot be made is a failure, and the next one follows."""
    yield from (_python(), _data_folder(), *_disk())
    try:
        connection = libpq.connect(database.parse(owner_url))
    except psycopg.OperationalError as error:
        yield Finding("database", "fail", f"cannot be reached: {' '.join(str(error).split())}")
        return
    with connection:
        checks: list[Callable[[libpq.Connection], Finding]] = [
            _server, _clock, _extensions, _checksums, lambda _: _migrations(owner_url), _roles, _app_sign_in, _row_level_security, _ledger, _trail, _jobs, _worker,
        ]  # fmt: skip
        for check in checks:
            try:
                yield check(connection)
            except psycopg.Error as error:
                yield Finding(check.__name__.strip("_<>").replace("_", " "), "fail", " ".join(str(error).split()))


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding("python", "ok" if sys.version_info >= (3, 11) else "fail", f"{version} (3.11 or newer is needed)")


def _data_folder() -> Finding:
    data = places.data_dir()
    key = data / "secret_key"
    if not data.is_dir():
        return Finding("data folder", "fail", f"{data} is missing: patron init")
    if not os.access(data, os.W_OK):
        return Finding("data folder", "fail", f"{data} cannot be written to")
    if key.exists() and key.stat().st_mode & 0o077:
        return Finding("data folder", "fail", f"others can read {key}: chmod 600 {key}")
    if forgotten := places.abandoned():
        return Finding(
            "data folder", "warn", f"{data}; databases whose data folder is gone: {', '.join(map(str, forgotten))}. Remove what you do not need."
        )
    return Finding("data folder", "ok", str(data))


def _disk() -> Iterator[Finding]:
    seen: set[int] = set()
    for folder in (places.data_dir(), places.cluster_of(places.data_dir())):
        if folder is None or not folder.exists() or folder.stat().st_dev in seen:
            continue
        seen.add(folder.stat().st_dev)
        yield _disk_of(folder)


def _disk_of(folder: Path) -> Finding:
    usage = shutil.disk_usage(folder)
    share = usage.free / usage.total
    verdict: Verdict = "fail" if usage.free < 200 * _MEGABYTE else "warn" if usage.free < 2000 * _MEGABYTE or share < 0.05 else "ok"
    return Finding("disk space", verdict, f"{usage.free / 1e9:.1f} GB free ({share:.0%}) at {folder}")


def _value(connection: libpq.Connection, question: str, *values: object) -> Any:
    row = connection.execute(question.encode(), values).fetchone()
    return row[0] if row else None


def _names(connection: libpq.Connection, question: str, *values: object) -> list[str]:
    return [str(name) for (name,) in connection.execute(question.encode(), values).fetchall()]


def _server(connection: libpq.Connection) -> Finding:
    major = connection.info.server_version // 10_000
    told = _value(connection, "SELECT current_setting('server_version')")
    return Finding("database", "ok" if major >= _OLDEST_SERVER else "fail", f"PostgreSQL {told} ({_OLDEST_SERVER} or newer is needed)")


def _clock(connection: libpq.Connection) -> Finding:
    there = _value(connection, "SELECT clock_timestamp()")
    difference = abs((there - datetime.now(UTC)).total_seconds())
    verdict: Verdict = "ok" if difference < 2 else "warn" if difference < 60 else "fail"
    return Finding("clock", verdict, f"this machine and the database differ by {difference:.1f} s")


def _extensions(connection: libpq.Connection) -> Finding:
    present = _names(connection, "SELECT extname FROM pg_extension")
    missing = [name for name in _EXTENSIONS if name not in present]
    return Finding(
        "extensions", "fail" if missing else "ok", f"missing: {', '.join(missing)}; run patron migrate" if missing else ", ".join(_EXTENSIONS)
    )


def _checksums(connection: libpq.Connection) -> Finding:
    failures = _value(connection, "SELECT coalesce(sum(checksum_failures), -1) FROM pg_stat_database")
    if failures < 0:
        return Finding("checksums", "warn", "the server does not keep checksums, so it would not notice a failing disk")
    return Finding(
        "checksums", "fail" if failures else "ok", f"{failures} damaged pages seen" + ("; check the disk and restore a backup" if failures else "")
    )


def _migrations(owner_url: str) -> Finding:
    missing = migrations.unapplied(owner_url)
    return Finding("migrations", "fail" if missing else "ok", f"{len(missing)} not applied: patron migrate" if missing else "all applied")


def _roles(connection: libpq.Connection) -> Finding:
    from django.conf import settings  # after setup

    wanted = [settings.PATRON_APP_ROLE, settings.PATRON_READER_ROLE]
    rows = connection.execute("SELECT rolname, rolsuper OR rolbypassrls OR rolcreaterole FROM pg_roles WHERE rolname = ANY(%s)", [wanted]).fetchall()
    missing, strong = sorted(set(wanted) - {str(name) for name, _ in rows}), [str(name) for name, power in rows if power]
    owned = _value(connection, "SELECT count(*) FROM pg_class WHERE relowner = (SELECT oid FROM pg_roles WHERE rolname = %s)", wanted[0])
    trouble = [f"{name} is missing: patron migrate" for name in missing] + [f"{name} may pass row-level security" for name in strong]
    trouble += [f"{wanted[0]} owns {owned} tables"] if owned else []
    return Finding("roles", "fail" if trouble else "ok", "; ".join(trouble) or f"{' and '.join(wanted)} cannot pass row-level security")


def _app_sign_in(_: libpq.Connection) -> Finding:
    from django.conf import settings  # after setup

    place = settings.DATABASES["default"]
    if place["USER"] != settings.PATRON_APP_ROLE:
        place = {**place, "USER": settings.PATRON_APP_ROLE, "PASSWORD": settings.PATRON_APP_PASSWORD}
    try:
        libpq.connect(place).close()
    except psycopg.OperationalError:
        return Finding("sign-in", "fail", f"{place['USER']} cannot connect; if the key or PATRON_APP_PASSWORD changed: patron migrate")
    return Finding("sign-in", "ok", f"{place['USER']} connects")


def _row_level_security(connection: libpq.Connection) -> Finding:
    """Every tenant table, and every other one with a workspace that the serving role reaches, has policies that hold for its owner, too."""
    from django.conf import settings  # after setup

    from patron.kernel.db.install import tenant_models

    open_tables = _names(
        connection,
        """
        SELECT c.relname FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
        WHERE c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
          AND (c.oid::regclass::text = ANY (%s) OR has_table_privilege(%s, c.oid, 'SELECT, INSERT, UPDATE, DELETE'))
          AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (SELECT 1 FROM pg_policy p WHERE p.polrelid = c.oid)) ORDER BY 1
        """,
        [model._meta.db_table for model in tenant_models()],
        settings.PATRON_APP_ROLE,
    )
    held = _value(connection, "SELECT count(*) FROM pg_class WHERE relforcerowsecurity")
    return Finding(
        "row-level security", "fail" if open_tables else "ok", f"open: {', '.join(open_tables)}" if open_tables else f"holds on {held} tables"
    )


def _ledger(connection: libpq.Connection) -> Finding:
    """Partitions have no policies of their own: only the parent table may be open to the serving role, and the months must be there."""
    from django.conf import settings  # after setup

    parts = "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'ledger_change'::regclass"
    held = _names(connection, f"{parts} ORDER BY 1")
    rights = "SELECT, INSERT, UPDATE, DELETE, TRUNCATE, REFERENCES, TRIGGER"
    unlocked = _names(connection, f"SELECT part FROM ({parts}) AS p(part) WHERE has_table_privilege(%s, part, %s) ORDER BY 1", settings.PATRON_APP_ROLE, rights)
    if unlocked:
        return Finding("ledger", "fail", f"{settings.PATRON_APP_ROLE} reaches {', '.join(unlocked)} past its policies: patron migrate")
    changeable = _names(
        connection,
        "SELECT t FROM unnest(ARRAY['ledger_operation', 'ledger_change', 'ledger_seal', 'ledger_head', 'ledger_check']) AS t WHERE has_table_privilege(%s, t, 'UPDATE, DELETE, TRUNCATE') ORDER BY 1",
        settings.PATRON_APP_ROLE,
    )
    if changeable:
        return Finding("ledger", "fail", f"{settings.PATRON_APP_ROLE} may change {', '.join(changeable)}: patron migrate")
    if _value(connection, "SELECT 'ledger_change_' || to_char(now(), 'YYYYMM')") not in held:
        return Finding("ledger", "fail", "this month has no partition: patron migrate")
    return Finding("ledger", "ok", f"{len(held)} partitions, closed to {settings.PATRON_APP_ROLE}")


def _trail(connection: libpq.Connection) -> Finding:
    """The heads of the chains alone: whether each workspace's last block is the one its head names, and whether sealing keeps up. `patron trail --verify` looks at all."""
    blocks, operations, unsound, late = connection.execute(
        "SELECT coalesce(sum(h.number), 0), coalesce(sum(h.operations), 0), array_remove(array_agg(CASE WHEN NOT h.sound THEN w.slug END ORDER BY w.slug), NULL), "
        "array_remove(array_agg(CASE WHEN h.since < now() - %s::interval THEN w.slug END ORDER BY w.slug), NULL) FROM ledger_heads() h JOIN identity_workspace w ON w.id = h.workspace_id",
        [_UNSEALED],
    ).fetchone() or (0, 0, [], [])
    if unsound:
        return Finding("trail", "fail", f"the last block is not the one that was sealed last: {_some(unsound)}. What happened to it: patron trail --verify")
    if late:
        return Finding("trail", "warn", f"operations wait to be sealed for more than an hour: {_some(late)}. Does a worker run, or a transaction without end?")
    return Finding("trail", "ok", f"{operations} operations in {blocks} blocks; the last ones are those that were sealed last")


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")


def _jobs(connection: libpq.Connection) -> Finding:
    stalled = _value(
        connection,
        """
        SELECT count(*) FROM procrastinate_jobs j LEFT JOIN procrastinate_workers w ON w.id = j.worker_id
        WHERE j.status = 'doing' AND (w.id IS NULL OR w.last_heartbeat < now() - %s::interval)
        """,
        _STALLED,
    )
    failed = _value(
        connection,
        "SELECT count(DISTINCT job_id) FROM procrastinate_events WHERE type = 'failed' AND at > now() - interval '1 day'",
    )
    verdict: Verdict = "warn" if stalled or failed else "ok"
    return Finding("jobs", verdict, f"{stalled} stalled, {failed} failed in the last day")


def _worker(connection: libpq.Connection) -> Finding:
    alive = _value(connection, "SELECT count(*) FROM procrastinate_workers WHERE last_heartbeat > now() - %s::interval", _STALLED)
    return Finding("worker", "ok" if alive else "warn", f"{alive} running" if alive else "none runs: patron serve, or patron worker")
