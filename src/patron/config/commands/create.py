"""`patron create`: a new record."""

from __future__ import annotations

import click

from patron.config import acting, runtime


@click.command(cls=acting.Described)
@click.argument("type_key", metavar="TYPE")
@acting.WORKSPACE
@acting.PERSON
@acting.INPUTS
@acting.REASON
@acting.AS_JSON
@runtime.needs_django()
def command(type_key: str, slug: str, person: str, inputs: tuple[str, ...], reason: str, as_json: bool) -> None:
    """Make a record of TYPE and print it. patron create TYPE --help lists its fields.

    Values are written as in a form: relations by name, e-mail address, number or id; days as 2026-11-05.
    """
    from patron.api import direct
    from patron.api.views.base import type_of
    from patron.api.views.records import must_be_creatable
    from patron.records import changes

    record_type, given = acting.type_of(type_key), acting.pairs(inputs)
    with acting.acting(slug, person, "patron create") as (credential, where):
        type_of(direct.handler_call({}, credential, where), type_key, "create")
        must_be_creatable(record_type)
        made = changes.create(record_type, acting.values_of(record_type, given, credential), access=credential.access, reason=reason)
        found = direct.one(type_key, made.pk, {}, credential, where)
    acting.shown(found, as_json=as_json)
