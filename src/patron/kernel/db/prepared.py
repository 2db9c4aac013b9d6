"""Queries that are compiled once: Django spends more time on writing a page's SQL than PostgreSQL on answering it."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Any

import psycopg
from django.db import connection
from django.db.models import QuerySet
from django.db.models.query import ModelIterable, get_related_populators

from patron.kernel import tenancy

_WORKSPACE = "workspace"


Build = Callable[..., QuerySet[Any]]
Ids = uuid.UUID | list[uuid.UUID]  # several for the lookup `among` (kernel.db.functions), which takes them as one value


@dataclass(slots=True)
class _Plan:
    """A statement, the values it takes (an id's name in place of the id), and how a row becomes a result."""

    sql: str
    values: tuple[tuple[str, Any], ...]
    read: Callable[[list[Any]], list[Any]]

    def params(self, ids: dict[str, Ids]) -> list[Any]:
        given = {name: array(value) if isinstance(value, list) else value for name, value in ids.items()}
        return [given[name] if name else value for name, value in self.values]


def array(ids: list[uuid.UUID]) -> str:
    """Ids as PostgreSQL writes an array, for a parameter: the driver looks at each of a list in Python."""
    return "{" + ",".join(one.hex for one in ids) + "}"


MOST = 4000  # statements that a process keeps, a few kB each; the oldest goes first
_plans: dict[Hashable, _Plan | None] = {}


def rows(key: Hashable, build: Build, **ids: Ids) -> list[Any]:
    """The rows of `build(**ids)`, a queryset of instances or of value tuples, as a list.

    The SQL is written once for each `key`, which names the place in the code and everything that the statement's form depends on; afterwards only
    ids are filled in: the open workspace's and those given. A queryset that holds any other id – of a person whose rights narrow it, say – is not
    kept and simply run. `build` must not use the time, nor lists of values that change.
    """
    plan, filled = _known(key, build, ids)
    if plan is None:
        return list(build(**ids))
    found = fetch(plan.sql, plan.params(filled))
    return plan.read(found) if found else []


def fetch(sql: str, params: Any) -> list[Any]:
    """The rows of a statement that is asked on many pages: PostgreSQL plans it once per connection, with the values apart from the text.

    For lookups by id; a statement whose best plan depends on its values is better planned each time, as Django does it.
    """
    connection.ensure_connection()
    raw: Any = psycopg.Cursor(connection.connection)
    with connection.make_debug_cursor(raw) if connection.queries_logged else connection.make_cursor(raw) as cursor:
        cursor.execute(sql, params)
        return cursor.fetchall()


def statement(key: Hashable, build: Build, **ids: Ids) -> tuple[str, list[Any]]:
    """SQL and parameters of `build(**ids)`, kept like `rows` does: for a part of a larger statement."""
    plan, filled = _known(key, build, ids)
    if plan is None:
        sql, params = build(**ids).query.sql_with_params()
        return sql, list(params)
    return plan.sql, plan.params(filled)


def _known(key: Hashable, build: Build, ids: dict[str, Ids]) -> tuple[_Plan | None, dict[str, Ids]]:
    scope = tenancy.current_scope()
    if not isinstance(scope, uuid.UUID):
        return None, ids
    try:
        plan = _plans[key]
    except KeyError:
        plan = _plan(build, ids, scope)
        if len(_plans) >= MOST:
            _plans.pop(next(iter(list(_plans))), None)
        _plans[key] = plan
    return plan, {**ids, _WORKSPACE: scope}


def _plan(build: Build, ids: dict[str, Ids], scope: uuid.UUID) -> _Plan | None:
    """The statement with stand-ins for the ids; None where it holds an id that is none of them."""
    stand_ins: dict[str, Ids] = {name: [uuid.uuid4()] if isinstance(given, list) else uuid.uuid4() for name, given in ids.items()}
    queryset = build(**stand_ins)
    compiler: Any = queryset.query.get_compiler(using=queryset.db)
    sql, params = compiler.as_sql()
    names = [(scope, _WORKSPACE), *((pk, name) for name, pk in stand_ins.items())]
    values = tuple((next((name for given, name in names if given == p), ""), p) if isinstance(p, uuid.UUID | list) else ("", p) for p in params)
    if any(isinstance(value, uuid.UUID | list | tuple) and not name for name, value in values):
        return None
    return _Plan(sql, values, _reader(queryset, compiler))


def _reader(queryset: Any, compiler: Any) -> Callable[[list[Any]], list[Any]]:
    """What turns rows into instances with their related ones, or into tuples."""
    converters = compiler.get_converters([column[0] for column in compiler.select])
    convert = (lambda rows: list(compiler.apply_converters(rows, converters))) if converters else (lambda rows: rows)
    if not issubclass(queryset._iterable_class, ModelIterable):
        flat = queryset._iterable_class.__name__ == "FlatValuesListIterable"
        return lambda rows: [row[0] for row in convert(rows)] if flat else [tuple(row) for row in convert(rows)]
    info, database = compiler.klass_info, queryset.db
    first, last = info["select_fields"][0], info["select_fields"][-1] + 1
    names = [column[0].target.attname for column in compiler.select[first:last]]
    related = get_related_populators(info, compiler.select, database)  # type: ignore[call-arg]  # the stubs know a later Django
    added = list(compiler.annotation_col_map.items())

    def instances(rows: list[Any]) -> list[Any]:
        found = []
        for row in convert(rows):
            record = info["model"].from_db(database, names, row[first:last])
            for one in related:
                one.populate(row, record)
            for name, place in added:
                setattr(record, name, row[place])
            found.append(record)
        return found

    return instances
