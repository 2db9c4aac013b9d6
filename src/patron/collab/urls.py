"""Addresses of working together, below /w/<slug>/."""

from django.urls import path

from patron.collab.views import composing, filing, inbox, keeping, steps

app_name = "collab"
urlpatterns = [
    path("collab/on/<str:type_key>/<uuid:record_id>/compose/<str:kind>/", composing.compose, name="compose"),
    path("collab/on/<str:type_key>/<uuid:record_id>/timeline/", composing.timeline, name="timeline"),
    path("collab/on/<str:type_key>/<uuid:record_id>/files/", filing.add, name="add-file"),
    path("collab/files/<uuid:file_id>/content/", filing.content, name="file"),
    path("collab/tasks/<uuid:task_id>/complete/", steps.complete, name="complete"),
    path("collab/checklist/<uuid:item_id>/", steps.tick, name="tick"),
    path("collab/inbox/", inbox.inbox, name="inbox"),
    path("collab/inbox/latest/", inbox.latest, name="latest"),
    path("collab/inbox/read/", inbox.read, name="read"),
    path("collab/inbox/<uuid:notice_id>/open/", inbox.open_notice, name="open-notice"),
    path("collab/favourites/<str:type_key>/<uuid:record_id>/", keeping.toggle, name="favourite"),
]
