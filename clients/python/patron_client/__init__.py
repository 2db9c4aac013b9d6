"""Typed client of Patron's API.

    from patron_client import Patron

    patron = Patron("https://crm.example.com", "patron_…")
    for deal in patron.deals.iterate(filter=["outcome", "is", "open"], sort="-amount"):
        print(deal["name"], deal["amount"])
"""

from patron_client.core import UNSET, By, Done, DoneMany, Page
from patron_client.errors import Conflict, Forbidden, Invalid, NotFound, PatronError, Stale, TooMany, Unauthenticated, Unreachable
from patron_client.files import Added, Told, Upload
from patron_client.records import Patron

__all__ = [
    "UNSET", "Added", "By", "Conflict", "Done", "DoneMany", "Forbidden", "Invalid", "NotFound", "Page", "Patron", "PatronError", "Stale", "Told", "TooMany", "Unauthenticated",
    "Unreachable", "Upload",
]  # fmt: skip
