"""Scans, their pairs, and what people decide about them."""

from patron.quality.domain import apart

__all__ = ["apart"]
