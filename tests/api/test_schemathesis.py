"""schemathesis against a real server: the whole schema with all checks as a soak test, one small type and the fixed addresses always."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection

from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.testing import Scene
from tests.api.conftest import key_of
from tests.records.making import make

HERE = Path(__file__).parent
RUN = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]


@pytest.fixture
def server(lasting_scene: Scene) -> Iterator[str]:
    """Patron as it is served, on the tests' database; its address."""
    with workspace(lasting_scene.workspace.pk), operation("test", access=lasting_scene.access()):
        for record_type in registry.all_types():
            make(record_type, lasting_scene.access())
    known = connection.settings_dict
    url = f"postgresql://{known['USER']}:{known['PASSWORD']}@{known['HOST']}:{known['PORT']}/{known['NAME']}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ, "DATABASE_URL": url, "PATRON_DATABASE_ROLE": "app", "PATRON_APP_PASSWORD": settings.PATRON_APP_PASSWORD, "PATRON_API_RATE": "1000000", "PATRON_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    command = ["granian", "--interface", "wsgi", "patron.config.wsgi:application", "--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--blocking-threads", "2", "--no-log"]
    with subprocess.Popen([str(Path(sys.executable).parent / command[0]), *command[1:]], env=environment) as process:
        try:
            _wait(f"http://127.0.0.1:{port}/api/v1/")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


def _wait(url: str) -> None:
    for _attempt in range(300):
        try:
            urllib.request.urlopen(url, timeout=5)
        except urllib.error.HTTPError:
            return
        except OSError:
            time.sleep(0.1)
    raise AssertionError("the server did not start")


def run(server: str, scene: Scene, where: Path, *options: str, timeout: int) -> None:
    command = [*RUN, "run", f"{server}/api/v1/openapi.json", "-H", f"Authorization: Bearer {key_of(scene)}", "--checks", "all", "--no-shrink", "--seed", "7", "--warnings", "off", *options]
    done = subprocess.run(command, cwd=where, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


def test_a_small_type_and_the_fixed_addresses(lasting_scene: Scene, server: str, tmp_path: Path) -> None:
    run(server, lasting_scene, tmp_path, "--include-path-regex", r"^/api/v1/(brands/($|bulk|by|\{record_id\}/($|do/archive))|changes|me|operations)", "--phases", "coverage,fuzzing", "-n", "2", timeout=240)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("PATRON_SOAK"), reason="make soak")
@pytest.mark.parametrize("key", [t.key for t in registry.all_types()])
def test_the_whole_schema(lasting_scene: Scene, server: str, tmp_path: Path, key: str) -> None:
    run(server, lasting_scene, tmp_path, "--include-path-regex", f"^/api/v1/{key}/", "--phases", "examples,coverage,fuzzing,stateful", "-n", "20", timeout=3600)
