"""What the API does beyond serving verbs: proposals of tools, applications. Importing it registers their verbs."""

from patron.api.domain import oauth, proposals

__all__ = ["oauth", "proposals"]
