"""What selling does. Importing this package registers its verbs."""

from patron.sales.domain import around, closing, leads, lines, related, removing, reviews, stages, touched

__all__ = ["around", "closing", "leads", "lines", "related", "removing", "reviews", "stages", "touched"]
