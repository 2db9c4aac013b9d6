"""Who gets in, how far, how often; and what a refusal says."""

from __future__ import annotations

import datetime
import http.client
import json
import time
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.utils import timezone

from patron.identity.access import Access
from patron.identity.models import ApiToken, TokenUse
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.setup.domain import tokens
from patron.testing import Scene
from tests.api.conftest import Program, key_of, program_of
from tests.records.making import make


def accounts(scene: Scene, *owners: str) -> list[Any]:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        return [make(registry.get("accounts"), scene.access(), owner=scene.members[name].pk) for name in owners]


def test_without_a_key_in_force_nothing_opens(scene: Scene, dora: Program) -> None:
    from patron.testing import PASSWORD

    signed_in = Client(HTTP_HOST="127.0.0.1")
    signed_in.force_login(scene.users["dora"])
    assert PASSWORD and signed_in.get("/api/v1/me/").status_code == 401
    for key in ("", "x", "patron_", f"patron_{scene.workspace.pk.hex}_{'0' * 48}", f"patron_{uuid.uuid4().hex}_{'0' * 48}", "patron_ü_x", "patron_" + "é" * 40):
        answer = Program(key).get("me/")
        assert answer.status_code == 401 and answer.headers["WWW-Authenticate"].startswith("Bearer"), key
        assert answer.data["code"] == "unauthenticated"
    assert dora.get("me/").data["person"]["name"] == "Dora"


def test_revoked_and_expired_keys_and_people_who_left(scene: Scene) -> None:
    system = Access.system(scene.workspace)
    for ending in ("revoked", "expired", "left"):
        program = program_of(scene, "alice")
        assert program.get("me/").status_code == 200
        with workspace(scene.workspace.pk), operation("test", access=system):
            token = ApiToken.objects.get(hash__isnull=False, name="test", revoked_at=None, member=scene.members["alice"])
            if ending == "revoked":
                tokens.revoke(token, access=system)
            elif ending == "expired":
                ApiToken.objects.filter(pk=token.pk).update(expires_at=timezone.now() - datetime.timedelta(seconds=1), revoked_at=None)
            else:
                type(scene.members["alice"]).objects.filter(pk=scene.members["alice"].pk).update(state="deactivated")
        assert program.get("me/").status_code == 401, ending
        with workspace(scene.workspace.pk), operation("test", access=system):
            ApiToken.objects.filter(pk=token.pk).update(revoked_at=timezone.now())


def test_the_last_use_is_noted_once_a_minute_even_by_refused_requests(scene: Scene, dora: Program) -> None:
    assert dora.post("accounts/", {"name": ""}).status_code == 422
    with workspace(scene.workspace.pk):
        (listed,) = tokens.listed()
        first = TokenUse.objects.get().at
        assert listed.last_used_at == first
    dora.get("me/")
    with workspace(scene.workspace.pk):
        assert TokenUse.objects.get().at == first
        TokenUse.objects.update(at=first - datetime.timedelta(seconds=61))
    dora.get("me/")
    with workspace(scene.workspace.pk):
        assert TokenUse.objects.get().at > first


@pytest.mark.parametrize(("person", "seen"), [("alice", {"alice"}), ("erin", {"alice", "bob"}), ("dora", {"alice", "bob", "charlie"})])
def test_a_key_reaches_what_its_person_reaches(scene: Scene, person: str, seen: set[str]) -> None:
    made = dict(zip(("alice", "bob", "charlie"), accounts(scene, "alice", "bob", "charlie"), strict=True))
    program = program_of(scene, person)
    for owner, record in made.items():
        assert program.get(f"accounts/{record.pk}/").status_code == 200
        assert program.patch(f"accounts/{record.pk}/", {"city": "Ulm"}).status_code == (200 if owner in seen else 403), owner


