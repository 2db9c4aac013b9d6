"""`patron edit`: other values for fields of a record."""

from __future__ import annotations

import click

from patron.config import acting, runtime


@click.command(cls=acting.Described)
@click.argument("type_key", metavar="TYPE")
@click.argument("record_id", metavar="ID")
@acting.WORKSPACE
@acting.PERSON
@acting.INPUTS
@click.option("--revision", type=int, help="The revision that you saw: refused when somebody changed the record since.")
@acting.REASON
@acting.AS_JSON
@runtime.needs_django()
def command(type_key: str, record_id: str, slug: str, person: str, inputs: tuple[str, ...], revision: int | None, reason: str, as_json: bool) -> None:
    """Change the fields that are named and print the record; the others stay. patron edit TYPE --help lists the fields."""
    from patron.api import direct
    from patron.api.views.base import forbidden_unless, locked, type_of
    from patron.records import changes

    record_type, given = acting.type_of(type_key), acting.pairs(inputs)
    if not given:
        raise click.UsageError("Say with --input NAME=VALUE what to change.")
    with acting.acting(slug, person, "patron edit") as (credential, where):
        call = direct.handler_call({}, credential, where)
        record = locked(call, type_of(call, type_key), acting.id_of(record_id))
        forbidden_unless(call, record_type, record, "edit")
        if revision is not None and getattr(record, "revision", None) != revision:
            raise runtime.Failure(f"Somebody changed this record since: its revision is {getattr(record, 'revision', None)}.")
        changes.edit(record_type, record, acting.values_of(record_type, given, credential, record), access=credential.access, reason=reason)
        found = direct.one(type_key, record.pk, {}, credential, where)
    acting.shown(found, as_json=as_json)
