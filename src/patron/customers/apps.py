from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "patron.customers"
    label = "customers"

    def ready(self) -> None:
        from patron.customers import database  # noqa: F401
