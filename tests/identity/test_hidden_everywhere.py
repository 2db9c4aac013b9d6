"""What a role hides of records is on no page that shows them: every type at once, each hidden value with a mark of its own, every page walked."""

from __future__ import annotations

import datetime
import itertools
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from django.db import DataError, transaction

from patron.identity.models import Role
from patron.kernel.parsing import Invalid
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.fields import Field
from patron.records.record_type import RecordType
from patron.testing import Scene
from tests.api.conftest import program_of
from tests.identity.test_permission_matrix import address, client_of
from tests.records.making import make

#: What titles are put together from; whom a lead is about stands among the matches that qualifying offers.
NAMING = {"first_name", "last_name", "company", "subject", "body", "name", "label", "plural"}
NAMES_OF = {"affiliations": {"account", "contact"}, "connections": {f"{end}_{what}" for end in ("first", "second") for what in ("account", "contact")}, "leads": {"account", "contact"}}
#: What follows from hidden fields and is hidden beside them: sums and the part of an address.
FOLLOWS = {key: {n for n, f in registry.get(key).own_fields.items() if f.kind == "money" or n == "domain"} for key in ("accounts", "leads", "deals", "deal-lines")}
TYPES = [t for t in registry.all_types() if t.nav in ("sales", "home", "catalog") or t.key in ("affiliations", "deal-lines", "stakeholders", "connections", "product-lines", "brands")]


def word_of(n: int) -> str:
    return "qzvqzw" + "".join("bcdfghjklm"[int(d)] for d in f"{n:03}")


def grouped(number: Any) -> tuple[Any, list[str]]:
    return number, [f"{number:,}", str(number)]


