"""Requests, retries and what every record type does."""

from __future__ import annotations

import http.client
import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import Any, Generic, TypedDict, TypeVar
from urllib.parse import quote, urlencode

from patron_client import errors

R = TypeVar("R")
T = TypeVar("T")
V = TypeVar("V")
RETRIED = {429, 502, 503, 504}
WAIT = 0.5  # seconds before the first repetition; doubled each time
LONGEST = 60.0
PIECE = 1 << 16  # bytes of a file in memory at a time


class Unset:
    """Stands for an argument that was left out, so that None can mean "empty"."""

    def __repr__(self) -> str:
        return "UNSET"


UNSET = Unset()


class By(TypedDict):
    """Another record by a key of its own: {"by": {"email": "ann@example.com"}}."""

    by: dict[str, Any]


@dataclass(frozen=True)
class Page(Generic[R]):
    """One page of a list. `next` is the cursor of the following one, None at the end."""

    data: list[R]
    next: str | None
    included: dict[str, dict[str, Any]] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Done(Generic[R]):
    """What a verb did to one record: the record afterwards (None when it is gone), and the operation, for its undo."""

    operation: str
    record: R | None
    result: dict[str, Any] | None


@dataclass(frozen=True)
class DoneMany:
    """What a verb did to many: how many, and who was left out and why."""

    operation: str
    count: int
    refused: list[dict[str, str]]


@dataclass(frozen=True)
class Answer:
    """A response: its JSON (None for an empty body) and headers in lower case."""

    status: int
    data: Any
    headers: dict[str, str]


class _Listening(http.client.HTTPConnection):
    """Hears a refusal that comes before the whole body was sent."""

    def request(self, *args: Any, **more: Any) -> None:
        with suppress(BrokenPipeError, ConnectionResetError):  # the answer is read next; where there is none, that says so
            super().request(*args, **more)


class _ListeningSecurely(_Listening, http.client.HTTPSConnection):
    pass


class _Http(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_Listening, req)


