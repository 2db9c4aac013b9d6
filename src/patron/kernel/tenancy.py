"""Which workspace the code is in, and the models that live inside one.

Every business row belongs to exactly one workspace. The manager filters by the open workspace, the database backend
(`patron.kernel.db`) keys and links rows by the pair (workspace, id), and row-level security checks it once more.
"""

import contextlib
import os
import time
import uuid
from collections.abc import Iterator
from contextvars import ContextVar
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.db import connection, models, transaction

from patron.kernel.db.keys import tenant_field


class NoWorkspace(RuntimeError):
    """A tenant table was touched while no workspace was open."""


class _All:
    """Stands for every workspace at once: maintenance only."""


ALL: Final = _All()
_current: ContextVar[uuid.UUID | _All | None] = ContextVar("patron_workspace", default=None)
_memo: ContextVar[dict[str, Any] | None] = ContextVar("patron_memo", default=None)


def uuid7() -> uuid.UUID:
    """A time-ordered UUID (RFC 9562, version 7): milliseconds since 1970 UTC, then 74 random bits."""
    milliseconds = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10), "big")
    value = (milliseconds << 80) | (0x7 << 76) | ((random >> 62 & 0xFFF) << 64) | (0b10 << 62) | (random & ((1 << 62) - 1))
    return uuid.UUID(int=value)


def current_workspace_id() -> uuid.UUID:
    """The open workspace's id; raises `NoWorkspace` when none, or all of them, are open."""
    value = _current.get()
    if not isinstance(value, uuid.UUID):
        raise NoWorkspace("open a workspace first: with workspace(id): …")
    return value


def current_scope() -> uuid.UUID | _All | None:
    """The open workspace's id, `ALL`, or None: for the manager and the compilers."""
    return _current.get()


def memo() -> dict[str, Any]:
    """What was looked up since the workspace was opened and holds until it is closed; forgotten then."""
    found = _memo.get()
    if found is None:
        raise NoWorkspace("open a workspace first: with workspace(id): …")
    return found


def set_local(**values: str) -> None:
    """Set `app.<name>` for the running transaction, as literals: `SET LOCAL` alone reaches the shards of a cluster."""
    statements = "; ".join(f"SET LOCAL app.{name} = '{value}'" for name, value in values.items())
    with connection.cursor() as cursor:
        cursor.execute(statements)


@contextlib.contextmanager
def workspace(workspace_id: uuid.UUID | str, **known: Any) -> Iterator[uuid.UUID]:
    """Open a transaction inside one workspace; the database sees nothing of any other until it ends. `known` goes into its `memo`."""
    ws = workspace_id if isinstance(workspace_id, uuid.UUID) else uuid.UUID(workspace_id)
    outer = _current.get()
    token, remembered = _current.set(ws), _memo.set(dict(known))
    try:
        with transaction.atomic():
            set_local(workspace_id=str(ws))
            yield ws
            if isinstance(outer, uuid.UUID) and connection.in_atomic_block and not connection.needs_rollback:  # a rollback brings it back by itself
                set_local(workspace_id=str(outer))
    finally:
        _current.reset(token)
        _memo.reset(remembered)


@contextlib.contextmanager
def all_workspaces() -> Iterator[None]:
    """Lift the manager's filter for maintenance under the owner's role; row-level security still holds for others."""
    token = _current.set(ALL)
    try:
        yield
    finally:
        _current.reset(token)


class TenantKey(models.ForeignKey):  # type: ignore[type-arg]
    """The column that says which workspace a row belongs to: always the first, never changed."""

    is_tenant_key = True


class TenantForeignKey(models.ForeignKey):  # type: ignore[type-arg]
    """A foreign key that carries the workspace: Django sees one column, joins and the constraint see the pair."""

    is_tenant_fk = True

    def __init__(self, *args: Any, db_on_delete: str = "", **kwargs: Any) -> None:
        self.db_on_delete = db_on_delete
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        if self.db_on_delete:
            kwargs["db_on_delete"] = self.db_on_delete
        return name, path, args, kwargs

    def _pair(self) -> tuple[Any, Any]:
        return tenant_field(self.model), tenant_field(self.remote_field.model)

    def get_joining_fields(self, reverse_join: bool = False) -> Any:
        near, far = self._pair()
        pair = (far, near) if reverse_join else (near, far)
        return (*super().get_joining_fields(reverse_join=reverse_join), pair)

    def get_extra_descriptor_filter(self, instance: Any) -> Any:
        return {"workspace_id": instance.workspace_id}


class TenantQuerySet(models.QuerySet):  # type: ignore[type-arg]
    """The base of every tenant query set."""


class TenantManager(models.Manager.from_queryset(TenantQuerySet)):  # type: ignore[misc]
    """Adds the open workspace to every query; refuses to build one when none is open."""

    use_in_migrations = False

    def get_queryset(self) -> Any:
        scope = _current.get()
        if scope is None:
            raise NoWorkspace(f"{self.model._meta.label}: no workspace is open")
        queryset = super().get_queryset()
        return queryset if scope is ALL else queryset.filter(workspace_id=scope)


def _default_workspace() -> uuid.UUID | None:
    scope = _current.get()
    return scope if isinstance(scope, uuid.UUID) else None


class TenantModel(models.Model):
    """A row of one workspace. `ledgered` tables refuse writes outside an operation.

    A workspace's export holds every table that is `exported`, without its `secret_columns`, which the history in the file lacks as well, and without
    its `cluster_columns`, which mean something in one database cluster alone.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    workspace = TenantKey(
        settings.PATRON_WORKSPACE_MODEL, on_delete=models.PROTECT, related_name="+", default=_default_workspace, db_index=False, editable=False
    )
    objects: ClassVar[Any] = TenantManager()
    ledgered: ClassVar[bool] = True
    exported: ClassVar[bool] = True
    secret_columns: ClassVar[tuple[str, ...]] = ()
    cluster_columns: ClassVar[tuple[str, ...]] = ()

    class Meta:
        abstract = True
        base_manager_name = "objects"

    def _do_update(self, base_qs: Any, using: Any, pk_val: Any, values: Any, update_fields: Any, forced_update: Any) -> Any:  # type: ignore[override]
        kept = [value for value in values if value[0].name != "workspace"]
        own = base_qs.filter(workspace_id=self.workspace_id)
        return super()._do_update(own, using, pk_val, kept, update_fields, forced_update)  # type: ignore[call-arg]

    @classmethod
    def from_db(cls, db: Any, field_names: Any, values: Any) -> Self:  # type: ignore[override]
        instance = super().from_db(db, field_names, values)
        instance.__dict__["_loaded_workspace"] = instance.__dict__.get("workspace_id")
        return instance

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding and self.__dict__.get("_loaded_workspace", self.workspace_id) != self.workspace_id:
            raise ValueError("a row never changes its workspace")
        super().save(*args, **kwargs)
        self.__dict__["_loaded_workspace"] = self.workspace_id

    def delete(self, using: Any = None, keep_parents: bool = False) -> Any:
        own: Any = type(self)._base_manager.using(using)
        return own.filter(workspace_id=self.workspace_id, pk=self.pk).delete()
