"""Every icon that a page asks for is in the sprite: a missing one would be an empty square."""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parents[2] / "src" / "patron"
_ASKED = (r'(?:icon|iconbtn|empty|menu_item)\(\s*"([a-z0-9-]+)"', r'icon=\(?"([a-z0-9-]+)"', r'"icon": "([a-z0-9-]+)"', r'button\([^"()]*(?:\([^()]*\))?, "([a-z0-9-]+)"')


def test_every_icon_is_in_the_sprite() -> None:
    known = set((SOURCE / "kernel" / "icons.txt").read_text().split())
    files = [p for ending in ("html", "py") for p in SOURCE.rglob(f"*.{ending}")]
    missing = {name: str(p) for p in files for pattern in _ASKED for name in re.findall(pattern, p.read_text()) if name not in known}
    assert not missing
