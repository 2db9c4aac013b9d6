"""Many writes in one request, one transaction and one operation: create, update, upsert and delete, with an answer per row."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

from django.db import DataError, transaction
from django.http import HttpResponse

from patron.api.door import Call, json, problem_of
from patron.api.problems import Problem, listed
from patron.api.views import keyed
from patron.api.views.base import forbidden_unless, locked, signed, type_of
from patron.api.views.records import must_be_creatable
from patron.kernel.parsing import Invalid
from patron.ledger.operations import operation
from patron.records import changes, perform, plain, registry
from patron.records.record_type import RecordType
from patron.records.verbs import Refused

MOST = 1000
#: Members of a row, by what it does: those it needs, those it may have.
SHAPES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "create": (frozenset({"values"}), frozenset()),
    "update": (frozenset({"id", "values"}), frozenset({"revision"})),
    "upsert": (frozenset({"by", "values"}), frozenset()),
    "delete": (frozenset({"id"}), frozenset({"revision"})),
}
Result = tuple[int, uuid.UUID]


def rows(call: Call, type_key: str) -> HttpResponse:
    """Do the rows in order. `atomic` (the default): all or none; else each for itself. Answers name rows by their place."""
    record_type = type_of(call, type_key)
    call.only()
    wanted, atomic = _read(call)
    with operation(f"{type_key}.bulk_edit", access=call.access, details={"rows": len(wanted)}):
        results = [_row(call, record_type, i, row) for i, row in enumerate(wanted)]
    failed = sum(1 for r in results if r["status"] >= 400)
    if failed and atomic:
        raise Problem("invalid", f"{failed} of {len(results)} rows were refused, so that nothing was written.", extra={"results": results})
    return json({"atomic": atomic, "done": len(results) - failed, "failed": failed, "results": results}, headers=signed(call))


def _read(call: Call) -> tuple[list[Any], bool]:
    body = call.body
    if unknown := {n: "There is no such member." for n in body if n not in ("atomic", "rows")}:
        raise Problem("invalid", errors=unknown)
    wanted, atomic = body.get("rows"), body.get("atomic", True)
    if not isinstance(wanted, list) or not 1 <= len(wanted) <= MOST:
        raise Problem("invalid", errors={"rows": f"Write a list of 1 to {MOST} rows. For more, import a file."})
    if not isinstance(atomic, bool):
        raise Problem("invalid", errors={"atomic": "Write true or false."})
    if errors := {f"rows[{i}].{name}": message for i, row in enumerate(wanted) for name, message in _misshapen(row).items()}:
        raise Problem("invalid", errors=errors)
    return wanted, atomic


def _misshapen(row: Any) -> dict[str, str]:
    """What is wrong with the form of a row, by member: that refuses the request, while values are judged row by row."""
    do = row.get("do") if isinstance(row, dict) else None
    if not isinstance(do, str) or do not in SHAPES:
        return {"do": f"Say what to do: {', '.join(SHAPES)}."}
    needed, possible = SHAPES[do]
    errors = dict.fromkeys(row.keys() - needed - possible - {"do"}, "There is no such member of this kind of row.")
    errors |= dict.fromkeys(needed - row.keys(), "This is needed.")
    revision, by = row.get("revision"), row.get("by", {"": ""})
    if "id" in row and _id(row["id"]) is None:
        errors["id"] = "Give the record's id."
    if revision is not None and type(revision) is not int:
        errors["revision"] = "Write the revision that you saw as a whole number."
    if not isinstance(by, dict) or len(by) != 1:
        errors["by"] = 'Name one field and its value, such as {"external_id": "A-17"}.'
    if not isinstance(row.get("values", {}), dict):
        errors["values"] = "Write an object with the fields to set."
    return errors


def _id(value: Any) -> uuid.UUID | None:
    try:
        return uuid.UUID(value)
    except (ValueError, TypeError, AttributeError):
        return None


def _row(call: Call, record_type: RecordType, index: int, row: dict[str, Any]) -> dict[str, Any]:
    """One row in a savepoint of its own, so that a refused one leaves nothing."""
    try:
        with transaction.atomic():
            status, record_id = _act(call, record_type, row)
        return {"index": index, "status": status, "id": record_id}
    except (Problem, changes.NotValid, Refused, Invalid, perform.NotAllowed, DataError) as error:
        problem = problem_of(error)
        return {"index": index, "status": problem.status, "code": problem.code, "errors": listed(problem.errors or {"": problem.detail})}


def _act(call: Call, record_type: RecordType, row: dict[str, Any]) -> Result:
    values = row.get("values", {})
    acts: dict[str, Callable[[], Result]] = {
        "create": lambda: _create(call, record_type, values),
        "update": lambda: _update(call, record_type, row, values),
        "upsert": lambda: _upsert(call, record_type, row["by"], values),
        "delete": lambda: _delete(call, record_type, row),
    }
    return acts[row["do"]]()


def _create(call: Call, record_type: RecordType, values: dict[str, Any]) -> Result:
    type_of(call, record_type.key, "create")
    must_be_creatable(record_type)
    return 201, changes.create(record_type, plain.read(record_type, values, call.view), access=call.access).pk


def _update(call: Call, record_type: RecordType, row: dict[str, Any], values: dict[str, Any]) -> Result:
    record = _seen(call, record_type, row)
    keyed.change(call, record_type, record, values)
    return 200, record.pk


def _upsert(call: Call, record_type: RecordType, by: dict[str, Any], values: dict[str, Any]) -> Result:
    ((field, value),) = by.items()
    record_id = keyed.lock_and_find(call, record_type, field, value)
    if record_id is None:
        return 201, keyed.make(call, record_type, field, value, values)
    keyed.change(call, record_type, locked(call, record_type, record_id), values)
    return 200, record_id


def _delete(call: Call, record_type: RecordType, row: dict[str, Any]) -> Result:
    record, verb = _seen(call, record_type, row), registry.verb(record_type.key, "delete")
    record_id: uuid.UUID = record.pk
    forbidden_unless(call, record_type, record, verb.action)
    perform.perform(verb, record_type, record, access=call.access, inputs={})
    return 204, record_id


def _seen(call: Call, record_type: RecordType, row: dict[str, Any]) -> Any:
    """The row's record, locked, at the revision that the program saw where it says so."""
    record, revision = locked(call, record_type, uuid.UUID(row["id"])), row.get("revision")
    if revision is not None and revision != getattr(record, "revision", None):
        raise Problem("stale", "Somebody changed this record since you read it.")
    return record
