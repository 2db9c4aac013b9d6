"""`patron do`: a verb, on one record, several, or all that a filter selects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from patron.config import acting, runtime

if TYPE_CHECKING:
    from patron.api.credentials import Credential
    from patron.kernel.origin import Origin
    from patron.records.record_type import RecordType
    from patron.records.verbs import Verb


@click.command(cls=acting.Described, name="do")
@click.argument("type_key", metavar="TYPE")
@click.argument("name", metavar="VERB")
@click.argument("ids", metavar="[ID]…", nargs=-1)
@acting.WORKSPACE
@acting.PERSON
@acting.INPUTS
@click.option("--filter", "condition", help="Instead of ids: all records that the filter (JSON) selects; '{}' for all.")
@acting.REASON
@acting.AS_JSON
@runtime.needs_django()
def command(type_key: str, name: str, ids: tuple[str, ...], slug: str, person: str, inputs: tuple[str, ...], condition: str | None, reason: str, as_json: bool) -> None:
    """Do VERB to records of TYPE. patron do TYPE --help lists the verbs, patron do TYPE VERB --help the inputs.

    Several ids, and a filter, are one operation with one undo; records that it cannot be done to are left out and named. Exit code 1 when
    it was done to none.
    """
    record_type = acting.type_of(type_key)
    verb, given = acting.verb_of(record_type, name), acting.pairs(inputs)
    if bool(ids) == (condition is not None):
        raise click.UsageError("Say either ids or --filter.")
    if unknown := [n for n in given if n not in {i.name for i in verb.inputs}]:
        raise click.UsageError(f"{name} has no input {', '.join(unknown)}. See: patron do {type_key} {name} --help")
    with acting.acting(slug, person, "patron do") as (credential, where):
        done = _done(record_type, verb, ids, condition, given, reason, credential, where)
    if as_json:
        runtime.echo_json(done)
    else:
        click.echo(f"{verb.done if '%(' not in str(verb.done) else verb.label}: {done['count']} {str(record_type.plural).lower() if done['count'] != 1 else str(record_type.label).lower()} (operation {done['operation']})")
        for one in done["refused"]:
            click.echo(f"left out: {one['record']}: {one['message']}", err=True)
    if not done["count"]:
        raise SystemExit(1)


def _done(record_type: RecordType, verb: Verb, ids: tuple[str, ...], condition: str | None, given: dict[str, str], reason: str, credential: Credential, where: Origin) -> dict[str, Any]:
    from patron.api import direct
    from patron.api.neutral import neutral
    from patron.api.problems import Problem
    from patron.api.query import state_of
    from patron.api.views.base import forbidden_unless, locked, type_of
    from patron.records import perform
    from patron.records.listing import Lister

    call, view = direct.handler_call({}, credential, where), neutral(credential.access)
    type_of(call, record_type.key, verb.action)
    inputs = perform.read_inputs(verb, given, view)
    if len(ids) == 1:
        record = locked(call, record_type, acting.id_of(ids[0]))
        forbidden_unless(call, record_type, record, verb.action)
        one = perform.perform(verb, record_type, record, access=credential.access, inputs=inputs, reason=reason)
        return {"operation": one.operation_id, "count": 1, "refused": []}
    if not verb.bulk:
        raise Problem("wrong-method", "This verb takes one record at a time.")
    rows = record_type.visible(credential.access).filter(pk__in=[acting.id_of(i) for i in ids]) if ids else Lister(record_type, view, state_of(record_type, {"f": [condition or "{}"]}, view)).queryset()
    done = perform.perform_many(verb, record_type, rows, access=credential.access, inputs=inputs, reason=reason)
    return {"operation": done.operation_id, "count": done.count, "refused": [{"record": title, "message": why} for title, why in done.refused]}
