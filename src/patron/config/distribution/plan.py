"""The SQL that spreads a database over a cluster, in order. Each step is one transaction, and is done once.

While rows move there are no foreign keys, triggers, policies and views: Citus copies a table that other tables point to and then fails, would fire the
triggers for every row it copies, and copies nothing that a policy hides. What is taken away comes back from PostgreSQL's own description of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from patron.config.distribution.catalog import Catalog, Table, Thing
from patron.kernel.db.functions import FOUNDATION_SQL
from patron.kernel.db.keys import CLUSTER

_MADE = re.compile(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)")
_FUNCTION = re.compile(r"CREATE OR REPLACE FUNCTION (\w+)")
_EXTENSION = re.compile(r"CREATE EXTENSION IF NOT EXISTS (\w+)")


@dataclass(frozen=True, slots=True)
class Step:
    """Statements of one transaction, what they are for, and which part of the whole they belong to."""

    phase: str
    what: str
    sql: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """For JSON."""
        return asdict(self)


def replacements(names: Mapping[str, Any]) -> dict[tuple[str, str], tuple[str, ...]]:
    """(table, trigger) -> what takes its place on shards: triggers that the code declares otherwise for a cluster, or not at all, with what it does
    instead. `names` are the tenant models by table."""
    from patron.kernel.db.install import declared

    found: dict[tuple[str, str], tuple[str, ...]] = {}
    for table, model in names.items():
        alone, spread = declared(model, distributed=False), declared(model, distributed=True)
        new = tuple(s for s in spread if s not in alone)
        gone = [m[1] for s in alone if s not in spread and (m := _MADE.match(s))]
        found |= {(table, name): new if place == 0 else () for place, name in enumerate(gone)}
    return found


def make(catalog: Catalog, replaced: Mapping[tuple[str, str], tuple[str, ...]], declared: Iterable[str]) -> list[Step]:
    """All steps for what is not distributed yet; none where nothing is left to do. `declared` are the statements that install Patron's functions."""
    moving = {t.oid: t for t in catalog.tables if t.place != "local" and t.now != t.place}
    if not moving:
        return []
    touched = {*moving}
    keys = [k for k in catalog.keys if k.on in touched or k.to in touched]
    hanging = [[x for x in things if x.on in touched] for things in (catalog.views, catalog.triggers, catalog.policies, catalog.security)]
    views, triggers, policies, security = hanging
    return [
        *_closing(catalog),
        *_dropping(catalog, views=views, triggers=triggers, policies=policies, security=security, keys=keys),
        *_helpers(catalog, declared),
        *_placing(moving.values()),
        *(Step("foreign keys", f"{_of(catalog, k)}: {k.name}", _prompt(catalog, k)) for k in keys),
        *(Step("row-level security", _of(catalog, s), s.make) for s in [*security, *policies]),
        *_triggers(catalog, triggers, replaced),
        *(Step("views", v.name, v.make) for v in views),
        *(Step("statistics", t.name, (f"ANALYZE {t.name}",)) for t in moving.values()),
        *_opening(catalog),
    ]


def _of(catalog: Catalog, thing: Thing) -> str:
    return catalog.table(thing.on).name


def _closing(catalog: Catalog) -> Iterator[Step]:
    if catalog.connect:
        yield Step("close", "nobody but the owner may connect meanwhile", (f"REVOKE CONNECT ON DATABASE {catalog.database} FROM {', '.join(catalog.connect)}",))


def _opening(catalog: Catalog) -> Iterator[Step]:
    local = f"ALTER DATABASE {catalog.database} SET citus.propagate_set_commands TO 'local'"
    yield Step("open", "the workspace of a transaction is told to the shards, which go by it", (local,))
    if catalog.connect:
        yield Step("open", "everybody may connect again", (f"GRANT CONNECT ON DATABASE {catalog.database} TO {', '.join(catalog.connect)}",))


def _dropping(catalog: Catalog, **groups: list[Thing]) -> Iterator[Step]:
    """In an order in which nothing needs what went before."""
    for group, things in groups.items():
        for thing in things:
            name = thing.name if group == "views" else f"{_of(catalog, thing)}: {thing.name}"
            before = CLUSTER[1:] if group == "triggers" else ()
            yield Step("take away", f"{group.rstrip('s') if group != 'policies' else 'policy'} {name}", (*before, *thing.drop))


def _helpers(catalog: Catalog, declared: Iterable[str]) -> Iterator[Step]:
    """Extensions and functions on every node, since shards use them in indexes, triggers and conditions."""
    declared = list(declared)
    for name in [m[1] for s in FOUNDATION_SQL if (m := _EXTENSION.search(s))]:
        on_workers = f"SELECT FROM run_command_on_workers('CREATE EXTENSION IF NOT EXISTS {name}') WHERE NOT success"
        words = f"RAISE EXCEPTION 'The extension {name} could not be installed on every worker'"
        yield Step("helpers", f"extension {name}", (f"DO $$ BEGIN IF EXISTS ({on_workers}) THEN {words}; END IF; END $$",))
    ours = {m[1] for s in declared for m in _FUNCTION.finditer(s)}
    unchecked = ("SET LOCAL citus.propagate_set_commands TO 'local'", "SET LOCAL check_function_bodies TO off")  # bodies name tables that follow
    for name, signature in catalog.functions:
        if name in ours:
            yield Step("helpers", f"function {signature}", (*unchecked, f"SELECT create_distributed_function('{signature}')"))


def _placing(moving: Iterable[Table]) -> Iterator[Step]:
    """Reference tables first. The rows are copied to the shards; what stays behind in the old place is removed afterwards."""
    for table in sorted(moving, key=lambda t: (t.place != "reference", t.name)):
        if table.place == "reference":
            place = f"SELECT create_reference_table('{table.name}')"
        else:
            place = f"SELECT create_distributed_table('{table.name}', 'workspace_id', colocate_with => 'default')"
        yield Step(f"{table.place} tables", table.name, (CLUSTER[0], place))
        yield Step(f"{table.place} tables", f"{table.name}: rows left in the old place", (f"SELECT truncate_local_data_after_distributing_table('{table.name}')",))


def _prompt(catalog: Catalog, key: Thing) -> tuple[str, ...]:
    """Tables of workspaces check at once: at the end of a transaction a shard would answer with an internal error."""
    if catalog.table(key.on).tenant:
        bare = [re.sub(r" (NOT )?DEFERRABLE( INITIALLY (DEFERRED|IMMEDIATE))?", "", s) for s in key.make]
        return (CLUSTER[0], *(f"{s} DEFERRABLE INITIALLY IMMEDIATE" for s in bare))
    return (CLUSTER[0], *key.make)


def _triggers(catalog: Catalog, triggers: list[Thing], replaced: Mapping[tuple[str, str], tuple[str, ...]]) -> Iterator[Step]:
    for trigger in triggers:
        made = replaced.get((_of(catalog, trigger), trigger.name), trigger.make)
        if made:
            yield Step("triggers", f"{_of(catalog, trigger)}: {trigger.name}", (*CLUSTER, *made))
