"""Nothing that points to a record is forgotten by a merge: whoever adds a relation or a constraint learns it here."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import models

from patron.kernel.db.install import tenant_models
from patron.kernel.tenancy import workspace
from patron.ledger.operations import operation
from patron.records import registry
from patron.records.merging.moving import constraints_on, rules_of
from patron.records.merging.relations import ID, TYPE, is_pair, relations_to
from patron.testing import Scene
from tests.records.own_kit import COURSES, courses

MERGEABLE = [*(t.key for t in registry.all_types() if t.mergeable), COURSES]


@pytest.fixture
def opened(scene: Scene, key: str) -> Iterator[None]:
    """The workspace that made the type stays open: outside of it there is no such type."""
    with workspace(scene.workspace.pk):
        if key == COURSES:
            with operation("test", access=scene.access()):
                courses(scene.access())
        yield


def test_accounts_contacts_and_leads_can_be_merged() -> None:
    assert {"accounts", "contacts", "leads"} <= set(MERGEABLE)


@pytest.mark.parametrize("model", tenant_models(), ids=lambda m: m._meta.label)
def test_every_id_and_json_column_is_a_relation_or_says_why_not(model: Any) -> None:
    said = getattr(model, "not_relations", {})
    silent = []
    for field in model._meta.local_fields:
        bare_id = isinstance(field, models.UUIDField) and not field.primary_key and field.remote_field is None
        if (bare_id and not (field.name == ID and is_pair(model))) or (isinstance(field, models.JSONField) and field.name != "custom"):
            silent += [field.name] if not said.get(field.name) else []
    assert not silent, f"{model._meta.label}: {silent} hold ids or JSON. Make them foreign keys or (record_type, record_id), or say in not_relations why a merge need not move them"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("key", MERGEABLE)
def test_every_foreign_key_changes_hands_or_follows_by_trigger(key: str) -> None:
    record_type = registry.get(key)
    known = {r.name for r in relations_to(record_type)}
    for model in tenant_models():
        for field in model._meta.local_fields:
            if field.remote_field is not None and field.remote_field.model is record_type.model and not getattr(model, "written_by_triggers", False):
                assert f"{model._meta.label}.{field.attname}" in known
                assert getattr(field, "is_tenant_fk", False)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("key", MERGEABLE)
def test_every_constraint_on_a_relation_has_a_way_to_be_met(key: str) -> None:
    """Folding two rows into one loses nothing where the constraint is over relations alone; everything else has to say what it means."""
    unclear = []
    for relation in relations_to(registry.get(key)):
        for constraint in constraints_on(relation):
            others = [relation.model._meta.get_field(n) for n in constraint.fields if n not in ("workspace", TYPE, ID)]
            plain = constraint.fields and len(others) + (relation.column == ID) >= 2 and all(f.remote_field is not None for f in others)
            if not plain and constraint.name not in rules_of(relation.model):
                unclear.append(f"{relation.model._meta.label}: {constraint.name}")
        known = set(getattr(relation.model, "merge_loops", ()))
        ends = [f.name for f in relation.model._meta.local_fields if f.remote_field is not None and f.remote_field.model is registry.get(key).model]
        for check in relation.model._meta.constraints:
            named = [n for n in ends if isinstance(check, models.CheckConstraint) and f"F({n})" in repr(check)]
            pairs = [(a, b) for a in ends for b in ends if a < b and any(f"'{x}', F({y})" in repr(check) for x, y in ((a, b), (b, a)))]
            if named and relation.model is not registry.get(key).model:
                unclear += [f"{relation.model._meta.label}: {check.name}" for a, b in pairs if (a, b) not in known and (b, a) not in known]
    assert not unclear, f"{unclear}: say in merge_rules or merge_loops what a merge does there"


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("key", MERGEABLE)
def test_what_a_type_says_about_merging_names_its_fields(key: str) -> None:
    record_type = registry.get(key)
    names = {f.name for f in record_type.model._meta.local_fields}
    for group in record_type.merge_together:
        assert set(group) <= names, group
    assert set(record_type.merge_wins) <= names
