"""Duplicates of a workspace, below /w/<slug>/duplicates/."""

from django.urls import path

from patron.quality import views

urlpatterns = [
    path("duplicates/", views.index, name="duplicates-queue"),
    path("duplicates/scan/", views.scan, name="duplicates-scan"),
    path("duplicates/progress/", views.progress, name="duplicates-progress"),
    path("duplicates/apart/", views.keep_apart, name="duplicates-apart"),
]
