"""Addresses of imports; included before those of the record types, whose keys they would be taken for otherwise."""

from django.urls import path

from patron.records.views import import_sets, imports

urlpatterns = [
    path("import/", imports.start, name="import"),
    path("import/set/<uuid:set_id>/", import_sets.show, name="import-set"),
    path("import/<uuid:import_id>/map/", imports.columns, name="import-map"),
    path("import/<uuid:import_id>/check/", imports.review, name="import-check"),
    path("import/<uuid:import_id>/run/", imports.run, name="import-run"),
    path("import/<uuid:import_id>/left-out.csv", imports.left_out, name="import-rows"),
    path("import/<uuid:import_id>/undo/", imports.undo, name="import-undo"),
    path("import/<uuid:import_id>/discard/", imports.discard, name="import-discard"),
]