class _Https(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> http.client.HTTPResponse:
        return self.do_open(_ListeningSecurely, req)


_OPENER = urllib.request.build_opener(_Http, _Https)


class Transport:
    """Sends requests with the key. Writes carry an idempotency key, so that a repetition after a lost answer is never done twice."""

    def __init__(self, url: str, key: str, *, timeout: float = 30, retries: int = 4) -> None:
        self.url, self.key, self.timeout, self.retries = url.rstrip("/"), key, timeout, retries

    def send(self, method: str, path: str, *, query: Mapping[str, Any] | None = None, body: Any = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The answer; raises `PatronError` for refusals. Waits and repeats where the server asks for it, or does not answer."""
        raw = None if body is None else json.dumps(body).encode()
        kind = {"Content-Type": "application/json"} if raw is not None else {}
        return self.send_raw(method, path, raw, query=query, headers={**kind, **(headers or {})})

    def send_raw(self, method: str, path: str, raw: bytes | Iterable[bytes] | None, *, query: Mapping[str, Any] | None = None, headers: Mapping[str, str] | None = None) -> Answer:
        """The same with a body as it is to be sent; one in pieces is gone through anew each time."""
        given = {"Authorization": f"Bearer {self.key}", "Accept": "application/json", **(headers or {})}
        if method != "GET":
            given.setdefault("Idempotency-Key", str(uuid.uuid4()))
        address = f"{self.url}/api/v1/{path}" + (f"?{urlencode(query)}" if query else "")

        def once() -> Answer:
            with reaching():
                return self._once(method, address, raw, given)

        return self.again(once)

    def again(self, work: Callable[[], T]) -> T:
        """What `work` answers, repeated where the server asks for it or does not answer."""
        for attempt in range(self.retries + 1):
            try:
                return work()
            except errors.PatronError as error:
                waiting = isinstance(error, errors.Unreachable) or error.status in RETRIED or error.code in ("in-progress", "")
                if attempt == self.retries or not waiting:
                    raise
                pause = float(error.problem.get("retry_after") or 0)
            time.sleep(min(LONGEST, max(pause, WAIT * 2**attempt)))
        raise AssertionError("the loop returns or raises")

    def _once(self, method: str, address: str, raw: bytes | Iterable[bytes] | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(address, data=raw, headers=headers, method=method)  # noqa: S310 - the address is the caller's own
        try:
            with _OPENER.open(request, timeout=self.timeout) as response:
                return Answer(response.status, _json(response.read()), {n.lower(): v for n, v in response.headers.items()})
        except urllib.error.HTTPError as error:
            with error:
                if error.code == 304:
                    return Answer(304, None, {n.lower(): v for n, v in error.headers.items()})
                raise _refusal(error) from None

    def pieces(self, path: str) -> Iterator[bytes]:
        """What an address holds, piece by piece as it comes; `Unreachable` when it breaks off. Asked for once: wrap it in `again` to repeat it."""
        headers = {"Authorization": f"Bearer {self.key}", "Accept": "*/*"}
        request = urllib.request.Request(f"{self.url}/api/v1/{path}", headers=headers)  # noqa: S310 - the address is the caller's own
        with reaching():
            try:
                response = _OPENER.open(request, timeout=self.timeout)
            except urllib.error.HTTPError as error:
                with error:
                    raise _refusal(error) from None
        with response:
            left = int(response.headers.get("Content-Length") or -1)
            while True:
                with reaching():
                    piece = response.read(PIECE)
                if not piece:
                    break
                left -= len(piece)
                yield piece
        if left > 0:  # a connection that ends early looks like an end of the file
            raise errors.Unreachable(0, {"code": "unreachable", "detail": f"The file broke off, {left} bytes before its end."})


@contextmanager
def reaching() -> Iterator[None]:
    """Faults of the connection as `Unreachable`."""
    try:
        yield
    except (OSError, http.client.HTTPException) as error:
        raise errors.Unreachable(0, {"code": "unreachable", "detail": str(error) or type(error).__name__}) from error


def _refusal(error: urllib.error.HTTPError) -> errors.PatronError:
    problem = _json(error.read())
    problem = problem if isinstance(problem, dict) else {}
    if (wait := error.headers.get("Retry-After", "")).isdigit():
        problem["retry_after"] = int(wait)
    return errors.of(error.code, problem)


def _json(raw: bytes) -> Any:
    try:
        return json.loads(raw) if raw.strip() else None
    except ValueError:
        return None


class Resource(Generic[R, V]):
    """The records of one type. Values and records are plain dictionaries, as the API has them: money and numbers as text, dates as ISO text."""

    key = ""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

    def list(
        self, *, filter: Sequence[Any] | Mapping[str, Any] | None = None, words: str = "", sort: str = "", fields: Sequence[str] = (), include: Sequence[str] = (),
        limit: int = 50, after: str = "", archived: bool = False, totals: bool = False,
    ) -> Page[R]:  # fmt: skip
        """One page. `filter` is a condition [field, operator, value] or {"and": […]}; a minus in front of `sort` turns the order."""
        query: dict[str, Any] = {"limit": limit, "q": words, "sort": sort, "fields": ",".join(fields), "include": ",".join(include), "after": after}
        query |= {"f": json.dumps(filter) if filter is not None else "", "archived": "true" if archived else "", "totals": "true" if totals else ""}
        data = self._transport.send("GET", f"{self.key}/", query={n: v for n, v in query.items() if v}).data
        return Page(data["data"], data["next"], data.get("included", {}), data.get("totals", {}))

    def iterate(self, **query: Any) -> Iterator[R]:
        """Every record that a list with these arguments has, page by page as they are asked for."""
        page = self.list(**{"limit": 200, **query})
        while True:
            yield from page.data
            if page.next is None:
                return
            page = self.list(**{"limit": 200, **query, "after": page.next})

    def get(self, record_id: str, *, include: Sequence[str] = ()) -> R:
        """One record; `NotFound` for none."""
        found: R = self._transport.send("GET", f"{self.key}/{quote(record_id)}/", query={"include": ",".join(include)} if include else None).data
        return found

    def find(self, field_name: str, value: str) -> R:
        """The record whose key field has that value."""
        found: R = self._transport.send("GET", f"{self.key}/by/{quote(field_name)}/{quote(value, safe='')}/").data
        return found

    def create(self, values: V, *, idempotency_key: str = "") -> R:
        """A new record."""
        made: R = self._transport.send("POST", f"{self.key}/", body=values, headers=_headers(None, idempotency_key)).data
        return made

    def edit(self, record_id: str, values: V, *, revision: int | None = None, idempotency_key: str = "") -> R:
        """Change the fields that are given. With the `revision` that you read, a change of somebody else meanwhile raises `Stale`."""
        changed: R = self._transport.send("PATCH", f"{self.key}/{quote(record_id)}/", body=values, headers=_headers(revision, idempotency_key)).data
        return changed

    def upsert(self, field_name: str, value: str, values: V, *, idempotency_key: str = "") -> tuple[R, bool]:
        """Change the record with that key, or make it; the second answer says whether it was made."""
        answer = self._transport.send("PUT", f"{self.key}/by/{quote(field_name)}/{quote(value, safe='')}/", body=values, headers=_headers(None, idempotency_key))
        return answer.data, answer.status == 201

    def delete(self, record_id: str, *, revision: int | None = None) -> str:
        """Remove a record; answers the operation, whose undo brings it back."""
        return self._transport.send("DELETE", f"{self.key}/{quote(record_id)}/", headers=_headers(revision, "")).headers.get("patron-operation", "")

    def bulk(self, rows: Sequence[Mapping[str, Any]], *, atomic: bool = True, idempotency_key: str = "") -> dict[str, Any]:
        """Up to 1 000 writes at once, with an answer per row."""
        made: dict[str, Any] = self._transport.send("POST", f"{self.key}/bulk/", body={"atomic": atomic, "rows": list(rows)}, headers=_headers(None, idempotency_key)).data
        return made

    def _read(self, ref: str, reading: str) -> dict[str, Any]:
        made: dict[str, Any] = self._transport.send("GET", f"{self.key}/{quote(ref)}/read/{reading}/").data
        return made

    def _do(self, record_id: str, verb: str, inputs: Mapping[str, Any], why: str, revision: int | None) -> Done[R]:
        body = {"inputs": _given(inputs), **({"reason": why} if why else {})}
        data = self._transport.send("POST", f"{self.key}/{quote(record_id)}/do/{verb}/", body=body, headers=_headers(revision, "")).data
        return Done(data["operation"], data["record"], data["result"])

    def _do_many(self, verb: str, ids: Sequence[str] | None, filter: Any, inputs: Mapping[str, Any], why: str) -> DoneMany:
        if (ids is None) == (filter is None):
            raise ValueError("give either ids or a filter; {} is the filter that selects everything")
        chosen = {"ids": [*ids]} if ids is not None else {"filter": filter}
        body = {"inputs": _given(inputs), **({"reason": why} if why else {}), **chosen}
        data = self._transport.send("POST", f"{self.key}/do/{verb}/", body=body).data
        return DoneMany(data["operation"], data["count"], data["refused"])


def _given(inputs: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v for n, v in inputs.items() if not isinstance(v, Unset)}


def _headers(revision: int | None, idempotency_key: str) -> dict[str, str]:
    made = {"If-Match": f'"{revision}"'} if revision is not None else {}
    return {**made, "Idempotency-Key": idempotency_key} if idempotency_key else made


class General:
    """What is there once: whose key it is, the feed of changes, undo."""

    def __init__(self, url: str, key: str, *, timeout: float = 30, retries: int = 4) -> None:
        self.transport = Transport(url, key, timeout=timeout, retries=retries)

    def me(self) -> dict[str, Any]:
        """Person, workspace, key and rights."""
        found: dict[str, Any] = self.transport.send("GET", "me/").data
        return found

    def changes(self, after: str = "", *, types: Sequence[str] = (), limit: int = 200) -> Iterator[dict[str, Any]]:
        """What changed after the cursor, to the present end; each entry's `cursor` is where to go on from."""
        while True:
            query = {n: v for n, v in {"after": after, "types": ",".join(types), "limit": str(limit)}.items() if v}
            page = self.transport.send("GET", "changes/", query=query).data
            yield from page["data"]
            after = page["next"]
            if not page["more"]:
                return

    def operation(self, operation_id: str) -> dict[str, Any]:
        """One signed act."""
        found: dict[str, Any] = self.transport.send("GET", f"operations/{quote(operation_id)}/").data
        return found

    def undo(self, operation_id: str) -> str:
        """Take an operation back; answers the undoing operation."""
        return str(self.transport.send("POST", f"operations/{quote(operation_id)}/undo/").data["operation"])
