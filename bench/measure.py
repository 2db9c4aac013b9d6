"""Processor time of processes, read from /proc: nanoseconds where the kernel gives them (schedstat), ticks of 10 ms else."""

from __future__ import annotations

import os
from pathlib import Path

TICK = 1_000_000_000 // os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The direct children of a process."""
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [int(word) for word in task.read_text().split()]
    return found


def family(pid: int) -> list[int]:
    """The process and everything below it."""
    found = [pid]
    for child in children(pid):
        found += family(child)
    return found


def nanoseconds(pid: int) -> int:
    """Processor time that all threads of a process have used so far; 0 once it is gone."""
    try:
        total = 0
        for task in Path(f"/proc/{pid}/task").iterdir():
            total += int((task / "schedstat").read_text().split()[0])
        return total
    except FileNotFoundError:
        return 0


def dead_children(pid: int) -> int:
    """Processor time of the children that ended and were waited for, in nanoseconds by ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[13]) + int(fields[14])) * TICK


def resident(pid: int) -> int:
    """Resident memory of a process in KiB; its own and what it shares."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS"):
            return int(line.split()[1])
    return 0


def peak(pid: int) -> int:
    """The most resident memory that a process ever had, in KiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1])
    return 0


class Meter:
    """Processor time of a server's and PostgreSQL's families between two looks."""

    def __init__(self, server: int, postgres: int) -> None:
        self.roots = (server, postgres)

    def look(self) -> tuple[int, int]:
        """(server, PostgreSQL) in nanoseconds since they started."""
        server, postgres = self.roots
        return sum(map(nanoseconds, family(server))), sum(map(nanoseconds, family(postgres))) + dead_children(postgres)
