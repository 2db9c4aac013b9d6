"""Selling as record types: what every screen and door of leads and deals follows from."""

from patron.sales.records import attached, deals, leads, lists, parts, reviews

__all__ = ["attached", "deals", "leads", "lists", "parts", "reviews"]
