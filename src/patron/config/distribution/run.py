"""Running the plan: written down in the database first, then step by step, so that what a kill cut off goes on where it was."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from patron.config.distribution import checks
from patron.config.distribution.catalog import Catalog, read
from patron.config.distribution.plan import Step, make, replacements
from patron.config.libpq import Connection

NAME = "patron distribute"  # what its sessions are called
_SCHEMA = "patron_distribution"
_KEEP = (
    f"CREATE SCHEMA {_SCHEMA}",
    f"CREATE TABLE {_SCHEMA}.step (place int PRIMARY KEY, phase text NOT NULL, what text NOT NULL, sql text[] NOT NULL, done_at timestamptz)",
)
Say = Callable[[int, int, Step], None]


def planned(connection: Connection) -> tuple[Catalog, list[Step], list[str]]:
    """The catalog, the steps, and what stands in the way of them in the tables themselves. Needs Django set up, with the database that it is about."""
    from patron.kernel.db.install import tenant_models, whole_statements

    names = {f"public.{model._meta.db_table}": model for model in tenant_models()}
    replaced = replacements(names)
    catalog = read(connection)
    return catalog, make(catalog, replaced, whole_statements()), checks.tables(connection, replaced)


def kept(connection: Connection) -> tuple[list[Step], int] | None:
    """A plan that was begun and not finished: its steps, and how many of them are done."""
    if connection.execute("SELECT to_regclass(%s)", [f"{_SCHEMA}.step"]).fetchone() == (None,):
        return None
    rows = connection.execute(f"SELECT phase, what, sql, done_at IS NOT NULL FROM {_SCHEMA}.step ORDER BY place").fetchall()
    return [Step(phase, what, tuple(sql)) for phase, what, sql, _done in rows], sum(done for *_step, done in rows)


def begin(connection: Connection, steps: Iterable[Step]) -> None:
    """Write the plan down: from here on it is run to its end."""
    with connection.transaction():
        for statement in _KEEP:
            connection.execute(statement)
        with connection.cursor() as cursor:
            cursor.executemany(
                f"INSERT INTO {_SCHEMA}.step (place, phase, what, sql) VALUES (%s, %s, %s, %s)",
                [(place, s.phase, s.what, list(s.sql)) for place, s in enumerate(steps, 1)],
            )


def go_on(connection: Connection, say: Say) -> int:
    """Run what is left of the plan and forget it; answers how many steps that were. A step and its mark are one transaction: done once, or not at all."""
    found = kept(connection)
    assert found is not None
    steps, done = found
    for place, step in enumerate(steps[done:], done + 1):
        say(place, len(steps), step)
        with connection.transaction():
            for statement in step.sql:
                connection.execute(statement)  # type: ignore[arg-type]
            connection.execute(f"UPDATE {_SCHEMA}.step SET done_at = clock_timestamp() WHERE place = %s", [place])
    with connection.transaction():
        connection.execute(f"DROP TABLE {_SCHEMA}.step")
        connection.execute(f"DROP SCHEMA {_SCHEMA}")
    return len(steps) - done


def script(steps: Iterable[Step]) -> str:
    """The steps as SQL for psql."""
    parts, phase = [], ""
    for step in steps:
        if step.phase != phase:
            phase = step.phase
            parts.append(f"-- {phase}\n")
        body = ";\n".join(s.strip() for s in step.sql)
        parts.append(f"{body};\n" if len(step.sql) == 1 else f"BEGIN;\n{body};\nCOMMIT;\n")
    return "".join(parts)
