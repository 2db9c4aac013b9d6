"""The four steps in the browser, without script."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from patron.kernel.tenancy import workspace
from patron.records.import_models import Import
from patron.sales.models import Lead
from patron.testing import Scene
from tests.records.import_kit import inside, table

FILE = table(
    ("First name", "Last name", "Company", "E-mail", "Lead source", "Land"),
    ("Ann", "Lee", "Globex", "ann@globex.example", "Phone", "Germany"),
    ("Bo", "Ek", "Initech", "bo@initech.example", "Radio", "Germny"),
    ("Cy", "Fox", "Hooli", "not an address", "Phone", ""),
)


@pytest.fixture
def client(scene: Scene) -> Client:
    with inside(scene):
        pass
    found = Client()
    found.force_login(scene.users["dora"])
    return found


def upload(client: Client, scene: Scene, content: bytes = FILE, name: str = "leads.csv", kind: str = "leads") -> str:
    """Upload a file; answers the address of the mapping page."""
    data = {"type": kind, "file": SimpleUploadedFile(name, content)}
    answer = client.post(f"/w/{scene.workspace.slug}/import/", data)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def fields_of(page: str) -> dict[str, str]:
    """What the mapping page has chosen: name of the control -> value."""
    found = {}
    for select in re.finditer(r'<select class="input"[^>]*name="([^"]+)".*?</select>', page, re.DOTALL):
        chosen = re.search(r'<option value="([^"]*)" selected', select[0])
        found[select[1]] = chosen[1] if chosen else ""
    for hidden in re.finditer(r'<input type="hidden" name="(drawn-\d+)" value="([^"]*)"', page):
        found[hidden[1]] = hidden[2]
    return found


def test_from_file_to_records_and_back(client: Client, scene: Scene) -> None:
    address = upload(client, scene)
    page = client.get(address).content.decode()
    form = fields_of(page)
    assert [form[f"field-{i}"] for i in range(6)] == ["first_name", "last_name", "company", "email", "source", "country"]
    assert "Germny" in page
    assert 'value="Germany"' in page  # proposed instead
    answer = client.post(address, {**form, "key": "email", "existing": "overwrite", "wrong-5": "Germny", "right-5": "Germany", "create-4": "true", "step": "check"})
    assert answer.status_code == 302, answer.content.decode()
    review = client.get(answer.headers["Location"]).content.decode()
    assert "Import 2 rows" in review
    assert "is not an e-mail address" in review
    run = address.replace("/map/", "/run/")
    answer = client.post(run)
    assert answer.headers["Location"] == run
    result = client.get(run).content.decode()
    assert "2 records were written" in result
    with workspace(scene.workspace.pk):
        assert Lead.objects.count() == 2
        assert Lead.objects.get(first_name="Bo").source.name == "Radio"
    rows = b"".join(client.get(address.replace("/map/", "/left-out.csv")).streaming_content).decode("utf-8-sig")
    assert rows.splitlines()[1].startswith("Cy,Fox,Hooli,not an address,Phone,")
    client.post(address.replace("/map/", "/undo/"))
    with workspace(scene.workspace.pk):
        assert Lead.objects.count() == 0
        assert Import.objects.get().state == "undone"
    assert "was undone" in client.get(run).content.decode()


def test_files_that_are_none_are_refused_in_words(client: Client, scene: Scene) -> None:
    for name, content, words in (("a.pdf", b"%PDF-1.7 abc", "PDF"), ("a.csv", b"", "empty"), ("a.zip", b"PK\x03\x04xx", "damaged")):
        answer = client.post(f"/w/{scene.workspace.slug}/import/", {"type": "leads", "file": SimpleUploadedFile(name, content)})
        assert answer.status_code == 422
        assert words in answer.content.decode()
    assert client.post(f"/w/{scene.workspace.slug}/import/", {"type": "leads"}).status_code == 422


def test_who_may_not_import_finds_nothing(client: Client, scene: Scene) -> None:
    address = upload(client, scene)
    client.force_login(scene.users["alice"])
    for step in ("map", "check", "run"):
        assert client.get(address.replace("/map/", f"/{step}/")).status_code == 404
    assert client.get(f"/w/{scene.workspace.slug}/import/").status_code == 404


def test_a_manager_sees_only_own_imports(client: Client, scene: Scene) -> None:
    address = upload(client, scene)
    client.force_login(scene.users["erin"])
    assert client.get(address).status_code == 404
    assert "leads.csv" not in client.get(f"/w/{scene.workspace.slug}/import/").content.decode()


def test_choosing_another_field_draws_its_options(client: Client, scene: Scene) -> None:
    address = upload(client, scene)
    form = fields_of(client.get(address).content.decode())
    page = client.post(address, {**form, "field-2": "owner", "step": "look"}, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in page
    assert "Find people by" in page
    assert "Find people by" not in client.get(address).content.decode(), "before it is chosen"


def test_the_file_can_be_read_another_way(client: Client, scene: Scene) -> None:
    address = upload(client, scene, b"a;b|c\n1;2|3\n4;5|6\n")
    client.post(address, {"step": "reread", "delimiter": "|", "header": "yes"})
    with workspace(scene.workspace.pk):
        assert [c["name"] for c in Import.objects.get().source["columns"]] == ["a;b", "c"]
    assert client.post(address, {"step": "reread", "encoding": "nonsense"}).status_code == 422
