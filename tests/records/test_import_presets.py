"""Exports of other systems in their real layouts: recognised by their headings, mapped without a hand, identities and history kept."""

from __future__ import annotations

import datetime
import io
from typing import Any

import pytest

from patron.collab.models import Activity, Attachment, Notification, Task
from patron.customers.models import Account, Contact
from patron.identity.models import Membership
from patron.records import registry
from patron.records.imports import presets, service, several
from patron.records.kinds import View
from patron.records.transfer import reading
from patron.records.verbs import Refused
from patron.sales.models import Deal, Lead
from patron.testing import Scene
from tests.records.import_kit import inside

SALESFORCE = {
    "User.csv": '"Id","Username","LastName","FirstName","Email","Title","Phone","ProfileId"\n"005A","a@x.example","Moss","Ada","ada@x.example","Rep","","00e1"\n',
    "Account.csv": '"Id","IsDeleted","Name","ParentId","BillingStreet","BillingCity","BillingPostalCode","BillingCountry","Phone","Website","Industry","AnnualRevenue","NumberOfEmployees","Description","OwnerId","CreatedDate","LastModifiedDate"\n'
    '"001B","0","Borg South","001A","","Lyon","69001","France","","","","","","","005A","2021-03-04 10:00:00","2022-05-06 11:00:00"\n'
    '"001A","0","Borg","","Rue 1","Paris","75001","France","+33140000001","https://borg.example","Machinery","1500000.0","120","Big","005A","2020-01-02 03:04:05","2023-06-07 08:09:10"\n',
    "Contact.csv": '"Id","AccountId","LastName","FirstName","MailingCity","MailingCountry","Phone","Email","Title","Birthdate","OwnerId","CreatedDate","LastModifiedDate"\n'
    '"003A","001A","Curie","Marie","Paris","France","","marie@borg.example","CTO","1980-11-07","005A","2021-01-01 00:00:00","2021-01-02 00:00:00"\n',
    "Lead.csv": '"Id","LastName","FirstName","Company","Title","City","Country","Phone","Email","Website","LeadSource","Status","Industry","OwnerId","CreatedDate"\n'
    '"00QA","Noether","Emmy","Ring Ltd","","Erlangen","Germany","","emmy@ring.example","","Web","Open - Not Contacted","","005A","2024-02-03 04:05:06"\n',
    "Opportunity.csv": '"Id","AccountId","Name","StageName","Amount","CloseDate","LeadSource","NextStep","OwnerId","CreatedDate","LastModifiedDate"\n'
    '"006A","001A","Borg line 2","Proposal/Price Quote","25000.50","2026-12-31","Partner","Call","005A","2025-01-01 00:00:00","2025-02-02 00:00:00"\n'
    '"006B","001B","Borg old","Closed Won","1000","2024-06-30","","","005A","2024-01-01 00:00:00","2024-06-30 00:00:00"\n',
    "Task.csv": '"Id","WhoId","WhatId","Subject","ActivityDate","Status","Priority","OwnerId","Description","CreatedDate"\n'
    '"00TA","","006A","Send offer","2026-12-01","Not Started","High","005A","","2025-03-03 00:00:00"\n',
    "Event.csv": '"Id","WhoId","WhatId","Subject","Location","StartDateTime","DurationInMinutes","OwnerId","Description","CreatedDate"\n'
    '"00UA","003A","001A","Kick-off","Paris","2025-05-05 09:00:00","60","005A","Went well","2025-05-01 00:00:00"\n',
}

