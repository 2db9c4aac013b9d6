"""What the file of a workspace looks like: a ZIP with a manifest, a description, one CSV per table, and the uploaded files."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from patron.records.verbs import Refused

KIND = "patron-workspace"
VERSION = 1
MANIFEST, SCHEMA, WORKSPACE, USERS, FILES, README = "manifest.json", "schema.json", "workspace.json", "users.csv", "files.csv", "README.txt"
MOST_MANIFEST = 32 * 1024**2
#: Unpacked bytes per packed byte beyond which a large archive is taken for a bomb; tables reach 5 to 30.
MOST_RATIO = 300
LARGE = 256 * 1024**2
#: Every member bears the same time, so that the same content makes the same file.
TIME = (1980, 1, 1, 0, 0, 0)

ABOUT = """This is everything of one Patron workspace. Unpack it with any ZIP program.

tables/*.csv   one table each: UTF-8, a header row, comma separated, RFC 4180 quotes. An empty cell is no value (NULL), "" is an empty text.
               Times are UTC, {a,b} is a list, JSON stands as JSON. All tables belong to the one workspace, so no column says so.
ledger_*.csv   the history: operations (who did what, when and why) and changes (what each did to which row).
users.csv      the people who sign in, without passwords and other secrets.
files/         uploaded files; files.csv has their sizes and SHA-256 checksums.
schema.json    what the columns are, and what they refer to.
manifest.json  the number of rows, the size and the SHA-256 checksum of every member.

Read it back with: patron restore FILE.zip [--workspace ADDRESS]
"""


_PARTS = (MANIFEST, SCHEMA, WORKSPACE, USERS, FILES, README)
_TABLE = re.compile(r"tables/[a-z0-9_]{1,63}\.csv\Z", re.ASCII)


class BadFile(Refused):
    """The file cannot be restored; the message says why. Nothing was written."""


def proper(name: str) -> bool:
    """Whether a member may be called this: a known part, a table, or a file below files/ that leads nowhere else."""
    if name in _PARTS or _TABLE.match(name):
        return True
    parts = name.split("/")
    plain = len(name) <= 400 and name.isprintable() and "\\" not in name and ":" not in name
    return plain and parts[0] == "files" and 3 <= len(parts) <= 10 and all(part.strip(". ") for part in parts)


class Column(msgspec.Struct):
    """A column: its name and PostgreSQL's type."""

    name: str
    type: str


class Member(msgspec.Struct):
    """A member of the archive: unpacked bytes and their SHA-256."""

    bytes: int
    sha256: str


class Table(Member):
    """One table: `name` is the database's."""

    name: str
    rows: int
    columns: list[Column]

    @property
    def member(self) -> str:
        return f"tables/{self.name}.csv"


class Manifest(msgspec.Struct):
    """The contents, with a checksum for each part. `members` are the parts that are no tables; `files.csv` vouches for the uploaded files."""

    format: str
    version: int
    patron: str
    made_at: str
    slug: str
    name: str
    rows: int
    tables: list[Table]
    members: dict[str, Member]
    files: int
    migrations: dict[str, list[str]]


def manifest_from(content: bytes) -> Manifest:
    """The manifest, if this Patron can read the rest; `BadFile` in words otherwise."""
    try:
        told: Any = msgspec.json.decode(content)
        kind, version = told["format"], int(told["version"])
    except (msgspec.DecodeError, KeyError, TypeError, ValueError) as error:
        raise BadFile("The file's manifest cannot be read: it is damaged, or no export of a Patron workspace.") from error
    if kind != KIND:
        raise BadFile("This is no export of a Patron workspace.")
    if version > VERSION:
        raise BadFile(f"This file is of format {version}; this Patron reads formats up to {VERSION}. Install the newer version first.")
    try:
        return msgspec.convert(told, Manifest)
    except msgspec.ValidationError as error:
        raise BadFile(f"The file's manifest cannot be read: {error}") from error
