"""`patron distribute`: a filled database becomes a Citus cluster."""

import time
from typing import TYPE_CHECKING, Any

import click
import psycopg

from patron.config import libpq, runtime
from patron.config.database import parse

if TYPE_CHECKING:
    from patron.config.distribution.catalog import Catalog
    from patron.config.distribution.plan import Step


@click.command()
@click.option("--sql", "--dry-run", "dry", is_flag=True, help="Change nothing; print the SQL that would run, in order.")
@click.option("--json", "as_json", is_flag=True, help="Print the result, or the plan with --sql, as JSON.")
def command(dry: bool, as_json: bool) -> None:
    """Spread a filled database over a Citus cluster: each workspace on one node, what all share on every node.

    DATABASE_URL is that of the coordinator, as the owner. Stop Patron first, and make a backup: while this runs nobody but the owner can connect, and
    there is no way back but the backup. It looks before it touches anything, and says what stands in the way.

    Killed or cut off, it goes on where it was when it is started again. Started once more after an upgrade, it takes what is new.
    """
    with runtime.database(role="owner") as owner_url, libpq.connect(parse(owner_url)) as connection:
        runtime.setup_django()
        try:
            _lock(connection)
            if dry:
                _print(connection, as_json)
            else:
                _distribute(connection, owner_url, as_json)
        except psycopg.Error as error:
            raise runtime.Failure(f"{' '.join(str(error).split())}. Nothing is lost: start patron distribute again when this is mended.") from error


def _lock(connection: libpq.Connection) -> None:
    """The lock of migrations, until the connection ends: neither another distribution nor a migration meanwhile."""
    from patron.config import migrations
    from patron.config.distribution.run import NAME

    connection.execute("SELECT set_config('application_name', %s, false)", [NAME])
    if connection.execute("SELECT pg_try_advisory_lock(%s)", [migrations.LOCK]).fetchone() != (True,):
        raise runtime.Failure("A migration or another distribution is running. Wait for it.")


def _refuse(reasons: list[str]) -> None:
    if reasons:
        raise runtime.Failure("\n  ".join(["Nothing was changed. What stands in the way:", *reasons]))


def _print(connection: libpq.Connection, as_json: bool) -> None:
    from patron.config.distribution import checks, run

    begun = run.kept(connection)
    if begun:
        steps = begun[0][begun[1] :]
        catalog = None
    else:
        catalog, steps, broken = run.planned(connection)
        _refuse(broken)
    if as_json:
        runtime.echo_json({"tables": _tables(catalog), "steps": [step.as_dict() for step in steps]})
        return
    click.echo(run.script(steps), nl=False)
    for words in checks.server(connection):
        click.echo(f"This server could not run it yet: {words}", err=True)


def _distribute(connection: libpq.Connection, owner_url: str, as_json: bool) -> None:
    from patron.config.distribution import checks, run

    began = time.monotonic()
    _refuse([*checks.server(connection), *checks.sessions(connection, run.NAME)])
    resumed = run.kept(connection) is not None
    catalog = None
    if not resumed:
        catalog, steps, broken = run.planned(connection)
        _refuse([*_unmigrated(owner_url), *broken])
        if not steps:
            _report({"steps": 0, "resumed": False, "tables": _tables(catalog), "seconds": 0.0}, as_json)
            return
        run.begin(connection, steps)
    done = run.go_on(connection, (lambda *_: None) if as_json else _say)
    catalog = catalog or run.planned(connection)[0]
    _report({"steps": done, "resumed": resumed, "tables": _tables(catalog), "seconds": round(time.monotonic() - began, 1)}, as_json)


def _unmigrated(owner_url: str) -> list[str]:
    from patron.config import migrations

    return ["The database lacks migrations: patron migrate"] if migrations.unapplied(owner_url) else []


def _tables(catalog: "Catalog | None") -> list[dict[str, str]]:
    return [{"table": t.name, "place": t.place, "why": t.why} for t in catalog.tables] if catalog else []


def _say(place: int, total: int, step: "Step") -> None:
    click.echo(f"{place}/{total} {step.phase}: {step.what}")


def _report(result: dict[str, Any], as_json: bool) -> None:
    if as_json:
        runtime.echo_json(result)
        return
    count = {p: sum(t["place"] == p for t in result["tables"]) for p in ("distributed", "reference", "local")}
    spread = f"{count['distributed']} tables are spread by workspace, {count['reference']} are on every node, {count['local']} stay on the coordinator."
    done = f"Done in {result['seconds']} s{', taken up again' if result['resumed'] else ''}" if result["steps"] else "Nothing was left to do"
    click.echo(f"{done}: {spread}")
