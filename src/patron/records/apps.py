from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "patron.records"
    label = "records"

    def ready(self) -> None:
        from patron.records import registry
        from patron.records.customs import database as own_fields  # noqa: F401
        from patron.records.customs import texts as own_texts  # noqa: F401

        registry.load()
        from patron.records import shell  # noqa: F401