def test_rows_out_of_scope_are_not_found(scene: Scene) -> None:
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        role = scene.members["alice"].role
        role.matrix = {**role.matrix, "accounts": {"view": "own", "edit": "own"}}
        role.field_rules = {"accounts": {"annual_revenue": "hidden", "city": "read-only"}}
        role.save()
    mine, theirs = accounts(scene, "alice", "charlie")
    alice = program_of(scene, "alice")
    assert [a["id"] for a in alice.get("accounts/").data["data"]] == [str(mine.pk)]
    assert alice.get(f"accounts/{theirs.pk}/").status_code == alice.patch(f"accounts/{theirs.pk}/", {}).status_code == 404
    assert alice.post("accounts/do/archive/", {"ids": [str(theirs.pk), str(mine.pk)]}).data["count"] == 1
    read = alice.get(f"accounts/{mine.pk}/").data
    assert "annual_revenue" not in read and "city" in read
    for name in ("annual_revenue", "city"):
        refused = alice.patch(f"accounts/{mine.pk}/", {name: "1"})
        assert refused.status_code == 422 and refused.data["errors"][0]["field"] == name
    for query in ("fields=annual_revenue", "sort=annual_revenue", "annual_revenue.gt=1", "filter[annual_revenue]=1"):
        assert alice.get(f"accounts/?{query}").status_code == 400, query
    document = alice.get("openapi.json").data
    assert "annual_revenue" not in document["components"]["schemas"]["Accounts"]["properties"]
    assert "city" not in document["components"]["schemas"]["AccountsValues"]["properties"]


def test_scopes_narrow_what_the_person_may_do(scene: Scene) -> None:
    (record,) = accounts(scene, "dora")
    reader = program_of(scene, "dora", "accounts.view")
    assert reader.get(f"accounts/{record.pk}/").status_code == 200
    for answer in (
        reader.patch(f"accounts/{record.pk}/", {"city": "Ulm"}), reader.post("accounts/", {"name": "X"}), reader.delete(f"accounts/{record.pk}/"),
        reader.post(f"accounts/{record.pk}/do/add_note/", {"inputs": {"body": "x"}}), reader.get("contacts/"), reader.get("changes/?types=contacts"),
    ):  # fmt: skip
        assert answer.status_code == 403 and answer.data["code"] == "out-of-scope", answer.content
        assert 'error="insufficient_scope"' in answer.headers["WWW-Authenticate"]
    assert set(reader.get("me/").data["rights"]) == {"accounts"}
    assert "contacts" not in reader.get("").data["types"]
    everything = program_of(scene, "dora", "*.view", "accounts.*")
    assert everything.get("contacts/").status_code == 200
    edited = everything.patch(f"accounts/{record.pk}/", {"city": "Ulm"})
    assert edited.status_code == 200
    assert reader.post(f"operations/{edited.headers['Patron-Operation']}/undo/").status_code == 403
    assert everything.post(f"operations/{edited.headers['Patron-Operation']}/undo/").status_code == 200
    assert program_of(scene, "alice", "*").get("roles/").status_code == 404  # the role's limit, not the key's


def test_the_rate_is_limited_per_key(scene: Scene, settings: Any) -> None:
    settings.PATRON_API_RATE = 3
    program, other = program_of(scene), program_of(scene)
    answers = [program.get("me/") for _i in range(5)]
    assert [a.status_code for a in answers] == [200, 200, 200, 429, 429]
    assert answers[0].headers["RateLimit"].startswith('"key";r=2') and answers[0].headers["RateLimit-Policy"] == '"key";q=3;w=60'
    assert 1 <= int(answers[4].headers["Retry-After"]) <= 21 and answers[4].data["code"] == "too-many"
    assert other.get("me/").status_code == 200


