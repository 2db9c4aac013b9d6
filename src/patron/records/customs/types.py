"""The record types of the open workspace as `RecordType`s: everything that built-in types have follows from the same class."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, ClassVar

from django.db import connection
from django.db.models import Q, QuerySet, TextChoices
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.identity.access import Access
from patron.records.customs import definitions, versions
from patron.records.customs.database import STATE_RULE
from patron.records.fields import Field, fields_of
from patron.records.matching import Match
from patron.records.record_type import RecordType, Section, Tab
from patron.records.verbs import Input, Verb, VerbInput

#: How values of own fields are compared in search of duplicates; other kinds say little about who is who.
_WAYS = {"email": "email", "phone": "phone", "url": "domain", "text": "text", "date": "date", "relation": "same", "person": "same"}
_SHOWN = 4  # own fields that a list shows before anybody chooses columns
_COLUMNS = ("id", "key", "label", "plural", "icon", "description", "title_label", "prefix", "nav", "order", "states", "archived_at")


@dataclass(frozen=True, slots=True)
class State:
    """One state of a type: `closed` ones count as done, so that nobody has to take such a record over."""

    value: str
    label: str
    tone: str
    closed: bool


class OwnRecordType(RecordType):
    """A record type out of its row. Lives as long as the workspace's definitions stay the same."""

    owners = ("owner",)
    keys = ("external_id", "number")
    badge_of = ("state",)
    subtitle = ("number",)
    duplicate_fields = ("name",)
    mergeable = True
    has_rules = False  # type: ignore[assignment]  # what `clean` and `saved` do is about new records alone
    constraint_messages: ClassVar[dict[str, tuple[str, Any]]] = {STATE_RULE: ("state", _("Choose one of the states of this record type."))}

    def __init__(self, row: dict[str, Any]) -> None:
        from patron.records.own_records import Place, model_of

        self.id: uuid.UUID = row["id"]
        self.states = tuple(states_of(row["states"]))
        self.numbered, self.retired, self.title_label = bool(row["prefix"]), row["archived_at"] is not None, row["title_label"]
        nav = "" if self.retired or row["nav"] == Place.NOWHERE else row["nav"]
        tones = {"state": {s.value: s.tone for s in self.states if s.tone}}
        internal = ("type", *(() if self.states else ("state",)), *(() if self.numbered else ("number",)))
        declared = {name: row[name] for name in ("key", "label", "plural", "icon", "description")}
        told = {"nav": nav, "nav_order": 100 + row["order"], "model": model_of(self.id), "tones": tones, "internal": internal}
        self.__dict__.update(declared, **told, creatable=not self.retired, importable=not self.retired)
        known = ("name", "state", "owner") if self.states else ("name", "owner")
        self.__dict__.update(sections=(Section(_("Details"), (*known, "tags", "external_id")),), quick=known, filters=known[1:])
        if not self.numbered:
            self.__dict__.update(subtitle=("state",) if self.states else (), keys=("external_id",))

    @cached_property
    def own_fields(self) -> dict[str, Field]:
        """The columns of the shared table as this type has them: its title under its own word, its states as choices."""
        found = fields_of(self)
        if self.title_label:
            found["name"] = replace(found["name"], label=self.title_label)
        if self.states:
            choices = tuple((s.value, s.label) for s in self.states)
            found["state"] = replace(found["state"], kind="choice", choices=choices, tones=self.tones["state"], required=True, nullable=False, default=self.states[0].value)
        return found

    @property
    def columns(self) -> tuple[str, ...]:  # type: ignore[override]
        """State, the first own fields, whose it is and when it changed."""
        added = [n for n, d in definitions.current().of(self.key).items() if d.field.kind not in ("long_text", "file")]
        return (*(("number",) if self.numbered else ()), *(("state",) if self.states else ()), *added[:_SHOWN], "owner", "updated_at")

    @property
    def matches(self) -> tuple[Match, ...]:  # type: ignore[override]
        """The name, and own fields of the kinds that tell records apart."""
        ways = {n: way for n, d in definitions.current().of(self.key).items() if d.formula == "" and (way := _WAYS.get(d.field.kind))}
        return (Match("name", "text"), *(Match(name, way) for name, way in ways.items()))

    @property
    def match_blocks(self) -> tuple[str, ...]:  # type: ignore[override]
        """The same name, one that sounds alike, the same address, number or text; or the first letters and the same day or link."""
        found = ["name", "name~ name^3", "name^8"]
        for match in self.matches[1:]:
            found.append(f"name^3 {match.name}" if match.how in ("date", "same") else match.name)
        return tuple(found)

    def defaults(self, access: Access) -> dict[str, Any]:
        first = {"state": self.states[0].value} if self.states else {}
        return {**first, **super().defaults(access)}

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if record._state.adding and self.retired:
            return {"": _now("%(plural)s are retired: there are no new ones. An administrator can bring the record type back.") % {"plural": self.plural}}
        return {}

    def imported(self, ids: list[uuid.UUID], *, access: Access, created: bool) -> None:
        """Numbers for the new records, in one statement."""
        if created and self.numbered:
            number_all(self.id, ids)

    def badge(self, record: Any) -> tuple[str, str] | None:
        found = next((s for s in self.states if s.value == record.state), None)
        return (found.label, found.tone or "none") if found else None

    @property
    def open_states(self) -> tuple[str, ...]:
        """The states in which a record is still worked on; empty where all are, or the type has none."""
        opened = tuple(s.value for s in self.states if not s.closed)
        return opened if len(opened) < len(self.states) else ()

    @cached_property
    def verbs(self) -> dict[str, Verb]:
        """The verbs of its own: moving records to a state."""
        return {"set_state": _set_state(self)} if self.states else {}


