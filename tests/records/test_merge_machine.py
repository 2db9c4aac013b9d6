"""Whatever hangs on whatever: merges lose nothing, and unmerging everything gives the first state back."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test

from patron.customers.domain.places import follow_places
from patron.customers.models import Account, AccountBackup, Affiliation, Connection, ConnectionType
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import changes, registry
from patron.records.merging import engine, parting, redirects
from patron.records.merging.rules import settle
from patron.records.verbs import Refused
from patron.sales.domain.start import ship_lists
from patron.sales.models import Lead, LeadSource
from patron.testing import Scene, make_workspace
from tests.records.merge_kit import differences, favourite, note_on, task_on, whole
from tests.records.own_kit import COURSES, LEVELS, courses, own_field

KEYS = ("accounts", "contacts", "leads", COURSES)
SIX = st.integers(0, 5)
OWN: dict[str, dict[str, Any]] = {
    "size": {"kind": "number"}, "marks": {"kind": "multi_choice", "choices": LEVELS}, "ready": {"kind": "checkbox"},
    "parent": {"kind": "relation", "target": "accounts"}, "room": {"kind": "relation", "target": COURSES},
}  # fmt: skip


class Merging(RuleBasedStateMachine):
    scene: Scene

    @initialize(
        parents=st.lists(st.one_of(st.none(), SIX), min_size=6, max_size=6), homes=st.lists(st.one_of(st.none(), SIX), min_size=6, max_size=6),
        places=st.lists(st.tuples(SIX, SIX), max_size=8), ties=st.lists(st.tuples(st.booleans(), SIX, st.booleans(), SIX), max_size=6),
        notes=st.lists(st.lists(st.tuples(st.sampled_from(KEYS), SIX), min_size=1, max_size=3, unique=True), max_size=6),
        tasks=st.lists(st.tuples(st.sampled_from(KEYS), SIX), max_size=5), stars=st.lists(st.tuples(st.sampled_from(KEYS), SIX), max_size=5, unique=True),
        backups=st.lists(st.tuples(SIX, st.sampled_from(("alice", "bob", "charlie"))), max_size=6, unique=True), people=st.lists(st.tuples(SIX, SIX), min_size=6, max_size=6),
        words=st.lists(st.sampled_from(("", "Berlin", "Wien")), min_size=6, max_size=6),
        own=st.lists(st.tuples(st.sampled_from(KEYS), SIX, st.sampled_from(tuple(OWN)), SIX), max_size=14, unique_by=lambda x: x[:3]),
    )  # fmt: skip
    def build(self, parents: Any, homes: Any, places: Any, ties: Any, notes: Any, tasks: Any, stars: Any, backups: Any, people: Any, words: Any, own: Any) -> None:
        self.outer = transaction.atomic()
        self.outer.__enter__()
        self.scene = make_workspace(password=None)  # of its own: what is kept per version of its definitions must not meet that of another run
        self.stack: list[tuple[Any, Any]] = []
        with workspace(self.scene.workspace.pk), operation("test", access=self.scene.access()):
            access = self.scene.access()
            ship_lists()
            accounts = [Account.objects.create(name=f"A{n}", city=words[n], number=f"N{n}" if n % 2 else "") for n in range(6)]
            for child, parent in enumerate(parents):
                if parent is not None and parent < child:
                    Account.objects.filter(pk=accounts[child].pk).update(parent=accounts[parent])
            contacts = [
                changes.create(registry.get("contacts"), {"last_name": f"C{n}", "account": None if home is None else accounts[home].pk, "do_not_call": n == 3, "city": words[n]}, access=access)
                for n, home in enumerate(homes)
            ]
            leads = [Lead.objects.create(company=f"L{n}", source=LeadSource.objects.first(), account=accounts[a], contact=contacts[c]) for n, (a, c) in enumerate(people)]
            courses(access)
            for n in range(6):
                changes.create(registry.get(COURSES), {"name": f"K{n}", "x_code": f"K-{n}", "x_customer": accounts[n].pk}, access=access)
            rooms = list(registry.get(COURSES).model.objects.order_by("number"))
            self.records = {"accounts": accounts, "contacts": contacts, "leads": leads, COURSES: rooms}
            self.own_values(own)
            for contact, account in places:
                Affiliation.objects.get_or_create(contact=contacts[contact], account=accounts[account], ends_on=None, archived_at=None, defaults={"title": "Chief"})
            follow_places([c.pk for c in contacts])
            kind = ConnectionType.objects.create(name="knows", reverse_name="knows")
            for first_is, first, second_is, second in ties:
                if (first_is, first) != (second_is, second):
                    ends = {f"first_{'account' if first_is else 'contact'}": (accounts if first_is else contacts)[first]}
                    ends[f"second_{'account' if second_is else 'contact'}"] = (accounts if second_is else contacts)[second]
                    Connection.objects.create(type=kind, **ends)
            for refs in notes:
                note_on("words", *((key, self.records[key][n]) for key, n in refs))
            for key, n in tasks:
                task_on("do it", key, self.records[key][n])
            for key, n in stars:
                favourite(self.scene, "alice", key, self.records[key][n])
            for place, (n, name) in enumerate(backups, 1):
                AccountBackup.objects.create(account=accounts[n], member=self.scene.members[name], position=place)
            for key, records in self.records.items():
                settle(registry.get(key), [r.pk for r in records], access)
        self.first = whole(self.scene)

    def own_values(self, own: Any) -> None:
        """Own values of kinds that merge differently, on every type, among them links between all of them."""
        access = self.scene.access()
        for key in KEYS:
            for name, more in OWN.items():
                own_field(access, key, key=name, **more)
        for key, n, name, other in own:
            value = {"size": str(other), "marks": [LEVELS[other % 2]["value"]], "ready": True}.get(name) or str(self.records[OWN[name]["target"]][other].pk)
            record = registry.get(key).model.objects.get(pk=self.records[key][n].pk)
            record.custom = {**record.custom, name: value}
            record.save(update_fields=["custom"])

    @rule(key=st.sampled_from(KEYS), chosen=st.lists(SIX, min_size=2, max_size=4, unique=True), by_choice=st.booleans())
    def merge(self, key: str, chosen: list[int], by_choice: bool) -> None:
        ids = [self.records[key][n].pk for n in chosen]
        before = whole(self.scene)
        with workspace(self.scene.workspace.pk):
            try:
                choices = {"x_size": ids[-1], **({} if key == COURSES else {"city": ids[-1]})} if by_choice else {}
                item = engine.merge(registry.get(key), ids[0], ids[1:], access=self.scene.access(), choices=choices)
            except Refused:  # one of them was merged already
                return
        self.stack.append((item, before))

    @precondition(lambda self: self.stack)
    @rule()
    def unmerge(self) -> None:
        item, before = self.stack.pop()
        with workspace(self.scene.workspace.pk):
            assert parting.unmerge(item, access=self.scene.access()).left == []
        assert differences(before, whole(self.scene)) == []

    @invariant()
    def every_old_id_leads_to_a_record(self) -> None:
        if not hasattr(self, "records"):
            return
        with workspace(self.scene.workspace.pk):
            for key, records in self.records.items():
                ids = {r.pk for r in records}
                there = set(registry.get(key).model.objects.filter(pk__in=ids).values_list("pk", flat=True))
                went = redirects.follow(registry.get(key), ids - there)
                assert went.keys() == ids - there and set(went.values()) <= there

    def teardown(self) -> None:
        try:
            while self.stack:
                self.unmerge()
            assert differences(self.first, whole(self.scene)) == []
        finally:
            transaction.set_rollback(True)
            self.outer.__exit__(None, None, None)


@pytest.mark.django_db
def test_unmerging_everything_gives_the_first_state_back() -> None:
    run_state_machine_as_test(
        Merging, settings=settings(max_examples=7, stateful_step_count=7, suppress_health_check=list(HealthCheck), database=None, derandomize=True, phases=(Phase.generate,))
    )
