"""Where the running work came from: set by the middleware, the worker or the command line, kept by every operation."""

from contextvars import ContextVar
from dataclasses import dataclass


@dataclass(slots=True)
class Origin:
    """A request's id and the client's address."""

    request_id: str = ""
    address: str | None = None


origin: ContextVar[Origin | None] = ContextVar("patron_origin", default=None)
