"""Renders the UI kit on sample data, takes pictures of it and runs axe over it. For developers of the kit.

    .venv/bin/python tools/gallery.py --out DIR [--only board,list] [--shots] [--axe] [--serve 8700]

Vendored files (fonts, icons, htmx) are taken from ``--vendor``, by default the folder that ``tools/vendor.py`` writes.
"""

from __future__ import annotations

import argparse
import functools
import http.server
import importlib
import shutil
import sys
import threading
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "src"))

import django
from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent
PAGES = Path(__file__).parent / "gallery"
KERNEL = ROOT / "src" / "patron" / "kernel"
BROWSER = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
BROWSER += ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
VIEWS = {"light": (1440, 900, "light"), "dark": (1440, 900, "dark"), "mobile": (390, 844, "light"), "mobile-dark": (390, 844, "dark")}


def render(out: Path) -> list[str]:
    """Write one HTML file per page template into ``out``; return their names without the ending."""
    settings.configure(DEBUG=True, STATIC_URL="/static/", USE_I18N=True, LANGUAGE_CODE="en", INSTALLED_APPS=[])
    django.setup()
    from jinja2 import FileSystemLoader

    from patron.kernel.jinja import environment

    env = environment(loader=FileSystemLoader([PAGES, KERNEL / "jinja2"]), autoescape=True)
    sys.path[:0] = [str(PAGES)]
    context: dict[str, Any] = importlib.import_module("sample").CONTEXT
    names = []
    for template in sorted(PAGES.glob("[!_]*.html")):
        html = env.get_template(template.name).render(**context, page=template.stem)
        (out / template.name).write_text(html, encoding="utf-8")
        if not template.stem.startswith("fragment"):
            names.append(template.stem)
    shutil.copy(PAGES / "gallery.css", out)
    return names


def copy_static(out: Path, vendor: Path) -> None:
    """The kit's own files and the vendored ones, where the pages expect them."""
    shutil.copytree(KERNEL / "static" / "ui", out / "static" / "ui", dirs_exist_ok=True)
    if vendor.is_dir():
        shutil.copytree(vendor, out / "static" / "vendor", dirs_exist_ok=True)


def serve(out: Path, port: int) -> http.server.ThreadingHTTPServer:
    """A local server in a thread of its own."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", port), functools.partial(Quiet, directory=out))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def inspect(out: Path, names: list[str], port: int, *, shots: bool, axe: Path | None) -> int:
    """Pictures and accessibility of every page in every view; returns the number of violations and page errors."""
    from playwright.sync_api import sync_playwright

    problems = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=BROWSER)
        for name in names:
            for view, (width, height, scheme) in VIEWS.items():
                page = browser.new_page(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
                page.on("pageerror", lambda error, at=f"{name} {view}": print(f"{at}: script error {error}"))
                page.goto(f"http://127.0.0.1:{port}/{name}.html", wait_until="networkidle")
                if shots:
                    page.screenshot(path=out / f"{name}-{view}.png")
                if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
                    print(f"{name} {view}: scrolls sideways")
                    problems += 1
                if axe:
                    problems += _axe(page, axe, f"{name} {view}")
                page.close()
        browser.close()
    return problems


def _axe(page: Any, axe: Path, at: str) -> int:
    page.add_script_tag(path=axe)
    violations = page.evaluate("axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa', 'best-practice']}).then((r) => r.violations)")
    for violation in violations:
        print(f"{at}: {violation['id']}: {violation['help']}")
        for node in violation["nodes"][:3]:
            print("   ", node["html"][:160])
    return len(violations)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--vendor", type=Path, default=KERNEL / "static" / "vendor")
    parser.add_argument("--axe-file", type=Path, default=ROOT / "node_modules" / "axe-core" / "axe.min.js")
    parser.add_argument("--only", default="")
    parser.add_argument("--port", type=int, default=8701)
    parser.add_argument("--shots", action="store_true")
    parser.add_argument("--axe", action="store_true")
    parser.add_argument("--serve", action="store_true")
    options = parser.parse_args()
    options.out.mkdir(parents=True, exist_ok=True)
    names = render(options.out)
    if options.only:
        names = [name for name in names if name in options.only.split(",")]
    copy_static(options.out, options.vendor)
    server = serve(options.out, options.port)
    problems = 0
    if options.shots or options.axe:
        problems = inspect(options.out, names, options.port, shots=options.shots, axe=options.axe_file if options.axe else None)
        print(f"{problems} problems in {len(names)} pages, {len(VIEWS)} views each")
    if options.serve:
        print(f"http://127.0.0.1:{options.port}/{names[0]}.html")
        threading.Event().wait()
    server.shutdown()
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
