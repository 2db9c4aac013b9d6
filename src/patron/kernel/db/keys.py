"""How the backend recognises a tenant table without importing any model."""

from typing import Any


def tenant_field(model: Any) -> Any:
    """The model's workspace column, or None for a global table."""
    return next((f for f in model._meta.local_fields if getattr(f, "is_tenant_key", False)), None)
