"""A record type made at run time, with own fields of several kinds and links both ways: what the suites over all types run over too."""

from __future__ import annotations

from typing import Any

from patron.identity.access import Access
from patron.records import changes, registry
from patron.records.custom_models import CustomField
from patron.records.own_records import CustomType

COURSES = "x-courses"
STATES = [{"label": "Planned", "tone": "info"}, {"label": "Running", "tone": "good"}, {"label": "Over", "tone": "none", "closed": True}]
LEVELS = [{"value": "basic", "label": "Basic"}, {"value": "expert", "label": "Expert"}]
FIELDS: tuple[dict[str, Any], ...] = (
    {"key": "seats", "kind": "number"}, {"key": "fee", "kind": "money"}, {"key": "begins", "kind": "date"}, {"key": "level", "kind": "choice", "choices": LEVELS},
    {"key": "topics", "kind": "multi_choice", "choices": LEVELS}, {"key": "online", "kind": "checkbox"}, {"key": "teacher", "kind": "person"},
    {"key": "customer", "kind": "relation", "target": "accounts"}, {"key": "outline", "kind": "long_text"}, {"key": "handouts", "kind": "file", "several": True}, {"key": "code", "kind": "text", "required": True, "unique": True},
)  # fmt: skip


def make_type(access: Access, plural: str = "Courses", label: str = "Course", **more: Any) -> CustomType:
    made: CustomType = changes.create(registry.get("record-types"), {"plural": plural, "label": label, **more}, access=access)
    return made


def own_field(access: Access, type_key: str, **more: Any) -> CustomField:
    made: CustomField = changes.create(registry.get("custom-fields"), {"type_key": type_key, "label": f"My {more['key']}", **more}, access=access)
    return made


def courses(access: Access) -> CustomType:
    """Courses with states, numbers and own fields, among them a link to accounts; and contacts that link to courses."""
    made = make_type(access, states=STATES, prefix="CRS", icon="graduation-cap", description="What we teach.", title_label="Title")
    for field in FIELDS:
        own_field(access, made.key, **field)
    own_field(access, made.key, key="follows", kind="relation", target=made.key)
    own_field(access, "contacts", key="course", kind="relation", target=made.key)
    return made
