"""Addresses of the documentation for people and of OAuth; those of the API itself are in `urls`."""

from django.urls import path

from patron.api.views import oauth, page

urlpatterns = [
    path("api/docs/", page.docs, name="api-docs"),
    path("api/docs/openapi.json", page.openapi, name="api-openapi"),
    path("api/oauth/token/", oauth.token, name="oauth-token"),
    path("api/oauth/revoke/", oauth.revoke, name="oauth-revoke"),
    path("oauth/authorize/", oauth.enter, name="oauth-enter"),
    path("w/<slug:slug>/oauth/authorize/", oauth.authorize, name="oauth-authorize"),
]
