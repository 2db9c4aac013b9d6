from django.apps import AppConfig


class FlowsConfig(AppConfig):
    name = "patron.flows"
    label = "flows"
