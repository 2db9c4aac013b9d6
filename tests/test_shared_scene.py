"""The workspace that tests share: each of them gets it as new, whatever the one before did to it."""

from __future__ import annotations

import pytest
from django.contrib.auth.hashers import identify_hasher

from patron.identity.models import Team
from patron.ledger.models import Operation
from patron.records import registry
from patron.testing import Scene, make_workspace, open_workspace
from tests.records.test_own_fields import make_field


@pytest.mark.parametrize("turn", ["first", "second"])
def test_each_test_gets_the_workspace_as_new(scene: Scene, turn: str) -> None:
    assert scene.users["alice"].name == "Alice"
    with open_workspace(scene) as access:
        assert Team.objects.count() == 2
        assert Operation.objects.filter(verb="test").count() == 1, "only the one that is open"
        assert [n for n in registry.get("accounts").fields if n.startswith("x_")] == []
        make_field(access, turn, "text")
    with open_workspace(scene) as access:  # read anew, and kept for this version of the workspace's fields
        assert [n for n in registry.get("accounts").fields if n.startswith("x_")] == [f"x_{turn}"]
        scene.users["alice"].name = "Changed"
        Team.objects.create(name=f"Of the {turn}")


def test_passwords_are_hashed_as_ever_with_less_work(db: None) -> None:
    stored = make_workspace(password="x" * 12).users["dora"].password
    assert identify_hasher(stored).algorithm == "argon2" and "t=1,p=1" in stored