def states_of(rows: Any) -> Iterator[State]:
    """The states that a row of definitions names."""
    for entry in rows or ():
        yield State(str(entry["value"]), str(entry["label"]), str(entry.get("tone") or ""), bool(entry.get("closed")))


def number_all(type_id: uuid.UUID, ids: list[uuid.UUID]) -> None:
    """Give consecutive numbers to those of the records that have none, in the order given."""
    from patron.kernel.tenancy import current_workspace_id
    from patron.records.own_records import CustomRecord, numbers_for

    without = set(CustomRecord.objects.filter(pk__in=ids, number="").values_list("pk", flat=True))
    missing = [pk for pk in ids if pk in without]
    numbers = numbers_for(type_id, len(missing))
    if numbers:
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [missing, numbers, current_workspace_id()])


_NUMBER = """
UPDATE records_customrecord t SET number = given.number FROM unnest(%s::uuid[], %s::text[]) AS given(id, number)
WHERE t.workspace_id = %s AND t.id = given.id
"""


def _set_state(record_type: OwnRecordType) -> Verb:
    """Move one record, or many in one statement, to another state; every state can follow every other."""
    values: Any = TextChoices("State", [(f"S{i}", (s.value, s.label)) for i, s in enumerate(record_type.states)])  # type: ignore[call-overload]

    def act(record: Any, *, access: Access, state: Any) -> None:
        record.state = str(state.value)
        record.save(update_fields=["state"])

    def many(rows: QuerySet[Any], *, access: Access, state: Any) -> int:
        return rows.exclude(state=str(state.value)).update(state=str(state.value))

    def following(record: Any, access: Access) -> str:
        names = [s.value for s in record_type.states]
        at = names.index(record.state) if record is not None and record.state in names else -1
        return names[min(at + 1, len(names) - 1)]

    asked = VerbInput("state", values, True, None, Input(_("State"), initial=following))
    return Verb(
        type_key=record_type.key, name="set_state", label=_("Change state"), icon="arrow-right-left", act=act, inputs=(asked,), action="edit", when=None, bulk=many,
        tone="", primary=True, done=_("State changed"), hint="", template="", order=20, needs=None, context=None,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Types:
    """The workspace's own record types, in their order; retired ones too, since their records stay."""

    by_key: dict[str, OwnRecordType]
    by_id: dict[uuid.UUID, OwnRecordType]


def _read() -> Types:
    from patron.records.own_records import CustomType

    made = [OwnRecordType(row) for row in CustomType.objects.order_by("order", "plural", "pk").values(*_COLUMNS)]
    return Types({t.key: t for t in made}, {t.id: t for t in made})


_kept = versions.PerVersion("own_types", Types({}, {}), _read)


def current() -> Types:
    """The open workspace's own record types; none outside of one."""
    return _kept.current()


def tabs_of(type_key: str) -> list[Tab]:
    """A tab for every own field, of whatever type, that links to records of this one."""
    from patron.records import registry

    found = []
    for key, fields in definitions.current().live.items():
        pointing = [d.field for d in fields.values() if d.field.kind == "relation" and d.field.target == type_key]
        other = registry.find(key) if pointing else None
        for field in pointing if other else ():
            title = other.plural if len(pointing) == 1 else f"{other.plural}: {field.label}"  # type: ignore[union-attr]
            found.append(_tab(f"{key}-{field.own_key}", title, other, field))
    return found


def _tab(key: str, title: Any, other: Any, field: Field) -> Tab:
    def condition(record: Any) -> Q:
        return Q(**{field.path: record.pk})

    def create(record: Any) -> dict[str, str]:
        return {field.name: str(record.pk)}

    return Tab(key, title, other.key, condition, create=create if other.creatable else None, order=90, of=(f"{other.key}.{field.name}",))
