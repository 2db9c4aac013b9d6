"""Addresses of the documentation for people; those of the API itself are in `urls`."""

from django.urls import path

from patron.api.views import page

urlpatterns = [path("api/docs/", page.docs, name="api-docs"), path("api/docs/openapi.json", page.openapi, name="api-openapi")]
