"""`patron mcp`: Patron for an assistant on this machine, over standard input and output."""

from __future__ import annotations

import contextlib
import uuid
from typing import Any

import click

from patron.config import runtime


@click.command()
@click.option("--workspace", "slug", required=True, help="The workspace's address, such as demo.")
@click.option("--as", "person", required=True, metavar="EMAIL", help="The member whose rights the assistant has.")
@click.option("--scope", "scopes", multiple=True, default=("*",), show_default=True, help="TYPE.ACTION or *; may be repeated. Never more than the person may.")
@runtime.needs_django()
def command(slug: str, person: str, scopes: tuple[str, ...]) -> None:
    """Speak the Model Context Protocol on standard input and output, as an assistant's settings want it.

    Reads are answered under the person's rights. Whatever writes becomes a proposal that a person approves or declines in Patron.
    See docs/how-to/mcp.md.
    """
    try:
        import anyio
        from mcp.server.stdio import stdio_server
    except ModuleNotFoundError:
        raise runtime.Failure("The MCP SDK is missing: install patron with its extra “mcp”.") from None
    from patron.api.mcp.server import build
    from patron.config.acting import credential_of

    credential = credential_of(slug, person, scopes, "patron mcp")  # before anything is answered: a wrong name ends the command

    def listing() -> Any:
        from patron.api.mcp import tools

        with _inside(slug, person, scopes) as (found, _where):
            return tools.all_tools(found)

    def calling(name: str, arguments: dict[str, Any], client: str) -> tuple[dict[str, Any], bool]:
        from patron.api.mcp import calls

        with _inside(slug, person, scopes) as (found, where):
            return calls.call(name, arguments, credential=found, where=where, client=client)

    async def serve() -> None:
        server = build(listing, calling)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())

    click.echo(f"Serving {credential.access.workspace.name} as {credential.access.name}.", err=True)
    anyio.run(serve)


@contextlib.contextmanager
def _inside(slug: str, person: str, scopes: tuple[str, ...]) -> Any:
    """The workspace, opened for one message; rights are read anew, so that a role that changes meanwhile holds at once."""
    from patron.config.acting import credential_of
    from patron.kernel.origin import Origin, origin
    from patron.kernel.tenancy import workspace

    credential = credential_of(slug, person, scopes, "patron mcp")
    where = Origin(request_id=uuid.uuid4().hex, program="patron mcp")
    token = origin.set(where)
    place = credential.access.workspace
    try:
        with workspace(place.pk, fields_version=place.fields_version):
            yield credential, where
    finally:
        origin.reset(token)
