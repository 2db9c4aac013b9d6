"""Addresses that every record type has. Types above may add pages of their own before these."""

from django.urls import path, register_converter

from patron.records.views import finding, forms, lists, merging, offered, record, saved, verbs


class TypeKey:
    """A record type's key in an address."""

    regex = "[a-z]+(?:-[a-z]+)*"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(TypeKey, "type")

urlpatterns = [
    path("search/", finding.search, name="search"),
    path("tags/", finding.tags, name="tags"),
    path("preferences/", saved.preferences, name="preferences"),
    path("history/<uuid:operation_id>/", verbs.operation, name="operation"),
    path("history/<uuid:operation_id>/undo/", verbs.undo, name="undo"),
    path("<type:type_key>/", lists.records, name="list"),
    path("<type:type_key>/totals/", lists.totals, name="totals"),
    path("<type:type_key>/filter/", lists.builder, name="filter"),
    path("<type:type_key>/columns/", lists.columns, name="columns"),
    path("<type:type_key>/views/save/", saved.save_view, name="save-view"),
    path("<type:type_key>/views/<uuid:view_id>/delete/", saved.delete_view, name="delete-view"),
    path("<type:type_key>/export/", saved.export_list, name="export"),
    path("<type:type_key>/options/", finding.options, name="options"),
    path("<type:type_key>/duplicates/", forms.alike, name="duplicates"),
    path("<type:type_key>/merge/", merging.merge, name="merge"),
    path("<type:type_key>/offered/", offered.offered, name="offered"),
    path("<type:type_key>/new/", forms.new, name="new"),
    path("<type:type_key>/bulk/<slug:name>/", verbs.many, name="bulk"),
    path("<type:type_key>/<uuid:record_id>/", record.record, name="record"),
    path("<type:type_key>/<uuid:record_id>/edit/", forms.edit, name="edit"),
    path("<type:type_key>/<uuid:record_id>/field/<slug:name>/", forms.one_field, name="field"),
    path("<type:type_key>/<uuid:record_id>/do/<slug:name>/", verbs.do, name="do"),
]
