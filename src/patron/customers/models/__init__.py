"""Whom we sell to and serve: accounts in trees, contacts with their places in accounts, connections between any two."""

from patron.customers.models.account import Account, AccountBackup, AccountProduction, StatusChange
from patron.customers.models.connection import Connection, ConnectionType
from patron.customers.models.contact import Affiliation, Contact
from patron.customers.models.lists import Industry, Segment
from patron.customers.models.tree import AccountTree

__all__ = [
    "Account",
    "AccountBackup",
    "AccountProduction",
    "AccountTree",
    "Affiliation",
    "Connection",
    "ConnectionType",
    "Contact",
    "Industry",
    "Segment",
    "StatusChange",
]
