"""`patron backup`: everything that another machine needs, in one file."""

import datetime
import json
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

import click

from patron.config import archive, libpq, runtime
from patron.config.database import parse
from patron.config.postgres import binaries, places
from patron.config.version import VERSION


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path), required=False)
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(file: Path | None, as_json: bool) -> None:
    """Write database and uploaded files to FILE (default: patron-<time>.tar here); `patron restore` reads it.

    Works while Patron is in use: the dump is the database at one moment. Files are copied after it, so none that it names is
    missing unless it was deleted within the same minute. The file holds all data and the installation's key: keep it safe.
    """
    now = datetime.datetime.now(datetime.UTC)
    target = (file or Path(f"patron-{now:%Y-%m-%dT%H%M%S}Z.tar")).resolve()
    if target.exists():
        raise runtime.Failure(f"{target} exists already; choose another name.")
    if not target.parent.is_dir():
        raise runtime.Failure(f"There is no folder {target.parent}.")
    with runtime.database(role="owner") as owner_url, tempfile.TemporaryDirectory(dir=target.parent, prefix=".patron-backup-") as folder:
        place = parse(owner_url)
        dump = Path(folder) / archive.DUMP
        version = _dump(place, dump)
        manifest = {
            "format": archive.FORMAT,
            "patron": VERSION,
            "made_at": now.isoformat(timespec="seconds"),
            "postgresql": version,
            "owner": place["USER"],
            "dump_bytes": dump.stat().st_size,
            "dump_sha256": archive.sha256(dump),
        }
        count = _write(target, manifest, dump)
    result = {"file": str(target), "bytes": target.stat().st_size, "files": count, **manifest}
    if as_json:
        runtime.echo_json(result)
    else:
        click.echo(f"{target}: {result['bytes'] / 1e6:.1f} MB, database and {count} files.")


def _dump(place: dict[str, Any], target: Path) -> int:
    version = libpq.server_major(place)
    program = binaries.client_for(version).program("pg_dump")
    done = subprocess.run(
        [program, "--format=custom", "--no-password", f"--file={target}"],
        env=libpq.variables(place),
        stderr=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise runtime.Failure(f"The database could not be dumped: {done.stderr.strip()}")
    return version


def _write(target: Path, manifest: dict[str, Any], dump: Path) -> int:
    needed, free = manifest["dump_bytes"], shutil.disk_usage(target.parent).free
    if needed > free:
        raise runtime.Failure(f"{target.parent} has {free / 1e6:.0f} MB free; the backup needs {needed / 1e6:.0f} MB and the uploaded files.")
    data = places.data_dir()
    with archive.new_file(target) as tar:
        archive.add_bytes(tar, archive.MANIFEST, json.dumps(manifest, indent=2).encode())
        tar.add(dump, arcname=archive.DUMP)
        key = data / archive.KEY
        if key.exists():
            archive.add_bytes(tar, archive.KEY, key.read_bytes())
        return archive.add_tree(tar, data / archive.FILES)
