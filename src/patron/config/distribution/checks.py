"""What stands in the way of distributing a database, in words: the server's side, and the rules that every table must keep (`scale.md`, section 7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from patron.config.distribution.catalog import rows
from patron.config.libpq import Connection

OLDEST = (13, 0)  # Citus 13.2 is what the trials were made with

_EXTENSION = "SELECT extversion FROM pg_catalog.pg_extension WHERE extname = 'citus'"
_COORDINATOR = "SELECT count(*) FROM pg_catalog.pg_dist_local_group WHERE groupid = 0"
_KNOWN = "SELECT count(*) FROM pg_catalog.pg_dist_node WHERE groupid = 0"
_HOLDERS = "SELECT count(*) FROM pg_catalog.pg_dist_node WHERE shouldhaveshards AND isactive AND noderole = 'primary'"
_SESSIONS = """
SELECT coalesce(usename, '?'), count(*) FROM pg_catalog.pg_stat_activity
WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND backend_type = 'client backend'
  AND application_name NOT LIKE 'citus%%' AND application_name <> %s GROUP BY 1 ORDER BY 1
"""


def server(connection: Connection) -> list[str]:
    """What the server lacks."""
    row = connection.execute(_EXTENSION).fetchone()
    if row is None:
        return ["The database has no Citus. Install its packages on every node, then: CREATE EXTENSION citus"]
    version = tuple(int(part) for part in re.findall(r"\d+", str(row[0]))[:2])
    if version < OLDEST:
        return [f"Citus {row[0]} is too old: {OLDEST[0]}.{OLDEST[1]} or newer is needed."]
    if _count(connection, _COORDINATOR) == 0:
        return ["This node is a worker of the cluster. Give DATABASE_URL of the coordinator."]
    found = []
    if _count(connection, _KNOWN) == 0:
        found.append("The cluster does not know its coordinator: SELECT citus_set_coordinator_host('its address')")
    if _count(connection, _HOLDERS) == 0:
        found.append(
            "No node may hold rows. Add one: SELECT citus_add_node('address', 5432); or let the coordinator hold them: "
            "SELECT citus_set_node_property('its address', 5432, 'shouldhaveshards', true)"
        )
    return found


def _count(connection: Connection, question: str) -> int:
    row = connection.execute(question).fetchone()
    assert row is not None
    return int(row[0])


def sessions(connection: Connection, name: str) -> list[str]:
    """Who else is connected; sessions that call themselves `name` are our own."""
    found = connection.execute(_SESSIONS, [name]).fetchall()
    who = ", ".join(f"{count} of {user}" for user, count in found)
    return [f"Others are connected ({who}). Stop patron serve and every worker; nobody may write meanwhile."] if found else []


_COLUMN = """
SELECT c.oid::regclass::text, a.attnum > (
    SELECT min(b.attnum) FROM pg_catalog.pg_attribute b WHERE b.attrelid = c.oid AND b.attnum > 0 AND NOT b.attisdropped), NOT a.attnotnull, a.atttypid <> 'uuid'::regtype
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped
WHERE c.relkind IN ('r', 'p') ORDER BY 1
"""
_UNIQUE = """
SELECT i.indrelid::regclass::text, i.indexrelid::regclass::text FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attname = 'workspace_id' AND NOT a.attisdropped
JOIN pg_catalog.pg_class c ON c.oid = i.indrelid AND c.relkind IN ('r', 'p') AND c.relnamespace = 'public'::regnamespace
WHERE (i.indisunique OR i.indisexclusion) AND NOT a.attnum = ANY ((i.indkey::int2[])[0:i.indnkeyatts - 1]) ORDER BY 2
"""
_FOREIGN = """
SELECT k.conrelid::regclass::text, k.conname, mine.attnum IS NULL, coalesce(array_position(k.conkey, mine.attnum) = array_position(k.confkey, other.attnum), false),
  k.confdeltype IN ('n', 'd') OR k.confupdtype IN ('n', 'd'), other.attnum IS NULL
