"""Addresses of customers that come before those of every record type."""

from django.urls import path

from patron.customers import views

urlpatterns = [path("accounts/tree/", views.tree, name="account-tree")]
