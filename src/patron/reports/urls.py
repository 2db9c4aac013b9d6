"""Home and reports."""

from django.urls import path

from patron.reports import views

urlpatterns = [path("", views.home, name="home"), path("reports/sales/", views.report, name="sales-report")]
