"""Which PostgreSQL, and as whom."""

import hashlib
import hmac
import os
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit


class BadDatabaseUrl(ValueError):
    """DATABASE_URL cannot be understood."""


def parse(url: str) -> dict[str, Any]:
    """Django's settings for a `postgresql://user:password@host:port/name?option=value` address."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres") or not parts.path.strip("/"):
        raise BadDatabaseUrl("DATABASE_URL must look like postgresql://user:password@host:5432/patron")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "patron.kernel.db",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", None) or parts.hostname or "",
        "PORT": str(options.pop("port", None) or parts.port or ""),
        "OPTIONS": options,
    }


def app_password(secret: str) -> str:
    """The serving role's password: PATRON_APP_PASSWORD, or one derived from the installation's secret key."""
    given = os.environ.get("PATRON_APP_PASSWORD", "")
    return given or hmac.new(secret.encode(), b"patron_app", hashlib.sha256).hexdigest()


def settings_for(url: str, *, role: str, app_role: str, password: str) -> dict[str, Any]:
    """The `default` database: as the owner (migrations, maintenance) or as the role that serves and cannot bypass row-level security."""
    database = parse(url)
    if role != "owner":
        database |= {"USER": app_role, "PASSWORD": password}
    database["OPTIONS"] = {**database["OPTIONS"], "prepare_threshold": 2}  # statements of `kernel.db.prepared` alone: all others carry their values in the text
    return {**database, "CONN_MAX_AGE": None, "CONN_HEALTH_CHECKS": True, "ATOMIC_REQUESTS": False}
