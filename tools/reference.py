"""Write docs/reference/records.md, cli.md and api.md from what the code declares. `--check` only says whether they are current (exit code 1 if not)."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from patron.config import runtime  # noqa: E402

API = (ROOT / "tools" / "reference_api.md").read_text()


def records() -> str:
    """A section per record type: fields, keys, verbs."""
    from patron.records import perform, registry

    lines = ["# Record types", "", "Made from the declarations by `tools/reference.py`. Every type has lists, forms, history, undo, import and export.", ""]
    for t in registry.all_types():
        lines += [f"## {t.plural} (`{t.key}`)", "", f"{t.description or (t.__doc__ or '').strip().partition(chr(10))[0]}", "", f"Import keys: {', '.join(f'`{k}`' for k in t.keys) or 'none'}.", ""]
        lines += ["| field | kind | label | |", "|---|---|---|---|"]
        for f in t.fields.values():
            marks = ", ".join(m for m, on in (("required", f.required), ("set by the system", not f.editable)) if on)
            lines.append(f"| `{f.name}` | {f.kind.replace('_', ' ')} | {f.label} | {marks} |")
        lines += ["", "| verb | label | right | inputs |", "|---|---|---|---|"]
        for v in sorted((v for v in registry.verbs(t.key) if v.applies(t)), key=lambda v: v.name):
            inputs = ", ".join(f"`{i.name}`" + ("" if i.required else "?") for i in perform.input_fields(v))
            lines.append(f"| `{v.name}` | {v.label} | {v.action} | {inputs} |")
        if readings := registry.readings(t.key):
            lines += ["", "| reading | | |", "|---|---|---|"]
            lines += [f"| `{r.name}` | {' '.join((r.act.__doc__ or '').split())} | {'JSON, CSV' if r.table else 'JSON'} |" for r in readings.values()]
        lines.append("")
    return "\n".join(lines)


def cli() -> str:
    """The command line, one line each."""
    from patron.config.cli import COMMANDS

    rows = [f"| `patron {name}` | {text} |" for name, text in COMMANDS.items()]
    return "\n".join(["# Command line", "", "`patron COMMAND --help` says more; commands that print data know `--json`.", "", "| command | |", "|---|---|", *rows, ""])


def api() -> str:
    """The API's concepts, then what the code declares: problems, operators by kind, addresses by type."""
    from patron.api.problems import CODES
    from patron.records import registry
    from patron.records.kinds import KINDS

    lines = [API, "## Problems", "", "| code | status | |", "|---|---|---|"]
    lines += [f"| `{code}` | {status} | {title} |" for code, (status, title) in CODES.items()]
    lines += ["", "## Operators", "", "`is_not`, `lacks`, `ne` and `not` keep records that have no value there; add `filled` to leave them out.", "", "| kind of field | operators |", "|---|---|"]
    lines += [f"| {name.replace('_', ' ')} | {', '.join(f'`{o.key}`' for o in kind.all_operators()) or 'none'} |" for name, kind in KINDS.items()]
    lines += ["", "## Record types", "", "Fields and verbs of each are in [records.md](records.md).", "", "| type | found by | verbs for many |", "|---|---|---|"]
    for t in registry.all_types():
        many = sorted(v.name for v in registry.verbs(t.key) if v.applies(t) and v.bulk)
        lines.append(f"| `{t.key}` | {', '.join(f'`{k}`' for k in t.keys) or 'id'} | {', '.join(f'`{n}`' for n in many)} |")
    return "\n".join([*lines, ""])


def main() -> int:
    runtime.setup_django()
    stale = []
    for name, text in (("records.md", records()), ("cli.md", cli()), ("api.md", api())):
        file = ROOT / "docs" / "reference" / name
        if not file.exists() or file.read_text() != text:
            stale.append(name)
            if "--check" not in sys.argv:
                file.write_text(text)
    print("changed: " + ", ".join(stale) if stale else "current")
    return 1 if stale and "--check" in sys.argv else 0


if __name__ == "__main__":
    sys.exit(main())
