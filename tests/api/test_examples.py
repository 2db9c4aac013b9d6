"""The examples of docs/how-to/use-the-api.md run as they stand."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path

from patron.testing import Scene
from tests.api.conftest import key_of

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "how-to" / "use-the-api.md"


def test_the_examples_of_the_guide_work(lasting_scene: Scene, server: str) -> None:
    parts = re.findall(r"^```bash\n(.*?)^```", GUIDE.read_text(), re.M | re.S)
    assert len(parts) > 8
    script = "set -euo pipefail\n" + "echo '--'\n".join(parts)
    done = subprocess.run(["bash", "-c", script], env={**os.environ, "PATRON": server, "KEY": key_of(lasting_scene)}, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-1500:] + done.stderr[-1500:]
    assert '"Rostock"' in done.stdout and '"failed":1' in done.stdout and '"name":"Dora"' in done.stdout