def marked(field: Field, n: int) -> tuple[Any, list[str]] | None:
    """A value that is nowhere else, and how it may be written on a page or in a file; None for kinds that have none."""
    word = word_of(n)
    day = datetime.date(2033 + n // 300, n % 300 // 28 + 1, n % 28 + 1)
    days = [f"{day:%-d %b} {day.year}", day.isoformat()]
    found: dict[str, tuple[Any, list[str]]] = {
        "text": (word.upper(), [word]), "long_text": (f"{word} words", [word]), "email": (f"{word}@example.org", [word]), "url": (f"https://{word}.example.org", [word]),
        "phone": (f"+49308555{n:03}", [f"8555{n:03}", f"8555 {n:03}"]), "money": grouped(Decimal(91_731_000_000 + n)), "integer": grouped(1_731_000_000 + n), "number": grouped(Decimal(91_731_000 + n)),
        "date": (day, days), "datetime": (datetime.datetime.combine(day, datetime.time(9), datetime.UTC), days),
    }  # fmt: skip
    return found.get(field.kind)


def pointed(field: Field, word: str, scene: Scene) -> Any:
    """A new record for a field to point to, named by the word; None where the field's type takes no name."""
    target = registry.find_model(field.model) if field.kind in ("relation", "person") else None
    if target is None or not target.creatable or not target.own_fields[target.title].editable:
        return None
    return make(target, scene.access(), **{name: word for name in (target.title, "last_name") if name in target.own_fields}).pk


def fill(record_type: RecordType, record: Any, scene: Scene, numbers: itertools.count[int]) -> dict[str, list[str]]:
    """Give the record a marked value in each field that takes one; answers the marks by field."""
    kept: dict[str, list[str]] = {}
    for name, field in record_type.editable_fields(scene.access()).items():
        if name in NAMING | NAMES_OF.get(record_type.key, set()) | {record_type.title}:
            continue
        n = next(numbers)
        try:
            with transaction.atomic():
                chosen = marked(field, n)
                if chosen is None and (target := pointed(field, word := f"{word_of(n)} gmbh", scene)):
                    chosen = target, [word]
                if chosen is None:
                    continue
                changes.edit(record_type, record, {name: chosen[0]}, access=scene.access())
        except (Invalid, changes.NotValid, DataError):
            continue  # a rule of this type's own: such a field is tested where that rule is
        kept[name] = chosen[1]
        record.refresh_from_db()
    return kept


@pytest.fixture
def sown(scene: Scene) -> tuple[dict[str, Any], dict[str, dict[str, list[str]]]]:
    """A record of each type, one account and contact behind most of them, and the marks of its fields."""
    records: dict[str, Any] = {}
    marks: dict[str, dict[str, list[str]]] = {}
    numbers = itertools.count(1)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        for record_type in TYPES:
            points = {n: records[t.key].pk for n, f in record_type.fields.items() if f.kind == "relation" and f.editable and (t := registry.find_model(f.model)) and t.key in records}
            given = {} if record_type.key in ("connections", "accounts") else points
            made = record_type.model.objects.first() if record_type.key == "affiliations" else make(record_type, scene.access(), **given)  # a contact comes with its own
            records[record_type.key] = made
            marks[record_type.key] = fill(record_type, made, scene, numbers)
    return records, marks


def pages(scene: Scene, records: dict[str, Any]) -> list[str]:
    found = [address(scene), address(scene, "collab", "inbox"), address(scene, "deals", "board"), address(scene, "accounts", "tree"), address(scene, "reports"), address(scene, "dashboards"), address(scene, "duplicates")]
    for key, record in records.items():
        here = address(scene, key, record.pk)
        found += [address(scene, key), address(scene, key, "options") + "?q=a", address(scene, key, "export") + "?format=csv", here, here + "edit/", here + "?tab=history"]
        found += [f"{here}?tab={tab.key}" for tab in registry.tabs(key)]
        found += [f"{here}do/{verb.name}/" for verb in registry.verbs(key)]
        found.append(address(scene, "search") + f"?q={str(getattr(record, registry.get(key).title))[:12]}")
    return found


def read(answer: Any) -> str:
    text = b"".join(answer.streaming_content) if getattr(answer, "streaming", False) else answer.content
    return str(text.decode(errors="replace")).lower()


def shown(scene: Scene, who: str, records: dict[str, Any], marks: dict[str, dict[str, list[str]]]) -> dict[tuple[str, str], list[str]]:
    """(type, field) of the marks that are somewhere, and on which pages."""
    client, program = client_of(scene, who), program_of(scene, who)
    with workspace(scene.workspace.pk):
        paths = pages(scene, records)
    said = {path: read(client.get(path)) for path in paths}
    said |= {f"/api/v1/{key}/{record.pk}/": read(program.get(f"{key}/{record.pk}/")) for key, record in records.items()}
    said |= {f"/api/v1/{key}/": read(program.get(f"{key}/")) for key in records}
    said["/api/v1/changes/"] = read(program.get("changes/?limit=200"))
    found: dict[tuple[str, str], list[str]] = {}
    for key, fields in marks.items():
        for name, texts in fields.items():
            pointing = registry.get(key).own_fields[name].is_relation  # the record that it points to is on pages of its own
            paths = [path for path in said if not pointing or str(records[key].pk) in path]
            where = [path.replace(str(records[key].pk), "ID") for path in paths if any(t.lower() in said[path] for t in texts)]
            if where:
                found[key, name] = where
    return found


def rule(scene: Scene, hidden: Mapping[str, Iterable[str]]) -> None:
    rights = dict.fromkeys(("view", "create", "edit", "delete", "export", "act", "import"), "all")
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Role.objects.filter(key="sales-agent").update(matrix={"*": rights, "settings": {}}, field_rules={key: dict.fromkeys(fields, "hidden") for key, fields in hidden.items()})


def test_what_a_role_hides_is_on_no_page_of_any_record(scene: Scene, sown: tuple[dict[str, Any], dict[str, dict[str, list[str]]]]) -> None:
    records, marks = sown
    everything = {(key, name) for key, fields in marks.items() for name in fields}
    assert len(everything) > 60
    rule(scene, {})
    assert everything - shown(scene, "bob", records, marks).keys() == set(), "each is shown somewhere to who may see it"
    hidden = {key: {*fields, *FOLLOWS.get(key, set())} for key, fields in marks.items()}
    rule(scene, hidden)
    assert shown(scene, "bob", records, marks) == {}
    rule(scene, {key: fields - standing(key) for key, fields in hidden.items()})
    assert shown(scene, "bob", records, {key: {n: t for n, t in fields.items() if n not in standing(key)} for key, fields in marks.items()}) == {}
    client = client_of(scene, "bob")
    with workspace(scene.workspace.pk):
        there = {t.key: list(t.model.objects.values_list("pk", flat=True)) for t in TYPES}
    for key, panel in ((t.key, p) for t in TYPES for p in registry.panels(t.key) if p.of):
        rule(scene, {k: {n for n in fields if f"{k}.{n}" not in panel.of} for k, fields in hidden.items()})
        assert {client.get(address(scene, key, pk)).status_code for pk in there[key]} == {200}, (key, panel.key)


def standing(key: str) -> set[str]:
    """The fields without which sections and tabs are left out: once these are seen, so is the rest of them."""
    attached = [a for t in TYPES for a in (*registry.panels(t.key), *registry.tabs(t.key))]
    return {name.removeprefix(f"{key}.") for a in attached for name in a.of if name.startswith(f"{key}.")}


def test_a_badge_names_the_fields_that_it_tells() -> None:
    for record_type in registry.all_types():
        assert bool(record_type.badge_of) == (type(record_type).badge is not RecordType.badge), record_type.key
        assert record_type.own_fields.keys() >= set(record_type.badge_of)
