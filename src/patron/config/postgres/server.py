"""One database cluster on disk and its server process: make it, start it, recognise it, stop it."""

import os
import random
import secrets
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from patron.config.postgres import DatabaseTrouble, account, binaries, tuning

SUPERUSER = "postgres"
THROWAWAY_MARK = "throwaway"
PREPARED_MARK = "prepared"
#: Where Linux says which ports it gives to outgoing connections; below them, from here on, ports are for servers that users start.
_OUTGOING, _LOWEST = Path("/proc/sys/net/ipv4/ip_local_port_range"), 20_000


@dataclass(frozen=True, slots=True)
class Running:
    """A server that lives: its process, its port, and whether it accepts connections yet."""

    pid: int
    port: int
    ready: bool


@dataclass(frozen=True, slots=True)
class Cluster:
    """A cluster's folder: `pgdata` is PostgreSQL's own, beside it lie the passwords and the port."""

    root: Path

    @property
    def pgdata(self) -> Path:
        return self.root / "pgdata"

    @property
    def exists(self) -> bool:
        """Whether the cluster was made completely."""
        return (self.pgdata / "PG_VERSION").exists()

    @property
    def throwaway(self) -> bool:
        """Whether it was made for tests, without protection against a power cut."""
        return (self.root / THROWAWAY_MARK).exists()

    def password(self, role: str) -> str:
        """The password of `role`, which only the cluster's account and root can read."""
        return (self.root / f"{role}.password").read_text().strip()

    def running(self) -> Running | None:
        """The live server of this cluster, or None; a pid file left by a dead one does not count."""
        lines = _pid_file(self.pgdata)
        if len(lines) < 4 or not _is_server_of(int(lines[0]), self.pgdata):
            return None
        return Running(pid=int(lines[0]), port=int(lines[3]), ready=len(lines) > 7 and lines[7].strip() == "ready")


def _pid_file(pgdata: Path) -> list[str]:
    try:
        return (pgdata / "postmaster.pid").read_text().splitlines()
    except FileNotFoundError:
        return []


def _is_server_of(pid: int, pgdata: Path) -> bool:
    """Whether process `pid` is the server of `pgdata`, not a stranger that got the number of a dead one."""
    try:
        os.kill(pid, 0)
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except ProcessLookupError:
        return False
    except PermissionError:
        return False  # another user's process
    except FileNotFoundError:
        return not Path("/proc/self").exists()  # no /proc on this system: believe the number
    return str(pgdata).encode() in words and Path(words[0].decode(errors="replace")).name == "postgres"


def create(cluster: Cluster, *, throwaway: bool) -> None:
    """Make an empty cluster. It appears under its name when it is complete: an interrupted attempt leaves nothing that counts."""
    owner = account.for_cluster(cluster.pgdata)
    programs = _programs(cluster, owner)
    account.make_private_directory(cluster.root, owner)
    (cluster.root / PREPARED_MARK).unlink(missing_ok=True)
    password = cluster.root / f"{SUPERUSER}.password"
    account.write_private_file(password, secrets.token_urlsafe(24) + "\n", owner)
    if throwaway:
        account.write_private_file(cluster.root / THROWAWAY_MARK, "Made by tests; may be deleted.\n", owner)
    fresh = cluster.root / "pgdata.new"
    shutil.rmtree(fresh, ignore_errors=True)
    options = [f"--pgdata={fresh}", f"--username={SUPERUSER}", f"--pwfile={password}", *tuning.initdb_options(programs)]
    done = account.run(owner, programs.program("initdb"), *options, *(["--no-sync"] if throwaway else []), seconds=600)
    if done.returncode:
        raise DatabaseTrouble(f"PostgreSQL could not make its files in {cluster.root}:\n{_tail(done.stdout)}")
    with (fresh / "postgresql.conf").open("a") as stream:
        stream.write(tuning.INCLUDE)
    account.make_private_directory(fresh / "conf.d", owner)
    fresh.rename(cluster.pgdata)


def _programs(cluster: Cluster, owner: account.Account | None) -> binaries.Binaries:
    major = int((cluster.pgdata / "PG_VERSION").read_text()) if cluster.exists else None
    found = binaries.find(major)
    return binaries.published(found) if owner else found


