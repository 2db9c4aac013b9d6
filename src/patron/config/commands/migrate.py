"""`patron migrate`: the database as this version needs it."""

import click

from patron.config import runtime


@click.command()
@click.option("--check", is_flag=True, help="Change nothing; exit with 1 when something is missing.")
@click.option("--quiet", is_flag=True, help="Print errors only.")
@click.option("--json", "as_json", is_flag=True, help="Print what was missing as JSON.")
def command(check: bool, quiet: bool, as_json: bool) -> None:
    """Bring the database to what this version needs: tables, policies, roles and functions.

    Make a backup before an upgrade; there is no way back but that.
    """
    with runtime.database(role="owner", create=not check) as owner_url:
        runtime.setup_django()
        from patron.config import migrations  # needs Django

        missing = [f"{app}.{name}" for app, name in migrations.unapplied(owner_url)]
        if not check:
            migrations.apply(owner_url, verbosity=0)
    if as_json:
        runtime.echo_json({"unapplied" if check else "applied": missing})
    elif not quiet:
        for name in missing:
            click.echo(name)
        verb = "missing" if check else "applied"
        click.echo(f"{len(missing)} migrations {verb}." if missing else "The database is up to date.")
    if check and missing:
        raise click.exceptions.Exit(1)
