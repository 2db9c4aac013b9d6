#!/usr/bin/env bash
# pytest against a PostgreSQL made for tests (var/test-db, kept between runs), or that of PATRON_TEST_DATABASE_URL.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
export PATRON_DATA_DIR=$PWD/var/test-data
export PATRON_DATABASE_ROLE=owner  # makes the template; tests/conftest.py goes on as the serving role
unset DATABASE_URL
unset PYTHONDONTWRITEBYTECODE  # else every process that a test starts compiles everything anew
if [ -n "${PATRON_TEST_DATABASE_URL:-}" ]; then
  DATABASE_URL=$PATRON_TEST_DATABASE_URL exec .venv/bin/python -m pytest "$@"
fi
exec .venv/bin/python -m patron.config.postgres run var/test-db .venv/bin/python -m pytest "$@"
