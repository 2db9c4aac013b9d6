"""`patron init`: everything that must exist before the first start."""

import click

from patron.config import environment, runtime
from patron.config.postgres import places


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(as_json: bool) -> None:
    """Make the data folder, keys, database and roles; safe to repeat.

    Without DATABASE_URL a PostgreSQL of Patron's own is made in the data folder. Existing data is never touched.
    """
    data = places.data_dir()
    with runtime.database(role="owner", create=True) as owner_url:
        runtime.setup_django()
        from patron.config import migrations  # needs Django

        missing = migrations.unapplied(owner_url)
        migrations.apply(owner_url, verbosity=0)
    own = not environment.text("DATABASE_URL")
    result = {
        "data_dir": str(data),
        "database": str(places.cluster_of(data)) if own else "DATABASE_URL",
        "migrations_applied": len(missing),
    }
    if as_json:
        runtime.echo_json(result)
        return
    click.echo(f"Data:        {result['data_dir']}")
    click.echo(f"Database:    {result['database']}")
    click.echo(f"Migrations:  {len(missing)} applied" if missing else "Migrations:  up to date")
    click.echo("Next:        patron serve")
