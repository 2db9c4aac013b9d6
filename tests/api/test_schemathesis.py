"""schemathesis against a real server, with ids of records that are there (`real_ids`): the whole schema with all checks as a soak test; always two types, one that
verbs alone make, and the fixed addresses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from patron.records import registry
from patron.testing import Scene, open_workspace
from tests.api.conftest import key_of
from tests.records.making import make
from tests.records.own_kit import COURSES, courses

HERE = Path(__file__).parent
RUN = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(HERE / "schemathesis.toml")]
#: Rows by the thousand are among the requests; the defaults of 10 s are too short for them on a busy machine.
PATIENT = ("--request-timeout", "90", "--max-response-time", "90")


def run(server: str, scene: Scene, where: Path, *options: str, timeout: int) -> None:
    key = key_of(scene)
    command = [*RUN, "run", f"{server}/api/v1/openapi.json", "-H", f"Authorization: Bearer {key}", "--checks", "all", "--no-shrink", "--seed", "7", "--warnings", "off", *PATIENT, *options]
    environment = {**os.environ, "SCHEMATHESIS_HOOKS": str(HERE / "real_ids.py"), "PATRON_API": server, "PATRON_KEY": key}
    done = subprocess.run(command, cwd=where, env=environment, capture_output=True, text=True, timeout=timeout, check=False)
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-2000:]


SMALL = r"^/api/v1/(brands/($|by|\{record_id\}/($|do/archive))|proposals/($|\{record_id\}/($|do/decline))|changes|me|operations)"


def test_two_small_types_and_the_fixed_addresses(lasting_scene: Scene, server: str, tmp_path: Path) -> None:
    run(server, lasting_scene, tmp_path, "--include-path-regex", SMALL, "--phases", "coverage,fuzzing", "-n", "2", timeout=240)


@pytest.fixture
def plenty(lasting_scene: Scene) -> None:
    """A type that the workspace made, and two records of each type: requests remove them."""
    with open_workspace(lasting_scene) as access:
        courses(access)
        for record_type in [*registry.all_types(), registry.get(COURSES)]:
            make(record_type, access)
            make(record_type, access)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("PATRON_SOAK"), reason="make soak")
@pytest.mark.parametrize("key", [*(t.key for t in registry.all_types()), COURSES])
def test_the_whole_schema(lasting_scene: Scene, plenty: None, server: str, tmp_path: Path, key: str) -> None:
    run(server, lasting_scene, tmp_path, "--include-path-regex", f"^/api/v1/{key}/", "--phases", "examples,coverage,fuzzing,stateful", "-n", "20", timeout=3600)


@pytest.mark.soak
@pytest.mark.skipif(not os.environ.get("PATRON_SOAK"), reason="make soak")
def test_what_is_there_once(lasting_scene: Scene, server: str, tmp_path: Path) -> None:
    types = "|".join(t.key for t in registry.all_types())
    run(server, lasting_scene, tmp_path, "--exclude-path-regex", f"^/api/v1/({types})/", "--phases", "examples,coverage,fuzzing,stateful", "-n", "100", timeout=3600)
