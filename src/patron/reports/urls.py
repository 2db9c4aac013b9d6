"""Home, reports and dashboards. A report's or dashboard's key is the id of a saved one or the name of a shipped one."""

from django.urls import path

from patron.reports.views import arranging, building, home, scheduling, showing

urlpatterns = [
    path("", home.home, name="home"),
    path("reports/", showing.index, name="reports"),
    path("reports/sales/", home.report, name="sales-report"),
    path("reports/build/", building.build, name="build-report"),
    path("reports/build/filter/", building.edit_filter, name="report-filter"),
    path("reports/save/", building.save, name="save-report"),
    path("reports/<slug:key>/", showing.show, name="report"),
    path("reports/<slug:key>/export/", showing.export, name="export-report"),
    path("reports/<slug:key>/history/", showing.history, name="report-history"),
    path("reports/<slug:key>/delete/", showing.delete, name="delete-report"),
    path("reports/<slug:key>/schedule/", scheduling.schedule, name="schedule-report"),
    path("reports/<slug:key>/schedule/<uuid:schedule_id>/delete/", scheduling.cancel, name="unschedule-report"),
    path("dashboards/", arranging.first, name="dashboards"),
    path("dashboards/new/", arranging.name, name="new-dashboard"),
    path("dashboards/add/", arranging.add, name="add-tile"),
    path("dashboards/<slug:key>/", arranging.show, name="dashboard"),
    path("dashboards/<slug:key>/edit/", arranging.edit, name="arrange-dashboard"),
    path("dashboards/<slug:key>/settings/", arranging.name, name="name-dashboard"),
    path("dashboards/<slug:key>/history/", arranging.history, name="dashboard-history"),
    path("dashboards/<slug:key>/delete/", arranging.delete, name="delete-dashboard"),
    path("dashboards/<slug:key>/tiles/<slug:tile>/", arranging.tile, name="tile"),
]
