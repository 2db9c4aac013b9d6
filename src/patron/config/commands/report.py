"""`patron report`: figures on the command line."""

from typing import Any

import click

from patron.config import runtime


@click.command()
@click.argument("name")
@click.option("--workspace", "slug", required=True, help="The workspace's address, such as sales-opportunities.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@runtime.needs_django()
def command(name: str, slug: str, as_json: bool) -> None:
    """Print a report. `sales`: deals, won, lost and open, also by agent, manager, region, product, account sector and quarter. Any other NAME is that of a
    saved report, its id, or the key of one that comes with Patron, such as pipeline-by-stage."""
    from patron.identity.models import Workspace  # after setup
    from patron.kernel.tenancy import workspace

    place = Workspace.objects.filter(slug=slug).first()
    if place is None:
        raise runtime.Failure(f"There is no workspace {slug}.")
    with workspace(place.pk):
        show(place, name, as_json)


def show(place: Any, name: str, as_json: bool) -> None:
    """Print one report of the open workspace."""
    if name == "sales":
        _sales(place, as_json)
    else:
        _saved(place, name, as_json)


def _sales(place: Any, as_json: bool) -> None:
    from patron.identity.access import Access
    from patron.sales.domain import report

    found = report.plain(report.sales_report(Access.system(place)))
    if as_json:
        runtime.echo_json(found)
        return
    click.echo(f"{found['deals']} deals: {found['won']['count']} won worth {found['won']['value']} {place.currency}, {found['lost']['count']} lost, {found['open']['count']} open")
    for dimension, rows in found["by"].items():
        click.secho(f"\nby {dimension}", bold=True)
        for row in rows:
            click.echo(f"  {str(row['label'])[:32]:<34}{row['won']['count']:>6} won {row['won']['value']:>16}{row['lost']['count']:>7} lost{row['open']['count']:>7} open")


def _saved(place: Any, name: str, as_json: bool) -> None:
    from patron.identity.access import Access
    from patron.kernel.formats import Formats
    from patron.kernel.parsing import Invalid
    from patron.records.kinds import View
    from patron.reports import charts, files
    from patron.reports.domain import reports
    from patron.reports.run import run

    access = Access.system(place)
    found = reports.by_name(name, access)
    if not found:
        raise runtime.Failure(f"There is no report {name} in {place.slug}. Shipped are: sales, {', '.join(n.key for n in reports.shipped(access))}.")
    if len(found) > 1:
        raise runtime.Failure(f"Several reports are called {name}: give the id of one of them ({', '.join(n.key for n in found)}).")
    try:
        result = run(found[0].definition, View(access, Formats(access.locale, access.zone)))
    except Invalid as error:
        raise runtime.Failure(error.message) from error
    if as_json:
        runtime.echo_json({"report": found[0].name, **files.plain(result)})
        return
    table = charts.draw(result).table
    rows = [[*table.keys, *table.heads], *([*r.heads, *(c.text for c in r.cells)] for r in table.rows)]
    if table.foot:
        rows.append([table.foot.heads[0], *[""] * (len(table.keys) - 1), *(c.text for c in table.foot.cells)])
    widths = [min(max(len(row[i]) if i < len(row) else 0 for row in rows), 40) for i in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(f"{cell[:40]:<{w}}" if i < len(table.keys) else f"{cell[:40]:>{w}}" for i, (cell, w) in enumerate(zip(row, widths, strict=False))).rstrip())
    for text in result.notes:
        click.echo(text, err=True)
