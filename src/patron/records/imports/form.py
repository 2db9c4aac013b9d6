"""The mapping page's form into a plan, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.http import QueryDict

from patron.records.imports.plan import Column, Plan, Relation

#: What happens to records that exist: how the page says it -> (mode, fill).
EXISTING: Mapping[str, tuple[str, bool]] = {"leave": ("create", False), "fill": ("upsert", True), "overwrite": ("upsert", False)}


def read(data: QueryDict, plan: Plan, headings: Sequence[str], tag: str) -> Plan:
    """The plan that the form says; what the page has no control for (templates, constants) stays as it was.

    Settings of a column are for the field that it was matched to when the page was drawn: they go when another field is chosen.
    """
    mode, fill = EXISTING.get(data.get("existing", ""), ("create", False))
    if data.get("only") == "true":
        mode = "update"
    known = {c.column: c for c in plan.columns if c.column and not c.template and c.constant is None}
    columns = [_column(data, index, heading, known.get(heading)) for index, heading in enumerate(headings)]
    others = [c for c in plan.columns if c.template or c.constant is not None]
    key = data.get("key", "")
    return Plan(
        type=plan.type, mode=mode, fill=fill and mode != "create", key=[key] if key else [],  # type: ignore[arg-type]
        alike=_one(data.get("alike"), ("skip", "create", "update"), "skip"), refuse=data.get("refuse") == "true",
        columns=[*columns, *others], defaults={n.removeprefix("default-"): v for n, v in data.items() if n.startswith("default-") and isinstance(v, str) and v.strip()},
        history=data.get("history") == "true", tag=tag if data.get("tag") == "true" else "",
    )  # fmt: skip


def _column(data: QueryDict, index: int, heading: str, before: Column | None) -> Column:
    field = data.get(f"field-{index}", before.field if before else "")
    if not field or data.get(f"drawn-{index}", field) != field:
        return Column(column=heading, field=field)
    pairs = zip(data.getlist(f"wrong-{index}"), data.getlist(f"right-{index}"), strict=False)
    fixes = {wrong: right.strip() for wrong, right in pairs if right.strip() and right.strip() != wrong}
    if f"drawn-{index}" not in data and before:
        return before
    return Column(
        column=heading, field=field, fixes=fixes, date_order=_one(data.get(f"order-{index}"), ("YMD", "DMY", "MDY"), ""),
        decimal_mark=_one(data.get(f"mark-{index}"), (".", ","), ""), blank="clear" if data.get(f"clear-{index}") == "true" else "keep",
        multiply=data.get(f"multiply-{index}", "").strip(), prefix=before.prefix if before else "", first=before.first if before else "", when=before.when if before else {},
        relation=Relation(by=data.get(f"by-{index}", ""), create=data.get(f"create-{index}") == "true", **_kept(before)),
    )  # fmt: skip


def _kept(before: Column | None) -> dict[str, Any]:
    """What the page has no control for."""
    return {"within": before.relation.within, "defaults": before.relation.defaults, "missing": before.relation.missing} if before else {}


def _one(value: str | None, among: Sequence[str], otherwise: str) -> Any:
    return value if value in among else otherwise


def existing(plan: Plan) -> str:
    """How the page says what happens to records that exist."""
    if plan.fill:
        return "fill"
    return "leave" if plan.mode == "create" else "overwrite"
