"""Text that means harm, in every text field of every record type, through every door: it is kept as it is, shown as words, and never run.

One string holds all that is tried (a spreadsheet's formula, SQL, templates, script, a way out of a folder, headers, formats, escapes); where a field is
short, as much of it as fits. Fields that take no free text refuse it by name; which those are is written down below.
"""

from __future__ import annotations

import datetime
import itertools
import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from patron.api.models import Proposal
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.imports import service
from patron.records.record_type import RecordType
from patron.testing import Scene
from tests.api.conftest import Program
from tests.api.test_mcp import rpc
from tests.conftest import Run
from tests.records.import_kit import checked, table, view_for
from tests.records.making import sample_of
from tests.records.own_kit import COURSES, courses
from tests.records.test_every_type import _problems, _text, address, client_of

HARM = "=1+1|'; DROP TABLE customers_account; --{{ 7*7 }}{% x %}<script>alert(1)</script>\"><img src=x onerror=alert(1)>${7*7}../../etc/passwd%0d%0aSet-Cookie: x=1 %s %(a)s \\u0000 'x'"
CREATABLE = [*(t.key for t in registry.all_types() if t.creatable and t.sections), COURSES]
#: Fields whose text has a form of its own.
REFUSING: dict[str, set[str]] = {"custom-fields": {"type_key", "key"}, "record-types": {"key", "prefix", "icon"}, "applications": {"redirect_uris"}}
#: Kept for other kinds of own fields alone (relations, formulas).
ELSEWHERE = {"custom-fields": {"target", "formula"}}
#: What else a record needs where every text is given.
BESIDES: dict[str, dict[str, Any]] = {"accounts": {"credit_limit_override": Decimal(5), "credit_limit_until": datetime.date(2030, 1, 1)}}
_numbers = itertools.count(1)


@pytest.fixture(autouse=True)
def opened(scene: Scene, key: str) -> Iterator[None]:
    with workspace(scene.workspace.pk):
        if key == COURSES:
            with operation("test", access=scene.access()):
                courses(scene.access())
        yield


def harm(record_type: RecordType, name: str) -> str:
    """The string for a field, different each time: as much of it as fits, on two lines where the field has lines."""
    most, number = record_type.fields[name].max_length or 10_000, f"={next(_numbers)}+"
    return f"{number}{HARM}"[:most].strip() + ("\nSet-Cookie: y=1" if record_type.fields[name].kind == "long_text" and most > 1000 else "")


def texts(record_type: RecordType, scene: Scene) -> dict[str, str]:
    """Hostile text for every text field that the administrator may edit."""
    editable = record_type.editable_fields(scene.access())
    without = REFUSING.get(record_type.key, set()) | ELSEWHERE.get(record_type.key, set())
    return {n: harm(record_type, n) for n, f in editable.items() if f.kind in ("text", "long_text") and n not in without}


def sample(record_type: RecordType, scene: Scene) -> dict[str, Any]:
    with operation("test", access=scene.access()):
        values = {**sample_of(record_type, scene.access()), **BESIDES.get(record_type.key, {})}
    return {n: v for n, v in values.items() if v is not None}


def unharmed(record_type: RecordType, pk: Any, wanted: dict[str, str]) -> None:
    record = record_type.model.objects.get(pk=pk)
    for name, text in wanted.items():
        assert record_type.fields[name].get(record) == text, name


def newest(record_type: RecordType, before: set[Any]) -> Any:
    (pk,) = set(record_type.model.objects.values_list("pk", flat=True)) - before
    return pk


def known(record_type: RecordType) -> set[Any]:
    return set(record_type.model.objects.values_list("pk", flat=True))


