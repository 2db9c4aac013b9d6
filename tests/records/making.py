"""Records of any type, made through the machinery itself: the suite that runs over the registry needs no factory per entity."""

from __future__ import annotations

import datetime
import io
import itertools
from decimal import Decimal
from typing import Any

from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.fields import Field
from patron.records.record_type import RecordType

_numbers = itertools.count(1)


def value_for(field: Field, access: Access, depth: int = 0, *, fresh: bool = False) -> Any:
    """A plausible value that is unique where it can be."""
    n = next(_numbers)
    simple: dict[str, Any] = {
        "text": f"Sample {n}"[: field.max_length or 50], "long_text": f"Words {n}", "email": f"person{n}@example.org", "url": f"https://site{n}.example.org",
        "phone": f"+49301234{n % 10000:04d}", "integer": n % 100 + 1, "number": Decimal(n % 50 + 1), "money": Decimal(f"{n % 900 + 100}.50"), "percent": Decimal(10),
        "date": datetime.date(2026, 5, 4) + datetime.timedelta(days=n % 28), "datetime": datetime.datetime(2026, 5, 4, 9, tzinfo=datetime.UTC),
        "checkbox": True, "tags": [f"tag{n}"], "country": "DE", "currency": "EUR",
    }  # fmt: skip
    if field.kind in simple:
        return simple[field.kind]
    if field.kind == "choice":
        return field.choices[0][0]
    if field.kind == "multi_choice":
        return [field.choices[0][0]]
    if field.kind == "person":
        return access.member_id
    if field.is_relation and depth < 4:
        target = registry.find_model(field.model)
        existing = None if fresh else field.model.objects.first()
        return existing.pk if existing else (make(target, access, depth=depth + 1).pk if target else None)
    return None


#: Types that are a pair of others: each sample needs a pair of its own.
FRESH = {"affiliations", "stakeholders", "deal-members", "deal-competitors", "team-members", "deal-reviews", "connections", "dashboard-tiles"}


def _fresh(key: str, access: Access) -> Any:
    return make(registry.get(key), access, depth=1).pk


def special(key: str, access: Access) -> dict[str, Any]:
    """What rules across fields ask for, beyond what single fields do."""
    n = next(_numbers)
    if key == "leads":
        return {"company": f"Company {n}"}
    if key == "contacts":
        return {"last_name": f"Person {n}"}
    if key == "connections":
        return {"first_account": _fresh("accounts", access), "second_account": _fresh("accounts", access)}
    if key == "exchange-rates":
        return {"currency": "USD", "on": datetime.date(2020, 1, 1) + datetime.timedelta(days=n)}
    if key == "deal-reviews":
        return {"deal": _fresh("deals", access), "team": _fresh("teams", access), "lost_reason": _fresh("lost-reasons", access), "due": datetime.date(2026, 12, 1)}
    if key == "custom-fields":
        return {"type_key": "accounts", "key": f"own_{n}", "kind": "text", "label": f"Own {n}"}
    if key == "webhooks":
        return {"name": f"Webhook {n}", "url": f"https://receiver{n}.example.org/in", "events": ["accounts.*"]}
    if key == "record-types":
        return {"key": "x-" + "".join("abcdefghij"[int(digit)] for digit in str(n))}
    if key in ("deal-members", "team-members"):
        return {"member": _fresh("people", access)}
    return _ALIKE.get(key, {})


#: The same for each record of the type.
_ALIKE: dict[str, dict[str, Any]] = {
    "applications": {"redirect_uris": "https://app.example.com/done"}, "reports": {"definition": {"type_key": "accounts", "groupings": [{"field": "country"}]}},
    "dashboard-tiles": {"shipped": "win-rate", "width": 6},
}  # fmt: skip


def sample_of(record_type: RecordType, access: Access, depth: int = 0) -> dict[str, Any]:
    """Values for a valid record: what is required, what names it, and its words."""
    values: dict[str, Any] = {}
    for name, field in record_type.fields.items():
        wanted = field.required or name == record_type.title or (field.kind == "long_text" and name in record_type.quick_fields)
        if field.editable and wanted:
            values[name] = value_for(field, access, depth, fresh=record_type.key in FRESH)
    return {**values, **special(record_type.key, access)}


def make(record_type: RecordType, access: Access, *, depth: int = 0, **given: Any) -> Any:
    """One valid record, made as a form would make it; a file as an upload on a record."""
    if record_type.key == "files":
        return _file(access, **given)
    if record_type.key == "keys":
        return _key(access)
    if record_type.key == "proposals":
        return _proposal(access)
    if record_type.key == "report-schedules":
        return _schedule(access, **given)
    return changes.create(record_type, {**sample_of(record_type, access, depth), **given}, access=access)


def _file(access: Access, **given: Any) -> Any:
    from patron.collab.domain import files
    from patron.collab.domain.refs import Ref

    (made,) = files.add(Ref("accounts", _fresh("accounts", access)), [(f"Sample {next(_numbers)}.txt", io.BytesIO(b"content"))], access=access)
    return changes_to(made, given, access) if given else made


def _proposal(access: Access) -> Any:
    from patron.api.domain.proposals import Wish, propose

    return propose(Wish(registry.get("industries"), "create", None, {"name": f"Proposed {next(_numbers)}"}), access=access, client="test")


def _schedule(access: Access, **given: Any) -> Any:
    from patron.reports.domain import reports, schedules

    report = make(registry.get("reports"), access)
    made = schedules.plan(reports.of_saved(report), frequency="weekly", weekday=0, month_day=1, hour=8, members=[access.member_id], access=access)
    return changes_to(made, given, access) if given else made


def _key(access: Access) -> Any:
    from patron.identity.models import Membership
    from patron.setup.domain import tokens

    return tokens.create(Membership.objects.get(pk=access.member_id), f"Sample {next(_numbers)}", ["*.view"], access=access, lasts=None)[0]


def changes_to(record: Any, given: dict[str, Any], access: Access) -> Any:
    changes.edit(registry.of_model(type(record)), record, given, access=access)
    record.refresh_from_db()
    return record
