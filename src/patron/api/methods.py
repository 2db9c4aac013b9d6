"""Which methods an address has, by its record type: the door, its `Allow` and the description go by the same facts.

What the type does for nobody is no method of its addresses (405). What it does and the key may not do is refused by the handlers (403).
"""

from __future__ import annotations

from collections.abc import Callable

from patron.identity.access import Access
from patron.records.record_type import RecordType

#: From a type and its workspace's own rights to the methods that its address lacks.
Lacking = Callable[[RecordType, Access], set[str]]


def of_list(record_type: RecordType, system: Access) -> set[str]:
    """Records that verbs of others make are not POSTed."""
    return set() if record_type.creatable else {"POST"}


def of_record(record_type: RecordType, system: Access) -> set[str]:
    """Records that verbs alone change are not PATCHed."""
    return set() if record_type.editable_fields(system) else {"PATCH"}


def of_key(record_type: RecordType, system: Access) -> set[str]:
    """What can be neither made nor changed is not PUT."""
    return set() if record_type.creatable or record_type.editable_fields(system) else {"PUT"}
