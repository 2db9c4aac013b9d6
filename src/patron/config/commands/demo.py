"""`patron demo`: the demo workspace, or a data set."""

from pathlib import Path

import click

from patron.config import runtime


@click.command()
@click.option("--from", "folder", type=click.Path(exists=True, file_okay=False, path_type=Path), help="Load the data set in this folder instead.")
@click.option("--workspace", "slug", metavar="SLUG", help="Address of the workspace; the demo or the data set has one of its own.")
@click.option("--if-missing", is_flag=True, help="Say nothing when the demo workspace is there already.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
@runtime.needs_django()
def command(folder: Path | None, slug: str | None, if_missing: bool, as_json: bool) -> None:
    """Load the demo workspace, or with --from a data set that an import plan recognises.

    A workspace that is there already is not changed: repeating the command prints how to sign in. The demo is made in one transaction, so that
    stopping it leaves nothing behind. Needs a database that is migrated (patron migrate).
    """
    if folder is not None:
        _plan(folder, slug or "", as_json)
    else:
        _demo(slug or "", if_missing, as_json)


def _demo(slug: str, if_missing: bool, as_json: bool) -> None:
    from patron.demo import load
    from patron.demo.story import cast
    from patron.identity.models import Workspace

    slug = slug or cast.WORKSPACE.slug
    was_there = Workspace.objects.filter(slug=slug).exists()
    found = load.load(load.today(), slug=slug, progress=_quiet if as_json else click.echo)
    if as_json:
        runtime.echo_json({**found._asdict(), "password": found.password or None, "made": not was_there})
    elif not (was_there and if_missing):
        click.echo(f"The demo workspace: {found.url}w/{found.workspace}/")
        click.echo(f"Sign in as {found.email} " + (f"with the password {found.password}" if found.password else "with the password of that user"))


def _quiet(_message: str) -> None:
    """Programs read the result alone."""


def _plan(folder: Path, slug: str, as_json: bool) -> None:
    from patron.demo import plans
    from patron.records.verbs import Refused

    try:
        done = plans.load(folder, slug=slug, say=_quiet if as_json else click.echo)
    except Refused as refused:
        raise runtime.Failure(refused.message) from refused
    if as_json:
        runtime.echo_json({**done._asdict(), "workspace": done.workspace.slug})
    else:
        click.echo(f"The workspace {done.workspace.slug} is ready. patron user makes a sign-in for it.")
