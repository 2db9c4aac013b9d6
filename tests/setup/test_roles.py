"""Roles: the matrix, rules for fields, copies, who loses what; and the page that explains it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest

from patron.identity.models import Membership, Role
from patron.identity.roles import SHIPPED
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.undo import undo
from patron.records import registry
from patron.setup.domain import roles
from patron.testing import Scene


def role(scene: Scene, key: str = "sales-agent") -> Role:
    with workspace(scene.workspace.pk):
        return Role.objects.get(key=key)


def form_of(html: str) -> dict[str, str]:
    """What the editor's form would send as it stands."""
    form = html[html.index('id="role"') : html.index("</form>", html.index('id="role"'))]
    data = dict(re.findall(r'<input type="hidden" name="(seen)" value="([^"]*)"', form))
    data.update(re.findall(r'name="(name|description)"[^>]*?value="([^"]*)"', form))
    data.update((n, v) for v, n in re.findall(r'value="([^"]*)" id="f-(name|description)" name', form))
    for name, body in re.findall(r'<select class="input" name="([^"]+)"[^>]*>(.*?)</select>', form, re.DOTALL):
        chosen = re.search(r'<option value="(\w*)" selected', body)
        data[name] = chosen[1] if chosen else ""
    data.update(dict.fromkeys(re.findall(r'name="(own-[\w-]+)" value="1" checked', form), "1"))
    if re.search(r'name="manages"[^>]*checked', form):
        data["manages"] = "true"
    return data


@pytest.mark.parametrize("key", [shipped.key for shipped in SHIPPED])
def test_saving_without_a_change_changes_no_right(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], key: str) -> None:
    before = role(scene, key)
    data = form_of(as_().get(url("roles", before.pk)).content.decode())
    as_().post(url("roles", before.pk), {**data, "name": before.name, "description": before.description})
    after = role(scene, key)
    for record_type in registry.all_types():
        for action in roles.actions_of(record_type.key):
            old, new = (roles.reach(m.get(record_type.key, m.get("*", {})).get(action, ""), action, roles.shape(record_type)) for m in (before.matrix, after.matrix))
            assert old == new, (record_type.key, action)
    assert ("edit" in before.matrix.get("settings", {})) == ("edit" in after.matrix.get("settings", {}))


