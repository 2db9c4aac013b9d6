"""Every record type and verb through the API: registered once, covered at once."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from decimal import Decimal
from typing import Any
from urllib.parse import quote, urlencode

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from patron.api import codec
from patron.api.neutral import neutral
from patron.api.query import short_forms
from patron.kernel.formats import Formats
from patron.kernel.tenancy import workspace
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import perform, plain, registry
from patron.records.kinds import View, kind_of
from patron.records.record_type import RecordType
from patron.testing import Scene, make_workspace
from tests.api.conftest import Program, program_of
from tests.records.making import make, sample_of
from tests.records.own_kit import COURSES, courses

KEYS = [*(t.key for t in registry.all_types()), COURSES]
CREATABLE = [*(t.key for t in registry.all_types() if t.creatable and t.sections), COURSES]


@pytest.fixture(autouse=True)
def opened(scene: Scene, request: pytest.FixtureRequest) -> Iterator[None]:
    """The workspace that made the type stays open: outside of it there is no such type."""
    if "key" not in request.fixturenames or request.getfixturevalue("key") != COURSES:
        yield
        return
    with workspace(scene.workspace.pk):
        with operation("test", access=scene.access()):
            courses(scene.access())
        yield


def made(scene: Scene, key: str, n: int = 1) -> list[Any]:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return [make(registry.get(key), scene.access()) for _i in range(n)]


def sample(scene: Scene, key: str) -> dict[str, Any]:
    """JSON for a new record."""
    record_type = registry.get(key)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        values = sample_of(record_type, scene.access())
    plain = {n: kind_of(record_type.fields[n].kind).plain(v) for n, v in values.items() if v is not None}
    result: dict[str, Any] = json.loads(codec.dumps(plain))
    return result


def text_field(record_type: RecordType, scene: Scene) -> str | None:
    with workspace(scene.workspace.pk):
        editable = record_type.editable_fields(scene.access())
    if record_type.title in editable and editable[record_type.title].kind == "text":
        return str(record_type.title)
    return next((n for n, f in editable.items() if f.kind == "text" and n in record_type.form_fields and f.max_length > 20), None)


@pytest.mark.parametrize("key", KEYS)
def test_lists_take_a_constant_number_of_queries(scene: Scene, dora: Program, key: str) -> None:
    made(scene, key, 1)
    record_type = registry.get(key)
    relations = ",".join(n for n, f in record_type.fields.items() if f.is_relation and registry.find_model(f.model))
    path = f"{key}/?totals=true&limit=200" + (f"&include={relations}" if relations else "")
    dora.get(path)
    with CaptureQueriesContext(connection) as few:
        first = dora.get(path)
    made(scene, key, 29)
    with CaptureQueriesContext(connection) as many:
        second = dora.get(path)
    assert (first.status_code, second.status_code) == (200, 200), first.content + second.content
    assert len(second.data["data"]) >= len(first.data["data"]) + 29
    walked = 5 if record_type.fields[record_type.sort.lstrip("-")].is_relation else 1  # own fields are read again once they changed; in the order of another record's name: found in steps
    assert len(many) <= len(few) + walked, "\n".join(q["sql"][:150] for q in many)
    assert second.data["totals"]["count"] == len(second.data["data"])


@pytest.mark.parametrize("key", CREATABLE)
def test_a_record_lives_through_the_api(scene: Scene, dora: Program, key: str) -> None:
    record_type, data = registry.get(key), sample(scene, key)
    created = dora.post(f"{key}/", data)
    assert created.status_code == 201, created.content
    path = created.headers["Location"]
    for name, value in data.items():
        same = Decimal(created.data[name]) == Decimal(value) if record_type.fields[name].kind in ("money", "number", "percent") else created.data[name] == value
        assert same, name
    read = dora.get(path)
    assert read.status_code == 200 and read.data == created.data
    with workspace(scene.workspace.pk):
        stored = record_type.model.objects.get(pk=created.data["id"])
        signed = Change.objects.get(row_id=stored.pk, action="I", table_name=record_type.table)
        assert str(signed.operation_id) == created.headers["Patron-Operation"]
    if name := text_field(record_type, scene):
        edited = dora.patch(path, {name: "Changed here"})
        assert edited.status_code == 200 and edited.data[name] == "Changed here", edited.content
        undone = dora.post(f"operations/{edited.headers['Patron-Operation']}/undo/")
        assert undone.status_code == 200, undone.content
        assert dora.get(path).data[name] == created.data[name]
    gone = dora.delete(path)
    assert gone.status_code in (204, 422), gone.content
    if gone.status_code == 204:
        assert dora.get(path).status_code == 404
        assert dora.post(f"operations/{gone.headers['Patron-Operation']}/undo/").status_code == 200
        assert dora.get(path).status_code == 200


@pytest.mark.parametrize("key", [t.key for t in registry.all_types() if not t.creatable])
def test_what_verbs_make_is_not_made_here(scene: Scene, dora: Program, key: str) -> None:
    refused = dora.post(f"{key}/?nonsense=1", {})
    assert refused.status_code == 405 and refused.headers["Allow"] == "GET, HEAD", refused.content
    if registry.get(key).keys:
        assert dora.put(f"{key}/by/{registry.get(key).keys[0]}/nobody-has-this/", {}).status_code in (404, 422)


@pytest.mark.parametrize("blank", ["", "  ", None])
def test_blank_inputs_keep_their_defaults(scene: Scene, blank: str | None) -> None:
    """As in the dialog: no verb is handed nothing where it counts on text or on one of its choices."""
    with workspace(scene.workspace.pk):
        for key in (t.key for t in registry.all_types()):
            for verb in registry.verbs(key):
                fields = {f.name for f in perform.input_fields(verb) if not f.required and (blank is None or kind_of(f.kind).sql == "text")}
                given = {i.name: blank for i in verb.inputs if i.name in fields and not i.required}
                if not any(i.required for i in verb.inputs):
                    read = plain.read_inputs(verb, given, neutral(scene.access()))
                    assert not [n for n, v in read.items() if v is None], verb.full_name


def test_addresses_allow_what_is_described(scene: Scene, dora: Program) -> None:
    """`Allow` and the document name the same methods, for every record type; what a type does for nobody is refused before anything else is looked at."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        courses(scene.access())
    for path, described in dora.get("openapi.json").data["paths"].items():
        if "/do/" in path and "/brands/" not in path:
            continue
        where = path.format(record_id=uuid.uuid4(), operation_id=uuid.uuid4(), ref=uuid.uuid4(), field="name", value="x")
        allowed = dora.call("OPTIONS", where).headers["Allow"]
        assert set(allowed.lower().split(", ")) - {"head"} == set(described), path
    for key in ("proposals", "files"):
        known = registry.get(key).editable_fields(scene.access())
        assert dora.patch(f"{key}/{uuid.uuid4()}/?nonsense=1", {}).status_code == (400 if known else 405), key
    assert program_of(scene, "rita").post("accounts/", {"name": "A"}).status_code == 403
    assert program_of(scene, "rita", "contacts.view").call("OPTIONS", "activities/").headers["Allow"] == "GET, HEAD, POST", "tells nothing of what the key does not reach"


