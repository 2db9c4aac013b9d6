"""How fast a file of leads becomes records: check, import, bulk edit, undo, export of everything.

    .venv/bin/python -m bench.imports --rows 10000 [--rows 100000 --rows 1000000] [--no-edit]

Prints, for each step: wall seconds, processor seconds of this process and of its PostgreSQL backends (from /proc), and this process's peak memory.
Works on the database of DATABASE_URL as the serving role, in a workspace of its own beside whatever is there; it is left behind (drop the
database afterwards). The server has to run on this machine, since its processor time is read from /proc.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import django


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, action="append", help="size; may be repeated (default: 10000)")
    parser.add_argument("--no-edit", action="store_true", help="check, import and undo only")
    parser.add_argument("--json", type=Path, help="write the figures to this file")
    arguments = parser.parse_args()
    django.setup()
    from bench.importing import run

    figures = [row for rows in arguments.rows or [10_000] for row in run(rows, not arguments.no_edit)]
    if arguments.json:
        arguments.json.write_text(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