#: system, the type that its file is recognised as, the file, what must come of it.
FILES: list[tuple[str, str, str, dict[str, Any]]] = [
    ("hubspot", "accounts", "Record ID,Company name,Company owner,Create Date,Phone Number,City,Country/Region,Industry,Company Domain Name,Number of Employees\n901,Hub Ltd,Alice,2024-03-02 09:15,+4930123456,Berlin,Germany,SOFTWARE,hub.example,12\n",
     {"external_id": "hubspot:901", "name": "Hub Ltd", "city": "Berlin", "country": "DE", "employees": 12, "owner__name": "Alice"}),
    ("hubspot", "contacts", "Record ID,First Name,Last Name,Email,Phone Number,Contact owner,Lead Status,Create Date,Associated Company,Associated Company IDs\n51,Jane,Doe,jane@hub.example,,Nobody Known,,2024-03-02 09:15,Hub Ltd,777;778\n",
     {"external_id": "hubspot:51", "name": "Jane Doe", "email": "jane@hub.example", "account": None}),
    ("hubspot", "deals", "Record ID,Deal Name,Deal Stage,Close Date,Deal owner,Amount,Create Date\n7,Big one,Contract Sent (Sales Pipeline),2026-12-24 00:00,Alice,1200.5,2024-03-02 09:15\n",
     {"external_id": "hubspot:7", "name": "Big one", "stage__name": "Negotiation"}),
    ("pipedrive", "accounts", "Organization - ID,Organization - Name,Organization - Label,Organization - Owner,Organization - Address\n4,Pipe Inc,,Alice,Main 1\n", {"external_id": "pipedrive:4", "name": "Pipe Inc", "street": "Main 1"}),
    ("pipedrive", "contacts", "Person - ID,Person - Name,Person - Organization,Person - Email - Work,Person - Phone - Work,Person - Owner\n9,Jan Novak,Pipe Inc,\"jan@pipe.example, x@y.example\",+420212345678,Alice\n",
     {"external_id": "pipedrive:9", "name": "Jan Novak", "email": "jan@pipe.example", "account__name": "Pipe Inc"}),
    ("pipedrive", "deals", "Deal - ID,Deal - Title,Deal - Value,Deal - Currency,Deal - Status,Deal - Stage,Deal - Owner,Deal - Organization\n1,Pipe deal,100,EUR,Open,Negotiations Started,Alice,Pipe Inc\n",
     {"external_id": "pipedrive:1", "stage__name": "Negotiation", "account__name": "Pipe Inc"}),
    ("zoho", "accounts", "Record Id,Account Owner.id,Account Owner,Account Name,Phone,Website,Parent Account.id,Parent Account,Industry,Employees,Billing City,Billing Country,Created Time\nzcrm_1,zcrm_u,Alice,Zo Corp,,zo.example,,,ERP,5,Chennai,India,2023-01-02 10:00:00\n",
     {"external_id": "zoho:zcrm_1", "name": "Zo Corp", "country": "IN"}),
    ("zoho", "leads", "Record Id,Lead Owner.id,Lead Owner,Company,First Name,Last Name,Email,Lead Source,Lead Status,Created Time\nzcrm_2,zcrm_u,Alice,New Co,Nia,Long,nia@new.example,Web Download,Contacted,2023-01-02 10:00:00\n",
     {"external_id": "zoho:zcrm_2", "company": "New Co", "source__name": "Web Download"}),
    ("zoho", "contacts", "Record Id,Contact Owner.id,Contact Owner,First Name,Last Name,Account Name,Email,Created Time\nzcrm_3,zcrm_u,Alice,Zed,Lee,Zo Corp,zed@zo.example,2023-01-02 10:00:00\n", {"external_id": "zoho:zcrm_3", "account__name": "Zo Corp"}),
    ("zoho", "deals", "Record Id,Deal Owner.id,Deal Owner,Amount,Deal Name,Closing Date,Account Name.id,Account Name,Stage\nzcrm_4,zcrm_u,Alice,500,Zo deal,2026-12-24,,Zo Corp,Negotiation/Review\n", {"external_id": "zoho:zcrm_4", "stage__name": "Negotiation"}),
    ("dynamics", "accounts", "(Do Not Modify) Account,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Account Name,Main Phone,Address 1: City,Owner\n6f1c2a10-0000-4000-8000-000000000001,abc=,2024-05-06 07:08,Dyn GmbH,,Ulm,Alice\n",
     {"external_id": "dynamics:6f1c2a10-0000-4000-8000-000000000001", "city": "Ulm"}),
    ("dynamics", "contacts", "(Do Not Modify) Contact,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,First Name,Last Name,Email,Company Name,Business Phone\n6f1c2a10-0000-4000-8000-000000000002,abc=,2024-05-06 07:08,Dan,Ym,dan@dyn.example,Dyn GmbH,\n", {"name": "Dan Ym", "account__name": "Dyn GmbH"}),
    ("dynamics", "leads", "(Do Not Modify) Lead,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Subject,First Name,Last Name,Job Title,Company Name,Email,Business Phone,Country,Lead Source\n6f1c2a10-0000-4000-8000-000000000003,abc=,2024-05-06 07:08,Wants a quote,Lea,Der,CEO,Lead Co,lea@lead.example,,Austria,Trade Show\n",
     {"company": "Lead Co", "need": "Wants a quote", "country": "AT"}),
    ("dynamics", "deals", "(Do Not Modify) Opportunity,(Do Not Modify) Row Checksum,(Do Not Modify) Modified On,Topic,Potential Customer,Est. Close Date,Est. Revenue,Status,Pipeline Phase,Owner\n6f1c2a10-0000-4000-8000-000000000004,abc=,2024-05-06 07:08,Dyn deal,Nobody,2026-12-24,900,Open,3-Propose,Alice\n", {"name": "Dyn deal", "stage__name": "Proposal sent"}),
    ("google", "contacts", "First Name,Middle Name,Last Name,Organization Name,Organization Title,Birthday,Notes,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\nAda,,Love,Engines,,1815-12-10,Hi,* myContacts,* Work,ada@engine.example ::: b@c.example,Mobile,+442079460000\n",
     {"name": "Ada Love", "email": "ada@engine.example", "account__name": "Engines", "birthday": datetime.date(1815, 12, 10)}),
    ("outlook", "contacts", "First Name,Middle Name,Last Name,Title,Suffix,E-mail Address,Home Phone,Business Phone,Mobile Phone,Company,Job Title,Department,Business City,Business Country/Region,Web Page,Birthday,Notes\nOle,,Look,,,ole@look.example,,+4512345678,,Look A/S,Boss,,Aarhus,Denmark,,12/24/1970,\n",
     {"name": "Ole Look", "country": "DK", "birthday": datetime.date(1970, 12, 24)}),
    ("vcard", "contacts", "BEGIN:VCARD\r\nVERSION:4.0\r\nUID:urn:uuid:4fbe8971\r\nFN:Vera Card\r\nN:Card;Vera;;;\r\nEMAIL:vera@card.example\r\nTEL;TYPE=cell;VALUE=uri:tel:+4915112345678\r\nORG:Cards AG;Sales\r\nBDAY:19800229\r\nNOTE:A long\\, folded\r\n  note\r\nEND:VCARD\r\n",
     {"external_id": "vcard:urn:uuid:4fbe8971", "name": "Vera Card", "email": "vera@card.example", "account__name": "Cards AG", "birthday": datetime.date(1980, 2, 29), "description": "A long, folded note"}),
    ("vcard", "contacts", "BEGIN:VCARD\nVERSION:3.0\nN:Old;Otto;;;\nFN:Otto Old\nEMAIL;TYPE=INTERNET:otto@old.example\nPHOTO;ENCODING=b;TYPE=JPEG:AAAA\n BBBB\nTEL;TYPE=WORK:+493012345\nADR;TYPE=WORK:;;Weg 1;Bonn;;53111;Germany\nCATEGORIES:a,b\nEND:VCARD\n",
     {"name": "Otto Old", "phone": "+493012345", "city": "Bonn", "country": "DE", "tags": ["a", "b"]}),
]  # fmt: skip


