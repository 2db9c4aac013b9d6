"""Hangs the sections of customers on the record pages."""

from patron.customers import panels

__all__ = ["panels"]
