"""Commands that do what the other doors do, as a member: whose rights, how values are read, what is said when it cannot be done."""

from __future__ import annotations

import contextlib
import uuid
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import click

from patron.config import runtime

if TYPE_CHECKING:
    from patron.api.credentials import Credential
    from patron.kernel.origin import Origin
    from patron.records.record_type import RecordType

Command = Callable[..., Any]
WORKSPACE = click.option("--workspace", "slug", required=True, help="The workspace's address, such as demo.")
PERSON = click.option("--as", "person", required=True, metavar="EMAIL", help="The member in whose name and with whose rights it is done.")
AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
INPUTS = click.option("--input", "inputs", multiple=True, metavar="NAME=VALUE", help="A value, written as in a form; may be repeated.")
REASON = click.option("--reason", default="", help="Why, for the history.")


class Described(click.Command):
    """Its help goes on with the fields or inputs of the TYPE (and VERB) that stands before --help."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        ctx.meta["words"] = [a for a in args if not a.startswith("-")][:2]
        return super().parse_args(ctx, args)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        words = ctx.meta.get("words") or []
        if words:
            rows = _explained(words[0], words[1] if len(words) > 1 and self.name == "do" else "", verbs=self.name == "do")
            with formatter.section("Inputs" if len(words) > 1 and self.name == "do" else "Verbs" if self.name == "do" else "Fields"):
                formatter.write_dl(rows)


def _explained(key: str, name: str, *, verbs: bool) -> list[tuple[str, str]]:
    """(name, what it takes) of a type's fields, its verbs, or one verb's inputs."""
    record_type = type_of(key)
    from patron.records import perform, registry

    if verbs and not name:
        return [(v.name, f"{v.label}: {', '.join(f.name + ('' if f.required else '?') for f in perform.input_fields(v)) or 'no inputs'}") for v in registry.verbs(key) if v.applies(record_type)]
    fields = perform.input_fields(verb_of(record_type, name)) if name else [f for f in record_type.fields.values() if f.editable]
    return [(f.name, f"{f.label} ({f.kind.replace('_', ' ')}{', required' if f.required else ''}){': ' + ', '.join(str(v) for v, _l in f.choices) if f.choices else ''}") for f in fields] or [("none", "")]


def type_of(key: str) -> RecordType:
    """The record type under `key`; exit code 2 where there is none."""
    runtime.setup_django()
    from patron.records import registry

    found = registry.find(key)
    if found is None:
        raise click.UsageError(f"There is no record type {key!r}. See: patron records")
    return found


def verb_of(record_type: RecordType, name: str) -> Any:
    from patron.records import registry

    known = next((v for v in registry.verbs(record_type.key) if v.name == name and v.applies(record_type)), None)
    if known is None:
        raise click.UsageError(f"{record_type.plural} have no verb {name!r}. See: patron do {record_type.key} --help")
    return known


def pairs(inputs: tuple[str, ...]) -> dict[str, str]:
    """NAME=VALUE as a mapping."""
    found: dict[str, str] = {}
    for text in inputs:
        name, sign, value = text.partition("=")
        if not sign or not name or name in found:
            raise click.UsageError(f"Write {text!r} as NAME=VALUE, each name once.")
        found[name] = value
    return found


def id_of(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        raise click.UsageError(f"{text!r} is no id.") from None


@contextlib.contextmanager
def acting(slug: str, person: str, name: str) -> Iterator[tuple[Credential, Origin]]:
    """The workspace, opened as the member for one command: one transaction, done whole or not at all. What cannot be done ends it with exit code 1."""
    from django.db import DatabaseError

    from patron.api.door import problem_of
    from patron.kernel.origin import Origin, origin
    from patron.kernel.tenancy import workspace

    credential = credential_of(slug, person, ("*",), name)
    where = Origin(request_id=uuid.uuid4().hex, program=name)
    token = origin.set(where)
    place = credential.access.workspace
    try:
        with workspace(place.pk, fields_version=place.fields_version):
            yield credential, where
    except (click.ClickException, DatabaseError):
        raise
    except Exception as error:
        problem = problem_of(error)
        if problem.code == "broken":
            raise
        lines = [f"{n}: {m}" if n else m for n, m in problem.errors.items()] or [problem.detail or problem.document()["title"]]
        raise runtime.Failure("; ".join(lines)) from error
    finally:
        origin.reset(token)


def values_of(record_type: RecordType, inputs: dict[str, str], credential: Credential, record: Any = None) -> dict[str, Any]:
    """Typed field values from text, as a form reads them: relations by name, e-mail address, number or id."""
    from patron.api.neutral import neutral
    from patron.records import changes

    editable = record_type.editable_fields(credential.access)
    if unknown := {n: "This field cannot be set." for n in inputs if n not in editable}:
        raise changes.NotValid(unknown)
    reading = changes.read(record_type, inputs, neutral(credential.access), record=record)
    if reading.errors:
        raise changes.NotValid(reading.errors)
    return reading.values


def shown(record: dict[str, Any], *, as_json: bool) -> None:
    """One record on standard output."""
    if as_json:
        runtime.echo_json(record)
        return
    for name, value in record.items():
        if value not in (None, "", []):
            click.echo(f"{name:<24} {value}")


def credential_of(slug: str, person: str, scopes: tuple[str, ...], name: str) -> Credential:
    """The member's rights as a program's credential; `Failure` for nobody who may enter that workspace. Needs Django."""
    from patron.api.credentials import Credential
    from patron.identity import database, keys
    from patron.identity.domain.administrators import Impossible
    from patron.setup.domain import accounts, tokens

    try:
        user, scopes = accounts.user(person), tuple(tokens.check_scopes(list(scopes)))
        access = database.enter(user.pk, accounts.place_of(slug).slug) if user.is_active else None
    except Impossible as error:
        raise runtime.Failure(error.message) from error
    if access is None or access.member_id is None:
        raise runtime.Failure(f"{person} is not active in the workspace {slug!r}. See: patron user list")
    return Credential(access.member_id, name, scopes, None, access, keys.narrowed(access, scopes))
