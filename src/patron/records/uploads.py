"""Files in own fields: how they come in at each door, and who keeps them.

The value of such a field is a list of ids of files on the same record. Where files are kept is the business of a package above, which registers
itself as the keeper; here stands what forms, rules and saves need to know of it.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Mapping
from typing import IO, Any, NamedTuple, Protocol, Self

from django.utils.translation import gettext as _

from patron.identity.access import Access
from patron.kernel.parsing import Invalid
from patron.records.fields import Field

MOST = 100  # files in one field


class Upload(str):
    """A file on its way into a field: the id that it will have, and until it is kept its name and content. Without a content it is only said to be there."""

    __slots__ = ("name", "stream")
    name: str
    stream: IO[bytes] | None

    @classmethod
    def of(cls, name: str, stream: IO[bytes] | None) -> Self:
        made = cls(uuid.uuid4())
        made.name, made.stream = name, stream
        return made


class Unkept(Exception):
    """A file could not be kept; `message` says why."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field, self.message = field, message


class Told(NamedTuple):
    """What is said of a file: in lists, forms and programs."""

    id: str
    name: str
    media_type: str
    size: int
    url: str


class Keeper(Protocol):
    """Who keeps files."""

    def accept(self, name: str, stream: IO[bytes]) -> Upload:
        """A file that somebody sends; `Invalid` for one that is empty, too large or without a name. Nothing is stored yet."""

    def told(self, ids: Iterable[str], access: Access) -> dict[str, Told]:
        """What there is to say of the files that still exist: one query."""

    def address(self, file_id: str) -> str:
        """Where programs get a file's content."""

    def names(self, ids: Iterable[str]) -> dict[str, str]:
        """The names of files, also of those that were removed: two queries at most."""

    def may_add(self, access: Access) -> bool:
        """Whether the person may add files at all."""

    def strange(self, record_type: Any, record: Any, field: Field, ids: Iterable[str]) -> set[str]:
        """Those of the ids that are no files of this record, or stand in another of its fields."""

    def settle(self, record_type: Any, record: Any, field: Field, was: list[str], access: Access) -> None:
        """Keep what came into the field, take what left it off the record. Inside an operation, before the record is written; `Unkept`."""

    def named(self, words: str) -> Any:
        """The ids of the files whose names contain the words, as an array in SQL."""


_keeper: list[Keeper] = []


def kept_by(keeper: Keeper) -> None:
    """Register the package that keeps files."""
    _keeper[:] = [keeper]


def keeper() -> Keeper:
    return _keeper[0]


def is_sent(value: Any) -> bool:
    """Whether a value of a form is a file."""
    return hasattr(value, "read")


def read(field: Field, data: Mapping[str, Any], record: Any) -> list[str]:
    """The field's value after a form: what it held without what is ticked to go (`drop-<field>`), then what was sent; one file takes the place of another.

    Words instead of a file count as one that is still to come: a form tells so that it has one, before it is sent.
    """
    listed = getattr(data, "getlist", None)
    sent = listed(field.name) if listed else [data[field.name]] if data.get(field.name) else []
    gone = set(listed(f"drop-{field.name}")) if listed else set()
    before = list(field.get(record)) if record is not None else []
    new = [keeper().accept(s.name or "", s) if is_sent(s) else Upload.of(str(s), None) for s in sent if s]
    return [*(i for i in before if i not in gone and (field.several or not new)), *new]


def anew(fields: Iterable[Field], data: Any) -> dict[str, str]:
    """For a refused form: what has to be chosen again, since browsers do not let a server put files back."""
    found = {}
    for field in fields:
        names = [s.name for s in data.getlist(field.name) if is_sent(s)] if field.kind == "file" else []
        if names:
            found[field.name] = _("Choose %(names)s again: nothing was saved, and a form cannot keep files.") % {"names": ", ".join(f"“{n}”" for n in names)}
    return found


def rebased(before: list[str], wanted: list[str], current: list[str]) -> list[str]:
    """What was wanted of a value that was `before`, done to the one that is there by now."""
    if before == current:
        return wanted
    gone = set(before) - set(wanted)
    return [*(i for i in current if i not in gone), *(i for i in wanted if i not in before and i not in current)]


def refusal(record_type: Any, record: Any, field: Field, was: list[str], access: Access) -> str:
    """Why the files that the record is to have in the field cannot be there; "" where they can."""
    now = list(field.get(record))
    new = [i for i in now if i not in was]
    if any(isinstance(i, Upload) and i.stream is None for i in new):
        return _("Choose a file.")
    if new and not keeper().may_add(access):
        return _("Your role does not allow to add files.")
    most = MOST if field.several else 1
    if new and len(now) > most:
        return _("There is room for one file. Remove the one that is there first.") if most == 1 else _("There is room for %(most)s files.") % {"most": most}
    if len(set(now)) < len(now) or keeper().strange(record_type, record, field, [i for i in new if not isinstance(i, Upload)]):
        return _("Choose among the files of this record that stand in no other field.")
    return ""


def settle(record_type: Any, record: Any, changed: set[str], was: Any, access: Access) -> None:
    """Let the files follow the fields that change."""
    for name in changed:
        field = record_type.fields[name]
        if field.kind == "file":
            keeper().settle(record_type, record, field, list(field.get(was)) if was is not None else [], access)


def as_plain(values: Iterable[list[str] | None], access: Access) -> list[list[dict[str, Any]]]:
    """What programs are told of the files in each of the values; one query."""
    lists = [ids or [] for ids in values]
    wanted = [i for ids in lists for i in ids]
    known = keeper().told(wanted, access) if wanted else {}
    return [[{**known[i]._asdict(), "url": keeper().address(i)} for i in ids if i in known] for ids in lists]


def ids_of(text: str) -> list[str]:
    """Ids as text, in the form in which a record keeps them; `Invalid` for others."""
    found = []
    for part in text.replace(",", " ").split():
        try:
            found.append(str(uuid.UUID(part)))
        except ValueError:
            raise Invalid(_("Write the ids of files on this record.")) from None
    return list(dict.fromkeys(found))
