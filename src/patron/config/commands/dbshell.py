"""`patron dbshell`: psql, as nobody more than the web is."""

import signal
import subprocess
from typing import Any

import click

from patron.config import libpq, runtime
from patron.config.postgres import binaries


@click.command(context_settings={"ignore_unknown_options": True})
@click.option("--workspace", metavar="SLUG", help="See the rows of this workspace; without it, row-level security shows none.")
@click.argument("psql_arguments", nargs=-1, type=click.UNPROCESSED)
def command(workspace: str | None, psql_arguments: tuple[str, ...]) -> None:
    """Open psql as the role that the web uses.

    It obeys row-level security and cannot change business data outside an operation. Further arguments go to psql:
    patron dbshell --workspace demo -c 'SELECT count(*) FROM sales_deal'
    """
    with runtime.database():
        from patron.config.settings import DATABASES

        place: dict[str, Any] = DATABASES["default"]
        session = {"PGOPTIONS": f"-c app.workspace_id={_workspace_id(place, workspace)}"} if workspace else {}
        psql = binaries.client_for(libpq.server_major(place)).program("psql")
        before = signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C belongs to psql
        try:
            code = subprocess.run([psql, *psql_arguments], env=libpq.variables(place, PGAPPNAME="patron dbshell", **session), check=False).returncode
        finally:
            signal.signal(signal.SIGINT, before)
    raise click.exceptions.Exit(code)


def _workspace_id(place: dict[str, Any], slug: str) -> str:
    with libpq.connect(place) as connection:
        row = connection.execute("SELECT id FROM identity_workspace WHERE slug = %s", [slug]).fetchone()
    if row is None:
        raise runtime.Failure(f"There is no workspace {slug!r}.")
    return str(row[0])
