from django.apps import AppConfig


class CollabConfig(AppConfig):
    name = "patron.collab"
    label = "collab"

    def ready(self) -> None:
        from patron.collab import database  # noqa: F401
