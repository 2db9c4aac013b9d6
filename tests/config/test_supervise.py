"""`patron serve` as a program: start, stop, kill, start again. Serves the tiny site of `tests.config.tiny`."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from patron.config import embedded, processes

if TYPE_CHECKING:
    from tests.config.conftest import Site


def eventually(check: Callable[[], bool], seconds: float = 10) -> bool:
    """Whether it comes true in time."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if check():
            return True
        time.sleep(0.05)
    return False


def test_pages_are_served_by_a_role_that_is_not_the_owner(site: Site) -> None:
    site.start()

    assert site.page()[1] == "patron_app"


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_to_the_whole_group_stops_everything_cleanly(site: Site, number: int) -> None:
    site.start()
    children = site.recorded()
    began = time.monotonic()
    site.signal_group(number)
    site.signal_group(number)  # make passes some signals on, so that they come twice

    assert site.wait() == 0
    assert time.monotonic() - began < 10
    assert site.everything_ended()
    assert not any(processes.birth(pid) for pid in children.values())
    assert not (site.data / "serve.json").exists()
    assert site.log().rstrip().endswith("Stopped.")
    assert "Traceback" not in site.log()


def test_a_second_start_is_quick_and_does_not_migrate_again(empty_site: Site) -> None:
    empty_site.start()
    empty_site.signal_group(signal.SIGINT)
    empty_site.wait()

    assert empty_site.start() < 10  # two or three seconds where nothing else runs
    assert empty_site.log().count("Bringing the database up to date") == 1


def test_after_kill_9_of_the_group_the_next_start_takes_over(site: Site) -> None:
    site.start()
    server = site.cluster.running()
    site.signal_group(signal.SIGKILL)
    site.wait()
    site.start()

    assert site.cluster.running() == server
    assert site.page()


def test_a_recorded_process_that_outlives_a_kill_is_ended_by_the_next_start(site: Site) -> None:
    script = "import signal, socket, sys, time; signal.signal(15, signal.SIG_IGN); s = socket.create_server(('127.0.0.1', int(sys.argv[1]))); print(1, flush=True); time.sleep(99)"
    with subprocess.Popen([sys.executable, "-c", script, str(site.port)], stdout=subprocess.PIPE, start_new_session=True) as deaf:
        assert deaf.stdout is not None
        assert deaf.stdout.readline()
        (site.data / "serve.json").write_text(json.dumps([(deaf.pid, processes.birth(deaf.pid))]))
        site.start()

        assert deaf.wait() == -signal.SIGKILL
    assert "ended what it had left running" in site.log()


def test_a_recorded_number_that_belongs_to_another_process_by_now_is_left_alone(site: Site) -> None:
    (site.data / "serve.json").write_text(json.dumps([(os.getpid(), "1")]))
    site.start()

    assert "ended what it had left running" not in site.log()


def test_after_kill_9_of_everything_the_next_start_recovers(site: Site) -> None:
    site.start()
    server = site.cluster.running()
    assert server is not None
    site.signal_group(signal.SIGKILL)
    os.kill(server.pid, signal.SIGKILL)
    site.wait()
    site.start()

    assert site.page()[1] == "patron_app"


@pytest.mark.parametrize("name", ["web", "worker"])
def test_a_child_that_dies_is_started_again(site: Site, name: str) -> None:
    site.start()
    before = site.recorded()
    os.kill(before[name], signal.SIGKILL)

    assert eventually(lambda: site.recorded()[name] != before[name])
    assert eventually(lambda: bool(site.page()))
    assert f"{name} was ended by SIGKILL" in site.log()


def test_a_web_worker_that_dies_is_started_again(site: Site) -> None:
    site.start()
    os.kill(int(site.page()[0]), signal.SIGKILL)

    assert eventually(lambda: bool(site.page()))


def test_a_database_that_dies_is_started_again(site: Site) -> None:
    site.start()
    server = site.cluster.running()
    assert server is not None
    os.kill(server.pid, signal.SIGKILL)

    assert eventually(lambda: (running := site.cluster.running()) is not None and running.pid != server.pid and running.ready)


def took(stranger: socket.socket, port: int) -> bool:
    """Whether the socket listens at the port now; a server that was killed holds it for a moment longer."""
    try:
        stranger.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        stranger.bind(("127.0.0.1", port))
    except OSError:
        return False
    stranger.listen()
    return True


def test_a_database_whose_port_was_taken_meanwhile_goes_on_at_another(site: Site) -> None:
    site.start()
    program, server, before = site.program, site.cluster.running(), site.recorded()
    assert program is not None and server is not None
    os.kill(program.pid, signal.SIGSTOP)  # so that it is not started again before a stranger has its port
    os.kill(server.pid, signal.SIGKILL)
    stranger = socket.socket()
    try:
        assert eventually(lambda: took(stranger, server.port))
    finally:
        os.kill(program.pid, signal.SIGCONT)
    with stranger:
        assert eventually(lambda: "at another port" in site.log() and bool(site.page()), 30), site.log()

        after = site.cluster.running()
        assert after is not None and after.port != server.port
        assert before.keys() == site.recorded().keys() and set(before.values()).isdisjoint(site.recorded().values())
        assert program.poll() is None


def test_a_port_in_use_is_said_plainly_and_nothing_stays_behind(site: Site) -> None:
    with socket.create_server(("127.0.0.1", site.port)):
        code = site.launch().wait(20)

    assert code == 1
    assert f"PORT={site.port + 1} make run" in site.log()
    assert "Traceback" not in site.log()
    assert site.cluster.running() is None


def test_a_second_serve_of_the_same_data_is_refused_and_the_first_goes_on(site: Site) -> None:
    site.start()
    second = site.run("serve", "--port", str(site.port + 1))

    assert second.returncode == 1
    assert "is being served" in second.stderr
    assert site.page()


def test_interrupted_while_starting_it_leaves_nothing_running(site: Site) -> None:
    program = site.launch()
    assert eventually(lambda: site.cluster.running() is not None)
    site.signal_group(signal.SIGINT)

    assert program.wait(10) == 0
    assert site.everything_ended()


def test_a_server_of_ones_own_is_used_and_left_alone(site: Site, tmp_path: Path) -> None:
    other = tmp_path / "other"
    url = embedded.ensure_running(other, throwaway=True)
    try:
        program = subprocess.Popen(site.patron("serve"), env=site.environment | {"DATABASE_URL": url}, start_new_session=True)
        assert eventually(lambda: bool(site.page()), 30)
        assert site.cluster.running() is None
        program.send_signal(signal.SIGTERM)
        assert program.wait(10) == 0
        assert embedded.running_url(other) == url
    finally:
        embedded.discard(other)


def test_an_unreachable_server_is_said_in_one_line(site: Site) -> None:
    done = site.run("serve", DATABASE_URL="postgresql://nobody@127.0.0.1:1/patron")

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("Error: The database cannot be reached")


def test_the_web_processes_stay_small(site: Site) -> None:
    site.start()
    status = Path(f"/proc/{site.page()[0]}/status").read_text()
    resident = next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS"))

    assert resident < 150_000
