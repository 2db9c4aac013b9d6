"""Verbs and rules of customers; importing the package registers the verbs."""

from patron.customers.domain import accounts, contacts, related, team, touched

__all__ = ["accounts", "contacts", "related", "team", "touched"]
