"""`patron report`: figures on the command line."""

import click

from patron.config import runtime


@click.command()
@click.argument("name", type=click.Choice(["sales"]))
@click.option("--workspace", "slug", required=True, help="The workspace's address, such as sales-opportunities.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@runtime.needs_django()
def command(name: str, slug: str, as_json: bool) -> None:
    """Print a report. `sales`: deals, won, lost and open, also by agent, manager, region, product, account sector and quarter."""
    from patron.identity.access import Access  # after setup
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.sales.domain import report

    place = Workspace.objects.filter(slug=slug).first()
    if place is None:
        raise runtime.Failure(f"There is no workspace {slug}.")
    with workspace(place.pk):
        found = report.plain(report.sales_report(Access.system(place)))
    if as_json:
        runtime.echo_json(found)
        return
    click.echo(f"{found['deals']} deals: {found['won']['count']} won worth {found['won']['value']} {place.currency}, {found['lost']['count']} lost, {found['open']['count']} open")
    for dimension, rows in found["by"].items():
        click.secho(f"\nby {dimension}", bold=True)
        for row in rows:
            click.echo(f"  {str(row['label'])[:32]:<34}{row['won']['count']:>6} won {row['won']['value']:>16}{row['lost']['count']:>7} lost{row['open']['count']:>7} open")
