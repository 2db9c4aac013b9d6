"""How fast a ledger is sealed and verified, and what memory that takes.

    .venv/bin/python -m bench.trail --operations 20000 --changes 5 [--import 1000000]

Works on the database of DATABASE_URL as the serving role, in a workspace of its own beside whatever is there, which is left behind. Prints, for each
step: wall seconds, operations and changes per second, peak memory of the database's process (its server has to run on this machine: from /proc).
"""

from __future__ import annotations

import argparse
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import django

if TYPE_CHECKING:
    from patron.ledger.sealing import Block


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--operations", type=int, default=20_000, help="small operations")
    parser.add_argument("--changes", type=int, default=5, help="changes of each")
    parser.add_argument("--import", dest="large", type=int, default=1_000_000, help="changes of one large operation")
    arguments = parser.parse_args()
    django.setup()
    run(arguments.operations, arguments.changes, arguments.large)


_MANY = """
DO $$ DECLARE op uuid; BEGIN
  FOR n IN 1..{operations} LOOP
    op := gen_random_uuid();
    INSERT INTO ledger_operation (at, workspace_id, id, verb, actor_name, subject_type, reason, request_id, details)
    VALUES (now(), '{ws}', op, 'bench.edit', 'Bench', 'teams', 'because it is measured', '', '{{"source": "bench"}}');
    PERFORM set_config('app.operation_id', op::text, true);
    UPDATE identity_team SET name = id || ' ' || op WHERE workspace_id = '{ws}';
  END LOOP;
END $$
"""

_LARGE = """
INSERT INTO identity_team (workspace_id, id, name, kind, created_at, updated_at, revision)
SELECT %s, gen_random_uuid(), 'A name as long as names of people and accounts are, and a bit longer ' || n, kind, now(), now(), 1
FROM generate_series(1, %s) AS n, (SELECT kind FROM identity_team LIMIT 1) AS known
"""


def run(operations: int, changes: int, large: int) -> None:
    from django.db import connection

    from patron.identity.models import Team
    from patron.kernel.tenancy import workspace
    from patron.ledger import sealing, verifying
    from patron.ledger.operations import operation
    from patron.testing import make_workspace

    scene = make_workspace(f"bench-{uuid.uuid4().hex[:8]}")
    place = scene.workspace.pk
    with workspace(place), operation("bench.teams", access=scene.system):
        Team.objects.bulk_create(Team(name=f"Team {n}") for n in range(changes - Team.objects.count()))
    for _ in range(10):
        with workspace(place), connection.cursor() as cursor:
            cursor.execute(_MANY.format(operations=operations // 10, ws=place))
    step("seal small operations", lambda: sealed(sealing.seal_all(place)))
    with workspace(place), operation("bench.import", access=scene.system), connection.cursor() as cursor:
        cursor.execute(_LARGE, [place, large])
    step("seal an import", lambda: sealed(sealing.seal_all(place)))

    def verify() -> tuple[int, int]:
        with workspace(place):
            verdict = verifying.verify()
        assert verdict.found is None, verdict.found.words
        return verdict.operations, operations * changes + large

    step("verify everything", verify)


def sealed(blocks: list[Block]) -> tuple[int, int]:
    return sum(b.operations for b in blocks), sum(b.changes for b in blocks)


def step(name: str, work: Callable[[], tuple[int, int]]) -> None:
    with watched() as peak:
        began = time.monotonic()
        operations, changes = work()
        took = time.monotonic() - began
    print(f"{name:<24} {took:7.2f} s  {operations:>8} operations ({operations / took:>9,.0f}/s)  {changes:>8} changes ({changes / took:>9,.0f}/s)  peak {peak[0]} MB")


@contextmanager
def watched() -> Iterator[list[int]]:
    """The most private memory that the connection's process in the database has meanwhile, in MB."""
    from django.db import connection

    pid, peak, over = connection.connection.info.backend_pid, [0], threading.Event()

    def look() -> None:
        while not over.wait(0.05):
            try:
                lines = Path(f"/proc/{pid}/status").read_text().splitlines()
            except OSError:
                return
            peak[0] = max(peak[0], next(int(line.split()[1]) for line in lines if line.startswith("RssAnon:")) // 1024)

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield peak
    finally:
        over.set()
        thread.join()


if __name__ == "__main__":
    main()
