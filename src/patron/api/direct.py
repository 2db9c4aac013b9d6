"""The API's own handlers without HTTP, for doors inside the house: tools and the command line."""

from __future__ import annotations

import json
import uuid
from typing import Any

from django.http import HttpRequest, QueryDict

from patron.api import codec
from patron.api.credentials import Credential
from patron.api.door import Call
from patron.api.views import readings, records
from patron.kernel.origin import Origin


def handler_call(query: dict[str, str], credential: Credential, where: Origin) -> Call:
    """The call that handlers take; `query` as in an address."""
    request = HttpRequest()
    request.method, request.path, request.path_info = "GET", "/api/v1/", "/api/v1/"
    made = QueryDict(mutable=True)
    made.update(query)
    request.GET = made  # type: ignore[assignment]
    return Call(request, credential, where)


def listed(type_key: str, query: dict[str, str], credential: Credential, where: Origin) -> dict[str, Any]:
    """A page of a list. Raises `Problem`."""
    made: dict[str, Any] = json.loads(records.index(handler_call(query, credential, where), type_key).content)
    return made


def one(type_key: str, record_id: uuid.UUID, query: dict[str, str], credential: Credential, where: Origin) -> dict[str, Any]:
    """One record. Raises `Problem`."""
    made: dict[str, Any] = json.loads(records.one(handler_call(query, credential, where), type_key, record_id).content)
    return made


def read(type_key: str, ref: str, name: str, credential: Credential, where: Origin) -> dict[str, Any]:
    """What a record answers to a reading. Raises `Problem`."""
    call = handler_call({}, credential, where)
    made: dict[str, Any] = codec.loads(codec.dumps(readings.answered(call, readings.reading_of(call, type_key, name), ref).plain))
    return made