FROM pg_catalog.pg_constraint k
LEFT JOIN pg_catalog.pg_attribute mine ON mine.attrelid = k.conrelid AND mine.attname = 'workspace_id' AND NOT mine.attisdropped
LEFT JOIN pg_catalog.pg_attribute other ON other.attrelid = k.confrelid AND other.attname = 'workspace_id' AND NOT other.attisdropped
WHERE k.contype = 'f' AND k.conparentid = 0 AND k.connamespace = 'public'::regnamespace AND (mine.attnum IS NOT NULL OR other.attnum IS NOT NULL) ORDER BY 1, 2
"""
_STATEMENT = """
SELECT t.tgrelid::regclass::text, t.tgname FROM pg_catalog.pg_trigger t
JOIN pg_catalog.pg_attribute a ON a.attrelid = t.tgrelid AND a.attname = 'workspace_id' AND NOT a.attisdropped
WHERE NOT t.tgisinternal AND (t.tgtype & 1 = 0 OR t.tgnewtable IS NOT NULL OR t.tgoldtable IS NOT NULL) ORDER BY 1, 2
"""
_INVALID = """
SELECT 'The index ' || i.indexrelid::regclass::text || ' is INVALID. Make it anew: REINDEX INDEX CONCURRENTLY ' || i.indexrelid::regclass::text
FROM pg_catalog.pg_index i JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid WHERE NOT i.indisvalid AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'The constraint ' || conname || ' of ' || conrelid::regclass::text || ' is NOT VALID. Check it: ALTER TABLE ' || conrelid::regclass::text || ' VALIDATE CONSTRAINT ' || quote_ident(conname)
FROM pg_catalog.pg_constraint WHERE NOT convalidated AND connamespace = 'public'::regnamespace
UNION ALL SELECT 'The trigger ' || t.tgname || ' of ' || t.tgrelid::regclass::text || ' is switched off or set to replicas: ALTER TABLE ' || t.tgrelid::regclass::text || ' ENABLE TRIGGER ' || quote_ident(t.tgname)
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal AND t.tgenabled <> 'O' AND c.relnamespace = 'public'::regnamespace
UNION ALL SELECT 'The materialised view ' || c.oid::regclass::text || ' reads tables that move. Drop it, and make it again afterwards.'
FROM pg_catalog.pg_class c WHERE c.relkind = 'm' AND c.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
UNION ALL SELECT DISTINCT 'The view ' || w.ev_class::regclass::text || ' reads another view, ' || d.refobjid::regclass::text || '. Drop it, and make it again afterwards.'
FROM pg_catalog.pg_rewrite w JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refobjid <> w.ev_class
JOIN pg_catalog.pg_class v ON d.refclassid = 'pg_catalog.pg_class'::regclass AND v.oid = d.refobjid AND v.relkind = 'v'
JOIN pg_catalog.pg_class mine ON mine.oid = w.ev_class
WHERE mine.relnamespace NOT IN ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = mine.oid AND e.deptype = 'e')
UNION ALL SELECT 'The column ' || attname || ' of ' || attrelid::regclass::text || ' counts in 32 bits, which are too few for several nodes: make it bigint.'
FROM pg_catalog.pg_attribute a WHERE a.attidentity <> '' AND a.atttypid <> 'int8'::regtype AND NOT a.attisdropped
  AND EXISTS (SELECT FROM pg_catalog.pg_attribute w WHERE w.attrelid = a.attrelid AND w.attname = 'workspace_id' AND NOT w.attisdropped)
ORDER BY 1
"""


def tables(connection: Connection, replaced: Collection[tuple[str, str]]) -> list[str]:
    """Rules that tables break. `replaced` are (table, trigger) that get another form on shards."""
    return [
        *_columns(connection), *_uniqueness(connection), *_foreign_keys(connection), *_statement_triggers(connection, replaced),
        *(str(words) for (words,) in rows(connection, _INVALID)),
    ]  # fmt: skip


def _columns(connection: Connection) -> Iterator[str]:
    for table, late, empty, other in rows(connection, _COLUMN):
        if late:
            yield f"{table}: workspace_id is not the first column (Citus 13 crashes when such a table's shard is split). Write the table anew with it first."
        if empty or other:
            yield f"{table}: workspace_id must be a uuid and NOT NULL."


def _uniqueness(connection: Connection) -> Iterator[str]:
    for table, index in rows(connection, _UNIQUE):
        yield f"{table}: the unique index {index} lacks workspace_id, so that no shard could keep it."


def _foreign_keys(connection: Connection) -> Iterator[str]:
    for table, name, outside, paired, emptying, beyond in rows(connection, _FOREIGN):
        if outside:
            yield f"{table}: {name} leads from a table of all workspaces to one of a workspace."
        elif not beyond and not paired:
            yield f"{table}: the foreign key {name} lacks workspace_id, so that it could lead to another shard."
        elif emptying:
            yield f"{table}: the foreign key {name} empties columns, which shards cannot (ON DELETE SET NULL)."


def _statement_triggers(connection: Connection, replaced: Collection[tuple[str, str]]) -> Iterator[str]:
    for table, name in rows(connection, _STATEMENT):
        if (table, name) not in replaced:
            yield f"{table}: the trigger {name} runs once per statement, which shards do not know, and the code has no form per row for it."

