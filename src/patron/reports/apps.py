from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "patron.reports"
    label = "reports"

    def ready(self) -> None:
        from patron.reports import database  # noqa: F401
