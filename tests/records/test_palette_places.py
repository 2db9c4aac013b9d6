"""Ctrl-K as somebody types who knows where to go: what is typed out stands first, before records that have the words."""

import re

from django.test import Client

from patron.records import registry
from patron.testing import Scene, open_workspace
from tests.identity.test_permission_matrix import address, client_of
from tests.records.making import make


def offered(browser: Client, scene: Scene, words: str) -> list[str]:
    text = browser.get(address(scene, "search"), {"q": words}).text
    return [re.sub(r"<[^>]+>", "", label) for label in re.findall(r'<li><a class="link" href="[^"]*">(.*?)</a>', text)]


def test_a_command_that_is_typed_out_comes_before_records_with_its_words(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make(registry.get("accounts"), access, name="New Account Builders")
    browser = client_of(scene, "dora")
    assert offered(browser, scene, "new account")[:2] == ["New account", "New Account Builders"]
    assert offered(browser, scene, "new acc")[0] == "New account"
    assert offered(browser, scene, "new")[0] == "New Account Builders"


def test_every_page_of_the_sidebar_and_boards_and_trees_are_found(scene: Scene) -> None:
    browser = client_of(scene, "dora")
    for place in ("Home", "Inbox", "Dashboards", "Reports", "Duplicates", "Accounts", "Deals: board", "Accounts: tree", "Settings"):
        assert offered(browser, scene, place.lower())[:1] == [place]
    assert "Inbox" not in offered(browser, scene, "")
