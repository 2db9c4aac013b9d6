from django.apps import AppConfig


class SalesConfig(AppConfig):
    name = "patron.sales"
    label = "sales"

    def ready(self) -> None:
        from patron.sales import database, sums  # noqa: F401