@pytest.mark.parametrize("key", [k for k in CREATABLE if k == COURSES or registry.get(k).has_revision])
def test_a_stale_edit_is_refused_with_the_current_values(scene: Scene, dora: Program, key: str) -> None:
    name = text_field(registry.get(key), scene)
    if name is None:
        pytest.skip("has no text to change")
    (record,) = made(scene, key)
    read = dora.get(f"{key}/{record.pk}/")
    tag = read.headers["ETag"]
    assert dora.get(f"{key}/{record.pk}/", If_None_Match=tag).status_code == 304
    assert dora.patch(f"{key}/{record.pk}/", {name: "Theirs"}, If_Match=tag).status_code == 200
    stale = dora.patch(f"{key}/{record.pk}/", {name: "Mine"}, If_Match=tag)
    assert stale.status_code == 412 and stale.data["current"][name] == "Theirs"
    assert dora.delete(f"{key}/{record.pk}/", If_Match=tag).status_code == 412
    assert dora.get(f"{key}/{record.pk}/").data[name] == "Theirs"


@pytest.mark.parametrize("key", KEYS)
def test_another_workspace_finds_nothing(scene: Scene, key: str) -> None:
    (record,) = made(scene, key)
    stranger = program_of(make_workspace())
    for method, path in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "do/archive/"), ("POST", "do/delete/")):
        answer = stranger.call(method, f"{key}/{record.pk}/{path}", {} if method != "DELETE" else None)
        nobodys = method == "PATCH" and not registry.get(key).editable_fields(scene.system)  # refused for every id, there or not
        assert answer.status_code == (405 if nobodys else 404) and answer.headers["Content-Type"] == "application/problem+json", (method, path, answer.content)
    assert str(record.pk) not in stranger.get(f"{key}/?limit=200").content.decode()


