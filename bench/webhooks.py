"""Webhooks: how many messages a second one worker makes and delivers, to a server of its own process on this machine.

`python -m bench.webhooks [--number 4000] [--slow MS]`. Prints events made per second, deliveries per second, and processor milliseconds each. The database
is a throwaway of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import time
from pathlib import Path
from typing import Any

from bench.ground import ROOT, use


def main() -> None:
    """Make a workspace, change many records in one operation and one by one, deliver."""
    parser = argparse.ArgumentParser(prog="bench.webhooks")
    parser.add_argument("--number", type=int, default=4000, help="messages")
    parser.add_argument("--slow", type=float, default=0, help="milliseconds that the receiver takes")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    data = ROOT / "var" / "bench-webhooks"
    use(data)
    os.environ["PATRON_WEBHOOK_LOOPBACK"] = "1"
    port, receiver = _receiver(options.slow / 1000)
    from patron.config import embedded

    embedded.discard(data)
    os.environ["DATABASE_URL"] = embedded.ensure_running(data, throwaway=True)
    try:
        figures = _measure(port, options.number)
    finally:
        receiver.terminate()
        embedded.stop(data)
        embedded.discard(data)
    print(json.dumps(figures, indent=1))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))


def _receiver(pause: float) -> tuple[int, Any]:
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.Process(target=_serve, args=(theirs, pause), daemon=True)
    process.start()
    return ours.recv(), process


def _serve(pipe: Any, pause: float) -> None:
    """The cheapest receiver: so that the figure is Patron's."""

    async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while head := await _head(reader):
            length = next(int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            await asyncio.sleep(pause)
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n")
            await writer.drain()
        writer.close()

    async def _head(reader: asyncio.StreamReader) -> bytes:
        try:
            return await reader.readuntil(b"\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            return b""

    async def serve() -> None:
        server = await asyncio.start_server(one, "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await server.serve_forever()

    asyncio.run(serve())


def _measure(port: int, number: int) -> dict[str, float]:
    import django
    from django.core.management import call_command

    django.setup()
    from patron.kernel.db.install import install

    call_command("migrate", verbosity=0)
    install()
    from patron.automation import collecting, delivering
    from patron.automation.models import Delivery
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation
    from patron.records import bulk, changes, registry
    from patron.testing import make_workspace

    scene = make_workspace()
    accounts = registry.get("accounts")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        accounts.model.objects.bulk_create(accounts.model(name=f"Account {i}", owner=scene.members["alice"]) for i in range(number))
    with workspace(scene.workspace.pk):
        access = scene.access()
        changes.create(registry.get("webhooks"), {"name": "Bench", "url": f"http://127.0.0.1:{port}/in", "events": ["accounts.*"]}, access=access)
        bulk.edit_many(accounts, accounts.visible(access), {"description": "Changed in bulk"}, access=access)
    began = time.perf_counter()
    made = collecting.collect(scene.workspace)
    collected = time.perf_counter() - began
    began, cpu = time.perf_counter(), time.process_time()
    delivering.run(scene.workspace, seconds=600)
    seconds, processor = time.perf_counter() - began, time.process_time() - cpu
    with workspace(scene.workspace.pk):
        delivered = Delivery.objects.filter(state="delivered").count()
    return {
        "made": made, "made_per_second": round(made / collected), "delivered": delivered, "delivered_per_second": round(delivered / seconds),
        "processor_ms_per_delivery": round(processor / max(1, delivered) * 1000, 3),
    }  # fmt: skip


if __name__ == "__main__":
    main()
