"""The page of the account tree: what it shows, to whom."""

from __future__ import annotations

import pytest
from django.test import Client

from patron.customers.models import Account
from patron.testing import Scene, make_workspace, open_workspace


def client_of(scene: Scene, name: str = "dora") -> Client:
    client = Client()
    client.force_login(scene.users[name])
    return client


@pytest.fixture
def trees(scene: Scene) -> dict[str, Account]:
    with open_workspace(scene):
        top = Account.objects.create(name="Globex <Group>")
        return {"top": top, "leaf": Account.objects.create(name="Globex Leeds", parent=top), "alone": Account.objects.create(name="Initech")}


def address(scene: Scene, query: str = "") -> str:
    return f"/w/{scene.workspace.slug}/accounts/tree/{query}"


def test_page_shows_trees_and_leaves_single_accounts_to_the_list(scene: Scene, trees: dict[str, Account]) -> None:
    answer = client_of(scene).get(address(scene))
    text = answer.content.decode()
    assert answer.status_code == 200
    assert "Globex &lt;Group&gt;" in text and "Globex Leeds" in text and "1 branch" in text
    assert "Initech" not in text


def test_page_of_one_account_shows_it_even_alone(scene: Scene, trees: dict[str, Account]) -> None:
    text = client_of(scene).get(address(scene, f"?of={trees['alone'].pk}")).content.decode()
    assert "Initech" in text and "Globex Leeds" not in text


def test_empty_page_says_what_to_do(scene: Scene) -> None:
    assert "Give an account a parent" in client_of(scene).get(address(scene)).content.decode()


@pytest.mark.parametrize("query", ["?of=nonsense", "?of=00000000-0000-4000-8000-000000000001", "?after=nonsense"])
def test_what_is_not_there_is_not_found(scene: Scene, query: str) -> None:
    assert client_of(scene).get(address(scene, query)).status_code == 404


def test_another_workspace_is_not_found(scene: Scene, trees: dict[str, Account]) -> None:
    other = make_workspace()
    assert client_of(other).get(address(scene)).status_code == 404
    assert client_of(other).get(address(other, f"?of={trees['top'].pk}")).status_code == 404


def test_page_is_only_read(scene: Scene) -> None:
    assert client_of(scene).post(address(scene)).status_code == 405


@pytest.mark.parametrize("name", ["top", "leaf", "alone"])
def test_record_page_shows_the_sections_of_customers(scene: Scene, trees: dict[str, Account], name: str) -> None:
    answer = client_of(scene).get(f"/w/{scene.workspace.slug}/accounts/{trees[name].pk}/")
    assert answer.status_code == 200
    assert ("All branches" in answer.content.decode()) == (name == "top")
