"""What the API does beyond serving verbs: proposals of tools. Importing it registers their verbs."""

from patron.api.domain import proposals

__all__ = ["proposals"]
