"""The typed client in clients/python: current, and used against a served Patron."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from patron.testing import Scene
from tests.api.conftest import key_of
from tests.config.test_faults import wait_for

ROOT = Path(__file__).resolve().parents[2]


def test_it_is_what_the_generator_writes() -> None:
    answer = subprocess.run([sys.executable, str(ROOT / "tools" / "client.py"), "--check"], capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_records_verbs_paging_and_refusals(server: str, lasting_scene: Scene, client_package: Any) -> None:
    patron = client_package.Patron(server, key_of(lasting_scene))
    assert patron.me()["person"]["name"] == "Dora"

    made = [patron.leads.create({"last_name": f"Kern {i}", "company": "Kern AG", "city": "Ulm"}) for i in range(3)]
    assert [r["last_name"] for r in patron.leads.iterate(filter=["city", "is", "Ulm"], sort="last_name", limit=2)] == ["Kern 0", "Kern 1", "Kern 2"]
    page = patron.leads.list(filter=["city", "is", "Ulm"], limit=2, fields=["last_name"], include=["owner"], totals=True)
    assert page.next and page.totals["count"] == 3 and set(page.included) == {"people"}

    lead = patron.leads.edit(made[0]["id"], {"city": "Trier"}, revision=made[0]["revision"])
    with pytest.raises(client_package.Stale) as stale:
        patron.leads.edit(lead["id"], {"city": "Bonn"}, revision=made[0]["revision"])
    assert stale.value.current["city"] == "Trier"
    with pytest.raises(client_package.Invalid) as invalid:
        patron.leads.create({"nonsense": 1})
    assert "nonsense" in invalid.value.errors and invalid.value.code == "invalid" and invalid.value.request_id

    done = patron.leads.rate(lead["id"], rating="good", why="They called")
    assert done.record["rating"] == "good" and patron.operation(done.operation)["reason"] == "They called"
    patron.undo(done.operation)
    assert patron.leads.get(lead["id"])["rating"] == lead["rating"]
    assert patron.leads.tag_many(ids=[m["id"] for m in made], tags=["new"]).count == 3
    assert patron.leads.bulk([{"do": "update", "id": made[1]["id"], "values": {"city": "Köln"}}])["done"] == 1

    first, new = patron.accounts.upsert("external_id", "erp/1", {"name": "Acme"})
    again, newer = patron.accounts.upsert("external_id", "erp/1", {"name": "Acme AG"})
    assert new and not newer and again["id"] == first["id"] and patron.accounts.find("external_id", "erp/1")["name"] == "Acme AG"
    gone = patron.accounts.delete(first["id"])
    with pytest.raises(client_package.NotFound):
        patron.accounts.get(first["id"])
    wait_for(lambda: any(c["operation"]["id"] == gone and c["action"] == "deleted" for c in patron.changes(types=["accounts"])))  # once older transactions have ended
    with pytest.raises(client_package.Unauthenticated):
        client_package.Patron(server, "patron_x").me()


def test_a_write_that_is_sent_again_is_done_once(server: str, lasting_scene: Scene, client_package: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    from patron_client import core

    patron = client_package.Patron(server, key_of(lasting_scene))
    really, lost = core.Transport._once, []

    def lossy(self: Any, method: str, address: str, raw: bytes | None, headers: dict[str, str]) -> Any:
        answer = really(self, method, address, raw, headers)
        if method == "POST" and not lost:
            lost.append(answer)
            raise ConnectionResetError("the answer got lost")
        return answer

    monkeypatch.setattr(core.Transport, "_once", lossy)
    made = patron.accounts.create({"name": "Once"})
    assert lost and made["id"] == lost[0].data["id"]
    assert len(patron.accounts.list(filter=["name", "is", "Once"]).data) == 1
    patron.transport.retries, patron.transport.url = 0, "http://127.0.0.1:9"
    with pytest.raises(client_package.Unreachable):
        patron.me()