@pytest.mark.parametrize("key", CREATABLE)
def test_unknown_hidden_and_fixed_fields_are_refused_by_name(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    fixed = next((n for n, f in record_type.fields.items() if not f.editable), "id")
    answer = dora.post(f"{key}/", {**sample(scene, key), "no_such_field": 1, fixed: "x"})
    assert answer.status_code == 422
    assert {"no_such_field", fixed} <= {e["field"] for e in answer.data["errors"]}
    required = [n for n, f in record_type.fields.items() if f.required and f.editable]
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        missing = set(required) - set(record_type.defaults(scene.access()))
    if missing:
        empty = dora.post(f"{key}/", {})
        assert empty.status_code == 422 and set(required) & {e["field"] for e in empty.data["errors"]}


@pytest.mark.parametrize("key", KEYS)
def test_every_operator_in_long_and_short_form(scene: Scene, dora: Program, key: str) -> None:
    from tests.records.test_every_type import _operand

    record_type = registry.get(key)
    made(scene, key)
    view, asked = View(scene.access(), Formats("en", scene.access().zone)), set()
    for field in record_type.fields.values():
        for operator in kind_of(field.kind).all_operators():
            operand = _operand(field, operator.values)
            tree = [field.name, operator.key, operand]
            long = dora.get(f"{key}/?fields={field.name}&f={quote(json.dumps(tree))}")
            assert long.status_code == 200, (tree, long.content)
            values = operand if isinstance(operand, list) else [operand if operand is not None else ""]
            with workspace(scene.workspace.pk):
                (read,) = short_forms(record_type, {f"{field.name}.{operator.key}": values}, view)
            assert read == [field.name, operator.key, operand if operand is not None else ""], tree
            if (field.kind, operator.key) not in asked:  # the same for every field of a kind, once it is read
                asked.add((field.kind, operator.key))
                short = dora.get(f"{key}/?fields={field.name}&{urlencode([(f'{field.name}.{operator.key}', v) for v in values])}")
                assert short.status_code == 200 and long.data == short.data, (tree, short.content)


@pytest.mark.parametrize("key", KEYS)
def test_lists_take_words_totals_and_archived_records_together(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    made(scene, key)
    relation = next((f"&include={n}" for n, f in record_type.fields.items() if f.is_relation and registry.find_model(f.model)), "")
    sort = next((f"&sort={n}" for n, f in record_type.fields.items() if f.is_relation and f.sortable), "")
    answer = dora.get(f"{key}/?q={'0' * 200}&totals=true&archived=true&limit=50&f=&after={sort}{relation}")
    assert answer.status_code == 200 and answer.data["data"] == [] and answer.data["totals"]["count"] == 0, answer.content


@pytest.mark.parametrize("key", KEYS)
def test_every_sortable_field_pages_without_loss(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    made(scene, key, 4)
    whole = {one["id"] for one in dora.get(f"{key}/?fields=id&limit=200").data["data"]}
    for i, field in enumerate(record_type.fields.values()):
        if not field.sortable or field.kind in ("tags", "multi_choice", "json"):
            continue
        seen: list[str] = []
        path = f"{key}/?fields={field.name}&limit=3&sort={'-' if i % 2 else ''}{field.name}"
        while path:
            page = dora.get(path)
            seen += [one["id"] for one in page.data["data"]]
            path = page.headers["Link"].partition(">")[0].lstrip("<") if page.data["next"] else ""
        assert sorted(seen) == sorted(whole), field.name


def _verbs() -> list[tuple[str, str]]:
    return [(t.key, v.name) for t in registry.all_types() for v in registry.verbs(t.key) if v.applies(t)]


@pytest.mark.parametrize("key", KEYS)
def test_every_verb_answers_and_its_inputs_are_strict(scene: Scene, dora: Program, key: str) -> None:
    """A verb does what its button does: whatever the answer, it is one of the documented kinds, and nothing unknown is taken."""
    (record,) = made(scene, key)
    for name in [v for k, v in _verbs() if k == key and v not in ("delete", "remove")]:
        strict = dora.post(f"{key}/{record.pk}/do/{name}/", {"inputs": {"no_such_input": 1}})
        assert strict.status_code == 422 and "no_such_input" in [e["field"] for e in strict.data["errors"]], (name, strict.content)
        verb = registry.verb(key, name)
        answer = dora.post(f"{key}/{record.pk}/do/{name}/", {})
        if any(i.required for i in verb.inputs):
            assert answer.status_code == 422 and {e["field"] for e in answer.data["errors"]} >= {i.name for i in verb.inputs if i.required}, (name, answer.content)
        else:
            assert answer.status_code in (200, 422), (name, answer.content)
            assert answer.status_code == 422 or answer.data["operation"]


@pytest.mark.parametrize("key", [*(t.key for t in registry.all_types() if t.archivable and registry.verb(t.key, "archive").bulk), COURSES])
def test_archive_and_bring_back_one_and_many(scene: Scene, dora: Program, key: str) -> None:
    first, second = made(scene, key, 2)
    one = dora.post(f"{key}/{first.pk}/do/archive/")
    assert one.status_code == 200 and one.data["record"]["archived_at"], one.content
    again = dora.post(f"{key}/{first.pk}/do/archive/")
    assert again.status_code == 422 and again.data["code"] == "refused"
    many = dora.post(f"{key}/do/archive/", {"ids": [str(second.pk)]})
    assert many.status_code == 200 and many.data["count"] == 1, many.content
    assert {str(first.pk), str(second.pk)}.isdisjoint(o["id"] for o in dora.get(f"{key}/?fields=id&limit=200").data["data"])
    back = dora.post(f"{key}/do/restore/", {"ids": [str(first.pk), str(second.pk)]})
    assert back.data["count"] == 2


@pytest.mark.parametrize("key", [*(t.key for t in registry.all_types() if t.creatable and t.keys), COURSES])
def test_upsert_makes_then_changes(scene: Scene, dora: Program, key: str) -> None:
    record_type, data = registry.get(key), sample(scene, key)
    by = next((k for k in record_type.keys if record_type.fields[k].editable), None)
    if by is None:
        pytest.skip("no key can be set")
    value = data.pop(by, None) or ("new@example.org" if by == "email" else "A/17 ü")
    path = f"{key}/by/{by}/{value}/"
    created = dora.put(path, data)
    assert created.status_code == 201 and created.data[by] == value, created.content
    again = dora.put(path, data)
    assert again.status_code == 200 and again.data["id"] == created.data["id"], again.content
    assert dora.get(path).data["id"] == created.data["id"]
    assert dora.put(path, data, If_None_Match="*").status_code == 412


@pytest.mark.parametrize("key", CREATABLE)
def test_bulk_answers_per_row_and_is_undone_as_one(scene: Scene, dora: Program, key: str) -> None:
    record_type = registry.get(key)
    rows = [{"do": "create", "values": sample(scene, key)}, {"do": "create", "values": {"no_such_field": 1}}, {"do": "create", "values": sample(scene, key)}]
    refused = dora.post(f"{key}/bulk/", {"rows": rows})
    assert refused.status_code == 422 and [r["status"] for r in refused.data["results"]] == [201, 422, 201], refused.content
    with workspace(scene.workspace.pk):
        assert not record_type.model.objects.filter(pk__in=[r["id"] for r in refused.data["results"] if "id" in r]).exists()
    done = dora.post(f"{key}/bulk/", {"rows": rows, "atomic": False})
    assert done.status_code == 200 and (done.data["done"], done.data["failed"]) == (2, 1), done.content
    ids = [r["id"] for r in done.data["results"] if "id" in r]
    with workspace(scene.workspace.pk):
        assert record_type.model.objects.filter(pk__in=ids).count() == 2
    assert dora.post(f"operations/{done.headers['Patron-Operation']}/undo/").status_code == 200
    with workspace(scene.workspace.pk):
        assert not record_type.model.objects.filter(pk__in=ids).exists()


@pytest.mark.parametrize("key", CREATABLE)
def test_the_auditor_reads_and_changes_nothing(scene: Scene, key: str) -> None:
    (record,) = made(scene, key)
    rita = program_of(scene, "rita")
    may_see = scene.access("rita").can(key, "view")
    with workspace(scene.workspace.pk):
        sees = registry.get(key).visible(scene.access("rita")).filter(pk=record.pk).exists()
    assert rita.get(f"{key}/").status_code == (200 if may_see else 404)
    for method, path in (("POST", f"{key}/"), ("PATCH", f"{key}/{record.pk}/"), ("DELETE", f"{key}/{record.pk}/"), ("POST", f"{key}/{record.pk}/do/delete/")):
        refused = 403 if may_see and (sees or str(record.pk) not in path) else 404
        assert rita.call(method, path, {} if method != "DELETE" else None).status_code == refused, (method, path)
    with workspace(scene.workspace.pk):
        assert registry.get(key).model.objects.filter(pk=record.pk).exists()


def test_a_misshapen_row_refuses_the_whole_request(scene: Scene, dora: Program) -> None:
    good = {"do": "create", "values": {"name": "Good"}}
    for bad, name in (
        ("x", "do"), ({"do": "explode"}, "do"), ({"do": "create"}, "values"), ({"do": "update", "id": "x", "values": {}}, "id"), ({"do": "create", "values": {}, "id": "x"}, "id"),
        ({"do": "upsert", "by": {}, "values": {}}, "by"), ({"do": "delete", "id": "01a202d0-02c6-74ad-931a-18e1869f81f8", "revision": "1"}, "revision"),
    ):  # fmt: skip
        answer = dora.post("accounts/bulk/", {"atomic": False, "rows": [good, bad]})
        assert answer.status_code == 422 and f"rows[1].{name}" in [e["field"] for e in answer.data["errors"]], answer.content
    assert dora.get("accounts/?name.is=Good").data["data"] == []
    assert dora.post("accounts/do/archive/", {"filter": []}).status_code == 400
