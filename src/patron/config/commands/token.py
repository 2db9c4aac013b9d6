"""`patron token`: keys for programs."""

from __future__ import annotations

import datetime
from typing import Any

import click

from patron.config import runtime

WORKSPACE = click.option("--workspace", "slug", required=True, help="The workspace's address, such as demo.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def command() -> None:
    """Make and revoke keys for programs.

    A key acts as one person, within the scopes it was given and never beyond that person's role: see docs/how-to/use-the-api.md.
    """


@command.command()
@click.argument("name")
@WORKSPACE
@click.option("--person", required=True, help="E-mail address of the member that the program acts as.")
@click.option("--scope", "scopes", multiple=True, default=("*.view",), show_default=True, help="TYPE.ACTION or *; may be repeated.")
@click.option("--days", type=click.IntRange(1, 3650), default=365, show_default=True, help="How long it lasts.")
@AS_JSON
@runtime.needs_django()
def create(name: str, slug: str, person: str, scopes: tuple[str, ...], days: int, as_json: bool) -> None:
    """Make a key called NAME and print it. It is shown this once; only its hash is kept."""
    from patron.identity.access import Access  # after setup
    from patron.kernel.tenancy import workspace
    from patron.setup.domain import accounts, tokens

    with accounts.failing(runtime.Failure):
        place = accounts.place_of(slug)
        with workspace(place.pk):
            made, key = tokens.create(_member(person), name, list(scopes), access=Access.system(place), lasts=datetime.timedelta(days=days))
            shown = {**_shown(made), "key": key}
    if as_json:
        runtime.echo_json(shown)
    else:
        click.echo(key)
        click.echo(f"Keep it now: it cannot be shown again. {made.name} acts as {shown['person']}, until {made.expires_at:%d %b %Y}.", err=True)


@command.command(name="list")
@WORKSPACE
@AS_JSON
@runtime.needs_django()
def list_(slug: str, as_json: bool) -> None:
    """List the keys of a workspace: whose, for what, until when. The keys themselves cannot be shown."""
    from patron.kernel.tenancy import workspace
    from patron.setup.domain import accounts, tokens

    with accounts.failing(runtime.Failure):
        with workspace(accounts.place_of(slug).pk):
            found = [_shown(t) for t in tokens.listed()]
    if as_json:
        runtime.echo_json(found)
        return
    for row in found:
        click.echo(f"{row['prefix']:<10} {row['name']:<28} {row['person']:<28} {row['state']:<10} {' '.join(row['scopes'])}")
    if not found:
        click.echo("No keys.")


@command.command()
@click.argument("prefix")
@WORKSPACE
@runtime.needs_django()
def revoke(prefix: str, slug: str) -> None:
    """End the key that begins with PREFIX (see list), at once."""
    from patron.identity.access import Access
    from patron.identity.models import ApiToken
    from patron.kernel.tenancy import workspace
    from patron.setup.domain import accounts, tokens

    with accounts.failing(runtime.Failure):
        place = accounts.place_of(slug)
        with workspace(place.pk):
            found = list(ApiToken.objects.filter(prefix=prefix, revoked_at__isnull=True))
            if len(found) != 1:
                raise runtime.Failure(f"There is no key in force that begins with {prefix!r}. See: patron token list --workspace {slug}")
            tokens.revoke(found[0], access=Access.system(place))
    click.echo(f"{found[0].name} no longer works.")


def _member(email: str) -> Any:
    from patron.identity.domain.administrators import Impossible
    from patron.identity.models import Membership

    found = Membership.objects.filter(user__email__iexact=email.strip()).first()
    if found is None:
        raise Impossible(f"{email!r} is nobody who signs in to this workspace. See: patron user list")
    return found


def _shown(token: Any) -> dict[str, Any]:
    from patron.setup.domain import tokens

    return {
        "prefix": token.prefix, "name": token.name, "person": token.member.name, "scopes": token.scopes, "state": tokens.state_of(token),
        "created": token.created_at, "expires": token.expires_at, "last_used": getattr(token, "last_used_at", None),
    }  # fmt: skip
