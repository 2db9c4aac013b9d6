from django.apps import AppConfig


class CatalogConfig(AppConfig):
    name = "patron.catalog"
    label = "catalog"

    def ready(self) -> None:
        from patron.catalog import database  # noqa: F401
