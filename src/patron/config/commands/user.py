"""`patron user`: make and change the people who sign in."""

from __future__ import annotations

import sys
from typing import Any

import click

from patron.config import runtime

EMAIL = click.argument("email")
STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from standard input, one line.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")


@click.group()
def command() -> None:
    """Make and change users: those who sign in. Rights come from the role that a person has in each workspace."""


@command.command()
@EMAIL
@click.option("--name", default="", help="The person's name; by default what stands before the @.")
@click.option("--workspace", "slug", help="Put the user into this workspace.")
@click.option("--role", default="sales-agent", show_default=True, help="Role there: its name, or the key of a shipped one.")
@STDIN
@AS_JSON
@runtime.needs_django()
def add(email: str, name: str, slug: str | None, role: str, password_stdin: bool, as_json: bool) -> None:
    """Make a user, and with --workspace an active member of it.

    Where the address has a user already, that one is put into the workspace and keeps name and password.
    """
    from patron.identity.models import User  # after setup

    known = User.objects.filter(email__iexact=email.strip()).first()
    if known is not None and not slug:
        raise runtime.Failure(f"{known.email} has a user already. Put them into a workspace with --workspace, or set a password: patron user password {known.email}")
    from patron.setup.domain import accounts

    password = None if known else _password(password_stdin, email=email, name=name)
    with accounts.failing(runtime.Failure):
        made = accounts.add(email, name=name, password=password, slug=slug, role=role)
    if as_json:
        runtime.echo_json(made)
    else:
        click.echo(f"{made['email']} can sign in" + (f" to {slug} as {made['role']}." if slug else ". They are in no workspace yet: patron user add … --workspace SLUG"))


@command.command(name="list")
@click.option("--workspace", "slug", help="Only people of this workspace, those without a sign-in included.")
@AS_JSON
@runtime.needs_django()
def list_(slug: str | None, as_json: bool) -> None:
    """List users with their workspaces, or the people of one workspace."""
    from patron.setup.domain import accounts

    with accounts.failing(runtime.Failure):
        found = accounts.people(slug) if slug else accounts.users()
    if as_json:
        runtime.echo_json(found)
    elif not found:
        click.echo("Nobody." if slug else "No users yet. Make one: patron user add anna@example.org --workspace SLUG --role administrator")
    for row in [] if as_json else found:
        click.echo(_line(row))


def _line(row: dict[str, Any]) -> str:
    if "workspaces" in row:
        where = ", ".join(f"{w['slug']} ({w['role']}{'' if w['state'] == 'active' else ', ' + w['state']})" for w in row["workspaces"]) or "in no workspace"
        return f"{row['email']:<36} {row['name']:<24} {'' if row['active'] else 'switched off, '}{where}"
    return f"{row['email'] or '-':<36} {row['name']:<24} {row['role']}, {row['state']}"


@command.command()
@EMAIL
@STDIN
@runtime.needs_django()
def password(email: str, password_stdin: bool) -> None:
    """Set a new password; the user is signed out everywhere."""
    from patron.setup.domain import accounts

    with accounts.failing(runtime.Failure):
        user = accounts.user(email)
        accounts.set_password(user, _password(password_stdin, email=user.email, name=user.name))
    click.echo(f"{user.email} has a new password and is signed out everywhere.")


@command.command()
@EMAIL
@click.option("--workspace", "slug", help="Only in this workspace; elsewhere they go on.")
@click.option("--reason", default="", help="For the history of the workspace.")
@runtime.needs_django()
def deactivate(email: str, slug: str | None, reason: str) -> None:
    """Keep a user from signing in, everywhere or to one workspace. Nothing of theirs is deleted."""
    from patron.setup.domain import accounts

    with accounts.failing(runtime.Failure):
        user = accounts.user(email)
        if slug:
            accounts.deactivate_in(user, slug, reason=reason)
        else:
            accounts.switch(user, on=False)
    click.echo(f"{user.email} can no longer sign in" + (f" to {slug}." if slug else " anywhere. Let them in again: patron user activate " + user.email))


@command.command()
@EMAIL
@click.option("--workspace", "slug", help="In this workspace, too.")
@runtime.needs_django()
def activate(email: str, slug: str | None) -> None:
    """Let a user sign in again."""
    from patron.setup.domain import accounts

    with accounts.failing(runtime.Failure):
        user = accounts.user(email)
        accounts.switch(user, on=True)
        if slug:
            accounts.reactivate_in(user, slug)
    click.echo(f"{user.email} can sign in again" + (f" to {slug}." if slug else "."))


@command.command(name="second-step-off")
@EMAIL
@runtime.needs_django()
def second_step_off(email: str) -> None:
    """Remove authenticator app, passkeys and recovery codes of somebody who lost them; the password stays."""
    from patron.setup.domain import accounts

    with accounts.failing(runtime.Failure):
        user = accounts.user(email)
        number = accounts.forget_second_step(user)
    click.echo(f"{user.email} signs in with the password alone now." if number else f"{user.email} had no second step.")


def _password(from_stdin: bool, *, email: str, name: str) -> str:
    """Asked for twice at a terminal, or one line of standard input; checked as the forms check it."""
    if not from_stdin and not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask for the password. Use --password-stdin.")
    text: str = sys.stdin.readline().rstrip("\n") if from_stdin else click.prompt("Password", hide_input=True, confirmation_prompt="Once more")
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    from patron.identity.models import User

    try:
        validate_password(text, User(email=email, name=name))
    except ValidationError as error:
        raise runtime.Failure(" ".join(error.messages)) from error
    return text
