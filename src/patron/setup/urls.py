"""The settings of a workspace, below /w/<slug>/settings/."""

urlpatterns: list[object] = []
