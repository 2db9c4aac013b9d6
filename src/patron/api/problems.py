"""Every refusal is a problem document (RFC 9457) that says what is wrong, names the field, and what to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse

from patron.api import codec
from patron.kernel.origin import origin

TYPE = "application/problem+json"
#: Codes with their status and title; each is explained in the documentation at `/api/docs/#problems`.
CODES: dict[str, tuple[int, str]] = {
    "malformed": (400, "The request cannot be read"),
    "unknown-parameter": (400, "There is no such parameter"),
    "bad-filter": (400, "The filter cannot be understood"),
    "unauthenticated": (401, "A key in force is needed"),
    "forbidden": (403, "Not allowed"),
    "out-of-scope": (403, "The key's scopes do not reach that far"),
    "not-found": (404, "Not found"),
    "wrong-method": (405, "This address does not do that"),
    "not-acceptable": (406, "Only JSON is answered"),
    "conflict": (409, "It cannot be done now"),
    "in-progress": (409, "The same request is being worked on"),
    "gone": (410, "No longer there"),
    "stale": (412, "The record was changed since it was read"),
    "too-large": (413, "The request is too large"),
    "wrong-type": (415, "Only JSON is read"),
    "invalid": (422, "The values were refused"),
    "refused": (422, "It cannot be done"),
    "key-reused": (422, "The idempotency key was used for another request"),
    "too-many": (429, "Too many requests"),
    "broken": (500, "Something went wrong on our side"),
    "unavailable": (503, "Not available at the moment"),
}


@dataclass
class Problem(Exception):
    """A refusal. `errors` are messages by field ("" for the whole); `extra` members and `headers` go along."""

    code: str
    detail: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    extra: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def status(self) -> int:
        return CODES[self.code][0]

    def document(self) -> dict[str, Any]:
        """The members of the answer's body."""
        where = origin.get()
        made: dict[str, Any] = {"type": f"/api/docs/#{self.code}", "title": CODES[self.code][1], "status": self.status, "code": self.code}
        if detail := self.detail or " ".join(m for n, m in self.errors.items() if not n):
            made["detail"] = detail
        if self.errors:
            made["errors"] = listed(self.errors)
        if where is not None:
            made["request_id"] = where.request_id
        return {**made, **self.extra}

    def response(self) -> HttpResponse:
        response = HttpResponse(codec.dumps(self.document()), status=self.status, content_type=TYPE)
        for name, value in self.headers.items():
            response.headers[name] = value
        return response


def listed(errors: Mapping[str, str]) -> list[dict[str, str]]:
    """Messages as a list of field and message; the field is empty for the record as a whole."""
    return [{"field": name, "message": message} for name, message in errors.items()]


def not_found(what: str = "There is nothing here, or nothing that you may see.") -> Problem:
    return Problem("not-found", what)
