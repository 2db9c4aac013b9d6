"""`patron trail`: how the sealed history of each workspace stands, and whether it holds."""

from __future__ import annotations

from typing import Any

import click

from patron.config import runtime


@click.command()
@click.option("--workspace", "slug", help="Only this workspace, by its address.")
@click.option("--verify", is_flag=True, help="Make every block again from what the tables hold, and say where one differs. Exit code 1 then.")
@click.option("--expect", "expected", multiple=True, metavar="NUMBER:HASH", help="With --verify and --workspace: a block's hash that was kept elsewhere. May be repeated.")
@click.option("--seal", is_flag=True, help="Seal what waits now, instead of within five minutes.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@runtime.needs_django()
def command(slug: str | None, verify: bool, expected: tuple[str, ...], seal: bool, as_json: bool) -> None:
    """Show the heads of the trails: the chains of blocks that the histories of workspaces are sealed in.

    For each workspace: the last block's number and hash, when it was made, how many operations are sealed and how many wait. Keep number and hash where
    nobody who owns this database has a hand, and give them to --verify --expect later.
    """
    from patron.identity.models import Workspace  # after setup

    if expected and not (verify and slug):
        raise click.UsageError("--expect goes with --verify and --workspace.")
    kept = dict(map(_expectation, expected))
    places = list(Workspace.objects.order_by("slug").filter(**({"slug": slug} if slug else {})))
    if slug and not places:
        raise runtime.Failure(f"There is no workspace {slug}.")
    found = [_of(place, kept, verify=verify, seal=seal) for place in places]
    if as_json:
        runtime.echo_json(found)
    else:
        for row in found:
            _print(row)
        if not found:
            click.echo("There are no workspaces yet.")
    if any(row.get("holds") is False for row in found):
        raise click.exceptions.Exit(1)


def _expectation(text: str) -> tuple[int, str]:
    from patron.setup.domain.trail import kept_head

    try:
        return kept_head(text)
    except ValueError as error:
        raise click.BadParameter(f"{text}: give a block's number and the 64 digits of its hash, such as 12:9f86d0…", param_hint="--expect") from error


def _of(place: Any, expected: dict[int, str], *, verify: bool, seal: bool) -> dict[str, Any]:
    from patron.kernel.tenancy import workspace
    from patron.ledger import checks, sealing, trail

    made = sealing.seal_all(place.pk) if seal else []
    with workspace(place.pk):
        verdict = checks.check(expected=expected) if verify else None
        head, waiting = trail.head(), trail.waiting()
    row = {
        "workspace": place.slug, "number": head.number, "hash": head.hash, "at": head.at.isoformat() if head.at else None, "operations": head.operations,
        "changes": head.changes, "waiting": waiting,
    }  # fmt: skip
    if seal:
        row["sealed"] = len(made)
    if verdict:
        broken = verdict.found
        row |= {"holds": broken is None, "verified_blocks": verdict.blocks, "found": broken.words if broken else None, "found_kind": broken.what if broken else None}
        row |= {"found_block": broken.number if broken else None, "found_operation": str(broken.operation_id) if broken and broken.operation_id else None}
    return row


def _print(row: dict[str, Any]) -> None:
    head = f"block {row['number']} of {row['at'][:19]}Z" if row["number"] else "no block yet"
    made = f", {row['sealed']} blocks made" if "sealed" in row else ""
    click.echo(f"{row['workspace']}: {head}, {row['operations']} operations sealed, {row['waiting']} waiting{made}")
    if row["hash"]:
        click.echo(f"  {row['hash']}")
    if row.get("holds"):
        click.echo(f"  {click.style('holds', fg='green')}: {row['verified_blocks']} blocks are what the tables say")
    elif "holds" in row:
        click.echo(f"  {click.style('does not hold', fg='red')}: {row['found']} The {row['verified_blocks']} blocks before hold.")
