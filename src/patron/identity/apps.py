from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "patron.identity"
    label = "identity"

    def ready(self) -> None:
        from patron.identity import database  # noqa: F401
