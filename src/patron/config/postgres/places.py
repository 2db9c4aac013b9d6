"""Where things lie: Patron's data folder, and the database cluster that belongs to it."""

import hashlib
import os
from pathlib import Path

from patron.config.postgres import DatabaseTrouble

SYSTEM_DIRECTORY = Path("/var/lib/patron")
_NOTE = "postgres-is-elsewhere"
_OWNER = "belongs-to"


def data_dir() -> Path:
    """PATRON_DATA_DIR, else `data` in the source checkout (so that `patron` finds it from anywhere), else `data` in the current folder."""
    if given := os.environ.get("PATRON_DATA_DIR"):
        return Path(given).resolve()
    checkout = Path(__file__).resolve().parents[4]
    return (checkout if (checkout / "pyproject.toml").exists() else Path.cwd()) / "data"


def make_data_dir(path: Path) -> None:
    """Make the data folder: private, except that root's lets the database user pass through to its own part."""
    if not path.exists():
        path.mkdir(parents=True)
        path.chmod(0o711 if os.geteuid() == 0 else 0o700)


def others_may_enter(path: Path) -> bool:
    """Whether every folder from `/` to `path` can be passed through by any user."""
    path = path.resolve()
    return all(folder.stat().st_mode & 0o001 for folder in (path, *path.parents))


def cluster_of(data: Path, *, create: bool = False) -> Path | None:
    """The folder of the database cluster that belongs to the data folder, or None (with `create`: the place for a new one).

    It is `<data>/postgres`. But PostgreSQL cannot run as root, and the user made for it cannot reach into a private home: then the
    cluster lies in /var/lib/patron and a note in the data folder says where. Permissions of existing folders are never changed.
    """
    note = data / _NOTE
    if note.exists():
        return _follow(note, data)
    inside = data / "postgres"
    if inside.exists() or not create:
        return inside if inside.exists() else None
    if os.geteuid() != 0 or others_may_enter(data):
        return inside
    return _elsewhere(note, data)


def _elsewhere(note: Path, data: Path) -> Path:
    name = hashlib.sha256(str(data).encode()).hexdigest()[:16]
    taken = {path.name for path in SYSTEM_DIRECTORY.glob(f"{name}*")}  # of a data folder that was deleted since; never reused, never removed
    chosen = next(candidate for n in range(1, 10_000) if (candidate := name if n == 1 else f"{name}-{n}") not in taken)
    place = SYSTEM_DIRECTORY / chosen
    place.mkdir(parents=True, mode=0o700)
    SYSTEM_DIRECTORY.chmod(0o755)
    (place / _OWNER).write_text(f"{data}\n")
    note.write_text(f"{place}\n")
    return place


def _follow(note: Path, data: Path) -> Path:
    """The cluster that the note names, if it is still this folder's and not that of a folder which this one is a copy of."""
    place = Path(note.read_text().strip())
    owner = place / _OWNER
    try:
        former = Path(owner.read_text().strip())
    except PermissionError as error:
        raise DatabaseTrouble(
            f"The database of {data} was made by root and lies in {place}. Start Patron as root, or set PATRON_DATA_DIR."
        ) from error
    except FileNotFoundError as error:
        raise DatabaseTrouble(f"The database of {data} should lie in {place}, which is gone. To start afresh, remove {note}.") from error
    if former == data:
        return place
    if (former / _NOTE).exists() and (former / _NOTE).read_text() == note.read_text():
        raise DatabaseTrouble(f"{data} is a copy of {former} and shares its database {place}. Remove {note} to start with an empty database.")
    owner.write_text(f"{data}\n")  # the folder was moved
    return place


def abandoned() -> list[Path]:
    """Clusters in /var/lib/patron whose data folder is gone. Nothing here removes them: they may be the last copy of something."""
    found = []
    for owner in SYSTEM_DIRECTORY.glob(f"*/{_OWNER}"):
        try:
            note = Path(owner.read_text().strip()) / _NOTE
            if not note.exists() or Path(note.read_text().strip()) != owner.parent:
                found.append(owner.parent)
        except PermissionError:
            continue
    return sorted(found)
