from django.apps import AppConfig


class ApiConfig(AppConfig):
    name = "patron.api"
    label = "api"

    def ready(self) -> None:
        from patron.api import database  # noqa: F401
