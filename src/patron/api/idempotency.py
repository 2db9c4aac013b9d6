"""A write that carries an Idempotency-Key happens once: sent again within a day, it gets the first answer.

The answer is kept in the transaction of the write itself, so that after a crash there are both or neither. A lock on the key, held for the
transaction, tells a second sender at once that the first is still at it. Refusals wrote nothing and are not kept.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.http import HttpResponse
from django.utils import timezone

from patron.api.models import KeptAnswer
from patron.api.problems import Problem

if TYPE_CHECKING:
    from patron.api.door import Call

KEEP = datetime.timedelta(hours=24)
_HEADERS = ("Location", "ETag", "Patron-Operation", "Content-Type")


def once(call: Call, work: Callable[[], HttpResponse]) -> HttpResponse:
    """The answer of `work`, or the one that it gave before."""
    key = call.request.headers.get("Idempotency-Key")
    if key is None:
        return work()
    if not 1 <= len(key) <= 255 or not all("!" <= c <= "~" for c in key):
        raise Problem("malformed", "An Idempotency-Key has 1 to 255 printable ASCII characters and no space.")
    _lock(call, key)
    fingerprint = _fingerprint(call)
    kept: Any = KeptAnswer.objects.filter(credential=call.credential.id, key=key).first()
    if kept is not None and kept.at > timezone.now() - KEEP:
        if kept.fingerprint != fingerprint:
            raise Problem("key-reused", "Another request was made with this Idempotency-Key. Use a new key for a new request.")
        return _again(kept)
    response = work()
    if response.status_code < 400:
        _keep(call, key, fingerprint, response, kept)
    return response


def _lock(call: Call, key: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended(%s, 7301203))", [f"{call.credential.id}:{key}"])
        (free,) = cursor.fetchone()
    if not free:
        raise Problem("in-progress", "A request with this Idempotency-Key is being worked on. Ask again for its answer.", headers={"Retry-After": "1"})


def _fingerprint(call: Call) -> str:
    """What makes two requests the same. A condition that is blank is one that no record meets, and not the same as none."""
    made, request = hashlib.sha256(), call.request
    conditions = [f"{name}:{request.headers[name]}".encode() for name in ("If-Match", "If-None-Match") if name in request.headers]
    for part in (str(request.method).encode(), request.get_full_path().encode(), *conditions, _files(call) if call.sends_files else request.body):
        made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


def _files(call: Call) -> bytes:
    """What tells one form with files from another; they lie on disk by now."""
    found = []
    for sent in call.request.FILES.getlist("file"):
        digest = hashlib.sha256()
        for piece in sent.chunks():
            digest.update(piece)
        sent.seek(0)
        found.append(f"{sent.name}\x00{digest.hexdigest()}")
    return "\x00".join(found).encode()


def _keep(call: Call, key: str, fingerprint: str, response: HttpResponse, stale: Any) -> None:
    if stale is not None:
        stale.delete()
    headers = {n: v for n, v in {**response.headers, **call.headers}.items() if n in _HEADERS}
    KeptAnswer.objects.create(
        credential=call.credential.id, key=key, fingerprint=fingerprint, status=response.status_code, headers=headers, body=response.content
    )


def _again(kept: Any) -> HttpResponse:
    response = HttpResponse(bytes(kept.body), status=kept.status, content_type=kept.headers.get("Content-Type", "application/json"))
    for name, value in kept.headers.items():
        response.headers[name] = value
    response.headers["Idempotent-Replayed"] = "true"
    return response


def forget_old(now: datetime.datetime) -> int:
    """Remove the answers of the open workspace that are older than a day."""
    return int(KeptAnswer.objects.filter(at__lt=now - KEEP).delete()[0])
