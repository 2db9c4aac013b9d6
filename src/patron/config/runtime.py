"""What a command needs before it can work: the data folder, a database that answers, Django.

Nothing here imports Django at module level, so that `patron --help` and a wrong option answer at once.
"""

import functools
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal, ParamSpec, TypeVar

import click

from patron.config import environment
from patron.config.postgres import places

Role = Literal["owner", "app"]
P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def database(*, role: Role = "app", create: bool = False, patience: float = 20) -> Iterator[str]:
    """The owner's URL of a database that is up: that of DATABASE_URL, else the data folder's own, started and stopped if need be.

    Sets DATABASE_URL, PATRON_DATA_DIR and PATRON_DATABASE_ROLE for this process and its children. `role` is whom Django connects as.
    Without `create`, an empty data folder raises DatabaseTrouble; `patience` is how long stopping may take, in seconds.
    """
    data = places.data_dir()
    with _environment(PATRON_DATA_DIR=str(data), PATRON_DATABASE_ROLE=role):
        if given := environment.text("DATABASE_URL"):
            yield given
            return
        from patron.config import embedded  # a server of one's own does without it

        with embedded.session(data, create=create, patience=patience) as url, _environment(DATABASE_URL=url):
            yield url


@contextmanager
def _environment(**values: str) -> Iterator[None]:
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


def setup_django() -> None:
    """Load settings and apps; opens no connection. Makes the data folder, which the settings keep the key in."""
    data = places.data_dir()
    places.make_data_dir(data)
    os.environ["PATRON_DATA_DIR"] = str(data)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "patron.config.settings")
    import django  # costs half a second

    django.setup()


@contextmanager
def django_ready(*, role: Role = "app", create: bool = False) -> Iterator[None]:
    """A database that is up and Django loaded; closes the connections at the end."""
    with database(role=role, create=create):
        setup_django()
        from django.db import connections  # after setup

        try:
            yield
        finally:
            connections.close_all()


def needs_django(*, role: Role = "app", create: bool = False) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorator for a command's function, below its click decorators: it runs inside `django_ready`."""

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        @functools.wraps(function)
        def wrapped(*args: P.args, **kwargs: P.kwargs) -> R:
            with django_ready(role=role, create=create):
                return function(*args, **kwargs)

        return wrapped

    return decorate


class Failure(click.ClickException):
    """The command could not do what it was asked to: one line on stderr, exit code 1."""


def echo_json(value: object) -> None:
    """Print `value` as JSON, for programs to read; dates, decimals and UUIDs become text."""
    click.echo(json.dumps(value, indent=2, ensure_ascii=False, default=str))
