"""The data rules as system checks: they cost nothing on one node and keep the way to a cluster open (`scale.md`, section 7)."""

from collections.abc import Iterator
from typing import Any

from django.apps import apps
from django.core import checks
from django.db import models

from patron.kernel.db.keys import tenant_field
from patron.kernel.tenancy import TenantForeignKey, TenantModel


@checks.register("tenancy")
def tenancy_rules(app_configs: Any, **_: Any) -> list[checks.CheckMessage]:
    """Report every model that breaks a data rule."""
    found: list[checks.CheckMessage] = []
    for model in apps.get_models(include_auto_created=True):
        for number, message in _faults(model):
            found.append(checks.Error(f"{model._meta.label}: {message}", id=f"tenancy.E{number:02}"))
    return found


def _faults(model: Any) -> Iterator[tuple[int, str]]:
    key = tenant_field(model)
    for field in model._meta.local_fields:
        target = field.remote_field.model if field.remote_field else None
        if target is None or field is key:
            continue
        if issubclass(target, TenantModel) and not isinstance(field, TenantForeignKey):
            yield 1, f"{field.name} must be a TenantForeignKey"
        if isinstance(field, TenantForeignKey) and key is None:
            yield 2, f"{field.name}: a global table cannot point into a tenant table"
    if key is not None:
        if not issubclass(model, TenantModel):
            yield 0, "a table with a workspace derives from TenantModel"
        yield from _tenant_faults(model, key)


def _tenant_faults(model: Any, key: Any) -> Iterator[tuple[int, str]]:
    for field in model._meta.local_many_to_many:
        if field.remote_field.through._meta.auto_created:
            yield 3, f"{field.name}: needs an explicit through model with workspace"
    for field in model._meta.local_fields:
        if field.unique and not field.primary_key:
            yield 4, f"{field.name}: unique must include workspace"
        if isinstance(field, models.AutoField) and not isinstance(field, models.BigAutoField):
            yield 5, f"{field.name}: 32-bit sequence"
    for constraint in model._meta.constraints:
        if isinstance(constraint, models.UniqueConstraint):
            names = [*constraint.fields, *(getattr(e, "name", None) for e in constraint.expressions)]
            if key.name not in names:
                yield 6, f"{constraint.name}: unique must include workspace"
    for index in model._meta.indexes:
        first = index.fields[0] if index.fields else getattr(index.expressions[0], "name", None)
        if str(first).lstrip("-") != key.name:
            yield 7, f"{index.name}: an index begins with the workspace"
