from django.apps import AppConfig


class QualityConfig(AppConfig):
    name = "patron.quality"
    label = "quality"
