"""`patron restore`: a backup into an empty place, or a workspace beside others; all of it or nothing."""

import shutil
import subprocess
import tarfile
import tempfile
import zipfile
from dataclasses import asdict
from pathlib import Path
from typing import Any

import click
from psycopg import sql

from patron.config import archive, environment, libpq, processes, runtime
from patron.config.database import parse
from patron.config.postgres import binaries, places

_OCCUPIED = """
SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema' AND c.relkind IN ('r', 'p', 'v', 'm', 'S')
  AND NOT EXISTS (SELECT 1 FROM pg_depend d WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')
"""


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--workspace", "slug", metavar="ADDRESS", help="Of a workspace's export: the new workspace's address, instead of its old one.")
@click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
def command(file: Path, slug: str | None, as_json: bool) -> None:
    """Read FILE back: what it is shows by its format.

    A backup (patron backup, a tar) is read into an empty database, and refused where the database holds anything. It brings back the database, the
    uploaded files and the key; then the migrations that are newer than the backup are applied.

    The export of a workspace (patron export --all, a ZIP) becomes a new workspace, beside others or in a Patron that is still empty, equal to the
    last row: identifiers, times, history. People keep their name and e-mail address and get a new password (patron user). While it runs, others can
    read but not write.

    Nothing remains of a restore that failed.
    """
    if zipfile.is_zipfile(file):
        _workspace(file, slug or "", as_json)
        return
    if slug:
        raise click.UsageError("--workspace goes with the export of a workspace (a ZIP); FILE is none.")
    try:
        with tarfile.open(file, "r:") as tar:
            result = _restore(tar)
    except (tarfile.TarError, EOFError) as error:
        raise runtime.Failure(f"{file} cannot be read as a backup: {error}") from error
    if as_json:
        runtime.echo_json(result)
    else:
        click.echo(f"Restored the state of {result['made_at']}: database and {result['files']} files.")


def _workspace(file: Path, slug: str, as_json: bool) -> None:
    with runtime.database(role="owner", create=True) as owner_url:
        runtime.setup_django()
        from patron.config import migrations  # needs Django
        from patron.records.archive import whole
        from patron.records.archive.form import BadFile

        try:
            if migrations.unapplied(owner_url):
                migrations.apply(owner_url, verbosity=0)
            with libpq.connect(parse(owner_url)) as raw:
                done = whole.from_file(file, raw, slug=slug, say=_quiet if as_json else click.echo)
        except BadFile as error:
            raise runtime.Failure(error.message) from error
    if as_json:
        runtime.echo_json(asdict(done))
        return
    click.echo(f"Restored the workspace {done.slug}: {done.rows} rows and {done.files} files.")
    if done.people:
        click.echo(f"{done.people} people came without a password: patron user password EMAIL gives them one.")
    if not done.kept_id:
        click.echo("Its identifier was taken, so the workspace has a new one; everything in it keeps its own.")


def _quiet(_words: str) -> None:
    """Programs read the result alone."""


def _restore(tar: tarfile.TarFile) -> dict[str, Any]:
    manifest = archive.read_manifest(tar)
    data = places.data_dir()
    places.make_data_dir(data)
    files = data / archive.FILES
    if files.exists() and any(files.rglob("*")):
        raise runtime.Failure(f"{files} is not empty. Restore into a new data folder: PATRON_DATA_DIR=… patron restore FILE")
    with tempfile.TemporaryDirectory(dir=data, prefix=".restore-") as name, runtime.database(role="owner", create=True) as owner_url:
        folder = Path(name)
        place = parse(owner_url)
        _require_empty(place)
        dump = folder / archive.DUMP
        if not archive.extract(tar, archive.DUMP, dump) or archive.sha256(dump) != manifest["dump_sha256"]:
            raise runtime.Failure("The backup is damaged: the database's dump is not what it was when the backup was made.")
        (folder / archive.FILES).mkdir()
        count = archive.extract_tree(tar, folder / archive.FILES)
        _load(place, dump, manifest)
        _put_in_place(tar, data, folder)
        _migrate(owner_url)
    return {"made_at": manifest["made_at"], "files": count, "data_dir": str(data)}


def _require_empty(place: dict[str, Any]) -> None:
    with libpq.connect(place) as connection:
        row = connection.execute(_OCCUPIED).fetchone()
    if row is None or row[0]:
        raise runtime.Failure("The database is not empty. Restore into a new one: PATRON_DATA_DIR=… or DATABASE_URL=… patron restore FILE")


def _load(place: dict[str, Any], dump: Path, manifest: dict[str, Any]) -> None:
    """Load the dump in one transaction, without the statistics extension, which only a superuser can install, and without the views for reading, which
    belong to a role that may not make them yet: the migrations afterwards make them."""
    from patron.kernel.db.keys import SEEN

    _make_roles(place)
    program = binaries.client_for(max(libpq.server_major(place), int(manifest["postgresql"]))).program("pg_restore")
    contents = subprocess.run([program, "--list", dump], capture_output=True, text=True, check=True).stdout
    wanted = dump.with_suffix(".list")
    wanted.write_text("".join(line for line in contents.splitlines(keepends=True) if "pg_stat_statements" not in line))
    options = ["--single-transaction", "--exit-on-error", "--no-password", "--no-comments", f"--exclude-schema={SEEN}", f"--use-list={wanted}"]
    if manifest["owner"] != place["USER"]:
        options.append("--no-owner")
    command = [str(program), *options, f"--dbname={place['NAME']}", str(dump)]
    done = subprocess.run(command, env=libpq.variables(place), stderr=subprocess.PIPE, text=True, check=False)
    if done.returncode:
        raise runtime.Failure(f"The database could not be loaded and is still empty: {done.stderr.strip().splitlines()[0]}")


def _make_roles(place: dict[str, Any]) -> None:
    """The roles that the dump grants rights to; the migrations afterwards give them their passwords."""
    app, reader = (environment.text(name, default) for name, default in (("PATRON_APP_ROLE", "patron_app"), ("PATRON_READER_ROLE", "patron_reader")))
    with libpq.connect(place) as connection:
        present = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles").fetchall()}
        for role, rights in ((app, "LOGIN"), (reader, "NOLOGIN")):
            if role not in present:
                connection.execute(sql.SQL("CREATE ROLE {} " + rights).format(sql.Identifier(role)))
        connection.execute(sql.SQL("GRANT {} TO CURRENT_USER").format(sql.Identifier(reader)))
        connection.execute(sql.SQL("GRANT USAGE, CREATE ON SCHEMA public TO {}").format(sql.Identifier(reader)))


def _put_in_place(tar: tarfile.TarFile, data: Path, folder: Path) -> None:
    files, key = data / archive.FILES, folder / archive.KEY
    if files.exists():
        shutil.rmtree(files)
    (folder / archive.FILES).rename(files)
    if archive.extract(tar, archive.KEY, key):
        key.replace(data / archive.KEY)


def _migrate(owner_url: str) -> None:
    """In a process of its own, so that the settings are read with the key that was restored just now."""

    def apply() -> None:
        runtime.setup_django()
        from django.apps import apps

        from patron.config import migrations  # needs Django

        migrations.apply(owner_url, verbosity=0)
        if apps.is_installed("patron.ledger"):
            from patron.ledger import feed

            feed.start_anew()

    processes.ask(apply)
