from django.apps import AppConfig


class KernelConfig(AppConfig):
    name = "patron.kernel"
    label = "kernel"

    def ready(self) -> None:
        from patron.kernel import checks  # noqa: F401
        from patron.kernel.db import defaults  # noqa: F401
