from django.apps import AppConfig


class AutomationConfig(AppConfig):
    name = "patron.automation"
    label = "automation"

    def ready(self) -> None:
        from patron.automation import bell, database  # noqa: F401
