"""Refusals as exceptions: the members of the problem document that came back."""

from __future__ import annotations

from typing import Any


class PatronError(Exception):
    """A refusal. `code` and `status` are the problem's, `errors` messages by field, `request_id` what an administrator finds it by."""

    def __init__(self, status: int, problem: dict[str, Any]) -> None:
        self.status = status
        self.problem = problem
        self.code: str = str(problem.get("code", ""))
        self.detail: str = str(problem.get("detail") or problem.get("title") or "")
        self.errors: dict[str, str] = {str(e["field"]): str(e["message"]) for e in problem.get("errors", [])}
        self.request_id: str = str(problem.get("request_id", ""))
        said = "; ".join(f"{n}: {m}" if n else m for n, m in self.errors.items())
        super().__init__(f"{status} {self.code}: {' '.join(t for t in (self.detail, said) if t)}")


class Unauthenticated(PatronError):
    """401: the key is unknown, revoked or expired."""


class Forbidden(PatronError):
    """403: the role or the key's scopes do not reach that far."""


class NotFound(PatronError):
    """404 and 410: nothing there, or nothing that the key may see."""


class Conflict(PatronError):
    """409: it cannot be done now."""


class Stale(PatronError):
    """412: the record was changed since it was read; `current` is how it is now."""

    @property
    def current(self) -> dict[str, Any] | None:
        found = self.problem.get("current")
        return found if isinstance(found, dict) else None


class Invalid(PatronError):
    """400 and 422: the request or its values were refused; `errors` says which."""


class TooMany(PatronError):
    """429, still after waiting as often as the client may."""


class Unreachable(PatronError):
    """The server did not answer, still after trying as often as the client may."""


_BY_STATUS: dict[int, type[PatronError]] = {
    400: Invalid, 401: Unauthenticated, 403: Forbidden, 404: NotFound, 409: Conflict, 410: NotFound, 412: Stale, 422: Invalid, 429: TooMany,
}  # fmt: skip


def of(status: int, problem: dict[str, Any]) -> PatronError:
    """The exception for a problem document."""
    return _BY_STATUS.get(status, PatronError)(status, problem)
