"""What the soak tests do inside the Patron they torment: run as a program in its environment, answers JSON. `python -m tests.soak.acts NAME ARGUMENTS`."""

from __future__ import annotations

import io
import json
import sys
from typing import Any

SLUG, EMAIL = "soak", "dora@soak.example"
_TREE = 3000


def found() -> dict[str, str]:
    """A workspace, its administrator, and a session of theirs."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

    from patron.identity.models import User
    from patron.identity.sessions import SessionStore
    from patron.setup.domain.founding import found_workspace

    found_workspace("Soak", SLUG, email=EMAIL, password="correct horse battery")
    user = User.objects.get(email=EMAIL)
    session = SessionStore()
    session[SESSION_KEY], session[BACKEND_SESSION_KEY] = str(user.pk), settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return {"session": str(session.session_key)}


def _view() -> Any:
    from patron.identity import database
    from patron.identity.models import User
    from patron.kernel.formats import Formats
    from patron.records.kinds import View

    access = database.enter(User.objects.get(email=EMAIL).pk, SLUG)
    assert access is not None
    return View(access, Formats(access.locale, access.zone))


def upload(first: str, count: str, at_once: str = "") -> dict[str, str]:
    """A checked import of `count` leads; applied here and now, or left to the worker."""
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.records import jobs
    from patron.records.import_models import ImportState
    from patron.records.imports import plan as plans
    from patron.records.imports import service

    rows = "".join(f"p{n}@soak.example,Person {n},Bonn\n" for n in range(int(first), int(first) + int(count)))
    columns = [{"column": c, "field": f} for c, f in (("Mail", "email"), ("Last", "last_name"), ("City", "city"))]
    with workspace(Workspace.objects.get(slug=SLUG).pk):
        view = _view()
        item = service.start("leads", io.BytesIO(f"Mail,Last,City\n{rows}".encode()), "soak.csv", access=view.access)
        plan = {"type": "leads", "columns": columns, "key": ["email"], "mode": "upsert"}
        item = service.check(service.save_plan(item, plans.from_json(plan), view), view)
        assert item.counts["new"] == int(count), item.counts
        if at_once:
            item = service.apply(item, view)
        else:
            jobs.later(item, view.access.user_id, ImportState.APPLYING)
    return {"id": str(item.pk), "operation": str(item.operation_id or "")}


def tree() -> dict[str, str]:
    """Two accounts, and a branch of thousands below the first one."""
    from patron.customers.models import Account
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation

    with workspace(Workspace.objects.get(slug=SLUG).pk), operation("test.tree", access=_view().access):
        one, two = Account.objects.create(name="One"), Account.objects.create(name="Two")
        branch = Account.objects.create(name="Branch", parent=one)
        middle = Account.objects.bulk_create(Account(name=f"Middle {n}", parent=branch) for n in range(30))
        Account.objects.bulk_create(Account(name=f"Leaf {n}", parent=middle[n % 30]) for n in range(_TREE))
    return {"one": str(one.pk), "two": str(two.pk), "branch": str(branch.pk)}


def twins(count: str) -> dict[str, str]:
    """Two accounts with the same name, and `count` contacts, deals and tasks on each."""
    from patron.collab.models import Task
    from patron.customers.models import Account, Affiliation, Contact
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation
    from patron.sales.domain.opening import open_deal

    ids = []
    with workspace(Workspace.objects.get(slug=SLUG).pk), operation("test.twins", access=_view().access):
        for side in ("one", "two"):
            account = Account.objects.create(name="Twin", phone=f"+4930{len(side)}123")
            contacts = Contact.objects.bulk_create(Contact(name=f"{side} {n}", last_name=f"{side} {n}") for n in range(int(count)))
            Affiliation.objects.bulk_create(Affiliation(account=account, contact=c, primary=True) for c in contacts)
            Task.objects.bulk_create(Task(subject=f"{side} {n}", record_type="accounts", record_id=account.pk) for n in range(int(count)))
            for n in range(20):
                open_deal(name=f"{side} {n}", account=account, access=_view().access)
            ids.append(str(account.pk))
    return {"one": ids[0], "two": ids[1]}


def hook(url: str) -> dict[str, str]:
    """A webhook that is told of every lead."""
    from patron.identity.models import Workspace
    from patron.kernel.tenancy import workspace
    from patron.records import changes, registry

    with workspace(Workspace.objects.get(slug=SLUG).pk):
        made = changes.create(registry.get("webhooks"), {"name": "Soak", "url": url, "events": ["leads.*"]}, access=_view().access)
    return {"id": str(made.pk)}


_MANY = """
DO $$ DECLARE op uuid; BEGIN
  FOR n IN 1..{operations} LOOP
    op := gen_random_uuid();
    INSERT INTO ledger_operation (at, workspace_id, id, verb, actor_name, subject_type, reason, request_id, details)
    VALUES (now(), current_setting('app.workspace_id')::uuid, op, 'test.many', 'Soak', '', '', '', '{{}}');
    PERFORM set_config('app.operation_id', op::text, true);
    UPDATE identity_team SET name = id || ' ' || op WHERE workspace_id = current_setting('app.workspace_id')::uuid;
  END LOOP;
END $$
"""


def many(operations: str, teams: str) -> dict[str, str]:
    """As many operations, in three transactions, each changing as many rows."""
    from django.db import connection

    from patron.identity.models import Team, Workspace
    from patron.kernel.tenancy import workspace
    from patron.ledger.operations import operation

    place = Workspace.objects.get(slug=SLUG)
    with workspace(place.pk), operation("test.teams", access=_view().access):
        Team.objects.bulk_create(Team(name=f"Team {n}") for n in range(int(teams) - Team.objects.count()))
    for _ in range(3):
        with workspace(place.pk), connection.cursor() as cursor:
            cursor.execute(_MANY.format(operations=int(operations) // 3))
    return {"workspace": str(place.pk)}


def seal() -> dict[str, str]:
    """Have the worker seal now."""
    import contextlib

    from procrastinate.exceptions import AlreadyEnqueued

    from patron.ledger import jobs

    with contextlib.suppress(AlreadyEnqueued):
        jobs.seal.defer(timestamp=0)
    return {}


if __name__ == "__main__":
    from patron.config.runtime import django_ready

    with django_ready():
        print(json.dumps({"found": found, "upload": upload, "tree": tree, "twins": twins, "hook": hook, "many": many, "seal": seal}[sys.argv[1]](*sys.argv[2:])))
