#!/usr/bin/env bash
# Style, types and the house's import rules. Expects tools/bootstrap.sh to have run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
failed=0
check() { echo "== $*"; "$@" || failed=1; }
check .venv/bin/ruff check .
check .venv/bin/mypy
check .venv/bin/lint-imports
exit $failed
