"""`patron records`: what each record type resolves to."""

import click

from patron.config import runtime


@click.command()
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(key: str | None, as_json: bool) -> None:
    """Show the record types; with KEY one of them: its fields, verbs, columns, keys and rights."""
    runtime.setup_django()
    from patron.records import registry  # after setup
    from patron.records.kinds import kind_of

    types = [t for t in registry.all_types() if key in (None, t.key)]
    if not types:
        raise runtime.Failure(f"There is no record type {key}. Known: {', '.join(t.key for t in registry.all_types())}")
    found = [
        {
            "key": t.key, "label": str(t.label), "plural": str(t.plural), "table": t.table, "model": t.model._meta.label, "title": t.title, "sort": t.sort,
            "columns": list(t.columns), "keys": list(t.keys), "owners": list(t.owners), "verbs": [v.name for v in registry.verbs(t.key) if v.applies(t)],
            "fields": [
                {
                    "name": f.name, "kind": f.kind, "label": str(f.label), "required": f.required, "editable": f.editable, "target": _target(f),
                    "choices": [v for v, _label in f.choices], "operators": [o.key for o in kind_of(f.kind).all_operators()],
                }
                for f in t.fields.values()
            ],
        }
        for t in types
    ]  # fmt: skip
    if as_json:
        runtime.echo_json(found)
        return
    for one in found:
        click.secho(f"{one['key']}  {one['plural']}", bold=True)
        click.echo(f"  table {one['table']}, keys {', '.join(one['keys'])}, {len(one['fields'])} fields, {len(one['verbs'])} verbs")
        if key:
            for field in one["fields"]:
                marks = " ".join(m for m, on in (("required", field["required"]), ("fixed", not field["editable"])) if on)
                click.echo(f"    {field['name']:<24}{field['kind']:<14}{field['target'] or ', '.join(field['choices'])} {marks}")
            click.echo(f"    verbs: {', '.join(one['verbs'])}")


def _target(field: object) -> str:
    from patron.records import registry  # after setup

    model = getattr(field, "model", None)
    found = registry.find_model(model) if model else None
    return found.key if found else ""
