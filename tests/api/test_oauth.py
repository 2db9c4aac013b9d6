"""OAuth 2 from registration to revocation, over HTTP; and what must not work."""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from patron.api.domain import oauth
from patron.api.models import Application, Grant
from patron.identity.models import ApiToken
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import perform, registry
from patron.testing import Scene
from tests.api.conftest import Program

BACK = "https://app.example.com/done"
VERIFIER = "v" * 50
CHALLENGE = base64.urlsafe_b64encode(hashlib.sha256(VERIFIER.encode()).digest()).decode().rstrip("=")


def client_of(scene: Scene, name: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    client.force_login(scene.users[name])
    return client


@pytest.fixture
def app(scene: Scene) -> Application:
    """Registered on the screen by the administrator."""
    answer = client_of(scene, "dora").post(f"/w/{scene.workspace.slug}/applications/new/?form=all", {"name": "Planner", "redirect_uris": f"{BACK} http://127.0.0.1:8765/cb"})
    assert answer.status_code == 302, answer.content[:500]
    with workspace(scene.workspace.pk):
        return Application.objects.get()


def address(app: Application, **changes: str) -> str:
    asked = {"client_id": oauth.client_id_of(app), "redirect_uri": BACK, "response_type": "code", "code_challenge": CHALLENGE, "code_challenge_method": "S256", "scope": "accounts.view", "state": "s1", **changes}
    return f"/oauth/authorize/?{urlencode({n: v for n, v in asked.items() if v})}"


def answered(scene: Scene, app: Application, decision: str = "allow", person: str = "alice", **changes: str) -> dict[str, str]:
    """What comes back to the program."""
    client = client_of(scene, person)
    place = client.get(address(app, **changes)).headers["Location"]
    assert place.startswith(f"/w/{scene.workspace.slug}/")
    shown = client.get(place)
    answer = client.post(place, {"decision": decision}) if shown.status_code == 200 else shown
    assert answer.status_code == 302, answer.content[:300]
    assert answer.headers["Location"].startswith(BACK)
    return {n: v[0] for n, v in parse_qs(urlsplit(answer.headers["Location"]).query).items()}


def post(app: Application, path: str = "token", **form: str) -> Any:
    return Client(HTTP_HOST="127.0.0.1").post(f"/api/oauth/{path}/", {"client_id": oauth.client_id_of(app), **form})


def tokens(scene: Scene, app: Application, **changes: str) -> dict[str, Any]:
    code = answered(scene, app, **changes)["code"]
    answer = post(app, grant_type="authorization_code", code=code, redirect_uri=BACK, code_verifier=VERIFIER)
    assert answer.status_code == 200 and answer.headers["Cache-Control"] == "no-store", answer.content
    return {**answer.json(), "code": code}


def status(made: dict[str, Any], path: str = "accounts/") -> int:
    return int(Program(made["access_token"]).get(path).status_code)


def test_from_consent_to_refresh_and_revocation(scene: Scene, app: Application) -> None:
    place = client_of(scene, "alice").get(address(app)).headers["Location"]
    page = client_of(scene, "alice").get(place)
    text = page.content.decode()
    assert "Planner" in text and scene.workspace.name in text and "see accounts" in text and "app.example.com" in text
    assert re.search(r"form-action [^;]*https://app\.example\.com", page.headers["Content-Security-Policy"])
    assert answered(scene, app)["state"] == "s1"
    first = tokens(scene, app)
    assert status(first) == 200 and status(first, "contacts/") == 403 and first["scope"] == "accounts.view"
    second = post(app, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert status(first) == 401 and status(second) == 200
    assert post(app, "revoke", token=second["refresh_token"]).status_code == 200
    assert status(second) == 401
    assert post(app, grant_type="refresh_token", refresh_token=second["refresh_token"]).json()["error"] == "invalid_grant"
    assert post(app, "revoke", token="nonsense").status_code == 200


def test_rights_are_the_persons_within_the_scopes(scene: Scene, app: Application) -> None:
    made = tokens(scene, app, scope="*")
    assert Program(made["access_token"]).get("me/").data["person"]["name"] == "Alice"
    assert "deals.*" not in made["scope"] and status(made, "roles/") == 404


def test_unknown_programs_and_addresses_are_never_returned_to(scene: Scene, app: Application) -> None:
    client = client_of(scene, "alice")
    assert client.get("/oauth/authorize/?client_id=nonsense").status_code == 404
    for wrong in ("https://evil.example/done", f"{BACK}/more", BACK + "?x=1", "", "javascript:alert(1)"):
        place = client.get(address(app, redirect_uri=wrong)).headers["Location"]
        shown = client.get(place)
        assert shown.status_code == 400 and "Location" not in shown.headers, wrong
        assert client.post(place, {"decision": "allow"}).status_code == 400
    with workspace(scene.workspace.pk):
        assert not Grant.objects.exists()


@pytest.mark.parametrize(("changes", "error"), [
    ({"code_challenge": ""}, "invalid_request"), ({"code_challenge_method": "plain"}, "invalid_request"), ({"code_challenge": "short"}, "invalid_request"),
    ({"response_type": "token"}, "unsupported_response_type"), ({"scope": "accounts.fly"}, "invalid_scope"),
])  # fmt: skip
def test_what_is_asked_for_wrongly_comes_back_as_an_error(scene: Scene, app: Application, changes: dict[str, str], error: str) -> None:
    back = answered(scene, app, **changes)
    assert back["error"] == error and back["state"] == "s1" and "code" not in back


def test_refusing_gives_nothing(scene: Scene, app: Application) -> None:
    assert answered(scene, app, "deny") == {"error": "access_denied", "state": "s1"}


def test_a_code_works_once_and_its_replay_ends_what_it_led_to(scene: Scene, app: Application) -> None:
    made = tokens(scene, app)
    again = post(app, grant_type="authorization_code", code=made["code"], redirect_uri=BACK, code_verifier=VERIFIER)
    assert again.status_code == 400 and again.json()["error"] == "invalid_grant"
    assert status(made) == 401
    assert post(app, grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400


def test_a_stolen_refresh_token_ends_the_grant(scene: Scene, app: Application) -> None:
    first = tokens(scene, app)
    second = post(app, grant_type="refresh_token", refresh_token=first["refresh_token"]).json()
    assert post(app, grant_type="refresh_token", refresh_token=first["refresh_token"]).status_code == 400
    assert status(second) == 401


def test_codes_are_bound_to_verifier_address_program_and_time(scene: Scene, app: Application) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        other = Application.objects.create(name="Other", redirect_uris=BACK)
    code = answered(scene, app)["code"]
    right = {"grant_type": "authorization_code", "code": code, "redirect_uri": BACK, "code_verifier": VERIFIER}
    for wrong in ({"code_verifier": "w" * 50}, {"code_verifier": ""}, {"redirect_uri": "http://127.0.0.1:8765/cb"}, {"client_id": oauth.client_id_of(other)}, {"code": "patron_x"}, {"grant_type": "password"}):
        assert post(app, **{**right, **wrong}).status_code == 400, wrong
    assert post(app, **{**right, "client_id": "nonsense"}).status_code == 401
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        Grant.objects.update(code_expires_at=timezone.now() - datetime.timedelta(seconds=1))
    assert post(app, **right).status_code == 400


def test_switching_off_and_leaving_end_it(scene: Scene, app: Application) -> None:
    made = tokens(scene, app)
    with workspace(scene.workspace.pk):
        perform.perform(registry.verb("applications", "disable"), registry.get("applications"), app, access=scene.access(), inputs={})
    assert status(made) == 401 and post(app, grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400
    assert client_of(scene, "alice").get(client_of(scene, "alice").get(address(app)).headers["Location"]).status_code == 400


def test_a_key_revoked_in_the_settings_is_not_renewed(scene: Scene, app: Application) -> None:
    made = tokens(scene, app)
    client = client_of(scene, "alice")
    assert "Planner" in client.get(f"/w/{scene.workspace.slug}/settings/keys/").content.decode()
    with workspace(scene.workspace.pk):
        pk = ApiToken.objects.get().pk
    client.post(f"/w/{scene.workspace.slug}/settings/keys/{pk}/revoke/")
    assert status(made) == 401 and post(app, grant_type="refresh_token", refresh_token=made["refresh_token"]).status_code == 400


def test_only_administrators_register_and_addresses_are_checked(scene: Scene) -> None:
    path = f"/w/{scene.workspace.slug}/applications/new/?form=all"
    assert client_of(scene, "alice").post(path, {"name": "X", "redirect_uris": BACK}).status_code in (403, 404, 422)
    for wrong in ("http://example.com/x", "https://x.example/#a", "javascript:alert(1)", "https://*.example/", "nonsense"):
        assert client_of(scene, "dora").post(path, {"name": "X", "redirect_uris": wrong}).status_code == 422, wrong
    with workspace(scene.workspace.pk):
        assert not Application.objects.exists()
