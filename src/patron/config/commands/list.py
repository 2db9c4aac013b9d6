"""`patron list`: records of a type, as the person may see them."""

from __future__ import annotations

import click

from patron.config import acting, runtime


@click.command(cls=acting.Described, name="list")
@click.argument("type_key", metavar="TYPE")
@acting.WORKSPACE
@acting.PERSON
@click.option("--filter", "condition", help="A filter as JSON, such as '[\"city\", \"is\", \"Berlin\"]'.")
@click.option("--words", help="Words to find.")
@click.option("--sort", help="A field; a minus in front turns the order.")
@click.option("--fields", help="The fields to print, separated by commas.")
@click.option("--limit", type=click.IntRange(1, 200), default=50, show_default=True, help="Rows of one page.")
@click.option("--after", help="The cursor that the page before ended with.")
@click.option("--archived", is_flag=True, help="Archived ones, too.")
@acting.AS_JSON
@runtime.needs_django()
def command(type_key: str, slug: str, person: str, condition: str | None, words: str | None, sort: str | None, fields: str | None, limit: int, after: str | None, archived: bool, as_json: bool) -> None:
    """Print a page of records of TYPE; the cursor of the next one goes to standard error.

    The filter language is that of saved views and of the API.
    """
    from patron.api import direct

    record_type = acting.type_of(type_key)
    given = {"f": condition, "q": words, "sort": sort, "fields": fields, "after": after, "archived": "true" if archived else None, "limit": str(limit)}
    with acting.acting(slug, person, "patron list") as (credential, where):
        found = direct.listed(type_key, {n: v for n, v in given.items() if v}, credential, where)
    if as_json:
        runtime.echo_json(found)
        return
    names = [n.strip() for n in fields.split(",")] if fields else list(dict.fromkeys([record_type.title, *record_type.columns[:4]]))
    for row in found["data"]:
        click.echo("\t".join([row["id"], *(str("" if row.get(n) is None else row[n]) for n in names)]))
    if found["next"]:
        click.echo(f"More: --after {found['next']}", err=True)
