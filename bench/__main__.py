"""Seed, serve, ask, print. `python -m bench --help` says how."""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from bench.ground import ROOT, use

WARM = 6
ROUNDS = 3  # all cases are asked so often, and the round that cost least counts: what else the machine does only ever adds, for seconds or minutes


def main() -> int:
    """Exit code 1 where a case is above its reach and `--strict` was said."""
    parser = argparse.ArgumentParser(prog="bench", description="What requests cost, in processor milliseconds of server and PostgreSQL.")
    parser.add_argument("--scale", type=float, default=float(os.environ.get("SCALE", "1")), help="1 is 100 000 accounts, contacts and leads each, 50 000 deals, 500 000 activities")
    parser.add_argument("--only", default="", help="cases whose name contains this")
    parser.add_argument("--json", type=Path, help="write the figures to this file too")
    parser.add_argument("--strict", action="store_true", help="fail where something costs more than it may")
    options = parser.parse_args()
    data = ROOT / "var" / f"bench-{options.scale:g}"
    use(data)
    import django

    from patron.config import embedded

    stamp, wanted = data / "seeded", f"{options.scale:g} {hashlib.sha256((ROOT / 'bench' / 'seed.py').read_bytes()).hexdigest()[:12]}"
    if not stamp.exists() or stamp.read_text() != wanted:
        embedded.discard(data)
    os.environ["DATABASE_URL"] = embedded.ensure_running(data, throwaway=True)
    django.setup()
    try:
        _prepare(options.scale, stamp, wanted)
        return _run(options)
    finally:
        embedded.stop(data)


def _run(options: argparse.Namespace) -> int:
    from bench.seed import Size, counts

    figures = _measure(options, Size.of(options.scale))
    if options.only in "import":
        figures.append(_import())
    print(f"\nrows: {counts()}")
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1))
    over = [f for f in figures if f["ms"] > f["reach"]]
    print(f"{len(figures) - len(over)} of {len(figures)} within reach" + (": over are " + ", ".join(f["name"] for f in over) if over else ""))
    return 1 if over and options.strict else 0


def _prepare(scale: float, stamp: Path, wanted: str) -> None:
    """Bring the schema up to date, and fill an empty database; the stamp says that this was done to the end."""
    from django.core.management import call_command

    from bench.seed import Size, seed
    from patron.kernel.db.install import install
    from patron.records.jobs import first_words
    from patron.sales.jobs import keep_sums

    call_command("migrate", verbosity=0, interactive=False)
    install()
    if not stamp.exists():
        print("seeding (once per size) …")
        started = time.monotonic()
        seed(Size.of(scale), lambda words: print(f"  {words}", flush=True))
        stamp.write_text(wanted)
        print(f"seeded in {time.monotonic() - started:.0f} s")
    _sweep()
    keep_sums(0)  # no worker runs here that would
    first_words(0)


def _sweep() -> None:
    """Remove what earlier runs made: the newest rows are looked at first, and a thousand that are alike would be measured instead of the seed."""
    from bench.seed import SLUG
    from patron.customers.models import Account
    from patron.identity.access import Access
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation

    place = Workspace.objects.get(slug=SLUG)
    with workspace(place.pk), operation("bench.sweep", access=Access.system(place)):
        Account.objects.filter(name__startswith="Measured ").delete()


def _session() -> str:
    """A signed-in person's cookie."""
    from django.test import Client

    from bench.seed import EMAIL
    from patron.identity.models import User

    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(User.objects.get(email=EMAIL))
    return client.cookies["sessionid"].value


def _key() -> str:
    """The same person's key, for two hours."""
    import datetime

    from bench.seed import EMAIL, SLUG
    from patron.identity.access import Access
    from patron.identity.models import Membership, Workspace
    from patron.kernel.tenancy import workspace
    from patron.setup.domain import tokens

    place = Workspace.objects.get(slug=SLUG)
    with workspace(place.pk):
        member = Membership.objects.get(user__email=EMAIL)
        return tokens.create(member, "bench", ["*"], access=Access.system(place), lasts=datetime.timedelta(hours=2))[1]


