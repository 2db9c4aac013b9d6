"""`patron init`: everything that must exist before the first start."""

import click

from patron.config import environment, runtime
from patron.config.postgres import places


@click.command()
@click.option("--workspace", "name", help="Found a workspace of this name, with the shipped roles, lists and pipeline.")
@click.option("--address", "slug", help="Its address in links: small letters, digits and hyphens. Default: made from the name.")
@click.option("--email", help="Who administers it; asked for a password where the user is new.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(name: str | None, slug: str | None, email: str | None, as_json: bool) -> None:
    """Make the data folder, keys, database and roles; safe to repeat.

    Without DATABASE_URL a PostgreSQL of Patron's own is made in the data folder. Existing data is never touched.
    """
    if name and not email:
        raise click.UsageError("--workspace needs --email: the address of its administrator.")
    data = places.data_dir()
    with runtime.database(role="owner", create=True) as owner_url:
        runtime.setup_django()
        from patron.config import migrations  # needs Django

        missing = migrations.unapplied(owner_url)
        migrations.apply(owner_url, verbosity=0)
        founded = _found(name, slug, email) if name and email else ""
    own = not environment.text("DATABASE_URL")
    result = {
        "data_dir": str(data),
        "database": str(places.cluster_of(data)) if own else "DATABASE_URL",
        "migrations_applied": len(missing),
        "workspace": founded,
    }
    if as_json:
        runtime.echo_json(result)
        return
    click.echo(f"Data:        {result['data_dir']}")
    click.echo(f"Database:    {result['database']}")
    click.echo(f"Migrations:  {len(missing)} applied" if missing else "Migrations:  up to date")
    if founded:
        click.echo(f"Workspace:   {name}, at /w/{founded}/")
    click.echo("Next:        patron serve")


def _found(name: str, slug: str | None, email: str) -> str:
    """Found the workspace; answers its address."""
    from django.core.exceptions import ValidationError  # after setup
    from django.utils.text import slugify

    from patron.identity.models import User
    from patron.setup.domain.founding import found_workspace

    password = None
    if not User.objects.filter(email__iexact=email).exists():
        password = click.prompt("Password for " + email, hide_input=True, confirmation_prompt=True)
    try:
        return found_workspace(name, slug or slugify(name), email=email, password=password).slug
    except ValidationError as error:
        raise runtime.Failure("; ".join(error.messages)) from error
