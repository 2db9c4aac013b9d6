"""Files in own fields at the doors for many records: imports, exports, lists, filters, programs, messages, reports."""

from __future__ import annotations

import csv
import io
import json
import os
import uuid
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from django.conf import settings
from django.core.files.storage import default_storage
from django.db import connection

from patron.automation import payload
from patron.collab.domain import contents, giving
from patron.collab.models import Attachment
from patron.config import libpq
from patron.config.database import parse
from patron.identity.access import Access
from patron.identity.models import Workspace
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import filters, registry, search
from patron.records.archive import whole
from patron.records.import_models import ImportRow
from patron.records.imports import several
from patron.records.kinds import View
from patron.records.listing import Lister, ListState
from patron.records.transfer import export
from patron.testing import Scene, make_workspace, open_workspace
from tests.api.conftest import Program, program_of
from tests.collab.file_kit import PDF, browser, content_url, make_field, names, sent, stored, upload
from tests.records.import_kit import inside
from tests.records.test_own_fields import account, view_for
from tests.reports.conftest import figures, listed, report

pytestmark = pytest.mark.usefixtures("storage")


def brought(view: View, **files: bytes | str) -> Any:
    """An import of a ZIP, applied: the group."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    return several.apply(several.check(several.start([("all.zip", out)], view, "accounts"), view), view)


def test_a_zip_fills_a_field_of_files_by_the_rules_of_the_field(scene: Scene) -> None:
    table = "external id,name,contract,drawings\n1,One Ltd,docs/one.pdf,a.txt; b.txt\n2,Two Ltd,none.pdf,\n3,Three Ltd,,a.txt\n4,Four Ltd,docs/one.pdf;a.txt,\n"
    with inside(scene) as view:
        make_field(view.access, required=True)
        make_field(view.access, "drawings", several=True)
        first = brought(view, **{"accounts.csv": table, "docs/one.pdf": PDF, "docs/a.txt": b"a", "docs/b.txt": b"b"})
        (item,) = several.items_of(first)
        told = {row.line: [p["message"] for p in row.problems] for row in ImportRow.objects.filter(import_id=item.pk, action="error")}
        assert told == {3: ["There is no file “none.pdf”."], 4: ["Enter a value for “Contract”."], 5: ["There is room for one file in “Contract”."]}
        accounts = registry.get("accounts").model.objects
        one = accounts.get(name="One Ltd")
        assert [len(one.custom[key]) for key in ("contract", "drawings")] == [1, 2]
        assert names(scene) == [("a.txt", "drawings"), ("b.txt", "drawings"), ("one.pdf", "contract")]
        again = "external id,name,contract,drawings\n1,One Ltd,new.pdf,a.txt; c.txt\n"
        second = brought(view, **{"accounts.csv": again, "docs/new.pdf": b"%PDF-2", "docs/a.txt": b"a", "docs/c.txt": b"c"})
        assert [name for name, _field in names(scene)] == ["a.txt", "b.txt", "c.txt", "new.pdf"]
        several.undo(second, view)
        assert accounts.get(name="One Ltd").custom == one.custom and len(names(scene)) == 3
        several.undo(first, view)
        assert not accounts.exists() and not Attachment.objects.exists()


def test_lists_filters_and_exports_tell_names(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        make_field(access, "drawings", several=True)
        accounts, view = registry.get("accounts"), view_for(access)
        one = account(access, "One", x_contract=[upload("Ängebot.pdf")], x_drawings=[upload("a.txt"), upload("b.txt")])
        two = account(access, "Two", x_drawings=[upload("b.txt")])
        listing = Lister(accounts, view, ListState(columns=("name", "x_contract", "x_drawings"), sort="name")).page()
        cells = {row.id: [cell.__html__() for cell in row.cells] for row in listing.rows}
        assert content_url(scene, one.custom["contract"][0]) in cells[one.pk][0] and "Ängebot.pdf</a>" in cells[one.pk][0]
        assert "2 files:" in cells[one.pk][1] and "a.txt" in cells[one.pk][1] and "files:" not in cells[two.pk][1] and "—" in cells[two.pk][0]

        def found(*node: Any) -> set[str]:
            return set(accounts.model.objects.filter(filters.condition(accounts, list(node), view)).values_list("name", flat=True))

        assert found("x_contract", "contains", "angebot") == {"One"} == found("x_contract", "filled") == found("x_drawings", "contains", "A.t")
        assert found("x_contract", "lacks", "angebot") == {"Two"} == found("x_contract", "empty")
        assert found("x_drawings", "contains", "b.txt") == {"One", "Two"}
        for form in ("csv", "xlsx"):
            out = io.BytesIO()
            export.write(accounts, accounts.model.objects.all(), view, out, form)
            assert out.getvalue()
            if form == "csv":
                rows = {row["Name"]: row for row in csv.DictReader(io.StringIO(out.getvalue().decode("utf-8-sig")))}
                assert (rows["One"]["Contract"], rows["One"]["Drawings"], rows["Two"]["Contract"]) == ("Ängebot.pdf", "a.txt; b.txt", "")


def test_a_page_of_a_list_takes_one_query_for_all_files(scene: Scene, django_assert_max_num_queries: Any) -> None:
    with open_workspace(scene) as access:
        make_field(access, "drawings", several=True)
        for n in range(12):
            account(access, f"A{n}", x_drawings=[upload(f"{n}.txt"), upload("b.txt")])
        with django_assert_max_num_queries(5):
            listing = Lister(registry.get("accounts"), view_for(access), ListState(columns=("name", "x_drawings"))).page()
            assert all(".txt" in row.cells[0].__html__() for row in listing.rows)


def test_bulk_edit_does_not_offer_files(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        one = account(access, "One")
    here = f"/w/{scene.workspace.slug}/accounts/bulk/edit/"
    page = browser(scene).get(f"{here}?ids={one.pk}").content.decode()
    assert 'value="name"' in page and "x_contract" not in page


def test_a_required_file_is_not_for_an_import_without_a_column(scene: Scene) -> None:
    from patron.records.verbs import Refused

    with inside(scene) as view:
        make_field(view.access, required=True)
        group = several.start([("accounts.csv", io.BytesIO(b"name\nOne\n"))], view, "accounts")
        try:
            told = str(several.check(group, view).report)
        except Refused as error:
            told = error.message
        assert "Contract" in told


def sends(program: Program, address: str, *files: tuple[str, bytes], **headers: str) -> Any:
    given = {"Authorization": f"Bearer {program.key}", **headers}
    answer: Any = program.client.post(f"/api/v1/{address}", {"file": [sent(*one) for one in files]}, headers=given)
    answer.data = json.loads(answer.content)
    return answer


def test_programs_put_files_into_a_field_and_get_them_back(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        make_field(access, "drawings", several=True)
        one, other = account(access, "One"), account(access, "Other", x_contract=[upload("other.pdf")])
    dora = program_of(scene)
    put = sends(dora, f"accounts/{one.pk}/files/?field=x_contract", ("offer.pdf", PDF))
    assert put.status_code == 201 and put.headers["Patron-Operation"], put.content
    (told,) = put.data["data"]
    assert (told["name"], told["media_type"], told["size"]) == ("offer.pdf", "application/pdf", len(PDF))
    content = dora.client.get(told["url"][told["url"].index("/api/") :], headers={"Authorization": f"Bearer {dora.key}"})
    assert b"".join(content.streaming_content) == PDF and content.headers["Content-Disposition"].startswith("attachment")
    head = dora.client.head(told["url"][told["url"].index("/api/") :], headers={"Authorization": f"Bearer {dora.key}"})
    assert head.status_code == 200 and head.headers["Content-Length"] == str(len(PDF))
    read = dora.get(f"accounts/{one.pk}/").data
    assert read["x_contract"] == [told] and read["x_drawings"] == []
    loose = sends(dora, f"accounts/{one.pk}/files/", ("a.txt", b"a"), ("b.txt", b"b")).data["data"]
    both = dora.patch(f"accounts/{one.pk}/", {"x_drawings": [loose[1]["id"], loose[0]]})
    assert both.status_code == 200 and [f["name"] for f in both.data["x_drawings"]] == ["b.txt", "a.txt"], both.content
    assert dora.patch(f"accounts/{one.pk}/", {"x_drawings": [loose[1]["id"]], "x_contract": None}).status_code == 200
    assert names(scene) == [("b.txt", "drawings"), ("other.pdf", "contract")]
    strange = dora.patch(f"accounts/{one.pk}/", {"x_contract": stored(scene, other.pk)["contract"]})
    assert strange.status_code == 422 and strange.data["errors"][0]["field"] == "x_contract"
    for wrong in ("a.pdf", [1], ["no id"], {"id": loose[0]["id"]}):
        assert dora.patch(f"accounts/{one.pk}/", {"x_drawings": wrong}).status_code == 422, wrong
    assert dora.post(f"accounts/{one.pk}/files/", {}).status_code == 415
    assert sends(dora, f"accounts/{one.pk}/files/?field=name", ("a.txt", b"a")).status_code in (409, 422)
    listed = dora.get(f"accounts/?f={quote(json.dumps(['x_drawings', 'contains', 'b.t']))}&fields=x_drawings").data["data"]
    assert [r["id"] for r in listed] == [str(one.pk)]
    assert dora.get("accounts/?sort=x_drawings").status_code == 400


def test_a_file_sent_again_with_the_same_key_is_there_once(scene: Scene) -> None:
    with open_workspace(scene) as access:
        one = account(access, "One")
    dora = program_of(scene)
    first, again = (sends(dora, f"accounts/{one.pk}/files/", ("a.txt", b"a"), **{"Idempotency-Key": "k1"}) for _n in range(2))
    assert first.data == again.data and len(names(scene)) == 1
    assert sends(dora, f"accounts/{one.pk}/files/", ("a.txt", b"other"), **{"Idempotency-Key": "k1"}).status_code == 422


def test_programs_are_told_nothing_of_files_in_hidden_fields(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        one = account(access, "One", x_contract=[upload("secretoffer.pdf")])
        role = scene.members["dora"].role
        role.field_rules = {"accounts": {"x_contract": "hidden"}}
        role.save()
    (pk,) = stored(scene, one.pk)["contract"]
    dora = program_of(scene)
    assert dora.get(f"files/{pk}/content/").status_code == 404 and dora.get(f"files/{pk}/").status_code == 404
    assert "x_contract" not in dora.get(f"accounts/{one.pk}/").data
    assert dora.get("accounts/?q=secretoffer").data["data"] == [] == dora.get("files/").data["data"]
    assert sends(dora, f"accounts/{one.pk}/files/?field=x_contract", ("a.txt", b"a")).status_code in (403, 409, 422)
    assert b"secretoffer" not in dora.get("changes/").content
    document = dora.get("openapi.json").data
    assert "x_contract" not in json.dumps(document)


def test_the_description_knows_fields_of_files(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
    document = program_of(scene).get("openapi.json").data
    schema = document["components"]["schemas"]["Accounts"]["properties"]["x_contract"]
    assert schema["maxItems"] == 1 and "url" in schema["items"]["anyOf"][0]["properties"]
    upload_ = document["paths"]["/api/v1/accounts/{record_id}/files/"]["post"]
    assert upload_["parameters"][1]["schema"]["enum"] == ["x_contract"] and "/api/v1/files/{record_id}/content/" in document["paths"]


def test_messages_name_the_files(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        one = account(access, "One", x_contract=[upload("offer.pdf")])
        accounts = registry.get("accounts")
        told = {n: accounts.fields[n] for n in ("name", "x_contract")}
        data = [{"name": "One", "x_contract": one.custom["contract"]}]
        payload.tell_files(data, told, access)
        assert data[0]["x_contract"][0]["name"] == "offer.pdf" and data[0]["x_contract"][0]["url"].endswith("/content/")


def test_reports_count_records_with_and_without_a_file(scene: Scene) -> None:
    with open_workspace(scene) as access:
        make_field(access)
        account(access, "One", x_contract=[upload("a.pdf")])
        account(access, "Two", x_contract=[upload("b.pdf")])
        account(access, "Three")
        made = report(access, "accounts", ("x_contract",))
        assert figures(made, "records") == {"With a file": 2, "None": 1}
        for line in made.lines:
            assert listed(made, made.drill(line, made.columns[0])).count() == line.values["records"]


def test_a_whole_workspace_out_and_in_again_keeps_files_in_their_fields(committing: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = vars(default_storage._wrapped)  # type: ignore[attr-defined]
    monkeypatch.setattr(settings, "DATA_DIR", tmp_path)
    monkeypatch.setitem(places, "_location", str(tmp_path / "files"))
    scene = make_workspace()
    with workspace(scene.workspace.pk), operation("test", access=scene.access()):
        make_field(scene.access())
        one = account(scene.access(), "One", x_contract=[upload("offer.pdf")])
    whole.to_file(scene.workspace, tmp_path / "a.zip", Access.system(scene.workspace))
    slug = f"{scene.workspace.slug}-again"
    place = parse(os.environ["DATABASE_URL"]) | {"NAME": connection.settings_dict["NAME"]}
    with libpq.connect(place) as raw:
        whole.from_file(tmp_path / "a.zip", raw, slug=slug)
    again = Workspace.objects.get(slug=slug)
    with workspace(again.pk):
        accounts, access = registry.get("accounts"), Access.system(again)
        found = accounts.model.objects.get(pk=one.pk)
        assert found.custom == one.custom
        row = giving.seen(uuid.UUID(found.custom["contract"][0]), access)
        assert row is not None and (row.name, row.field_key) == ("offer.pdf", "contract") and contents.opened(row.sha256).read() == PDF
        assert search.matching(accounts.model.objects.all(), "offer", record_type=accounts, access=access).get() == found
