"""Two people in one form of the settings: the second does not undo the first without knowing it. Walks every form that saves something existing."""

from __future__ import annotations

import html
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from patron.collab.domain import files
from patron.collab.domain.refs import Ref
from patron.identity.models import Membership, Role
from patron.kernel.tenancy import workspace
from patron.records import changes, registry, saved_views
from patron.records.listing import ListState
from patron.records.models import ViewScope
from patron.reports.definition import Definition, Measure
from patron.reports.domain import dashboards, reports
from patron.testing import Scene, open_workspace
from tests.automation.receiving import hook_of
from tests.records.form_kit import sent_by
from tests.records.own_kit import make_type


@dataclass(frozen=True)
class Case:
    """A form: how to open it, what two people write into the same control, and what into another one."""

    open: Callable[[Client], Any]
    name: str
    first: str
    second: str
    other: str
    value: str
    action: str = ""
    lines: bool = False  # controls of lines that have a box of their own


def _webhook(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/webhooks/{hook_of(scene, 'https://example.com/hook').pk}/edit/"
    return Case(lambda c: c.get(path), "name", "First", "Second", "url", "https://example.com/other", path)


def _workspace(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/workspace/"
    return Case(lambda c: c.get(path), "name", "First", "Second", "fiscal_month", "7", path)


def _profile(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/profile/"
    return Case(lambda c: c.get(path), "title", "First", "Second", "theme", "dark", path)


def _role(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/roles/{_sales(scene).pk}/"
    return Case(lambda c: c.get(path), "name", "First", "Second", "description", "What they do", path)


def _matrix(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/roles/{_sales(scene).pk}/"
    return Case(lambda c: c.get(path), "accounts:view", "own", "team", "contacts:delete", "all", path, True)


def _rules(scene: Scene) -> Case:
    path = f"/w/{scene.workspace.slug}/settings/roles/{_sales(scene).pk}/fields/accounts/"
    return Case(lambda c: c.get(path), "city", "hidden", "read-only", "country", "hidden", path)


def _type(scene: Scene) -> Case:
    with open_workspace(scene) as access:
        path = f"/w/{scene.workspace.slug}/settings/types/{make_type(access).pk}/"
    return Case(lambda c: c.get(path), "label", "First", "Second", "description", "What it is for", path)


def _field(scene: Scene) -> Case:
    with open_workspace(scene) as access:
        made = changes.create(registry.get("custom-fields"), {"type_key": "accounts", "key": "grade", "label": "Grade", "kind": "text"}, access=access)
    path = f"/w/{scene.workspace.slug}/settings/fields/accounts/{made.pk}/"
    return Case(lambda c: c.get(path), "label", "First", "Second", "hint", "From A to C", path)


def _report(scene: Scene) -> Case:
    with open_workspace(scene) as access:
        made = reports.save(Definition("accounts", measures=(Measure("records"),)), access=access, name="Report", scope="workspace")

    def open_(client: Client) -> Any:
        builder = client.get(f"/w/{scene.workspace.slug}/reports/build/?from={made.pk}&report={made.pk}", follow=True).content.decode()
        return client.get(html.unescape(re.search(r'href="([^"]*/reports/save/[^"]*)"', builder)[1]))  # type: ignore[index]

    return Case(open_, "name", "First", "Second", "description", "What it answers", "/reports/save/")


def _dashboard(scene: Scene) -> Case:
    with open_workspace(scene) as access:
        made = dashboards.save(access=access, name="Board", scope="workspace")
    path = f"/w/{scene.workspace.slug}/dashboards/{made.pk}/settings/"
    return Case(lambda c: c.get(path), "name", "First", "Second", "description", "What it shows", path)


def _view(scene: Scene) -> Case:
    with open_workspace(scene) as access:
        made = saved_views.save(registry.get("accounts"), "View", ListState(), access=access, scope=ViewScope.WORKSPACE)
    path = f"/w/{scene.workspace.slug}/accounts/views/save/?view={made.pk}"
    return Case(lambda c: c.get(path), "name", "First", "Second", "is_default", "true", "/views/save/")


CASES: dict[str, Callable[[Scene], Case]] = {
    "webhook": _webhook, "workspace": _workspace, "profile": _profile, "role": _role, "matrix": _matrix, "rules": _rules, "type": _type, "field": _field, "report": _report,
    "dashboard": _dashboard, "view": _view,
}  # fmt: skip


def _sales(scene: Scene) -> Role:
    with workspace(scene.workspace.pk):
        return Role.objects.get(key="sales-agent")


@pytest.fixture
def two(scene: Scene) -> tuple[Client, Client]:
    """Two administrators, Dora and Erin, at their browsers."""
    with open_workspace(scene):
        Membership.objects.filter(pk=scene.members["erin"].pk).update(role_id=Membership.objects.get(pk=scene.members["dora"].pk).role_id)
    found = []
    for name in ("dora", "erin"):
        client = Client(HTTP_HOST="127.0.0.1")
        client.force_login(scene.users[name])
        found.append(client)
    return found[0], found[1]


def _sent(case: Case, answer: Any, **typed: Any) -> Any:
    """What the form sends, to where."""
    along = {f"own-{name.partition(':')[0]}": "1" for name in typed} if case.lines else {}
    return sent_by(answer, case.action if f'action="{case.action}' in answer.content.decode() else "", **along, **typed)


def _post(client: Client, opened: Any, data: dict[str, Any]) -> Any:
    return client.post(opened.wsgi_request.get_full_path(), data)


@pytest.mark.parametrize("name", CASES)
def test_what_both_changed_is_refused_with_who_and_what_and_saved_when_meant(scene: Scene, two: tuple[Client, Client], name: str) -> None:
    case, (dora, erin) = CASES[name](scene), two
    if name == "profile":
        erin = dora  # one's own profile, in two tabs
    mine, theirs = case.open(erin), case.open(dora)
    saved = _post(dora, theirs, _sent(case, theirs, **{case.name: case.first}))
    assert saved.status_code in (204, 302), saved.content.decode()
    refused = _post(erin, mine, _sent(case, mine, **{case.name: case.second}))
    text = refused.content.decode()
    assert refused.status_code == 409 and "Dora changed this at" in text and "save again" in text
    assert _sent(case, refused)[case.name] == case.second  # what was typed still stands there
    assert _sent(case, case.open(dora))[case.name] == case.first  # and nothing was overwritten
    assert ("Accounts" if name == "matrix" else f"(now “{'Hidden' if name == 'rules' else case.first}”)") in text
    meant = _post(erin, mine, _sent(case, refused))
    assert meant.status_code in (204, 302), meant.content.decode()
    assert _sent(case, case.open(dora))[case.name] == case.second


@pytest.mark.parametrize("name", CASES)
def test_what_only_one_of_them_changed_is_kept_whoever_saves_last(scene: Scene, two: tuple[Client, Client], name: str) -> None:
    case, (dora, erin) = CASES[name](scene), two
    if name == "profile":
        erin = dora
    mine, theirs = case.open(erin), case.open(dora)
    assert _post(dora, theirs, _sent(case, theirs, **{case.name: case.first})).status_code in (204, 302)
    assert _post(erin, mine, _sent(case, mine, **{case.other: case.value})).status_code in (204, 302)
    now = _sent(case, case.open(dora))
    assert (now[case.name], now[case.other]) == (case.first, case.value)


def test_a_report_that_asks_something_else_by_now_is_noticed_since_its_builder_was_opened(scene: Scene, two: tuple[Client, Client]) -> None:
    case, (dora, erin) = _report(scene), two
    start = f"/w/{scene.workspace.slug}/reports/build/"
    key = _sent(case, case.open(dora))  # makes sure that it opens
    assert key["save"] == "change"
    with workspace(scene.workspace.pk):
        (pk,) = registry.get("reports").model.objects.values_list("pk", flat=True)
    built = erin.get(f"{start}?from={pk}&report={pk}", follow=True)
    state = sent_by(built, "/reports/build/")
    with open_workspace(scene) as access:
        made = registry.get("reports").model.objects.get(pk=pk)
        reports.change(made, {"definition": Definition("accounts", measures=(Measure("records"),), chart="line").stored()}, access=access)
    changed = erin.get(start, {**{n: v for n, v in state.items() if v}, "chart": "table"})
    save = html.unescape(re.search(r'href="([^"]*/reports/save/[^"]*)"', changed.content.decode())[1])  # type: ignore[index]
    dialog = erin.get(save)
    refused = erin.post(save, sent_by(dialog, "/reports/save/"))
    assert refused.status_code == 409 and "Dora changed this at" in refused.content.decode()
    assert erin.post(save, sent_by(refused, "/reports/save/")).status_code == 302
    with workspace(scene.workspace.pk):
        assert registry.get("reports").model.objects.get(pk=pk).definition["chart"] == "table"


def test_a_view_that_shows_something_else_by_now_is_noticed_since_its_list_was_opened(scene: Scene, two: tuple[Client, Client]) -> None:
    _case, (_dora, erin) = _view(scene), two
    with open_workspace(scene) as access:
        (saved,) = saved_views.visible("accounts", access)
        changes.create(registry.get("accounts"), {"name": "Kern"}, access=access)
    list_ = erin.get(f"/w/{scene.workspace.slug}/accounts/?view={saved.pk}").content.decode()
    with open_workspace(scene) as access:
        saved_views.save(registry.get("accounts"), saved.name, ListState(sort="-created_at"), access=access, scope=saved.scope, saved=saved)
    sort = next(html.unescape(link) for link in re.findall(r'href="([^"]*/accounts/\?[^"]*sort=[^"]*)"', list_))
    after = erin.get(sort).content.decode()
    save = html.unescape(re.search(r'href="([^"]*/views/save/[^"]*)"', after)[1])  # type: ignore[index]
    refused = erin.post(save, sent_by(erin.get(save), "/views/save/"))
    assert refused.status_code == 409 and "Dora changed this at" in refused.content.decode() and "what the list shows" in refused.content.decode()
    assert erin.post(save, sent_by(refused, "/views/save/")).status_code == 302


def test_a_verb_that_proposes_what_the_record_holds_asks_again(scene: Scene, two: tuple[Client, Client]) -> None:
    dora, erin = two
    with open_workspace(scene) as access:
        account = changes.create(registry.get("accounts"), {"name": "Kern"}, access=access)
        (row,) = files.add(Ref("accounts", account.pk), [("a.txt", io.BytesIO(b"a"))], access=access)
    path = f"/w/{scene.workspace.slug}/files/{row.pk}/do/rename/"
    mine, theirs, third = (sent_by(client.get(path), path) for client in (erin, dora, dora))
    assert dora.post(path, {**theirs, "name": "b.txt"}).status_code == 302
    for name in ("c.txt", "a.txt"):  # also what the dialog proposed
        refused = erin.post(path, {**mine, "name": name})
        assert refused.status_code == 409 and "Dora changed this at" in refused.content.decode() and "b.txt" in refused.content.decode()
    assert dora.post(path, {**third, "name": "b.txt"}).status_code == 302  # the same is no quarrel
    assert erin.post(path, {**sent_by(refused, path), "name": "c.txt"}).status_code == 302
    assert sent_by(dora.get(path), path)["name"] == "c.txt"


def test_tiles_are_arranged_by_two(scene: Scene, two: tuple[Client, Client]) -> None:
    dora, erin = two
    with open_workspace(scene) as access:
        board = dashboards.save(access=access, name="Board", scope="workspace")
        a, b, c = (str(dashboards.add(board, key, access=access).pk) for key in list(dashboards.SHIPPED)[:3])
    path = f"/w/{scene.workspace.slug}/dashboards/{board.pk}/edit/"

    def stored() -> list[tuple[str, int]]:
        with workspace(scene.workspace.pk):
            return [(i, t.width) for i, t in dashboards.placed(board).items()]

    mine, theirs = sent_by(erin.get(path)), sent_by(dora.get(path))
    assert dora.post(path, {**theirs, f"width-{a}": "12"}, headers={"HX-Request": "true"}).status_code == 204
    saved = erin.post(path, {**mine, "tile": [b, a, c]}, headers={"HX-Request": "true"})
    assert saved.status_code == 204 and stored() == [(b, 6), (a, 12), (c, 6)]  # the order is one's, the width the other's
    mine["seen"] = re.search(r'"value": "([^"]+)"', saved.headers["HX-Trigger"])[1]  # type: ignore[index]
    assert erin.post(path, {**mine, "tile": [b, c, a], f"width-{a}": "12"}, headers={"HX-Request": "true"}).status_code == 204  # one's own change is nobody else's
    refused = dora.post(path, {**theirs, "down": a}, headers={"HX-Request": "true"})
    assert refused.status_code == 409 and "Erin changed this at" in refused.content.decode() and "the order of the tiles" in refused.content.decode()
    assert [i for i, _w in stored()] == [b, c, a] == sent_by(refused)["tile"]
    again = dora.post(path, {**sent_by(refused), "up": a})
    assert again.status_code == 302 and [i for i, _w in stored()] == [b, a, c]


@pytest.mark.parametrize("kind", ["list", "fields"])
def test_the_second_who_drags_a_list_that_is_in_another_order_by_now_is_told(scene: Scene, two: tuple[Client, Client], kind: str) -> None:
    key = "industries" if kind == "list" else "custom-fields"
    more = [{"name": n} if kind == "list" else {"type_key": "accounts", "key": n, "label": n, "kind": "text", "order": at} for at, n in enumerate("abc")]
    with open_workspace(scene) as access:
        a, b, c = (str(changes.create(registry.get(key), values, access=access).pk) for values in more)
    path = f"/w/{scene.workspace.slug}/settings/{'lists/industries' if kind == 'list' else 'fields/accounts'}/order/"
    dora, erin = two
    script = {"HX-Request": "true"}
    assert dora.post(path, {"ids": [b, a, c], "seen": [a, b, c]}, headers=script).status_code == 204
    assert erin.post(path, {"ids": [a, c, b], "seen": [a, b, c]}, headers=script).status_code == 409
    assert erin.post(path, {"ids": [b, c, a], "seen": [b, a, c]}, headers=script).status_code == 204
    with workspace(scene.workspace.pk):
        assert [str(pk) for pk in registry.get(key).model.objects.order_by("order").values_list("pk", flat=True)] == [b, c, a]


#: Views with a form that save no existing row as a whole, by the reason.
OTHERS = {
    "makes something new": {
        "collab.views.composing.compose", "records.views.forms.new", "records.views.imports.start", "reports.views.arranging.add", "reports.views.scheduling.schedule",
        "setup.views.fields.new", "setup.views.keys.new", "setup.views.people.invite", "setup.views.roles.new", "setup.views.types.new", "setup.views.webhooks.new",
    },
    "asks before one act": {"api.views.oauth.authorize", "records.views.verbs.many", "setup.joining.join", "setup.views.keys.revoke", "setup.views.roles.delete", "setup.views.webhooks.act"},
    "saves nothing": {"setup.views.fields.formula", "setup.views.trail.index"},
    "forms of records, held by what they were opened with (tests/records/test_clashing.py)": {"records.views.forms.edit", "records.views.forms.one_field"},
    "a merge says what it is about to do": {"records.views.merging.merge"},
    "an import that one person prepares": {"records.views.import_sets.show", "records.views.imports.columns", "records.views.imports.run"},
}  # fmt: skip
HELD = {
    "setup.views.webhooks.edit", "setup.views.workspace.edit", "setup.views.mine.edit", "setup.views.roles.edit", "setup.views.roles.fields", "setup.views.types.edit",
    "setup.views.fields.edit", "reports.views.building.save", "reports.views.arranging.name", "reports.views.arranging.edit", "records.views.saved.save_view", "records.views.verbs.do",
}  # fmt: skip


def _methods(view: Any) -> set[str]:
    """What a view answers to, as `require_http_methods` keeps it."""
    while view is not None:
        for name, cell in zip(view.__code__.co_freevars, view.__closure__ or (), strict=True):
            if name == "request_method_list":
                return set(cell.cell_contents)
        view = getattr(view, "__wrapped__", None)
    return set()


def _views(patterns: list[Any]) -> Iterator[Any]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif isinstance(pattern, URLPattern) and getattr(pattern.callback, "__module__", "").startswith("patron.") and hasattr(pattern.callback, "__code__"):
            yield pattern.callback


def test_every_form_is_walked_here_or_saves_nothing_existing_as_a_whole() -> None:
    forms = {f"{v.__module__}.{v.__qualname__}".removeprefix("patron.") for v in _views(get_resolver().url_patterns) if {"GET", "POST"} <= _methods(v)}
    assert forms == HELD.union(*OTHERS.values())