def test_every_refusal_is_a_problem_document(scene: Scene, dora: Program) -> None:
    (record,) = accounts(scene, "dora")
    one = f"accounts/{record.pk}/"
    cases = {
        400: [
            dora.post("accounts/", b"{"), dora.post("accounts/", b"[]"), dora.post("accounts/", b"\xff"), dora.post("accounts/", b'{"name": "\\ud800"}'),
            dora.get("accounts/?nonsense=1"), dora.get("accounts/?limit=0"), dora.get("accounts/?limit=1&limit=2"), dora.get("accounts/?f=%5B"), dora.get(f"{one}?x=1"),
            dora.get("accounts/?after=abc"), dora.get("accounts/?after=WzEyLDVd"), dora.get("accounts/?sort=nope"), dora.get("accounts/?sort=--name"), dora.get("accounts/?sort="), dora.get("accounts/?fields=nope"), dora.get("accounts/?include=name"),
            dora.get("accounts/?fields="), dora.get("accounts/?fields=name,,city"), dora.get("accounts/?include="), dora.get("accounts/?include=owner,"), dora.get(f"{one}?fields="), dora.get(f"{one}?include="),
            dora.get("accounts/?f=" + "%5B" * 3000), dora.get("accounts/?q=%00"), dora.get('accounts/?f=["name","is","\\u0000"]'), dora.get('accounts/?f=["name","is","\\ud800"]'),
            dora.get("accounts/?employees.gt=abc"), dora.get("accounts/?employees.gt=" + "9" * 90), dora.get("accounts/?totals=yes"), dora.get("accounts/?view=x"),
            *(dora.post("accounts/do/archive/", {"filter": ["contacts", "at_least", count]}) for count in ("²", "9" * 5000, "1e5", [1], None)),
        ],
        404: [dora.get("nothing/"), dora.get("accounts"), dora.get(f"accounts/{uuid.uuid4()}/"), dora.get("accounts/by/email/nobody@example.org/"), dora.post(f"{one}do/nothing/"), dora.get(f"operations/{uuid.uuid4()}/")],
        405: [dora.put("accounts/", {}), dora.delete("me/"), dora.call("OPTIONS", "accounts/"), dora.call("TRACE", one), dora.post("activities/", {})],
        406: [dora.get("me/", Accept="text/html"), dora.get("me/", Accept="application/json;q=0")],
        412: [dora.patch(one, {"city": "Ulm"}, If_Match='"99"')],
        413: [dora.post("accounts/", b'{"name": "' + b"x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1) + b'"}')],
        422: [
            dora.post("accounts/", {"name": ""}), dora.post("accounts/", {"name": "A\x00b"}), dora.post("accounts/", {"name": 5}), dora.post("accounts/", {"name": "x" * 10_000}),
            dora.patch(one, {"employees": 1.0}), dora.patch(one, {"employees": 2**31}), dora.patch(one, {"employees": True}), dora.patch(one, {"employees": "5"}),
            dora.patch(one, {"annual_revenue": 12.5}), dora.patch(one, {"annual_revenue": "12.345"}), dora.patch(one, {"annual_revenue": "1" * 30}), dora.patch(one, {"annual_revenue": "1e5"}),
            dora.patch(one, {"country": "germany"}), dora.patch(one, {"country": "XX"}), dora.patch(one, {"website": "javascript:alert(1)"}), dora.patch(one, {"owner": "nobody"}),
            dora.patch(one, {"owner": str(uuid.uuid4())}), dora.patch(one, {"tags": "a"}), dora.patch(one, {"tags": ["a,b"]}), dora.patch(one, {"tags": ["x" * 41]}), dora.patch(one, {"send_invoices": "yes"}),
            dora.patch(one, {"credit_limit_until": "31.12.2026"}), dora.patch(one, {"credit_limit_until": "2026-02-30"}), dora.patch(one, {"id": str(uuid.uuid4())}), dora.patch(one, {"status": "active"}),
        ],
    }  # fmt: skip
    for status, answers in cases.items():
        for number, answer in enumerate(answers):
            assert answer.status_code == status, (status, number, answer.content)
            assert answer.headers["Content-Type"] == "application/problem+json"
            assert answer.data["status"] == status and answer.data["title"] and answer.data["request_id"] == answer.headers["X-Request-Id"]
            assert status != 422 or answer.data["errors"][0]["field"] in answer.wsgi_request.body.decode(), answer.content
    wrong_type = dora.client.post("/api/v1/accounts/", "name=X", content_type="application/x-www-form-urlencoded", headers={"Authorization": f"Bearer {dora.key}"})
    assert wrong_type.status_code == 415


def test_a_fault_of_ours_is_told_without_its_details(scene: Scene, dora: Program, monkeypatch: pytest.MonkeyPatch) -> None:
    from patron.records import changes

    def broken(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError("secret detail")

    monkeypatch.setattr(changes, "create", broken)
    answer = dora.post("accounts/", {"name": "X"})
    assert answer.status_code == 500 and answer.data["code"] == "broken" and b"secret" not in answer.content


def test_no_other_origin_is_let_in(dora: Program) -> None:
    answer = dora.get("me/", Origin="https://evil.example")
    assert not [h for h in answer.headers if h.lower().startswith("access-control")] and "Set-Cookie" not in answer.headers and not answer.cookies


@pytest.mark.parametrize("wanted", ["application/json; charset=utf-8", "Application/JSON", "application/json;version=1", "text/html, */*;q=0.1", "application/*"])
def test_wanting_json_is_wanting_json(dora: Program, wanted: str) -> None:
    assert dora.get("me/", Accept=wanted).status_code == 200


def test_ids_in_capitals_and_weak_tags_mean_the_same(scene: Scene, dora: Program) -> None:
    """.NET writes ids in capitals; a proxy that compresses makes tags weak."""
    (record,) = accounts(scene, "dora")
    where = f"accounts/{str(record.pk).upper()}/"
    tag = dora.get(where).headers["ETag"]
    assert dora.get(where, If_None_Match=f"W/{tag}").status_code == 304
    assert dora.patch(where, {"city": "Ulm"}, If_Match=f"W/{tag}").status_code == 412, "a lost update is refused on the exact tag alone"


def test_a_body_in_chunks_is_read(lasting_scene: Scene, server: str) -> None:
    """Programs that stream what they send name no length: what came would be taken for an empty body."""
    connection = http.client.HTTPConnection(server.removeprefix("http://"), timeout=60)
    headers = {"Authorization": f"Bearer {key_of(lasting_scene)}", "Content-Type": "application/json"}

    def send(body: Iterator[bytes]) -> tuple[int, Any]:
        connection.request("POST", "/api/v1/industries/", body, headers, encode_chunked=True)
        answer = connection.getresponse()
        return answer.status, json.loads(answer.read())

    def slowly() -> Iterator[bytes]:
        yield b'{"name": '
        time.sleep(0.3)  # what comes next is a packet of its own
        yield b'"In chunks"}'

    assert send(slowly())[0] == 201
    assert send(b"x" * 100_000 for _i in range(settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 100_000 + 1))[0] == 413


def test_head_answers_like_get_without_a_body(dora: Program) -> None:
    answer = dora.call("HEAD", "me/")
    assert answer.status_code == 200 and answer.content == b"" and int(answer.headers["Content-Length"]) > 50


HOSTILE = ["'; DROP TABLE customers_account; --", "{{ 7*7 }}", "${jndi:ldap://x}", "=cmd|' /C calc'!A0", "../../etc/passwd", "a\nb" * 2, "%0d%0aSet-Cookie: x=1", "<script>alert(1)</script>", "Robert%00", "\\u0000", "🧨 \u0645\u0631\u062d\u0628\u0627", "%s %d %(x)s", "NULL", "0x41"]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_read_back_unharmed(scene: Scene, dora: Program, text: str) -> None:
    from urllib.parse import quote

    made = dora.post("accounts/", {"name": f"x{text.replace(chr(10), ' ')}", "description": text, "external_id": text.replace("\n", " "), "tags": ["a" + text.replace(",", "").replace("|", "").replace(";", "").replace("\n", "")[:30]]})
    assert made.status_code == 201, made.content
    assert made.data["description"] == text and made.data["name"] == f"x{text.replace(chr(10), ' ')}"
    by_key = dora.get(f"accounts/by/external_id/{quote(text.replace(chr(10), ' '), safe='')}/")
    assert by_key.status_code == 200 and by_key.data == made.data
    found = dora.get(f"accounts/?filter[name]={quote(made.data['name'])}")
    assert [a["id"] for a in found.data["data"]] == [made.data["id"]]
    assert dora.get(f"accounts/?q={quote(text)}").status_code == 200
    condition = ["external_id", "is", text.replace("\n", " ")]
    assert [a["id"] for a in dora.get(f"accounts/?f={quote(json.dumps(condition))}").data["data"]] == [made.data["id"]]
    assert dora.post("accounts/do/archive/", {"filter": condition}).data["count"] == 1


def test_keys_are_kept_as_hashes_alone(scene: Scene) -> None:
    key = key_of(scene)
    with workspace(scene.workspace.pk):
        token = ApiToken.objects.get()
    assert key not in str(token.__dict__) and token.prefix in key
