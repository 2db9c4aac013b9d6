"""The house's own rules: sizes, the order of imports inside a context, documentation that is current."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src" / "patron"
#: Files of a context, lowest first: each may import from its own row and those below it.
KINDS = ("enums", "rules", "columns", "models", "domain", "forms", "records", "panels", "views", "urls", "attach")


def python_files() -> list[Path]:
    return [f for f in SOURCE.rglob("*.py") if "migrations" not in f.parts]


def test_files_and_functions_stay_small() -> None:
    found = []
    for file in python_files():
        text = file.read_text()
        lines = text.count("\n")
        if lines > 400:
            found.append(f"{file.relative_to(ROOT)}: {lines} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef) and (node.end_lineno or 0) - node.lineno + 1 > 45:
                found.append(f"{file.relative_to(ROOT)}: {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("pattern", "most"), [("*.html", 150), ("*.css", 300), ("*.js", 120)])
def test_templates_styles_and_scripts_stay_small(pattern: str, most: int) -> None:
    found = [f"{f.relative_to(ROOT)}: {n}" for f in SOURCE.rglob(pattern) if "vendor" not in f.parts and (n := f.read_text().count("\n")) > most]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("context", ["customers", "catalog", "sales", "collab"])
def test_inside_a_context_imports_go_down(context: str) -> None:
    """enums, rules -> models -> domain -> records -> views: a lower kind never imports a higher one."""
    found = []
    for file in (SOURCE / context).rglob("*.py"):
        kind = file.relative_to(SOURCE / context).parts[0].removesuffix(".py")
        if kind not in KINDS or "migrations" in file.parts:
            continue
        for module in _imports(file):
            if module.startswith(f"patron.{context}."):
                other = module.split(".")[2]
                if other in KINDS and KINDS.index(other) > KINDS.index(kind):
                    found.append(f"{file.relative_to(ROOT)} imports {module}")
    assert not found, "\n".join(found)


def _imports(file: Path) -> list[str]:
    found = []
    for node in ast.parse(file.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module:
            found += [node.module, *(f"{node.module}.{a.name}" for a in node.names)]
        elif isinstance(node, ast.Import):
            found += [a.name for a in node.names]
    return found


def test_the_platform_names_no_entity() -> None:
    """Kernel, ledger and records know no account, lead or deal; nor does what reacts to every record."""
    words = ("customers", "sales", "catalog", "collab", "flows", "setup", "reports", "automation")
    found = [f"{f.relative_to(ROOT)} imports {m}" for p in ("kernel", "identity", "ledger", "records", "automation") for f in (SOURCE / p).rglob("*.py") for m in _imports(f) if m.startswith(tuple(f"patron.{w}" for w in words if w != p))]
    assert not found, "\n".join(found)


def test_the_reference_is_current() -> None:
    answer = subprocess.run([sys.executable, str(ROOT / "tools" / "reference.py"), "--check"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr + "run tools/reference.py"


def test_every_setting_is_documented() -> None:
    import re

    text = (SOURCE / "config" / "settings.py").read_text() + (SOURCE / "config" / "database.py").read_text()
    names = set(re.findall(r'"(PATRON_[A-Z_]+)"', text)) | {"DATABASE_URL", "PORT"}
    documented = (ROOT / "docs" / "reference" / "settings.md").read_text()
    assert sorted(n for n in names if n not in documented) == []
