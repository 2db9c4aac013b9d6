"""`patron verbs`: what can be done to which record."""

from typing import Any

import click

from patron.config import runtime


@click.command()
@click.argument("key", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
def command(key: str | None, as_json: bool) -> None:
    """Show the verbs of every record type, or of the type KEY: inputs, the right that each takes, and whether it works in bulk."""
    runtime.setup_django()
    from patron.records import perform, registry  # after setup

    types = [t for t in registry.all_types() if key in (None, t.key)]
    if not types:
        raise runtime.Failure(f"There is no record type {key}.")
    found: list[dict[str, Any]] = [
        {
            "verb": f"{t.key}.{v.name}", "label": str(v.label), "right": v.action, "bulk": bool(v.bulk), "function": f"{v.act.__module__}.{v.act.__qualname__}",
            "inputs": [{"name": f.name, "kind": f.kind, "label": str(f.label), "required": f.required} for f in perform.input_fields(v)],
        }
        for t in types for v in registry.verbs(t.key) if v.applies(t)
    ]  # fmt: skip
    if as_json:
        runtime.echo_json(found)
        return
    for one in found:
        inputs = ", ".join(i["name"] + ("" if i["required"] else "?") for i in one["inputs"])
        click.echo(f"{one['verb']:<36}{one['right']:<9}{'bulk  ' if one['bulk'] else '      '}{inputs}")
