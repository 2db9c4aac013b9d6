"""Signed-in sessions in the database, as Django keeps them, but asked for by statements that PostgreSQL plans once: every request begins with these two."""

from __future__ import annotations

import json
import uuid
from typing import Any

from allauth.account.auth_backends import AuthenticationBackend
from django.contrib.sessions.backends import db
from django.db import connection
from django.db.models import JSONField
from django.utils import timezone

from patron.identity.models import User
from patron.kernel.db import prepared

_SESSION = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"
_FIELDS = User._meta.concrete_fields
_COLUMNS = [f.attname for f in _FIELDS]
_USER = f"SELECT {', '.join(_COLUMNS)} FROM identity_user WHERE id = %s"


class SessionStore(db.SessionStore):
    """Django's store, with a lighter way to load."""

    def load(self) -> dict[str, Any]:
        """The session's values; none for a session that ended or never was."""
        found = prepared.fetch(_SESSION, [self.session_key, timezone.now()]) if self.session_key else []
        if not found:
            self._session_key = None
            return {}
        return self.decode(found[0][0])


class Backend(AuthenticationBackend):
    """Signing in is allauth's; this only finds who a session belongs to."""

    def get_user(self, user_id: Any) -> User | None:
        """The user, unless there is none any more or they were switched off."""
        found = prepared.fetch(_USER, [uuid.UUID(str(user_id))])
        if not found:
            return None
        user = User.from_db(connection.alias, _COLUMNS, [_read(f, value) for f, value in zip(_FIELDS, found[0], strict=True)])
        return user if self.user_can_authenticate(user) else None


def _read(field: Any, value: Any) -> Any:
    """A column as the model has it: JSON arrives as text."""
    return json.loads(value) if isinstance(field, JSONField) and isinstance(value, str) else value
