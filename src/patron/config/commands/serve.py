"""`patron serve`: web, worker and database until Ctrl-C."""

import click

from patron.config import supervise


@click.command()
@click.option("--port", type=click.IntRange(1, 65535), envvar="PORT", default=8000, show_default=True, help="TCP port; also PORT.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at; PATRON_HOSTS names the host names to answer for.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Run background jobs, too.")
@click.option("--demo", is_flag=True, help="Load the demo workspace if it is missing.")
def command(port: int, host: str, worker: bool, demo: bool) -> None:
    """Serve the web pages and run the jobs, until Ctrl-C.

    Starts Patron's own PostgreSQL unless DATABASE_URL is set, and applies missing migrations first.
    """
    supervise.serve(supervise.Options(host=host, port=port, worker=worker, demo=demo))