@pytest.mark.parametrize("key", CREATABLE)
def test_through_api_and_assistant(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    plain = {n: _plain(v) for n, v in sample(record_type, scene).items()}
    wanted = texts(record_type, scene)
    made = dora.post(f"{key}/", {**plain, **wanted})
    assert made.status_code == 201, made.content
    unharmed(record_type, made.data["id"], wanted)
    read = dora.get(f"{key}/{made.data['id']}/").data
    assert {n: read[n] for n in wanted} == wanted
    again = texts(record_type, scene)
    assert dora.patch(f"{key}/{made.data['id']}/", again).status_code == 200
    unharmed(record_type, made.data["id"], again)
    plain, wanted = {n: _plain(v) for n, v in sample(record_type, scene).items()}, texts(record_type, scene)
    answer = rpc(dora, "create_record", {"type": key, "values": {**plain, **wanted}})
    assert not answer.get("isError"), answer
    before = known(record_type)
    proposal = Proposal.objects.get(pk=answer["structuredContent"]["proposal"])
    shown = client_of(scene).get(address(scene, "proposals", proposal.pk)).content.decode()
    assert "<script>alert" not in shown and "<img src=x" not in shown
    done = client_of(scene).post(address(scene, "proposals", proposal.pk, "do", "approve"))
    assert done.status_code in (200, 302), _problems(done)
    unharmed(record_type, newest(record_type, before), wanted)


@pytest.mark.parametrize("key", [k for k in CREATABLE if k == COURSES or registry.get(k).screens])
def test_through_form_and_inline_edit(scene: Scene, key: str) -> None:
    record_type, client = registry.get(key), client_of(scene)
    data = {n: _text(v) for n, v in sample(record_type, scene).items()}
    wanted = {n: t for n, t in texts(record_type, scene).items() if n in record_type.form_fields}
    before = known(record_type)
    answer = client.post(address(scene, key, "new") + "?form=all", {**data, **wanted})
    assert answer.status_code == 302, _problems(answer)
    pk = newest(record_type, before)
    unharmed(record_type, pk, wanted)
    for name in wanted:
        text, revision = harm(record_type, name), getattr(record_type.model.objects.get(pk=pk), "revision", "")
        edited = client.post(address(scene, key, pk, "field", name), {name: text, "revision": revision})
        assert edited.status_code == 200, (name, edited.content[:400])
        unharmed(record_type, pk, {name: text})
    _shown_as_words(scene, client, record_type, pk)


def _shown_as_words(scene: Scene, client: Client, record_type: RecordType, pk: Any) -> None:
    """Pages hold the text and run nothing of it."""
    pages = [address(scene, record_type.key), *([address(scene, record_type.key, pk), address(scene, record_type.key, pk) + "?tab=history"] if record_type.has_page else [])]
    for page in pages:
        answer = client.get(page)
        html = answer.content.decode()
        assert answer.status_code == 200 and "Set-Cookie" not in answer.headers, page
        assert "<script>alert" not in html and "<img src=x" not in html, page


@pytest.mark.parametrize("key", CREATABLE)
def test_through_the_command_line(scene: Scene, run: Run, key: str) -> None:
    record_type = registry.get(key)
    data, wanted, before = sample(record_type, scene), texts(record_type, scene), known(record_type)
    words = [word for n, v in {**{n: _text(v) for n, v in data.items()}, **wanted}.items() for word in ("--input", f"{n}={v}")]
    made = run("create", key, *words, "--json", person="dora")
    assert made.exit_code == 0, made.output
    unharmed(record_type, newest(record_type, before), wanted)
    assert {n: json.loads(made.stdout)[n] for n in wanted} == wanted


@pytest.mark.parametrize("key", [k for k in CREATABLE if k == COURSES or registry.get(k).importable])
def test_through_a_file(scene: Scene, key: str) -> None:
    record_type = registry.get(key)
    data, wanted = {n: _text(v) for n, v in sample(record_type, scene).items()}, texts(record_type, scene)
    row, before = {**data, **wanted, "unused": "x"}, known(record_type)
    view = view_for(scene.access())
    item = checked(view, key, table(list(row), list(row.values())), {"columns": {n: n for n in row if n != "unused"}})
    done = service.apply(item, view)
    assert done.counts["new"] == 1, done.counts
    unharmed(record_type, newest(record_type, before), wanted)


@pytest.mark.parametrize("key", REFUSING)
def test_fields_with_a_form_of_their_own_refuse_by_name(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    plain = {n: _plain(v) for n, v in sample(record_type, scene).items()}
    for name in REFUSING[key]:
        answer = dora.post(f"{key}/", {**plain, name: harm(record_type, name)})
        assert answer.status_code == 422 and name in [e["field"] for e in answer.data["errors"]], (name, answer.content)


def _plain(value: Any) -> Any:
    return value if isinstance(value, bool | int | list | dict) or value is None else _text(value)