@pytest.mark.parametrize(("system", "type_key", "text", "expected"), FILES, ids=[f"{s}-{t}-{i}" for i, (s, t, _x, _e) in enumerate(FILES)])
def test_an_export_is_recognised_and_imported_as_it_is(scene: Scene, system: str, type_key: str, text: str, expected: dict[str, Any]) -> None:
    with inside(scene) as view:
        item = service.start("", io.BytesIO(text.encode()), "export.vcf" if system == "vcard" else "export.csv", access=view.access)
        found = presets.recognise([c["name"] for c in item.source["columns"]])
        assert found is not None and (found.preset.key, item.type_key) == (system, type_key)
        item = _imported(item, view)
        assert item.counts["new"] == 1, _why(item)
        row = registry.get(type_key).model.objects.latest("created_at")
        assert {path: _value(row, path) for path in expected} == expected


def _imported(item: Any, view: View) -> Any:
    from patron.records.imports import files, proposal

    item = service.save_plan(item, proposal.propose(registry.get(item.type_key), files.source_of(item), view).plan, view)
    return service.apply(service.check(item, view), view)


def _why(item: Any) -> list[Any]:
    return [row.problems for row in service.rows_of(item)]


def _value(row: Any, path: str) -> Any:
    for part in path.split("__"):
        row = getattr(row, part) if row is not None else None
    return row


def _uploads(files: dict[str, str]) -> list[tuple[str, Any]]:
    return [(name, io.BytesIO(text.encode())) for name, text in files.items()]


