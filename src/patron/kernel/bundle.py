"""Joins the stylesheets and the script modules of the UI kit: two requests instead of sixty.

Development uses the files as they are. Nothing is compiled or minified; HTTP compression does the rest.
"""

from __future__ import annotations

import re
from pathlib import Path

SOURCE = Path(__file__).parent / "static" / "ui"

_CSS_IMPORT = re.compile(r'@import url\("([\w-]+\.css)"\);\n')
_JS_IMPORT = re.compile(r'^import (?:(\{[^}]*\}) from )?"\./([\w-]+)\.js";\n', re.MULTILINE)
_JS_EXPORT = re.compile(r"^export (?=(?:async )?function (\w+)|(?:const|let|class) (\w+))", re.MULTILINE)


def bundle(static_dir: Path) -> Path:
    """Write ``vendor/app.bundle.css`` and ``vendor/app.bundle.js`` below ``static_dir``; return the stylesheet's path.

    Raises FileNotFoundError if an imported file is missing and ValueError if modules import each other in a circle.
    """
    vendor = static_dir / "vendor"
    vendor.mkdir(parents=True, exist_ok=True)
    css = vendor / "app.bundle.css"
    css.write_text(join_css(SOURCE / "css"), encoding="utf-8")
    (vendor / "app.bundle.js").write_text(join_js(SOURCE / "js"), encoding="utf-8")
    return css


def join_css(folder: Path) -> str:
    """``app.css`` with every import replaced by the file it names. Font addresses become neighbours of the result."""

    def read(match: re.Match[str]) -> str:
        return (folder / match[1]).read_text(encoding="utf-8")

    text = _CSS_IMPORT.sub(read, (folder / "app.css").read_text(encoding="utf-8"))
    return text.replace("../../vendor/", "")


def join_js(folder: Path) -> str:
    """All modules reachable from ``app.js``, each in a function of its own, imported ones before their importers."""
    done: list[str] = []
    parts: list[str] = []

    def add(name: str, path: tuple[str, ...]) -> None:
        if name in path:
            raise ValueError("Modules import each other in a circle: " + " > ".join((*path, name)))
        if name in done:
            return
        text = (folder / f"{name}.js").read_text(encoding="utf-8")
        for _, imported in _JS_IMPORT.findall(text):
            add(imported, (*path, name))
        done.append(name)
        parts.append(_wrap(name, text))

    add("app", ())
    return "\n".join(parts)


def _wrap(name: str, text: str) -> str:
    exports = [function or value for function, value in _JS_EXPORT.findall(text)]
    body = _JS_EXPORT.sub("", _JS_IMPORT.sub(_take, text))
    return f"const {_variable(name)} = (() => {{\n{body}return {{ {', '.join(exports)} }};\n}})();\n"


def _take(match: re.Match[str]) -> str:
    return f"const {match[1]} = {_variable(match[2])};\n" if match[1] else ""


def _variable(name: str) -> str:
    return "module_" + name.replace("-", "_")
