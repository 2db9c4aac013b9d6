"""What upper packages know about records and this one does not: whose timelines belong together, and who can be called or met.

Registered while Django starts; each function answers for one record, through `visible_to`, in a constant number of queries.
"""

from collections.abc import Callable

from patron.collab.domain.refs import Ref
from patron.identity.access import Access

Finder = Callable[[Ref, Access], list[Ref]]
_family: dict[str, list[Finder]] = {}
_people: dict[str, list[Finder]] = {}


def register_family(type_key: str, finder: Finder) -> None:
    """`finder(ref, access)` gives the records whose timelines are read "with related": an account's contacts and deals."""
    _family.setdefault(type_key, []).append(finder)


def register_people(type_key: str, finder: Finder) -> None:
    """`finder(ref, access)` gives the records that stand for people to call or meet: an account's contacts, a deal's stakeholders."""
    _people.setdefault(type_key, []).append(finder)


def has_family(type_key: str) -> bool:
    """Whether "with related" means anything for the type."""
    return type_key in _family


def family(ref: Ref, access: Access) -> list[Ref]:
    """The record itself, then its relatives, each once."""
    found = [other for finder in _family.get(ref.type_key, []) for other in finder(ref, access)]
    return list(dict.fromkeys([ref, *found]))


def people(ref: Ref, access: Access) -> list[Ref]:
    """Who can be called or met about the record, each once, in the finders' order."""
    found = [other for finder in _people.get(ref.type_key, []) for other in finder(ref, access)]
    return list(dict.fromkeys(found))
