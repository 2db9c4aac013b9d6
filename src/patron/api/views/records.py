"""Records: list, create, read, edit, delete."""

from __future__ import annotations

import uuid
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import ValidationError
from django.db import DataError
from django.db.models import Q
from django.http import HttpResponse

from patron.api import query, represent
from patron.api.door import Call, json
from patron.api.problems import Problem, not_found
from patron.api.views.base import forbidden_unless, locked, match, signed, type_of, written
from patron.kernel.parsing import Invalid
from patron.records import changes, keyset, ordering, perform, plain, registry
from patron.records.listing import Lister
from patron.records.record_type import RecordType


def index(call: Call, type_key: str) -> HttpResponse:
    """A page of records; the next one by `next`. Totals cost a look at every row and come on request only."""
    return listed(call, type_of(call, type_key))


def listed(call: Call, record_type: RecordType, within: Q | None = None) -> HttpResponse:
    """The page that the query asks for, of those records that are `within`."""
    names = represent.names_of(record_type, query.names(call.query, "fields"), call.access)
    relations = represent.relations_of(record_type, query.names(call.query, "include"), call.access)
    size, totals = query.limit_of(call.query), query.flag(call.query, "totals")
    lister = Lister(record_type, call.view, query.state_of(record_type, call.query, call.view), within)
    hidden = [r.name for r in relations if r.name not in names]
    plan = represent.Plan(record_type, [*names, *hidden], call.view)
    rows = _page(lister, plan.paths, size)
    more, rows = len(rows) > size, rows[:size]
    data = plan.objects(rows)
    made: dict[str, Any] = {"data": data, "next": keyset.Cursor(rows[-1][-2], rows[-1][-1]).encode() if more else None}
    if relations:
        made["included"] = represent.included(relations, data, call.view)
        for one in data if hidden else ():
            for name in hidden:
                del one[name]
    if totals:
        sums = lister.totals()
        made["totals"] = {"count": sums.pop("count"), **{n.removeprefix("sum_"): v for n, v in sums.items()}}
    response = json(made)
    if more:
        response.headers["Link"] = f'<{_next(call, made["next"])}>; rel="next"'
    return response


def _page(lister: Lister, paths: list[str], size: int) -> list[tuple[Any, ...]]:
    """One row more than the page has, so that its end shows. What the cursor or the filter holds may not fit the columns."""
    try:
        edge = keyset.decode(lister.state.after) if lister.state.after else None
        return lister.rows(paths, size + 1, edge)
    except ordering.Unordered as error:
        raise Problem("unknown-parameter", errors={"sort": error.message}) from None
    except Invalid as error:
        raise Problem("bad-filter" if not lister.state.after else "malformed", error.message) from None
    except (DataError, ValidationError, ArithmeticError, ValueError, TypeError) as error:
        raise Problem("malformed", "The cursor or a value of the filter does not fit this list.") from error


def _next(call: Call, cursor: str) -> str:
    pairs = [(n, v) for n, values in call.query.items() if n != "after" for v in values]
    return f"{call.request.path}?{urlencode([*pairs, ('after', cursor)])}"


def create(call: Call, type_key: str) -> HttpResponse:
    """A new record."""
    record_type = type_of(call, type_key, "create")
    call.only()
    record = changes.create(record_type, plain.read(record_type, call.body, call.view), access=call.access)
    return written(call, record_type, record.pk, status=201)


def must_be_creatable(record_type: RecordType) -> None:
    """For doors without methods: a row of many, the command line. Over HTTP the address has no POST then (`methods`)."""
    if not record_type.creatable:
        raise Problem("wrong-method", f"{record_type.plural} are made by verbs of other records.", headers={"Allow": "GET, HEAD"})


def one(call: Call, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """One record; 304 where the program has its newest revision."""
    record_type = type_of(call, type_key)
    call.only("fields", "include")
    names = represent.names_of(record_type, query.names(call.query, "fields"), call.access)
    relations = represent.relations_of(record_type, query.names(call.query, "include"), call.access)
    hidden = [r.name for r in relations if r.name not in names]
    found = represent.one(record_type, record_id, call.view, [*names, *hidden])
    if found is None:
        raise not_found()
    tag = represent.etag(found)
    if tag and not relations and tag in [t.strip().removeprefix("W/") for t in call.request.headers.get("If-None-Match", "").split(",")]:
        return HttpResponse(status=304, headers={"ETag": tag})
    if relations:
        found["included"] = represent.included(relations, [found], call.view)
        for name in hidden:
            del found[name]
    return json(found, headers={"ETag": tag} if tag else None)


def edit(call: Call, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """Change the fields that are sent; the others stay."""
    record_type = type_of(call, type_key)
    call.only()
    record = locked(call, record_type, record_id)
    forbidden_unless(call, record_type, record, "edit")
    match(call, record_type, record)
    changes.edit(record_type, record, plain.read(record_type, call.body, call.view), access=call.access)
    return written(call, record_type, record_id)


def delete(call: Call, type_key: str, record_id: uuid.UUID) -> HttpResponse:
    """Remove a record by its type's own verb; refused where others need it. Undo brings it back."""
    record_type = type_of(call, type_key)
    call.only()
    record = locked(call, record_type, record_id)
    verb = registry.verb(type_key, "delete")
    forbidden_unless(call, record_type, record, verb.action)
    match(call, record_type, record)
    if call.body:
        raise Problem("malformed", "A DELETE has no body.")
    perform.perform(verb, record_type, record, access=call.access, inputs={})
    response = HttpResponse(status=204)
    for name, value in signed(call).items():
        response.headers[name] = value
    return response
