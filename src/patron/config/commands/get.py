"""`patron get`: one record."""

from __future__ import annotations

import click

from patron.config import acting, runtime


@click.command(cls=acting.Described)
@click.argument("type_key", metavar="TYPE")
@click.argument("record_id", metavar="ID")
@acting.WORKSPACE
@acting.PERSON
@acting.AS_JSON
@runtime.needs_django()
def command(type_key: str, record_id: str, slug: str, person: str, as_json: bool) -> None:
    """Print the record of TYPE with that ID: every field that the person may see, and its revision."""
    from patron.api import direct

    acting.type_of(type_key)
    with acting.acting(slug, person, "patron get") as (credential, where):
        found = direct.one(type_key, acting.id_of(record_id), {}, credential, where)
    acting.shown(found, as_json=as_json)
