"""Where a measurement runs: a data folder and a database of its own."""

from __future__ import annotations

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def use(data: Path) -> None:
    """Point this process, and those that it starts, to the data folder; before Django is set up."""
    os.environ.update(DJANGO_SETTINGS_MODULE="patron.config.settings", PATRON_DATA_DIR=str(data), PATRON_DATABASE_ROLE="owner", PYTHONPATH=f"{ROOT}/src:{ROOT}")
    sys.path[:0] = [str(ROOT / "src"), str(ROOT)]
