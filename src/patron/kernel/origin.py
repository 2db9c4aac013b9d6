"""Where the running work came from: set by the middleware, the worker or the command line, kept by every operation."""

from contextvars import ContextVar
from dataclasses import dataclass, field
from uuid import UUID


@dataclass(slots=True)
class Origin:
    """A request's id and the client's address; `signed` gathers the operations that were opened on its way; `program` names what asks where it is no person."""

    request_id: str = ""
    address: str | None = None
    program: str = ""
    signed: list[UUID] = field(default_factory=list)


origin: ContextVar[Origin | None] = ContextVar("patron_origin", default=None)
