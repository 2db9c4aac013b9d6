"""The operating-system user that runs PostgreSQL, which refuses to run as root."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from patron.config.postgres import DatabaseTrouble

NAME = "patrondb"
_SYSTEM_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_ENVIRONMENT = {"PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "TZ": "UTC"}


@dataclass(frozen=True, slots=True)
class Account:
    """A user and group by number; `None` in its place everywhere means "as whoever runs Patron"."""

    uid: int
    gid: int


def running_as_root() -> bool:
    """Whether this process is root and so needs another account for PostgreSQL."""
    return os.geteuid() == 0


def for_cluster(pgdata: Path) -> Account | None:
    """The account of the cluster in `pgdata`: its owner where it exists, else a system user made for it; None when not root."""
    if not running_as_root():
        if pgdata.exists() and pgdata.stat().st_uid != os.geteuid():
            raise DatabaseTrouble(f"The database in {pgdata} belongs to another user. Start Patron as the user who made it, or set PATRON_DATA_DIR.")
        return None
    if pgdata.exists():
        owner = pgdata.stat()
        if owner.st_uid == 0:
            raise DatabaseTrouble(f"{pgdata} belongs to root, and PostgreSQL does not run as root. Give it to {NAME}: chown -R {NAME}: {pgdata}")
        return Account(owner.st_uid, owner.st_gid)
    return system_user()


def system_user() -> Account:
    """The account `patrondb`, made when it is missing. Needs root."""
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        _make_system_user()
        entry = pwd.getpwnam(NAME)
    return Account(entry.pw_uid, entry.pw_gid)


def _make_system_user() -> None:
    advice = "Start Patron as an ordinary user, or set DATABASE_URL to a PostgreSQL of your own."
    useradd = shutil.which("useradd", path=_SYSTEM_PATH)
    if useradd is None:
        raise DatabaseTrouble(f"PostgreSQL does not run as root, and useradd is missing to make the user {NAME}. {advice}")
    made = subprocess.run(
        [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin", NAME],
        capture_output=True,
        text=True,
        check=False,
    )
    try:
        pwd.getpwnam(NAME)  # another process may have made it at the same moment
    except KeyError:
        raise DatabaseTrouble(f"The user {NAME} could not be made: {made.stderr.strip()}. {advice}") from None


def run(account: Account | None, *command: str | Path, seconds: float = 120) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL as `account`, with a bare environment, private files and no terminal; never raises for its exit code."""
    identity: dict[str, Any] = {} if account is None else {"user": account.uid, "group": account.gid, "extra_groups": []}
    return subprocess.run(
        [str(part) for part in command],
        env=_ENVIRONMENT,
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        umask=0o077,
        timeout=seconds,
        check=False,
        **identity,
    )


def make_private_directory(path: Path, account: Account | None) -> None:
    """Make `path` readable by `account` alone; its parents, when missing, stay open to be passed through."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.mkdir(mode=0o700, exist_ok=True)
    if account is not None:
        os.chown(path, account.uid, account.gid)


def write_private_file(path: Path, text: str, account: Account | None) -> None:
    """Write `text` whole or not at all, readable by `account` alone."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as stream:
        stream.write(text)
        stream.flush()
        os.fsync(stream.fileno())
    if account is not None:
        os.chown(fresh, account.uid, account.gid)
    fresh.replace(path)
