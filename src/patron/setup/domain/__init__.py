"""What the settings do: people come and go, roles are shaped, lists are put in order. Importing it registers the verbs of people."""

from patron.setup.domain import people

__all__ = ["people"]
