"""The PostgreSQL that Patron runs for itself: one per data folder, started by whoever comes first, stopped by whoever leaves last.

`session` is what programs use. The kernel releases their locks when they die, so a killed program never keeps the server up or
brings it down under another's feet. Everything here is idle when DATABASE_URL is set; see `patron.config.runtime`.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from patron.config import locks
from patron.config.postgres import DatabaseTrouble, places, roles, server
from patron.config.postgres.server import Cluster

_START_LOCK = "postgres-start.lock"
_USERS_LOCK = "postgres-users.lock"


def ensure_running(data: Path, *, throwaway: bool = False) -> str:
    """Make the cluster if there is none, start its server if it is down, and return the owner's URL.

    Safe to call from several programs at once. The server keeps running after this process ends; `stop` ends it. `throwaway` makes
    a new cluster without fsync, for tests. Raises DatabaseTrouble.
    """
    data = data.resolve()
    places.make_data_dir(data)
    with locks.exclusive(data / _START_LOCK):
        return _ensure_running(data, throwaway)


def running_url(data: Path) -> str | None:
    """The owner's URL if the server of this data folder accepts connections now, else None. Changes nothing."""
    root = places.cluster_of(data.resolve())
    cluster = Cluster(root) if root else None
    running = cluster.running() if cluster else None
    return roles.owner_url(cluster, running) if cluster and running and running.ready else None


def exists(data: Path) -> bool:
    """Whether this data folder has a database, running or not."""
    root = places.cluster_of(data.resolve())
    return root is not None and Cluster(root).exists


def stop(data: Path, seconds: float = 20) -> None:
    """Stop the server of this data folder if it runs, whoever uses it. Raises DatabaseTrouble when it refuses to end."""
    root = places.cluster_of(data.resolve())
    if root:
        server.stop(Cluster(root), seconds)


@contextmanager
def session(data: Path, *, create: bool = True, throwaway: bool = False, patience: float = 20) -> Iterator[str]:
    """Keep the server up for a while: the owner's URL. The last session to end stops the server, within `patience` seconds or hard.

    Without `create`, a data folder that has no database raises DatabaseTrouble instead of getting one.
    """
    data = data.resolve()
    if not create and not exists(data):
        raise DatabaseTrouble(f"There is no database in {data}. Make one with: patron init")
    places.make_data_dir(data)
    with locks.opened(data / _USERS_LOCK) as users:
        try:
            with locks.exclusive(data / _START_LOCK):
                locks.share(users)
                url = _ensure_running(data, throwaway)
            yield url
        finally:  # also of a start that was interrupted
            with locks.exclusive(data / _START_LOCK):  # nobody comes in while we look whether we are the last to leave
                if locks.alone(users):
                    stop(data, patience)


def discard(data: Path) -> None:
    """Stop and delete a throwaway cluster with its data folder; refuses any other, whatever happens."""
    data = data.resolve()
    root = places.cluster_of(data)
    if root is None:
        return
    cluster = Cluster(root)
    if cluster.exists and not cluster.throwaway:
        raise DatabaseTrouble(f"{data} holds a real database; it is not deleted.")
    server.stop(cluster)
    shutil.rmtree(root)
    shutil.rmtree(data)


def _ensure_running(data: Path, throwaway: bool) -> str:
    root = places.cluster_of(data, create=True)
    assert root is not None
    cluster = Cluster(root)
    if not cluster.exists:
        server.create(cluster, throwaway=throwaway)
        if throwaway:
            _sweep()
    running = cluster.running()
    if running is None or not running.ready:
        running = server.start(cluster)
    roles.prepare(cluster, running)
    return roles.owner_url(cluster, running)


def _sweep() -> None:
    """Delete the throwaway clusters outside their data folders, of which the folders are gone: checkouts that were removed after a test."""
    for root in places.abandoned():
        cluster = Cluster(root)
        if cluster.throwaway and cluster.running() is None:
            shutil.rmtree(root, ignore_errors=True)
