"""Sealing that is cut off: its connection dies before each of its statements, or its process is killed. The longer trials are in tests/soak."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import OperationalError, connection

from patron.kernel.tenancy import workspace
from patron.ledger import sealing
from patron.testing import Scene
from tests.database import as_owner
from tests.ledger.chain_kit import act, each_once, seal, seals, verdict


class Dying:
    """Counts statements, and has the connection ended before one of them."""

    def __init__(self, at: int = 0) -> None:
        self.at, self.number = at, 0

    def __call__(self, execute: Callable[..., Any], *call: Any) -> Any:
        self.number += 1
        if self.number == self.at:
            as_owner(f"SELECT pg_terminate_backend({connection.connection.info.backend_pid})")
        return execute(*call)


def whole(scene: Scene) -> None:
    """Sealed to the end, everything is in one block, and the chain holds."""
    seal(scene)
    each_once(scene)
    assert verdict(scene).found is None


def test_a_connection_that_dies_leaves_whole_blocks(lasting_scene: Scene) -> None:
    scene = lasting_scene
    whole(scene)
    for _ in range(3):
        act(scene)
    counting = Dying()
    with connection.execute_wrapper(counting):
        made = sealing.seal_all(scene.workspace.pk)
    assert len(made) == 1
    for at in range(1, counting.number + 1):
        act(scene)
        try:
            with connection.execute_wrapper(Dying(at)):
                sealing.seal_all(scene.workspace.pk)
        except OperationalError:
            connection.close()
        else:
            pytest.fail("it did not die")
        assert verdict(scene).found is None
    whole(scene)


_SEAL_ONE_BY_ONE = """
import sys, uuid, django
django.setup()
from patron.kernel.tenancy import workspace
from patron.ledger import sealing
while True:
    with workspace(uuid.UUID(sys.argv[1])):
        block = sealing.seal(int(sys.argv[2]), most=1)
        print("made" if block else "over", flush=True)
    if block is None:
        break
"""


@pytest.mark.parametrize("after", [1, 4])
def test_a_killed_process_leaves_whole_blocks(lasting_scene: Scene, after: int) -> None:
    scene = lasting_scene
    for _ in range(12):
        act(scene)
    url = urlunsplit(urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}"))
    environment = {**os.environ, "DATABASE_URL": url, "PATRON_DATABASE_ROLE": "app"}
    with subprocess.Popen([sys.executable, "-c", _SEAL_ONE_BY_ONE, str(scene.workspace.pk), str(sealing.settled())], env=environment, stdout=subprocess.PIPE, text=True) as program:
        assert program.stdout is not None
        for _ in range(after):
            assert program.stdout.readline() == "made\n"
        program.send_signal(signal.SIGKILL)
    assert program.returncode == -signal.SIGKILL
    with workspace(scene.workspace.pk), connection.cursor() as cursor:
        cursor.execute(sealing._LOCK, [str(scene.workspace.pk)])  # what its backend had begun to commit is over
    left = len(seals(scene))
    assert after - 1 <= left < 13
    assert verdict(scene).found is None
    whole(scene)
    assert len(seals(scene)) == left + 1
