"""SQL for own values by path: `custom__number_floor_area`. One expression per path, the same in every statement and in its index.

`custom__title_deals:site` is the name of the record that the field `site` of deals points to, `custom__formula_deals:margin` what a formula comes to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models

from patron.kernel.db.keys import SEEN

NUMBER = models.DecimalField(max_digits=28, decimal_places=6)
#: Shape -> (SQL of the value out of the JSON column and the key, its type).
EXPRESSIONS: dict[str, tuple[str, Any]] = {
    "text": ("({custom} ->> '{key}')", models.TextField()),
    "number": ("(({custom} ->> '{key}')::numeric)", NUMBER),
    "date": ("(patron_day({custom} ->> '{key}'))", models.DateField()),
    "instant": ("(patron_instant({custom} ->> '{key}'))", models.DateTimeField()),
    "truth": ("(coalesce(({custom} ->> '{key}')::boolean, false))", models.BooleanField()),
    "words": ("(patron_words({custom} -> '{key}'))", ArrayField(models.TextField())),
    "link": ("(({custom} ->> '{key}')::uuid)", models.UUIDField()),
}
_PATH = re.compile(r"(text|number|date|instant|truth|words|link)_([a-z0-9_]+)|(title|formula)_([a-z-]+:[a-z0-9_]+)")


def alike_everywhere(paths: Iterable[str]) -> bool:
    """Whether the paths are the same SQL in every workspace: links' names and formulas are what each workspace defined them to be."""
    return not any("custom__title_" in path or "custom__formula_" in path for path in paths)


class CustomValues(models.JSONField):
    """The column `custom` of every record: an object of own values by key."""

    def get_transform(self, name: str) -> Any:
        found = _PATH.fullmatch(name)
        if found is None:
            return None
        shape, key = (part for part in found.groups() if part is not None)
        return lambda *sources, **extra: OwnValue(shape, key, *sources, **extra)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs


class OwnValue(models.Transform):
    """One own value as an expression of its type."""

    def __init__(self, shape: str, key: str, *sources: Any, **extra: Any) -> None:
        super().__init__(*sources, **extra)
        self.shape, self.key = shape, key

    @property
    def output_field(self) -> Any:
        if self.shape == "title":
            return models.TextField()
        if self.shape == "formula":
            return lookup("formula", self.key)[1]
        return EXPRESSIONS[self.shape][1]

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:  # type: ignore[override]
        custom, params = compiler.compile(self.lhs)
        if self.shape == "title":
            return self._title(custom), [*params, *params]
        if self.shape == "formula":
            sql = lookup("formula", self.key)[0]
            return sql.replace("{row}", custom.rpartition(".")[0]), []
        return EXPRESSIONS[self.shape][0].format(custom=custom, key=self.key), params

    def _title(self, custom: str) -> str:
        """The name of the record that is pointed to: looked up per row of the page, by its key."""
        table, column = lookup("title", self.key)
        row = custom.rpartition(".")[0]
        link = EXPRESSIONS["link"][0].format(custom=custom, key=self.key.partition(":")[2])
        return f'(SELECT p."{column}"::text FROM {SEEN}."{table}" p WHERE p.workspace_id = {row}.workspace_id AND p.id = {link})'


class Tried(models.Func):
    """SQL over `{row}` that no field holds yet: a formula while somebody writes it."""

    def __init__(self, sql: str, output_field: Any) -> None:
        super().__init__(models.F("custom"), output_field=output_field)
        self.sql = sql

    def as_sql(self, compiler: Any, connection: Any, *args: Any, **extra: Any) -> Any:  # type: ignore[override]
        custom, _params = compiler.compile(self.source_expressions[0])
        return self.sql.replace("{row}", custom.rpartition(".")[0]), []


_lookup: list[Callable[[str, str], tuple[Any, Any]]] = []


def answers(function: Callable[[str, str], tuple[Any, Any]]) -> Callable[[str, str], tuple[Any, Any]]:
    """Register who knows definitions: ("title", "deals:site") -> (table, column of the name); ("formula", "deals:margin") -> (SQL with {row}, its type)."""
    _lookup[:] = [function]
    return function


def lookup(what: str, key: str) -> tuple[Any, Any]:
    return _lookup[0](what, key)
