"""Hangs the sections of customers on the record pages, and says which field sets a customer has."""

from patron.customers import field_sets, panels

__all__ = ["field_sets", "panels"]
