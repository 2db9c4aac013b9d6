"""The list of changes, what came in and went out, and one's own profile."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from patron.identity.models import Membership
from patron.kernel.tenancy import workspace
from patron.ledger.models import Operation
from patron.ledger.operations import operation
from patron.setup.domain import journal
from patron.testing import Scene


def test_changes_say_who_did_what_to_which_record(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    where = f"/w/{scene.workspace.slug}/accounts/"
    as_("alice").post(f"{where}new/?form=all", {"name": "Brightwater"})
    page = as_().get(url("changes")).content.decode()
    assert "<b>Alice</b> created the account" in page
    assert ">Brightwater</a>" in page
    as_().get(f"{where}export/")
    assert "exported accounts" in as_().get(url("changes")).content.decode()


def test_changes_are_narrowed_by_person_verb_and_day(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    where = f"/w/{scene.workspace.slug}/accounts/new/?form=all"
    as_("alice").post(where, {"name": "Made by Alice"})
    as_().post(where, {"name": "Made by Dora"})
    alice = f"?person={scene.members['alice'].pk}"
    page = as_().get(url("changes") + alice).content.decode()
    assert "Made by Alice" in page
    assert "Made by Dora" not in page
    assert "Made by Alice" in as_().get(url("changes") + alice + "&verb=accounts.create").content.decode()
    assert "Nothing matches" in as_().get(url("changes") + alice + "&verb=accounts.archive").content.decode()
    today = scene.access().today()
    assert "Made by Alice" in as_().get(url("changes") + f"?day={today}").content.decode()
    assert "Nothing matches" in as_().get(url("changes") + f"?day={today - datetime.timedelta(days=2)}").content.decode()
    assert as_().get(url("changes") + "?day=yesterday&person=x").status_code == 400


def test_undo_from_the_list(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    as_("alice").post(f"/w/{scene.workspace.slug}/accounts/new/?form=all", {"name": "A mistake"})
    with workspace(scene.workspace.pk):
        signed = Operation.objects.get(verb="accounts.create")
    page = as_().get(url("changes")).content.decode()
    assert f"/history/{signed.pk}/undo/" in page
    as_().post(f"/w/{scene.workspace.slug}/history/{signed.pk}/undo/")
    page = as_().get(url("changes")).content.decode()
    assert f"/history/{signed.pk}/undo/" not in page
    assert "Undone" in page
    assert "undid" in as_().get(url("data")).content.decode()


def test_list_pages_without_loss_in_a_constant_number_of_queries(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    with workspace(scene.workspace.pk):
        for i in range(120):
            with operation("accounts.export", access=scene.access(), details={"rows": i}):
                pass
        everything = set(Operation.objects.values_list("pk", flat=True))
        seen: list[Any] = []
        after = ""
        while True:
            rows, after = journal.page(journal.found(journal.Filter(), scene.access()), after)
            seen += [r.pk for r in rows]
            if not after:
                break
    assert len(seen) == len(set(seen))
    assert set(seen) == everything
    client = as_()
    client.get(url("changes"))
    with CaptureQueriesContext(connection) as queries:
        client.get(url("changes"))
    assert len(queries) < 25


def test_times_are_the_workspaces_own(scene: Scene) -> None:
    """A day begins at midnight in the reader's zone, not at Greenwich."""
    with workspace(scene.workspace.pk):
        with operation("test.midnight", access=scene.access()):
            pass
        signed = Operation.objects.get(verb="test.midnight")
        local = signed.at.astimezone(scene.access().zone).date()
        assert journal.found(journal.Filter(day=local), scene.access()).filter(pk=signed.pk).exists()
        assert timezone.is_aware(signed.at)


# --- Profile ----------------------------------------------------------------------------------------------------------

GIVEN = {"name": "Alice Ash", "title": "Sales", "phone": "+49 30 1234567", "locale": "de", "time_zone": "Asia/Tokyo", "theme": "dark", "density": "compact", "single_keys": ""}


def test_everybody_keeps_their_own_profile(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_("alice")
    assert client.post(url("profile"), GIVEN).status_code == 302
    with workspace(scene.workspace.pk):
        kept = Membership.objects.get(pk=scene.members["alice"].pk)
        assert (kept.name, kept.title, kept.phone) == ("Alice Ash", "Sales", "+49301234567")
        access = scene.access("alice")
        signed = Operation.objects.get(verb="people.profile")
    assert (access.locale, str(access.zone), access.preferences["theme"], access.preferences["single_keys"]) == ("de", "Asia/Tokyo", "dark", False)
    page = client.get(url("profile")).content.decode()
    assert 'data-theme="dark" data-density="compact" data-single-keys="off"' in page
    assert str(signed.pk) in page
    client.post(f"/w/{scene.workspace.slug}/history/{signed.pk}/undo/")
    with workspace(scene.workspace.pk):
        back = Membership.objects.get(pk=scene.members["alice"].pk)
    assert (back.name, back.preferences) == ("Alice", {})


def test_preferences_go_back_to_the_workspaces_own(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    client = as_("alice")
    client.post(url("profile"), GIVEN)
    client.post(url("profile"), {**GIVEN, "locale": "workspace", "time_zone": "workspace"})
    with workspace(scene.workspace.pk):
        access = scene.access("alice")
    assert (access.locale, str(access.zone)) == (scene.workspace.language, scene.workspace.time_zone)


def test_profile_says_what_is_wrong(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    for field, value in (("name", " "), ("phone", "x"), ("time_zone", "Mars/Base"), ("theme", "pink")):
        answer = as_("alice").post(url("profile"), {**GIVEN, field: value})
        assert answer.status_code == 422, field
        assert f'id="e-{field}"' in answer.content.decode()
    with workspace(scene.workspace.pk):
        assert Membership.objects.get(pk=scene.members["alice"].pk).name == "Alice"


def test_profile_cannot_raise_rights(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    as_("alice").post(url("profile"), {**GIVEN, "role": "administrator", "state": "active", "manager": str(scene.members["dora"].pk)})
    with workspace(scene.workspace.pk):
        kept = Membership.objects.select_related("role").get(pk=scene.members["alice"].pk)
    assert (kept.role.key, kept.manager_id) == ("sales-agent", None)


def test_security_page_shows_own_devices(scene: Scene, as_: Callable[..., Any], url: Callable[..., str]) -> None:
    page = as_("alice").get(url("security")).content.decode()
    assert "A passkey is safer" in page
    assert scene.users["alice"].email in page
