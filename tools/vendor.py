"""Fills src/patron/kernel/static/vendor from node_modules: scripts, fonts, one icon sprite, the joined stylesheet and script.

    .venv/bin/python tools/vendor.py [TARGET]

The sprite holds only the icons that src/patron/kernel/icons.txt names, one per line; `#` begins a comment. A name that lucide does
not have is an error. The target folder is made anew, and swapped in when it is complete.
"""

import re
import shutil
import sys
from pathlib import Path

from patron.kernel.bundle import bundle

ROOT = Path(__file__).resolve().parent.parent
KERNEL = ROOT / "src" / "patron" / "kernel"
MODULES = ROOT / "node_modules"
FILES = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "sortable.min.js": "sortablejs/Sortable.min.js",
    "inter-latin-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-wght-normal.woff2",
    "inter-latin-ext-wght-normal.woff2": "@fontsource-variable/inter/files/inter-latin-ext-wght-normal.woff2",
    "axe.min.js": "axe-core/axe.min.js",  # for the browser tests; no page refers to it
}
_LICENCE = "<!-- Icons: lucide, ISC licence, https://lucide.dev/license -->"
_INNER = re.compile(r"<svg[^>]*>\s*(.*?)\s*</svg>", re.DOTALL)


def icon_names(listing: Path) -> list[str]:
    """The names in the list, without comments and repetitions, in alphabetical order."""
    lines = (line.partition("#")[0].strip() for line in listing.read_text(encoding="utf-8").splitlines())
    return sorted({line for line in lines if line})


def sprite(names: list[str], icons: Path) -> str:
    """One SVG with a symbol per icon. Raises ValueError with all names that do not exist."""
    unknown = [name for name in names if not (icons / f"{name}.svg").is_file()]
    if unknown:
        raise ValueError(f"lucide has no icon named {', '.join(unknown)}; see icons.txt and https://lucide.dev/icons")
    symbols = "".join(_symbol(name, (icons / f"{name}.svg").read_text(encoding="utf-8")) for name in names)
    return f'<svg xmlns="http://www.w3.org/2000/svg">{_LICENCE}{symbols}</svg>\n'


def _symbol(name: str, svg: str) -> str:
    match = _INNER.search(svg)
    assert match, name
    shapes = re.sub(r">\s+<", "><", match[1])
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>'


def main(target: Path) -> None:
    """Build elsewhere and swap, so that a running server never sees half of it."""
    fresh = ROOT / "var" / "vendor.new" / "vendor"
    shutil.rmtree(fresh.parent, ignore_errors=True)
    fresh.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(MODULES / source, fresh / name)
    (fresh / "sprite.svg").write_text(sprite(icon_names(KERNEL / "icons.txt"), MODULES / "lucide-static" / "icons"), encoding="utf-8")
    bundle(fresh.parent)
    shutil.rmtree(target, ignore_errors=True)
    fresh.rename(target)
    fresh.parent.rmdir()


if __name__ == "__main__":
    try:
        main(Path(sys.argv[1]).resolve() if len(sys.argv) > 1 else KERNEL / "static" / "vendor")
    except (OSError, ValueError) as error:
        sys.exit(f"tools/vendor.py: {error}")
