"""The settings of a workspace, below /w/<slug>/settings/."""

from django.urls import path

from patron.setup.views import workspace

urlpatterns = [
    path("settings/", workspace.start, name="settings"),
    path("settings/workspace/", workspace.edit, name="settings-workspace"),
    path("settings/workspace/undo/<uuid:operation_id>/", workspace.undo, name="settings-workspace-undo"),
]
