"""Sealing that is cut off: its connection dies before each of its statements, or its process is killed. The longer trials are in tests/soak."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from urllib.parse import urlsplit, urlunsplit

import pytest
from django.db import OperationalError, connection

from patron.kernel.tenancy import workspace
from patron.ledger import sealing
from patron.testing import Scene
from tests.database import Dying
from tests.ledger.chain_kit import act, each_once, seal, seals, verdict


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
