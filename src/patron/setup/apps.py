from django.apps import AppConfig


class SetupConfig(AppConfig):
    name = "patron.setup"
    label = "setup"

    def ready(self) -> None:
        from patron.setup import database  # noqa: F401
        from patron.setup.domain import trail  # noqa: F401
