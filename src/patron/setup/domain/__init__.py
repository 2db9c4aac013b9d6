"""What the settings do: people come and go, roles are shaped, lists are put in order. Importing it registers the verbs of people and own fields."""

from patron.setup.domain import own_fields, people

__all__ = ["own_fields", "people"]
