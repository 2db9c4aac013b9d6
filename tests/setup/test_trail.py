"""The screen of the sealed history: its head, the button that verifies, who may."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from patron.kernel.tenancy import workspace
from patron.ledger import checks, sealing
from patron.ledger.models import Check, Head, Seal
from patron.setup.domain import trail
from patron.testing import Scene

As, Url = Callable[..., Any], Callable[..., str]


def seal(scene: Scene) -> str:
    """Inside the test's transaction, whose own operations run still for everybody else: sealed all the same here."""
    with workspace(scene.workspace.pk):
        sealing.seal(2**62)
        return str(Head.objects.get().hash)


@pytest.fixture
def shown(as_: As, url: Url) -> Callable[..., str]:
    def show(data: dict[str, str] | None = None, status: int = 200) -> str:
        client = as_()
        answer = client.get(url("trail")) if data is None else client.post(url("trail"), data, follow=True)
        assert answer.status_code == status
        return re.sub(r"\s+", " ", answer.content.decode())

    return show


def test_before_the_first_block_it_says_what_waits(shown: Callable[..., str]) -> None:
    page = shown()
    assert "Nothing is sealed yet" in page and "waits for the first block" in page.replace("wait for", "waits for") and "Not verified yet." in page
    assert "Verify now" not in page, "there is nothing to verify"


def test_the_head_is_there_to_copy_and_verifies(scene: Scene, shown: Callable[..., str]) -> None:
    own = seal(scene)
    assert f'value="1:{own}"' in shown() and 'data-copy="f-head"' in shown()
    page = shown({"kept": f" 1:{own} "})
    assert "1 block holds" in page and ">Holds<" in page
    with workspace(scene.workspace.pk):
        assert Check.objects.get().what == ""


def test_a_head_that_cannot_be_one_is_said_at_its_field(scene: Scene, shown: Callable[..., str]) -> None:
    seal(scene)
    page = shown({"kept": "12:<b>"}, 422)
    assert "with a colon between them" in page and 'aria-invalid="true"' in page and "12:&lt;b&gt;" in page
    with workspace(scene.workspace.pk):
        assert not Check.objects.exists()


def test_another_head_than_the_chains_is_said(scene: Scene, shown: Callable[..., str]) -> None:
    seal(scene)
    page = shown({"kept": f"1:{'0' * 64}"})
    assert "The history does not hold." in page and "Block 1 has not the expected hash" in page and ">Does not hold<" in page


def test_what_differs_leads_to_the_operation(scene: Scene, shown: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    from patron.ledger.verifying import Break, Verdict

    seal(scene)
    with workspace(scene.workspace.pk):
        operation = Seal.objects.get().operations[0]
    monkeypatch.setattr(checks.verifying, "verify", lambda **_more: Verdict(0, 0, "", Break("changed_operation", 1, operation)))
    page = shown({})
    assert f"Operation {operation} of block 1 was changed." in page and f'/history/{operation}/"' in page


def test_a_long_chain_is_verified_in_the_background(scene: Scene, shown: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    own = seal(scene)
    monkeypatch.setattr(trail, "AT_ONCE", 1)
    assert "You will be told what came of it." in shown({"kept": f"1:{own}"})
    with connection.cursor() as cursor:
        cursor.execute("SELECT args ->> 'kept', args ->> 'member_id' FROM procrastinate_jobs WHERE task_name = 'setup.verify_trail'")
        assert cursor.fetchall() == [(f"1:{own}", str(scene.members["dora"].pk))]


def test_only_administrators_see_it(scene: Scene, as_: As, url: Url) -> None:
    for name in ("alice", "erin", "rita"):
        assert as_(name).get(url("trail")).status_code == 403
        assert as_(name).post(url("trail")).status_code == 403
