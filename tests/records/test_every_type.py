"""What every record type does, whichever it is: registered once, covered at once; a type that the workspace made at run time goes through the same."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from patron.kernel.tenancy import workspace
from patron.ledger.models import Change, Operation
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.testing import Scene, make_workspace
from tests.records.making import make, sample_of
from tests.records.own_kit import COURSES, courses

TYPES = [t for t in registry.all_types() if t.screens]
KEYS = [*(t.key for t in TYPES), COURSES]
CREATABLE = [*(t.key for t in TYPES if t.creatable and t.sections), COURSES]
PAGES = [*(t.key for t in TYPES if t.has_page), COURSES]
#: Types with screens of their own: what a door through the machinery does holds for them too.
ALL = [*(t.key for t in registry.all_types()), COURSES]


@pytest.fixture(autouse=True)
def opened(scene: Scene, key: str) -> Iterator[None]:
    """The workspace that made the type stays open: outside of it there is no such type."""
    if key != COURSES:
        yield
        return
    with workspace(scene.workspace.pk):
        with operation("test", access=scene.access()):
            courses(scene.access())
        yield


def client_of(scene: Scene, name: str = "dora") -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


def address(scene: Scene, *parts: Any) -> str:
    return f"/w/{scene.workspace.slug}/" + "".join(f"{p}/" for p in parts)


def made(scene: Scene, key: str, n: int = 1) -> list[Any]:
    """`n` records of a type, signed by the administrator."""
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return [make(registry.get(key), scene.access()) for _i in range(n)]


@pytest.mark.parametrize("key", KEYS)
def test_list_shows_records_in_a_constant_number_of_queries(scene: Scene, key: str) -> None:
    client, path = client_of(scene), address(scene, key)
    made(scene, key, 2)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        first = client.get(path)
    made(scene, key, 12)
    client.get(path)  # what the workspace defined itself is read once per version
    with CaptureQueriesContext(connection) as many:
        second = client.get(path)
    assert (first.status_code, second.status_code) == (200, 200)
    assert second.content.count(b"<tr data-id=") > first.content.count(b"<tr data-id=") >= 1
    assert len(many) <= len(few) + 1, "\n".join(q["sql"][:150] for q in many)


@pytest.mark.parametrize("key", ALL)
def test_every_sortable_column_sorts_and_pages_without_loss(scene: Scene, key: str) -> None:
    from patron.kernel.formats import Formats
    from patron.records.kinds import View
    from patron.records.listing import Lister, ListState

    record_type = registry.get(key)
    made(scene, key, 4)
    with workspace(scene.workspace.pk):
        access = scene.access()
        view = View(access, Formats("en", access.zone))
        everything = set(record_type.live(access).values_list("pk", flat=True))
        for i, field in enumerate(record_type.visible_fields(access).values()):
            if field.kind in ("tags", "multi_choice", "json"):
                continue
            for sign in ("", "-")[i % 2 : i % 2 + 1]:
                seen: list[Any] = []
                state = ListState(sort=sign + field.name)
                while True:
                    page = Lister(record_type, view, state).page(size=3)
                    seen += [r.id for r in page.rows]
                    if not page.after:
                        break
                    state = ListState(sort=sign + field.name, after=page.after)
                assert sorted(seen) == sorted(everything), (key, sign, field.name)
                last = Lister(record_type, view, ListState(sort=sign + field.name, before=page.before)).page(size=3) if page.before else None
                if last is not None:
                    first_of_last = seen.index(page.rows[0].id)
                    assert [r.id for r in last.rows] == seen[max(0, first_of_last - 3) : first_of_last]


@pytest.mark.parametrize("key", CREATABLE)
def test_create_edit_history_and_undo_through_the_screens(scene: Scene, key: str) -> None:
    record_type, client = registry.get(key), client_of(scene)
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        sample = sample_of(record_type, scene.access())
        before = set(record_type.model.objects.values_list("pk", flat=True))
    data = {n: _text(v) for n, v in sample.items() if v is not None}
    empty = client.post(address(scene, key, "new") + "?form=all", {})
    required = [n for n in record_type.form_fields if record_type.fields[n].required]
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        given = set(record_type.defaults(scene.access()))
    if set(required) - given:
        assert empty.status_code == 422
    answer = client.post(address(scene, key, "new") + "?form=all", data)
    assert answer.status_code == 302, _problems(answer)
    with workspace(scene.workspace.pk):
        (pk,) = set(record_type.model.objects.values_list("pk", flat=True)) - before
        record = record_type.model.objects.get(pk=pk)
        signed = Operation.objects.get(pk=Change.objects.filter(row_id=pk, action="I").get().operation_id)
        assert signed.actor_id == scene.members["dora"].pk
    text = next((f for n, f in record_type.editable_fields(scene.access()).items() if f.kind == "text" and n in record_type.form_fields), None)
    if text is None:
        return
    old = getattr(record, text.path)
    changed = client.post(address(scene, key, pk, "field", text.name), {text.name: "Changed here", "revision": getattr(record, "revision", "")})
    assert changed.status_code == 200, changed.content[:400]
    if record_type.has_page:
        history = client.get(address(scene, key, pk) + "?tab=history").content.decode()
        assert "Changed here" in history
    with workspace(scene.workspace.pk):
        last = Change.objects.filter(row_id=pk, action="U").order_by("-seq").first()
    assert last is not None
    assert client.post(address(scene, "history", last.operation_id, "undo")).status_code == 302
    with workspace(scene.workspace.pk):
        assert getattr(record_type.model.objects.get(pk=pk), text.path) == old


@pytest.mark.parametrize("key", PAGES)
def test_record_page_opens_and_another_workspace_finds_nothing(scene: Scene, key: str) -> None:
    (record,) = made(scene, key)
    other = make_workspace()
    assert client_of(scene).get(address(scene, key, record.pk)).status_code == 200
    stranger = client_of(other)
    assert stranger.get(address(scene, key, record.pk)).status_code == 404
    assert stranger.get(address(other, key, record.pk)).status_code == 404
    assert stranger.post(address(other, key, record.pk, "edit"), {}).status_code == 404
    assert stranger.post(address(other, key, record.pk, "do", "archive"), {}).status_code == 404


@pytest.mark.parametrize("key", CREATABLE)
def test_the_auditor_reads_and_changes_nothing(scene: Scene, key: str) -> None:
    (record,) = made(scene, key)
    rita = client_of(scene, "rita")
    may_see = scene.access("rita").can(key, "view")
    assert rita.get(address(scene, key)).status_code == (200 if may_see else 404)
    assert rita.post(address(scene, key, "new"), {}).status_code in (403, 404)
    assert rita.post(address(scene, key, record.pk, "edit"), {}).status_code in (403, 404)
    assert rita.post(address(scene, key, record.pk, "do", "delete"), {}).status_code in (403, 404)
    with workspace(scene.workspace.pk):
        assert registry.get(key).model.objects.filter(pk=record.pk).exists()


@pytest.mark.parametrize("key", ALL)
def test_every_filter_operator_of_every_field_answers(scene: Scene, key: str) -> None:
    from patron.kernel.formats import Formats
    from patron.records import filters
    from patron.records.kinds import View, kind_of

    record_type = registry.get(key)
    (record,) = made(scene, key)
    with workspace(scene.workspace.pk):
        access = scene.access()
        view = View(access, Formats("en", access.zone))
        for field in record_type.visible_fields(access).values():
            for operator in kind_of(field.kind).all_operators():
                tree = [field.name, operator.key, _operand(field, operator.values)]
                assert record_type.visible(access).filter(filters.condition(record_type, tree, view)).count() >= 0, tree
            filled = record_type.visible(access).filter(filters.condition(record_type, [field.name, "filled"], view), pk=record.pk)
            value = getattr(record, field.path, None)
            if field.kind != "checkbox" and not callable(value):
                fresh = record_type.model.objects.filter(pk=record.pk).values_list(field.path, flat=True).first()
                assert filled.exists() == (fresh not in (None, "", [], {})), (key, field.name, fresh)


@pytest.mark.parametrize("key", KEYS)
def test_export_holds_every_row(scene: Scene, key: str) -> None:
    made(scene, key, 3)
    with workspace(scene.workspace.pk):
        count = registry.get(key).live(scene.access()).count()
    answer = client_of(scene).get(address(scene, key, "export"))
    assert answer.status_code == 200
    body = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    import csv
    import io

    assert len(list(csv.reader(io.StringIO(body)))) == count + 1


@pytest.mark.parametrize("key", PAGES)
def test_a_stale_edit_is_told_what_changed(scene: Scene, key: str) -> None:
    record_type = registry.get(key)
    (record,) = made(scene, key)
    access = scene.access()
    text = next((f for n, f in record_type.editable_fields(access).items() if f.kind == "text" and n in record_type.form_fields), None)
    if text is None or not hasattr(record, "revision"):
        pytest.skip("has no text field to clash on")
    with workspace(scene.workspace.pk):
        seen = record_type.model.objects.get(pk=record.pk).revision
        with operation("test", access=access):
            changes.edit(record_type, record, {text.name: "Theirs"}, access=access)
    answer = client_of(scene).post(address(scene, key, record.pk, "field", text.name), {text.name: "Mine", "revision": str(seen)})
    assert answer.status_code == 409
    assert b"Theirs" in answer.content and b"Mine" in answer.content
    with workspace(scene.workspace.pk):
        assert getattr(record_type.model.objects.get(pk=record.pk), text.path) == "Theirs"


@pytest.mark.parametrize("key", [t.key for t in registry.all_types() if not t.screens])
def test_no_generated_screen_stands_beside_a_types_own(scene: Scene, key: str) -> None:
    (record,) = made(scene, key)
    client = client_of(scene)
    for path in (["totals"], ["new"], ["options"], ["bulk", "tag"], [record.pk, "field", "name"], [record.pk, "do", "assign"], [record.pk, "edit"]):
        answer = client.get(address(scene, key, *path))
        assert answer.status_code == 404 or (key, path[-1]) in (("dashboards", "new"), ("dashboards", "edit")), path


def _operand(field: Any, shape: str) -> Any:
    one = {"date": "2026-01-01", "datetime": "2026-01-01", "checkbox": "true", "person": "me", "relation": str(uuid.uuid4())}.get(field.kind, "1")
    if field.kind in ("choice", "multi_choice"):
        one = field.choices[0][0]
    one = {"country": "DE", "currency": "EUR"}.get(field.kind, one)
    return {"none": None, "period": "this_month", "two": [one, one], "many": [one]}.get(shape, one)


def _text(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    if isinstance(value, dict):
        return json.dumps(value)
    return value.isoformat() if hasattr(value, "isoformat") else ("yes" if value is True else str(value))


def _problems(answer: Any) -> str:
    import re

    return json.dumps(re.findall(r"<li>(?:<a[^>]*>)?([^<]+)", answer.content.decode()))[:600]
