"""What a database holds, as PostgreSQL itself describes it: tables, and the definitions of all that hangs on them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from patron.config.libpq import Connection

Place = Literal["distributed", "reference", "local"]


@dataclass(frozen=True, slots=True)
class Table:
    """A table of the schema `public`, its name qualified and quoted; `now` is what Citus already made of it; partitions come with their parents."""

    oid: int
    name: str
    tenant: bool
    place: Place
    why: str
    now: Place


@dataclass(frozen=True, slots=True)
class Thing:
    """Something that hangs on a table: its SQL to make it and to take it away; `on` is the table's oid, `to` that of the other table of a foreign key."""

    on: int
    name: str
    make: tuple[str, ...]
    drop: tuple[str, ...]
    to: int = 0


@dataclass(frozen=True, slots=True)
class Catalog:
    """All of it, in the order of names."""

    database: str
    tables: tuple[Table, ...]
    keys: tuple[Thing, ...]
    triggers: tuple[Thing, ...]
    policies: tuple[Thing, ...]
    security: tuple[Thing, ...]
    views: tuple[Thing, ...]
    functions: tuple[tuple[str, str], ...]
    connect: tuple[str, ...]

    def table(self, oid: int) -> Table:
        """The table with that oid."""
        return next(t for t in self.tables if t.oid == oid)


@contextmanager
def qualified(connection: Connection) -> Iterator[None]:
    """Names are written with their schema inside; also keeps one snapshot of the catalog."""
    with connection.transaction():
        connection.execute("SET LOCAL search_path = ''")
        yield


def read(connection: Connection) -> Catalog:
    """The catalog as it is now."""
    with qualified(connection):
        row = connection.execute("SELECT quote_ident(current_database())").fetchone()
        assert row is not None
        return Catalog(
            str(row[0]), _tables(connection), _things(connection, _KEYS), _things(connection, _TRIGGERS), _things(connection, _POLICIES),
            _things(connection, _SECURITY), _things(connection, _VIEWS), tuple(connection.execute(_FUNCTIONS).fetchall()),  # type: ignore[arg-type]
            tuple(str(name) for (name,) in connection.execute(_CONNECT).fetchall()),
        )  # fmt: skip


_TABLES = """
SELECT c.oid::int8, format('%I.%I', n.nspname, c.relname), c.relname, EXISTS (
  SELECT FROM pg_catalog.pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e') ORDER BY 2
"""
_POINTS = "SELECT conrelid::int8, confrelid::int8 FROM pg_catalog.pg_constraint WHERE contype = 'f' AND conparentid = 0"
_PLACED = "SELECT logicalrelid::oid::int8, partmethod::text, repmodel::text FROM pg_catalog.pg_dist_partition"
_WHY_LOCAL = "nothing of a workspace points to it: it stays on the coordinator"


def _tables(connection: Connection) -> tuple[Table, ...]:
    found = connection.execute(_TABLES).fetchall()
    points = connection.execute(_POINTS).fetchall()
    tenants = {oid for oid, _name, _bare, tenant in found if tenant}
    needed: set[int] = set()
    fresh = {to for at, to in points if at in tenants} - tenants
    while fresh:
        needed |= fresh
        fresh = {to for at, to in points if at in fresh} - tenants - needed
    placed = _placed(connection)
    return tuple(_table(oid, name, bool(tenant), oid in needed, placed.get(oid, "local")) for oid, name, _bare, tenant in found)


def _table(oid: int, name: str, tenant: bool, needed: bool, now: Place) -> Table:
    if tenant:
        return Table(oid, name, True, "distributed", "its rows belong to workspaces", now)
    if needed:
        return Table(oid, name, False, "reference", "tables of workspaces point to it: every node has a copy", now)
    return Table(oid, name, False, "local", _WHY_LOCAL, now)


def _placed(connection: Connection) -> dict[int, Place]:
    if connection.execute("SELECT pg_catalog.to_regclass('pg_catalog.pg_dist_partition')").fetchone() == (None,):
        return {}
    kinds: dict[tuple[str, str], Place] = {("h", "c"): "distributed", ("h", "s"): "distributed", ("n", "t"): "reference"}
    return {oid: kinds.get((method, model), "local") for oid, method, model in connection.execute(_PLACED).fetchall()}


def _things(connection: Connection, question: str) -> tuple[Thing, ...]:
    return tuple(Thing(int(on), name, tuple(make), tuple(drop), int(to)) for on, name, make, drop, to in connection.execute(question).fetchall())


_NAMED = "format('%I.%I', n.nspname, c.relname)"
_OF_TABLE = "JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace AND n.nspname = 'public'"