def test_change_holds_from_the_next_click_and_is_undone(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    made("accounts", owner=scene.members["charlie"].pk, name="Theirs")
    listed = f"/w/{scene.workspace.slug}/accounts/"
    assert "Theirs" in as_("alice").get(listed).content.decode()
    found = role(scene)
    data = form_of(as_().get(url("roles", found.pk)).content.decode())
    change = {"name": found.name, "own-accounts": "1", "accounts:view": "own", "accounts:create": "all"}
    assert as_().post(url("roles", found.pk), {**data, **change}).status_code == 302
    assert role(scene).matrix["accounts"]["view"] == "own"
    assert "Theirs" not in as_("alice").get(listed).content.decode()
    page = as_().get(url("roles", found.pk)).content.decode()
    assert "Accounts: See" in page, "history in words"
    with workspace(scene.workspace.pk):
        undo(Operation.objects.get(verb="roles.edit").pk, access=scene.access())
    assert "Theirs" in as_("alice").get(listed).content.decode()


def test_line_without_its_tick_follows_everything_else(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    found = role(scene)
    data = form_of(as_().get(url("roles", found.pk)).content.decode())
    data.pop("own-deals")
    as_().post(url("roles", found.pk), {**data, "name": found.name, "deals:view": "own"})
    assert "deals" not in role(scene).matrix


def test_second_editor_is_told(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    found = role(scene)
    data = form_of(as_().get(url("roles", found.pk)).content.decode())
    as_().post(url("roles", found.pk), {**data, "name": "First"})
    late = as_().post(url("roles", found.pk), {**data, "name": "Second"})
    assert late.status_code == 409
    assert "Dora changed this at" in late.content.decode()
    assert role(scene).name == "First"


def test_own_role_keeps_the_settings(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    boss = role(scene, "administrator")
    data = form_of(as_().get(url("roles", boss.pk)).content.decode())
    assert data.pop("manages") == "true"
    refused = as_().post(url("roles", boss.pk), {**data, "name": boss.name})
    assert refused.status_code == 422
    assert "you would lock yourself out" in refused.content.decode()
    assert roles.manages(role(scene, "administrator"))


def test_name_is_needed_and_taken_once(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    found = role(scene)
    data = form_of(as_().get(url("roles", found.pk)).content.decode())
    empty = as_().post(url("roles", found.pk), {**data, "name": " "})
    assert empty.status_code == 422
    assert "Enter a name for the role." in empty.content.decode()
    taken = as_().post(url("roles", found.pk), {**data, "name": "manager"})
    assert taken.status_code == 422
    assert "has this name already" in taken.content.decode()


def test_copy_has_the_rights_without_the_settings(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    boss = role(scene, "administrator")
    assert "Copy of Administrator" in as_(hx=True).get(url("roles", "new") + f"?like={boss.pk}").content.decode()
    answer = as_().post(url("roles", "new") + f"?like={boss.pk}", {"name": "Almost", "description": "All but settings"})
    with workspace(scene.workspace.pk):
        copy = Role.objects.get(name="Almost")
    assert answer.url == url("roles", copy.pk)
    assert copy.matrix == {**boss.matrix, "settings": {}}
    assert copy.key == ""
    assert as_().post(url("roles", "new"), {"name": ""}).status_code == 422


def test_role_that_somebody_has_is_not_deleted(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    refused = as_().post(url("roles", role(scene).pk, "delete"))
    assert refused.status_code == 422
    assert "3 people have this role" in refused.content.decode()
    free = role(scene, "consultant")
    assert as_().post(url("roles", free.pk, "delete")).url == url("roles")
    with workspace(scene.workspace.pk):
        assert not Role.objects.filter(pk=free.pk).exists()
        undo(Operation.objects.get(verb="roles.delete").pk, access=scene.access())
        assert Role.objects.get(pk=free.pk).matrix == free.matrix


def test_rules_for_fields(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    found = role(scene)
    where = url("roles", found.pk, "fields", "accounts")
    assert "Annual revenue" in as_(hx=True).get(where).content.decode()
    assert as_(hx=True).post(where, {"annual_revenue": "hidden", "website": "read-only", "name": "hidden", "phone": ""}).status_code == 204
    assert role(scene).field_rules == {"accounts": {"annual_revenue": "hidden", "website": "read-only"}}
    assert "2 rules" in as_().get(url("roles", found.pk)).content.decode()
    as_(hx=True).post(where, {})
    assert role(scene).field_rules == {}


def test_pages_of_unknown_roles_and_types_are_not_found(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    assert as_().get(url("roles", scene.members["alice"].pk)).status_code == 404
    assert as_().get(url("roles", role(scene).pk, "fields", "nonsense")).status_code == 404


# --- Why somebody sees something, or not --------------------------------------------------------------------------------


def ask(as_: Callable[..., Any], url: Callable[..., str], scene: Scene, who: str, record: Any = None, key: str = "deals", by: str = "dora") -> str:
    query = f"?person={scene.members[who].pk}&type={key}" + (f"&record=http://x/w/{scene.workspace.slug}/{key}/{record.pk}/" if record else "")
    return str(as_(by).get(url("rights") + query).content.decode())


def test_explains_the_line_of_the_role(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    page = ask(as_, url, scene, "alice")
    assert "Their own and their team&#39;s deals" in page
    assert "The role “Sales agent” says “Team” for “Deals”." in page
    page = ask(as_, url, scene, "alice", key="accounts")
    assert "says “All” for “Everything else”." in page


def test_explains_the_team(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    page = ask(as_, url, scene, "erin")
    assert "in North, which they lead" in page
    assert "both in North" in ask(as_, url, scene, "alice")
    assert "no team in common" in ask(as_, url, scene, "charlie")


@pytest.mark.parametrize("who", ["alice", "bob", "charlie", "dora", "erin", "rita"])
@pytest.mark.parametrize("owner", ["alice", "charlie"])
def test_answer_about_a_record_is_what_the_doors_do(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any], who: str, owner: str) -> None:
    deal = made("deals", owner=scene.members[owner].pk)
    page = ask(as_, url, scene, who, deal)
    said = {label: "is-good" in cell for label, cell in re.findall(r'<th scope="row">(\w+)</th><td>(.*?)</td>', page)}
    where = f"/w/{scene.workspace.slug}/deals/{deal.pk}/"
    assert said["See"] == (as_(who).get(where).status_code == 200)
    assert said["Edit"] == (as_(who).get(f"{where}edit/").status_code == 200)
    assert said["Delete"] == (as_(who).get(f"{where}do/delete/").status_code == 200)
    if owner == "charlie" and who == "alice":
        assert "It belongs to Charlie." in page


def test_asking_about_oneself_tells_nothing_that_one_may_not_see(scene: Scene, as_: Callable[..., Any], url: Callable[..., str], made: Callable[..., Any]) -> None:
    hidden = made("deals", owner=scene.members["charlie"].pk, name="Secret deal")
    query = f"?type=deals&record=/w/{scene.workspace.slug}/deals/{hidden.pk}/&person={scene.members['charlie'].pk}"
    page = as_("alice").get(url("rights", "mine") + query).content.decode()
    assert "not among those that you may see" in page
    assert "Secret deal" not in page
    assert "Alice and deals" in page, "the person in the address is ignored"
    assert as_("alice").get(url("rights")).status_code == 403
    assert "Paste the address" in as_().get(url("rights") + f"?person={scene.members['bob'].pk}&record=nonsense").content.decode()


def test_people_who_cannot_get_in_are_explained_too(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    as_().post(f"/w/{scene.workspace.slug}/people/{scene.members['bob'].pk}/do/deactivate/")
    assert "Bob is deactivated and cannot get in at all." in ask(as_, url, scene, "bob")
    with workspace(scene.workspace.pk):
        assert Membership.objects.get(pk=scene.members["bob"].pk).state == "deactivated"


def test_rights_that_only_one_type_has_are_shown_changed_and_told(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    found = role(scene, "manager")
    page = as_().get(url("roles", found.pk)).content.decode()
    assert "Skip what a stage needs" in page
    data = {**form_of(page), "name": found.name}
    assert data["deals:override"] == "team" and "accounts:override" not in data
    as_().post(url("roles", found.pk), {**data, "deals:override": ""})
    assert "override" not in role(scene, "manager").matrix["deals"]
    page = as_().get(url("roles", found.pk)).content.decode()
    assert "Deals: Skip what a stage needs" in page, "history in words"
    as_().post(url("roles", found.pk), {**form_of(page), "name": found.name, "deals:override": "all"})
    assert role(scene, "manager").matrix["deals"]["override"] == "all"


def test_the_page_of_rights_says_who_may_skip_what_a_stage_needs(scene: Scene) -> None:
    from patron.setup.domain import rights

    with workspace(scene.workspace.pk):
        told = {a.action: a.scope for a in rights.answers(scene.access("erin"), registry.get("deals"))}
        assert told["override"] == ("team" if scene.members["erin"].role.key == "manager" else "")
        assert "override" not in {a.action for a in rights.answers(scene.access("erin"), registry.get("accounts"))}
