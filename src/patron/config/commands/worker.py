"""`patron worker`: background jobs in a process, or on a machine, of their own."""

import click

from patron.config import runtime


@click.command()
@click.option("--concurrency", type=click.IntRange(1, 64), default=4, show_default=True, help="Jobs at the same time.")
@runtime.needs_django()
def command(concurrency: int) -> None:
    """Run background jobs only, until Ctrl-C. `patron serve` does so by itself."""
    from patron.kernel import jobs  # after setup

    jobs.run_worker(concurrency=concurrency, patience=30)
