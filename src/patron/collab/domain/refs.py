"""Links to records of any type: a type key and an id, without a foreign key, checked when written and resolved when read."""

import uuid
from collections.abc import Iterable
from typing import Any, NamedTuple, Self
from urllib.parse import quote

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.records import registry, seen
from patron.records.record_type import RecordType
from patron.records.verbs import Refused


class Ref(NamedTuple):
    """A record, by type key and id."""

    type_key: str
    id: uuid.UUID

    @classmethod
    def of(cls, record: Any) -> Self:
        """The reference to a loaded record; `registry.Unknown` where its model has no record type."""
        return cls(registry.of_model(type(record)).key, record.pk)

    @classmethod
    def read(cls, text: str) -> Self | None:
        """The reference written as `accounts/0190…`; None where the text is none."""
        key, slash, rest = text.strip().partition("/")
        try:
            return cls(key, uuid.UUID(rest)) if slash and registry.find(key) else None
        except ValueError:
            return None

    def __str__(self) -> str:
        return f"{self.type_key}/{self.id}"


class Title(NamedTuple):
    """What a link shows. A record that the person may not see, or that is gone, is `hidden`: the words say so and there is no address."""

    ref: Ref
    text: str
    href: str
    icon: str
    hidden: bool


def visible(record_type: RecordType, access: Access) -> Any:
    """The rows of a type that the person may see, also for types whose model is no `Record`."""
    return record_type.restrict(record_type.model.objects.all(), access)


def ensure(refs: Iterable[Ref], access: Access) -> list[Ref]:
    """The references, each once, in their order. Raises `Refused` where one is of no known type, does not exist or may not be seen.

    One query per type.
    """
    wanted = list(dict.fromkeys(refs))
    missing = set(wanted)
    for record_type, ids in _by_type(wanted):
        found = visible(record_type, access).filter(pk__in=ids).values_list("pk", flat=True)
        missing -= {Ref(record_type.key, pk) for pk in found}
    if missing:
        raise Refused(_("The record to link to does not exist, or you cannot see it."))
    return wanted


def titles(refs: Iterable[Ref], access: Access) -> dict[Ref, Title]:
    """What each link shows to this person: one query per type, hidden ones included and said to be hidden."""
    wanted = list(dict.fromkeys(refs))
    found: dict[Ref, Title] = {}
    for record_type, ids in _by_type(wanted):
        start = _start(record_type.key, access)

        def build(ids: list[uuid.UUID], record_type: RecordType = record_type) -> Any:
            return visible(record_type, access).filter(pk__among=ids).values_list("pk", record_type.title)

        for pk, text in seen.rows(access, (record_type.key,), ("collab.titles", record_type.key), build, ids=ids):
            ref = Ref(record_type.key, pk)
            found[ref] = Title(ref, str(text), f"{start}{pk}/" if record_type.has_page else "", record_type.icon, False)
    return {ref: found.get(ref) or _hidden(ref) for ref in wanted}


def href(ref: Ref, access: Access) -> str:
    """The address of a record's page."""
    return f"{_start(ref.type_key, access)}{ref.id}/"


def _start(type_key: str, access: Access) -> str:
    return f"/w/{quote(access.workspace.slug)}/{type_key}/"


def _hidden(ref: Ref) -> Title:
    return Title(ref, _("a record you cannot see"), "", "eye-off", True)


def _by_type(refs: Iterable[Ref]) -> list[tuple[RecordType, list[uuid.UUID]]]:
    groups: dict[str, list[uuid.UUID]] = {}
    for ref in refs:
        groups.setdefault(ref.type_key, []).append(ref.id)
    return [(record_type, ids) for key, ids in groups.items() if (record_type := registry.find(key))]
