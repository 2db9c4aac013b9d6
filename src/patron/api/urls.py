"""Addresses below /api/v1/. Resolved by the door alone; fixed words come before record types."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import path, register_converter
from django.urls.converters import UUIDConverter

from patron.api import methods
from patron.api.door import Handler
from patron.api.methods import Lacking
from patron.api.views import about, bulk, feed, files, keyed, operations, readings, records, verbs


def on(lacking: Lacking | None = None, **handlers: Handler) -> Any:
    """One address with a handler per method; `lacking` names those that not every record type has."""

    def never(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        raise NotImplementedError("the door calls the handlers")

    never.handlers, never.lacking = handlers, lacking  # type: ignore[attr-defined]
    return never


class _Id(UUIDConverter):
    """An id as programs write it: some in capitals."""

    regex = UUIDConverter.regex.replace("a-f", "a-fA-F")


register_converter(_Id, "id")

urlpatterns = [
    path("api/v1/", on(GET=about.index)),
    path("api/v1/openapi.json", on(GET=about.openapi)),
    path("api/v1/me/", on(GET=about.me)),
    path("api/v1/changes/", on(GET=feed.changes)),
    path("api/v1/operations/<id:operation_id>/", on(GET=operations.one)),
    path("api/v1/operations/<id:operation_id>/undo/", on(POST=operations.undo)),
    path("api/v1/<slug:type_key>/", on(methods.of_list, GET=records.index, POST=records.create)),
    path("api/v1/<slug:type_key>/bulk/", on(POST=bulk.rows)),
    path("api/v1/<slug:type_key>/do/<slug:name>/", on(POST=verbs.many)),
    path("api/v1/<slug:type_key>/by/<slug:field>/<path:value>/", on(methods.of_key, GET=keyed.find, PUT=keyed.upsert)),
    path("api/v1/<slug:type_key>/<id:record_id>/", on(methods.of_record, GET=records.one, PATCH=records.edit, DELETE=records.delete)),
    path("api/v1/<slug:type_key>/<id:record_id>/do/<slug:name>/", on(POST=verbs.one)),
    path("api/v1/files/<id:file_id>/content/", on(GET=files.content)),
    path("api/v1/<slug:type_key>/<id:record_id>/files/", on(GET=files.index, POST=files.add)),
    path("api/v1/<slug:type_key>/<slug:ref>/read/<slug:name>/", on(GET=readings.one)),
]
