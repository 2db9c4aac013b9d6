"""The record types of customers."""

from patron.customers.records import accounts, contacts, lists

__all__ = ["accounts", "contacts", "lists"]
