"""Assistants: the SDK's own client over HTTP and stdio; reads answer, writes wait for a person."""

from __future__ import annotations

import os
import sys
import uuid
from collections.abc import Callable
from typing import Any

import anyio
from django.conf import settings
from django.db import connection
from mcp.client.client import Client
from mcp.client.stdio import StdioServerParameters, stdio_client
from mcp.client.streamable_http import streamable_http_client

from patron.api.models import Proposal
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene
from tests.api.conftest import Program, key_of, program_of
from tests.records.making import make

Ask = Callable[[Any], Any]


def talk(url: str, key: str, conversation: Ask) -> Any:
    """A conversation of the SDK's client with the served Patron."""
    import httpx2

    async def run() -> Any:
        async with httpx2.AsyncClient(headers={"Authorization": f"Bearer {key}"}, timeout=60) as web:
            async with Client(streamable_http_client(f"{url}/api/mcp", http_client=web)) as client:
                return await conversation(client)

    return anyio.run(run)


def test_the_sdks_client_reads_and_proposes_over_http(server: str, lasting_scene: Scene) -> None:
    key = key_of(lasting_scene, "dora")

    async def conversation(client: Any) -> Any:
        tools = {t.name: t for t in (await client.list_tools()).tools}
        listed = await client.call_tool("list_records", {"type": "accounts", "limit": 1, "fields": ["name"], "totals": True})
        account = listed.structured_content["data"][0]
        proposed = await client.call_tool("edit_record", {"type": "accounts", "id": account["id"], "values": {"city": "Ulm"}, "revision": account["revision"], "why": "They moved"})
        refused = await client.call_tool("edit_record", {"type": "accounts", "id": account["id"], "values": {"nonsense": 1}})
        again = await client.call_tool("read_record", {"type": "proposals", "id": proposed.structured_content["proposal"]})
        return tools, listed, proposed, refused, again, account

    tools, listed, proposed, refused, again, account = talk(server, key, conversation)
    assert {"search", "describe", "list_records", "read_record", "create_record", "edit_record", "delete_record", "do_verb", "deals_win", "leads_qualify"} <= set(tools)
    assert tools["search"].annotations.read_only_hint and not tools["deals_win"].annotations.read_only_hint
    assert not listed.is_error and listed.structured_content["totals"]["count"] >= 1
    assert not proposed.is_error and proposed.structured_content["state"] == "open"
    assert refused.is_error and refused.structured_content["errors"][0]["field"] == "nonsense"
    assert again.structured_content["state"] == "open" and again.structured_content["reason"] == "They moved"
    with workspace(lasting_scene.workspace.pk):
        assert registry.get("accounts").model.objects.get(pk=account["id"]).city != "Ulm"
        signed = Operation.objects.filter(verb__startswith="mcp.").order_by("at")
        assert [o.verb for o in signed] == ["mcp.list_records", "mcp.edit_record", "mcp.edit_record", "mcp.read_record"]
        assert signed[1].details["arguments"]["values"] == {"city": "Ulm"} and str(signed[1].subject_id) == account["id"]
        assert signed[1].actor_id == lasting_scene.members["dora"].pk


def test_stdio_serves_as_the_named_person(lasting_scene: Scene) -> None:
    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
        make(registry.get("accounts"), lasting_scene.access(), name="Zweiburg Mills")
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "PATRON_DATABASE_ROLE": "app", "PATRON_APP_PASSWORD": settings.PATRON_APP_PASSWORD}
    command = [sys.executable, "-m", "patron.config.cli", "mcp", "--workspace", lasting_scene.workspace.slug, "--as", lasting_scene.users["alice"].email]

    async def run() -> Any:
        async with Client(stdio_client(StdioServerParameters(command=command[0], args=command[1:], env=environment))) as client:
            found = await client.call_tool("search", {"words": "zweiburg"})
            kinds = await client.call_tool("describe", {"type": "leads"})
            made = await client.call_tool("create_record", {"type": "leads", "values": {"last_name": "Kern", "company": "Kern AG"}})
            return found.structured_content, kinds.structured_content, made

    found, kinds, made = anyio.run(run)
    assert [f["title"] for f in found["found"]] == ["Zweiburg Mills"]
    assert kinds["fields"]["company"]["kind"] == "text" and {"qualify", "assign"} <= {v["verb"] for v in kinds["verbs"]}
    assert not made.is_error, made
    with workspace(lasting_scene.workspace.pk):
        kept = Proposal.objects.get()
        assert kept.member_id == lasting_scene.members["alice"].pk and kept.verb == "create" and kept.record_id is None


def rpc(program: Program, name: str, arguments: dict[str, Any], status: int = 200) -> Any:
    """One call as plain JSON-RPC."""
    body = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}}
    answer = program.call("POST", "/api/mcp", body, Accept="application/json, text/event-stream")
    assert answer.status_code == status, answer.content
    return answer.data["result"] if status == 200 else answer.data


def test_without_a_key_and_beyond_its_scopes(scene: Scene) -> None:
    assert Program("patron_x").call("POST", "/api/mcp", {}).status_code == 401
    assert program_of(scene).call("GET", "/api/mcp").status_code == 405
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        deal = make(registry.get("deals"), scene.access())
    reader = program_of(scene, "dora", "accounts.*", "deals.view")
    for name, arguments in (
        ("deals_win", {"id": str(deal.pk)}), ("edit_record", {"type": "deals", "id": str(deal.pk), "values": {"name": "X"}}),
        ("do_verb", {"type": "deals", "id": str(deal.pk), "verb": "archive"}), ("list_records", {"type": "contacts"}), ("no_such_tool", {}),
        ("read_record", {"type": "accounts", "id": str(uuid.uuid4())}), ("do_verb", {"type": "proposals", "id": str(uuid.uuid4()), "verb": "approve"}),
    ):  # fmt: skip
        assert rpc(reader, name, arguments)["isError"], name
    assert not rpc(reader, "read_record", {"type": "deals", "id": str(deal.pk)}).get("isError")
    with workspace(scene.workspace.pk):
        assert not Proposal.objects.exists()


def test_another_workspaces_records_are_not_there(scene: Scene) -> None:
    from patron.testing import make_workspace

    other = make_workspace()
    with workspace(other.workspace.pk), operation("test", access=other.access()):
        theirs = make(registry.get("accounts"), other.access())
    answer = rpc(program_of(scene), "edit_record", {"type": "accounts", "id": str(theirs.pk), "values": {"city": "Ulm"}})
    assert answer["isError"] and answer["structuredContent"]["code"] == "not-found"


def test_the_web_process_does_not_load_the_sdk() -> None:
    import subprocess

    code = "import sys, django; django.setup(); import patron.config.wsgi, patron.config.urls, patron.api.urls; sys.exit(any(m.split('.')[0] in ('mcp', 'starlette', 'anyio') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ, "DJANGO_SETTINGS_MODULE": "patron.config.settings"}, check=False).returncode == 0
