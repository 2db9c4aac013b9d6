"""Signatures by the Standard Webhooks scheme (standardwebhooks.com, specification 1.0): HMAC-SHA256 over id, time and body."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets as random
from collections.abc import Sequence

PREFIX = "whsec_"
_BYTES = 32  # the scheme asks for 24 to 64


def new_secret() -> str:
    """A fresh secret as receivers are given it."""
    return PREFIX + base64.b64encode(random.token_bytes(_BYTES)).decode()


def headers(message_id: str, timestamp: int, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers. With several secrets (one is being replaced) a signature by each: the receiver accepts any."""
    signed = b".".join((message_id.encode(), str(timestamp).encode(), body))
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(f"v1,{_mac(secret, signed)}" for secret in secrets),
    }


def _mac(secret: str, signed: bytes) -> str:
    key = base64.b64decode(secret.removeprefix(PREFIX))
    return base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