def _postmaster() -> int:
    """The process above the backend that serves us."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        backend = cursor.fetchone()[0]
    return int(Path(f"/proc/{backend}/stat").read_text().rpartition(")")[2].split()[1])


def _measure(options: argparse.Namespace, size: Any) -> list[dict[str, Any]]:
    from bench import plain
    from bench.cases import cases
    from bench.measure import Meter
    from bench.server import Client, memory, serving

    postmaster, session, key = _postmaster(), _session(), _key()
    asked = [c for c in cases(size, plain.fetch) if options.only in c.name]
    print(f"\n{'':<36}{'reach':>7}{'ms cpu':>8}{'server':>8}{'pg':>7}{'p50':>7}{'p95':>7}{'sql':>7}{'bytes':>9}")
    figures = []
    with serving() as (pid, port):
        client, meter = Client(port, session, key), Meter(pid, postmaster)
        rounds = [[_ask(case, client, meter) for case in asked] for _round in range(ROUNDS)]
        for case, turns in zip(asked, zip(*rounds, strict=True), strict=True):
            found = min(turns, key=lambda turn: turn["ms"])
            found["sql"] = plain.cost(case.sql, postmaster) if case.sql else None
            figures.append(found)
            _line(found)
        megabytes = memory(pid)
    figures.append({"name": "memory of the web process, MiB", "reach": 150, "ms": megabytes})
    print(f"{'memory of the web process, MiB':<36}{150:>7}{megabytes:>8.0f}")
    if not options.only:
        with serving("bench.bare_settings") as (pid, port):
            bare = min((_ask(plain.BARE, Client(port), Meter(pid, postmaster)) for _round in range(ROUNDS)), key=lambda turn: turn["ms"])
            _line({**bare, "sql": None})
    return figures


def _import() -> dict[str, Any]:
    """An import of 10 000 leads with matching, validation and ledger, as the role that serves: processor seconds of Python and PostgreSQL."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "import.json"
        subprocess.run([sys.executable, "-m", "bench.imports", "--no-edit", "--json", str(out)], check=True, env={**os.environ, "PATRON_DATABASE_ROLE": "app"}, stdout=subprocess.DEVNULL)
        steps = [step for step in json.loads(out.read_text()) if step["step"] in ("check", "apply")]
    seconds = sum(step["python"] + step["postgresql"] for step in steps)
    print(f"{'import of 10 000 leads, seconds':<36}{3:>7}{seconds:>8.2f}{sum(s['python'] for s in steps):>8.2f}{sum(s['postgresql'] for s in steps):>7.2f}")
    return {"name": "import of 10 000 leads, seconds", "reach": 3, "ms": seconds}


def _ask(case: Any, client: Any, meter: Any) -> dict[str, Any]:
    """Mean processor time, median and 95th percentile of the wall, over all of the case's addresses in turn, each as often as the others."""
    walls, length, many = [], 0, len(case.addresses)
    times = -(-case.times // ROUNDS // many) * many
    before = meter.look()
    for n in range(WARM + times):
        if n == WARM:
            before = meter.look()
        address, started = case.addresses[n % len(case.addresses)], time.perf_counter()
        status, text = _once(case, client, address)
        if status not in (200, 201, 204, 302):
            raise SystemExit(f"{case.name}: {address} answered {status}\n{text[:2000]}")
        if n >= WARM:
            walls.append((time.perf_counter() - started) * 1000)
        length = len(text)
    server, postgres = ((b - a) / 1e6 / times for a, b in zip(before, meter.look(), strict=True))
    walls.sort()
    return {
        "name": case.name, "reach": case.reach, "ms": server + postgres, "server": server, "postgres": postgres, "p50": statistics.median(walls),
        "p95": walls[int(len(walls) * 0.95)], "bytes": length,
    }  # fmt: skip


def _once(case: Any, client: Any, address: str) -> tuple[int, str]:
    if address.startswith("/api/"):
        return client.send(case.method, address, case.body and case.body(time.time_ns()))  # type: ignore[no-any-return]
    return client.post(address, case.form(time.time_ns())) if case.form else client.get(address, part=case.part)  # type: ignore[no-any-return]


def _line(f: dict[str, Any]) -> None:
    sql = f"{f['sql']:>7.1f}" if f["sql"] is not None else f"{'':>7}"
    mark = " !" if f["ms"] > f["reach"] else ""
    print(f"{f['name']:<36}{f['reach']:>7.0f}{f['ms']:>8.1f}{f['server']:>8.1f}{f['postgres']:>7.1f}{f['p50']:>7.0f}{f['p95']:>7.0f}{sql}{f['bytes']:>9,}{mark}", flush=True)


if __name__ == "__main__":
    raise SystemExit(main())
