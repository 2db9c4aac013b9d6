from django.apps import AppConfig


class LedgerConfig(AppConfig):
    name = "patron.ledger"
    label = "ledger"

    def ready(self) -> None:
        from patron.ledger import chain, database  # noqa: F401