_KEYS = f"""
SELECT c.oid::int8, k.conname, ARRAY[format('ALTER TABLE %s ADD CONSTRAINT %I %s', {_NAMED}, k.conname, pg_catalog.pg_get_constraintdef(k.oid))],
  ARRAY[format('ALTER TABLE %s DROP CONSTRAINT %I', {_NAMED}, k.conname)], k.confrelid::int8
FROM pg_catalog.pg_constraint k JOIN pg_catalog.pg_class c ON c.oid = k.conrelid {_OF_TABLE}
WHERE k.contype = 'f' AND k.conparentid = 0 ORDER BY c.relname, k.conname
"""
_TRIGGERS = f"""
SELECT c.oid::int8, t.tgname, ARRAY[pg_catalog.pg_get_triggerdef(t.oid)], ARRAY[format('DROP TRIGGER %I ON %s', t.tgname, {_NAMED})], 0
FROM pg_catalog.pg_trigger t JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid {_OF_TABLE}
WHERE NOT t.tgisinternal AND t.tgparentid = 0 ORDER BY c.relname, t.tgname
"""
_POLICIES = f"""
SELECT c.oid::int8, p.polname, ARRAY[format('CREATE POLICY %I ON %s AS %s FOR %s TO %s%s%s', p.polname, {_NAMED},
    CASE WHEN p.polpermissive THEN 'PERMISSIVE' ELSE 'RESTRICTIVE' END,
    CASE p.polcmd WHEN 'r' THEN 'SELECT' WHEN 'a' THEN 'INSERT' WHEN 'w' THEN 'UPDATE' WHEN 'd' THEN 'DELETE' ELSE 'ALL' END,
    (SELECT string_agg(CASE WHEN r = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(r)) END, ', ') FROM unnest(p.polroles) AS r),
    coalesce(' USING (' || pg_catalog.pg_get_expr(p.polqual, p.polrelid) || ')', ''),
    coalesce(' WITH CHECK (' || pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid) || ')', ''))],
  ARRAY[format('DROP POLICY %I ON %s', p.polname, {_NAMED})], 0
FROM pg_catalog.pg_policy p JOIN pg_catalog.pg_class c ON c.oid = p.polrelid {_OF_TABLE} ORDER BY c.relname, p.polname
"""
_SECURITY = f"""
SELECT c.oid::int8, c.relname, array_remove(ARRAY[
    CASE WHEN c.relrowsecurity THEN format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', {_NAMED}) END,
    CASE WHEN c.relforcerowsecurity THEN format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', {_NAMED}) END], NULL),
  ARRAY[format('ALTER TABLE %s DISABLE ROW LEVEL SECURITY', {_NAMED}), format('ALTER TABLE %s NO FORCE ROW LEVEL SECURITY', {_NAMED})], 0
FROM pg_catalog.pg_class c {_OF_TABLE}
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND (c.relrowsecurity OR c.relforcerowsecurity) ORDER BY c.relname
"""
#: A view with its owner and rights, and the table that it reads; rights of the owner come by themselves.
_VIEWS = """
SELECT DISTINCT ON (n.nspname, c.relname) d.refobjid::int8, format('%I.%I', n.nspname, c.relname),
  ARRAY[format('CREATE VIEW %I.%I%s AS %s', n.nspname, c.relname,
      coalesce(' WITH (' || array_to_string(c.reloptions, ', ') || ')', ''), rtrim(pg_catalog.pg_get_viewdef(c.oid), ';')),
    format('ALTER VIEW %I.%I OWNER TO %I', n.nspname, c.relname, pg_catalog.pg_get_userbyid(c.relowner))]
  || coalesce((SELECT array_agg(format('GRANT %s ON %I.%I TO %s', a.privilege_type, n.nspname, c.relname,
        CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END) ORDER BY a.grantee, a.privilege_type)
      FROM pg_catalog.aclexplode(c.relacl) AS a WHERE a.grantee <> c.relowner), '{}'),
  ARRAY[format('DROP VIEW %I.%I', n.nspname, c.relname)], 0
FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_rewrite w ON w.ev_class = c.oid
JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.objid = w.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid <> c.oid
WHERE c.relkind = 'v' AND n.nspname NOT IN ('pg_catalog', 'information_schema')
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname, d.refobjid
"""
#: Functions that shards need: all but doors for the coordinator (SECURITY DEFINER, and no trigger). Extensions bring their own.
_FUNCTIONS = """
SELECT p.proname, format('%I.%I(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes))
FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace AND n.nspname = 'public'
WHERE p.prokind = 'f' AND (NOT p.prosecdef OR p.prorettype = 'pg_catalog.trigger'::regtype)
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_proc'::regclass AND d.objid = p.oid AND d.deptype = 'e')
ORDER BY 2
"""
_CONNECT = """
SELECT DISTINCT CASE WHEN a.grantee = 0 THEN 'PUBLIC' ELSE quote_ident(pg_catalog.pg_get_userbyid(a.grantee)) END
FROM pg_catalog.pg_database d, pg_catalog.aclexplode(coalesce(d.datacl, pg_catalog.acldefault('d', d.datdba))) AS a
WHERE d.datname = pg_catalog.current_database() AND a.privilege_type = 'CONNECT' AND a.grantee <> d.datdba ORDER BY 1
"""


def rows(connection: Connection, question: str) -> list[tuple[Any, ...]]:
    """Answers with qualified names."""
    with qualified(connection):
        return connection.execute(question).fetchall()
