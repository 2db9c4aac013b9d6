"""Rows into the staging table as fast as PostgreSQL takes them: COPY in its text format."""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import msgspec

from patron.kernel.tenancy import current_workspace_id

_COLUMNS = "id, part, line, action, target_id, seen, cells, values, before, problems, refs, marks, title"
_TYPES = (
    "id uuid, part smallint, line int, action text, target_id uuid, seen int, cells text[], "
    "values jsonb, before jsonb, problems jsonb, refs jsonb, marks text[], title text"
)
NOTHING = "\\N"
encode = msgspec.json.Encoder(decimal_format="string", uuid_format="canonical").encode


def prepare(cursor: Any) -> None:
    """Make the temporary table that staged rows pass through: COPY is refused where row-level security holds."""
    cursor.execute(f"DROP TABLE IF EXISTS pg_temp.import_chunk; CREATE TEMP TABLE import_chunk ({_TYPES}) ON COMMIT DROP")


def copy(cursor: Any, import_id: uuid.UUID, lines: Iterable[str]) -> None:
    """Stage rows given as lines of COPY's text format, in the order of `_COLUMNS`."""
    with cursor.copy(f"COPY import_chunk ({_COLUMNS}) FROM STDIN") as target:
        target.write("".join(lines))
    cursor.execute(
        f"INSERT INTO records_importrow (workspace_id, import_id, {_COLUMNS}) SELECT %s, %s, {_COLUMNS} FROM import_chunk", [current_workspace_id(), import_id]
    )
    cursor.execute("TRUNCATE import_chunk")


def ids(count: int = 1000) -> Iterator[str]:
    """Identifiers like `kernel.tenancy.uuid7`, as 32 hexadecimal digits, made `count` at a time."""
    while True:
        head, random = f"{time.time_ns() // 1_000_000:012x}7", os.urandom(10 * count).hex()
        for start in range(0, 20 * count, 20):
            piece = random[start : start + 20]
            yield f"{head}{piece[:3]}{_VARIANT[piece[3]]}{piece[4:19]}"


_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}


def json_text(value: Any) -> str:
    """A value as JSON, escaped for COPY; NULL for nothing."""
    if not value:
        return NOTHING
    text: str = encode(value).decode()
    return text.replace("\\", "\\\\") if "\\" in text else text


def array(texts: Sequence[str]) -> str:
    """An array of texts as PostgreSQL reads it: what psycopg writes, in a fifth of the time."""
    if not texts:
        return "{}"
    joined = '","'.join(texts)
    if "\\" in joined or joined.count('"') != 2 * (len(texts) - 1):
        joined = '","'.join(text.replace("\\", "\\\\").replace('"', '\\"') for text in texts)
    return f'{{"{joined}"}}'


def array_text(texts: Sequence[str]) -> str:
    """The same, escaped for COPY."""
    return plain_text(array(texts))


def plain_text(text: str | None) -> str:
    """A text escaped for COPY; NULL for None."""
    if text is None:
        return NOTHING
    if text.isprintable() and "\\" not in text:
        return text
    return text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r").replace("\x00", "")
