"""The server's settings, for a machine that also runs Patron."""

import os
from pathlib import Path

from patron.config.postgres.binaries import Binaries

INCLUDE = "\n# Patron's settings. Your own go into conf.d/zz-local.conf, which Patron never touches.\ninclude_dir = 'conf.d'\n"

_SETTINGS = """\
# Written by Patron at each start; your own settings go into zz-local.conf beside this file.
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
password_encryption = 'scram-sha-256'
timezone = 'UTC'
log_timezone = 'UTC'

max_connections = 60
shared_buffers = '{buffers}MB'
effective_cache_size = '{cache}MB'
work_mem = '16MB'
maintenance_work_mem = '128MB'
max_wal_size = '2GB'
random_page_cost = 1.1
jit = off
# a statement of a program that was killed ends within seconds, and its locks with it
client_connection_check_interval = '5s'

logging_collector = on
log_directory = 'log'
log_filename = 'postgresql-%a.log'
log_truncate_on_rotation = on
log_rotation_age = '1d'
log_rotation_size = 0
log_checkpoints = off
log_line_prefix = '%m [%p] %q%u@%d '
"""

# A test's database dies with the test: what it may lose in a power cut, it may lose.
_THROWAWAY = """
fsync = off
synchronous_commit = off
full_page_writes = off
"""


#: What part of the memory PostgreSQL keeps pages in, and the least and most of it, in MB. What is not there is read from the system and checked anew: a
#: filter on contained text among a million records took twice as long.
PART, SMALLEST, LARGEST = 8, 128, 4096
_LIMITS = (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"))


def memory() -> int:
    """How many bytes of memory the machine has, or the container lets us have."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for limit in _LIMITS:
        if limit.exists() and (text := limit.read_text().strip()).isdecimal():
            found.append(int(text))
    return min(found)


def settings(binaries: Binaries, *, port: int, throwaway: bool) -> str:
    """The text of conf.d/patron.conf."""
    whole = memory() // 2**20
    text = _SETTINGS.format(port=port, buffers=max(SMALLEST, min(whole // PART, LARGEST)), cache=max(2 * SMALLEST, whole // 2))
    if binaries.has_library("pg_stat_statements"):
        text += "shared_preload_libraries = 'pg_stat_statements'\n"
    if binaries.major >= 16:
        text += "createrole_self_grant = 'set, inherit'\n"
    return text + (_THROWAWAY if throwaway else "")


def initdb_options(binaries: Binaries) -> list[str]:
    """UTF-8 with the same order everywhere: the built-in C.UTF-8 where the version has it."""
    options = ["--auth=scram-sha-256", "--encoding=UTF8", "--data-checksums", "--locale=C.UTF-8"]
    if binaries.major >= 17:
        options += ["--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
    return options