def test_a_whole_salesforce_export_in_one_go(scene: Scene) -> None:
    """Files in any order; ids resolve between them; owners, dates and states are kept; nobody is notified; one undo takes all of it."""
    with inside(scene) as view:
        group = several.start(_uploads(dict(reversed(SALESFORCE.items()))), view)
        assert [item.filename for item in several.items_of(group)][:3] == ["User.csv", "Account.csv", "Contact.csv"]
        group = several.check(group, view)
        assert group.message == ""
        assert not Account.objects.exists() and not Membership.objects.filter(name="Ada Moss").exists()
        told = {item.filename: group.report[str(item.pk)] for item in several.items_of(group)}
        assert {name: (t["counts"]["new"], t["errors"]) for name, t in told.items()} == {n: (2 if n in ("Account.csv", "Opportunity.csv") else 1, []) for n in SALESFORCE}
        before = Notification.objects.count()
        group = several.apply(group, view)
        assert (group.state, group.message) == ("applied", "")
        ada, borg, south = Membership.objects.get(name="Ada Moss"), Account.objects.get(name="Borg"), Account.objects.get(name="Borg South")
        assert (south.parent_id, borg.owner_id, borg.external_id, borg.country) == (borg.pk, ada.pk, "salesforce:001A", "FR")
        assert borg.created_at == datetime.datetime(2020, 1, 2, 3, 4, 5, tzinfo=view.access.zone)
        assert borg.updated_at == datetime.datetime(2023, 6, 7, 8, 9, 10, tzinfo=view.access.zone)
        assert south.updated_at.date() == datetime.date(2022, 5, 6)
        assert Contact.objects.get().account_id == borg.pk and Lead.objects.get().source.name == "Web"
        line, old = Deal.objects.get(name="Borg line 2"), Deal.objects.get(name="Borg old")
        assert (line.account_id, line.stage.name, str(line.amount), line.owner_id) == (borg.pk, "Proposal sent", "25000.50", ada.pk)
        assert (old.outcome, old.closed_on) == ("won", datetime.date(2024, 6, 30))
        task, meeting = Task.objects.get(), Activity.objects.get()
        assert (task.record_type, task.record_id, task.assignee_id, task.priority) == ("deals", line.pk, ada.pk, "high")
        assert (meeting.kind, meeting.minutes, {link.record_id for link in meeting.links.all()}) == ("meeting", 60, {borg.pk, Contact.objects.get().pk})
        assert Notification.objects.count() == before
        again = several.check(several.start(_uploads(SALESFORCE), view), view)
        assert all(not t["counts"]["new"] and not t["errors"] for t in again.report.values()), again.report
        several.discard(again)
        several.undo(group, view)
        assert not any(m.objects.exists() for m in (Account, Contact, Lead, Deal, Task, Activity))
        assert several.settled(group).state == "undone"


def _zip(files: dict[str, bytes]) -> io.BytesIO:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    out.seek(0)
    return out


def test_a_zip_brings_tables_and_the_files_they_name(scene: Scene) -> None:
    accounts = b"name,contract\nOne Ltd,docs/one.pdf; docs/two.txt\nTwo Ltd,docs/none.pdf\nThree Ltd,\n"
    with inside(scene) as view:
        group = several.start([("all.zip", _zip({"export/accounts.csv": accounts, "export/docs/one.pdf": b"%PDF-1", "export/docs/two.txt": b"two"}))], view)
        (item,) = several.items_of(group)
        plan = several.plan_of(item)
        plan.columns[1].field = "+files"
        service.save_plan(item, plan, view)
        group = several.check(group, view)
        told = group.report[str(item.pk)]
        assert (told["counts"]["new"], told["counts"]["error"]) == (2, 1) and "none.pdf" in told["errors"][0]["words"]
        assert not Attachment.objects.exists()
        several.apply(group, view)
        one = Account.objects.get(name="One Ltd")
        assert sorted(Attachment.objects.filter(record_id=one.pk).values_list("name", "media_type")) == [("one.pdf", "application/pdf"), ("two.txt", "text/plain")]
        several.undo(group, view)
        assert not Attachment.objects.exists()


def test_what_changed_since_the_review_is_not_imported(scene: Scene) -> None:
    files = {"accounts.csv": "name\nFresh Ltd\n"}
    with inside(scene) as view:
        group = several.check(several.start(_uploads(files), view), view)
        other = several.check(several.start(_uploads(files), view), view)
        assert several.apply(other, view).state == "applied"
        group = several.apply(group, view)
        assert group.state == "mapped" and "otherwise than you reviewed" in group.message
        assert Account.objects.count() == 1


def test_a_file_that_nothing_tells_about_is_asked_for(scene: Scene) -> None:
    with inside(scene) as view:
        with pytest.raises(Refused, match="Nothing tells"):
            several.start(_uploads({"stuff.csv": "a,b\n1,2\n"}), view)
        assert [i.type_key for i in several.items_of(several.start(_uploads({"stuff.csv": "name\nX\n"}), view, "accounts"))] == ["accounts"]


@pytest.mark.parametrize("name", ["alice", "rita"])
def test_who_may_not_import_cannot_do_so_with_several_files(scene: Scene, name: str) -> None:
    with inside(scene, name) as view, pytest.raises(Refused):
        several.start(_uploads({"accounts.csv": "name\nX\n"}), view)


def test_every_preset_names_fields_that_exist() -> None:
    for preset in presets.known():
        for step in preset.steps:
            record_type = registry.get(step.plan.type)
            known = {*record_type.fields, "+about", "+files"}
            assert {c.field for c in step.plan.columns if c.field} <= known, (preset.key, step.title)
            assert step.file in preset.files


def test_a_broken_card_is_named(scene: Scene) -> None:
    with inside(scene) as view, pytest.raises(reading.Unreadable, match="complete card"):
        service.start("contacts", io.BytesIO(b"BEGIN:VCARD\nVERSION:3.0\nFN:X\n"), "x.vcf", access=view.access)