def start(cluster: Cluster) -> Running:
    """Start the server, or wait until one that is starting accepts connections; recovers by itself after a crash.

    Tries again for some seconds: after a kill, orphans of the dead server hold its memory for a moment, or its port was taken.
    """
    owner = account.for_cluster(cluster.pgdata)
    programs = _programs(cluster, owner)
    told = ""
    for attempt in range(6):
        if (running := cluster.running()) is None:
            _remove_stale_pid_file(cluster.pgdata)
            _configure(cluster, programs, owner)
            told = _pg_ctl(cluster, programs, owner, "start", "-l", cluster.root / "start.log", seconds=60)
            running = cluster.running()
        if running and (ready := _wait_until_ready(cluster)):
            return ready
        time.sleep(0.5 * (attempt + 1))
    raise DatabaseTrouble(f"PostgreSQL in {cluster.root} does not start:\n{_tail(told)}\n{_tail(_newest_log(cluster))}".rstrip())


def _remove_stale_pid_file(pgdata: Path) -> None:
    """Remove the pid file of a dead server whose number now belongs to a stranger: PostgreSQL itself would refuse to start.

    With a number that belongs to nobody the file stays, since PostgreSQL finds through it what the dead server left in memory.
    """
    lines = _pid_file(pgdata)
    if lines and Path(f"/proc/{lines[0]}").exists() and not _is_server_of(int(lines[0]), pgdata):
        (pgdata / "postmaster.pid").unlink(missing_ok=True)


def _configure(cluster: Cluster, programs: binaries.Binaries, owner: account.Account | None) -> None:
    port_file = cluster.root / "port"
    port = int(port_file.read_text()) if port_file.exists() else 0
    if not (port and _is_free(port)):
        port = _free_port()
        account.write_private_file(port_file, f"{port}\n", owner)
    text = tuning.settings(programs, port=port, throwaway=cluster.throwaway)
    target = cluster.pgdata / "conf.d" / "patron.conf"
    if not target.exists() or target.read_text() != text:
        account.write_private_file(target, text, owner)


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def _free_port() -> int:
    """One that no outgoing connection is given, so that it is free again after a crash; any free one where that cannot be known."""
    try:
        lowest = int(_OUTGOING.read_text().split()[0])
    except (OSError, ValueError, IndexError):
        lowest = 0
    for port in random.sample(range(_LOWEST, max(lowest, _LOWEST)), k=min(50, max(lowest - _LOWEST, 0))):
        if _is_free(port):
            return port
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _pg_ctl(cluster: Cluster, programs: binaries.Binaries, owner: account.Account | None, *arguments: str | Path, seconds: int) -> str:
    """Run pg_ctl, which waits up to `seconds`; what it printed. Success is read from the server itself, not from here."""
    command = [programs.program("pg_ctl"), "-D", cluster.pgdata, "-w", "-t", str(seconds), *arguments]
    try:
        return account.run(owner, *command, seconds=seconds + 30).stdout
    except subprocess.TimeoutExpired:
        return f"pg_ctl gave no answer in {seconds + 30} seconds"


def _wait_until_ready(cluster: Cluster, seconds: float = 600) -> Running | None:
    """Poll the pid file, in which the server writes its state. Replaying a long log takes minutes, so patience is long while it lives."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        running = cluster.running()
        if running is None or running.ready:
            return running
        time.sleep(0.02)
    return None


def stop(cluster: Cluster, seconds: float = 20) -> None:
    """Stop the server in the quick and clean way; without success in time, the hard way, from which the next start recovers."""
    if cluster.running() is None:
        return
    owner = account.for_cluster(cluster.pgdata)
    programs = _programs(cluster, owner)
    _pg_ctl(cluster, programs, owner, "stop", "-m", "fast", seconds=max(1, int(seconds)))
    if cluster.running() is not None:
        _pg_ctl(cluster, programs, owner, "stop", "-m", "immediate", seconds=10)
    if cluster.running() is not None:
        raise DatabaseTrouble(f"PostgreSQL in {cluster.root} does not stop.")


def _newest_log(cluster: Cluster) -> str:
    logs = sorted([*cluster.pgdata.glob("log/*.log"), *cluster.root.glob("start.log")], key=lambda path: path.stat().st_mtime)
    return logs[-1].read_text(errors="replace") if logs else ""


def _tail(text: str, lines: int = 8) -> str:
    return "\n".join(f"  {line}" for line in text.strip().splitlines()[-lines:])
