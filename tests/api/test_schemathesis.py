"""schemathesis against a real server: the whole schema with all checks as a soak test, one small type and the fixed addresses always."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patron.records import registry
from patron.testing import Scene
from tests.api.conftest import key_of

HERE = Path(__file__).parent
RUN = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]


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
