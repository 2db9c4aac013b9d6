"""What the settings do: people come and go, roles are shaped, lists are put in order. Importing it registers the verbs of people, keys and own fields."""

from patron.setup.domain import own_fields, people, tokens

__all__ = ["own_fields", "people", "tokens"]
