"""`patron doctor`: is everything well, and if not, what to do."""

import click

from patron.config import runtime
from patron.config.postgres import DatabaseTrouble

_COLOURS = {"ok": "green", "warn": "yellow", "fail": "red"}


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
def command(as_json: bool) -> None:
    """Check that everything is well: Python, disk, database, roles, row-level security, migrations, jobs.

    Reads only. Exit code 1 when a check fails; warnings do not count.
    """
    from patron.config import health  # imports the database driver

    findings: list[health.Finding] = []
    try:
        with runtime.database() as owner_url:
            runtime.setup_django()
            for finding in health.examine(owner_url):
                findings.append(finding)
                if not as_json:
                    click.echo(f"{click.style(finding.verdict.ljust(5), fg=_COLOURS[finding.verdict])} {finding.check}: {finding.detail}")
    except DatabaseTrouble as trouble:
        raise runtime.Failure(str(trouble)) from trouble
    if as_json:
        runtime.echo_json([finding.as_dict() for finding in findings])
    if any(finding.verdict == "fail" for finding in findings):
        raise click.exceptions.Exit(1)
