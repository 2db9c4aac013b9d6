"""OAuth 2 for applications: authorization code with PKCE (RFC 6749, 7636; S256 alone), refresh with rotation, revocation (RFC 7009).

An access token is a key like any other, made for an hour: scopes, rights, last use and revocation are those of keys, and nothing reads it but what reads keys.
"""

from __future__ import annotations

import base64
import datetime
import hashlib
import re
import secrets
import uuid
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.api.models import Application, Grant
from patron.identity import keys
from patron.identity.access import Access
from patron.identity.enums import MembershipState
from patron.identity.models import ApiToken, Workspace
from patron.ledger.operations import operation
from patron.records.scopes import is_scope
from patron.records.verbs import verb

CODE_LASTS = datetime.timedelta(minutes=5)
KEY_LASTS = datetime.timedelta(hours=1)
REFRESH_LASTS = datetime.timedelta(days=60)
_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{43}")
_VERIFIER = re.compile(r"[A-Za-z0-9._~-]{43,128}")


class Denied(Exception):
    """A request that OAuth refuses; `code` is one of its error codes."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code, self.text = code, text


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an application gets."""

    access: str
    refresh: str
    scopes: tuple[str, ...]


def client_id_of(application: Application) -> str:
    """Says by itself which workspace it is of, as keys do."""
    return f"{uuid.UUID(str(application.workspace_id)).hex}.{application.pk.hex}"


def place_of(client_id: str) -> tuple[uuid.UUID, uuid.UUID] | None:
    """Workspace and application of a client id; None for what is none."""
    first, _dot, second = client_id.partition(".")
    try:
        return (uuid.UUID(hex=first), uuid.UUID(hex=second)) if len(first) == len(second) == 32 else None
    except ValueError:
        return None


def uris_of(application: Application) -> list[str]:
    return application.redirect_uris.split()


def uri_problem(uri: str) -> str:
    """Why an address cannot be returned to; "" where it can. https, this machine, or an app's own scheme (RFC 8252); no fragment, no wildcard."""
    parts = urlsplit(uri)
    local = parts.scheme == "http" and parts.hostname in ("127.0.0.1", "localhost", "::1")
    own = "." in parts.scheme and parts.scheme not in ("http", "https")
    if len(uri) > 500 or "#" in uri or "*" in uri or not uri.isascii() or not ((parts.scheme == "https" and parts.hostname) or local or own):
        return _now("“%(uri)s” cannot be returned to. Write https://…, http://127.0.0.1…, or a scheme such as com.example.app:/done.") % {"uri": uri[:80]}
    return ""


def scopes_of(text: str) -> tuple[str, ...]:
    """The scopes that are asked for; reading where none are. `Denied` for unknown ones."""
    wanted = tuple(sorted(set(text.split()))) or ("*.view",)
    for scope in wanted:
        if not is_scope(scope):
            raise Denied("invalid_scope", f"There is no scope {scope[:60]!r}.")
    return wanted


def check_challenge(challenge: str, method: str) -> str:
    if method != "S256" or not _CHALLENGE.fullmatch(challenge):
        raise Denied("invalid_request", "Send a code_challenge with code_challenge_method=S256.")
    return challenge


def _secret(place: uuid.UUID) -> str:
    return f"{keys.KIND}_{place.hex}_{secrets.token_hex(24)}"


def grant(application: Application, *, access: Access, redirect_uri: str, challenge: str, scopes: tuple[str, ...]) -> str:
    """Keep what the person granted; answers the code that the application exchanges within five minutes."""
    code = _secret(access.workspace.pk)
    with operation("applications.grant", access=access, subject=("applications", application.pk), details={"scopes": list(scopes), "application": application.name}):
        Grant.objects.create(
            application=application, member_id=access.member_id, scopes=list(scopes), redirect_uri=redirect_uri, challenge=challenge, code_hash=keys.digest(code),
            code_expires_at=timezone.now() + CODE_LASTS,
        )  # fmt: skip
    return code


def exchange(code: str, *, application_id: uuid.UUID, redirect_uri: str, verifier: str) -> Tokens:
    """The tokens for a code, once. A code that comes again ends what it led to: somebody else has it (RFC 6749, 4.1.2). Inside the workspace."""
    found = _locked(code_hash=keys.digest(code))
    if found is None or found.application_id != application_id:
        raise Denied("invalid_grant", "This code is unknown.")
    if found.code_used_at is not None:
        end(found, access=_as(found), why="code used twice")
        raise Denied("invalid_grant", "This code was used already; what it led to has ended.")
    if found.code_expires_at <= timezone.now() or found.redirect_uri != redirect_uri or not _in_force(found):
        raise Denied("invalid_grant", "This code has lapsed, or was made for another return address.")
    wanted = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).decode().rstrip("=")
    if not _VERIFIER.fullmatch(verifier) or not secrets.compare_digest(wanted, found.challenge):
        raise Denied("invalid_grant", "The code_verifier does not belong to the code.")
    found.code_used_at = timezone.now()
    return _issue(found, "applications.exchange")


def refresh(token: str, *, application_id: uuid.UUID) -> Tokens:
    """New tokens for a refresh token, which ends with it. One that comes again ends the grant."""
    digest = keys.digest(token)
    found = _locked(refresh_hash=digest)
    if found is None:
        stolen = _locked(before_hash=digest)
        if stolen is not None and stolen.application_id == application_id:
            end(stolen, access=_as(stolen), why="refresh token used twice")
        raise Denied("invalid_grant", "This refresh token is unknown or was used already.")
    if found.application_id != application_id or found.refresh_expires_at is None or found.refresh_expires_at <= timezone.now() or not _in_force(found):
        raise Denied("invalid_grant", "This refresh token no longer works. Ask the person again.")
    found.before_hash = digest
    return _issue(found, "applications.refresh")


def revoke(token: str, *, application_id: uuid.UUID) -> None:
    """End the grant of an access or refresh token; silent about unknown ones."""
    digest = keys.digest(token)
    found = _locked(refresh_hash=digest) or _locked(token__hash=digest)
    if found is not None and found.application_id == application_id:
        end(found, access=_as(found), why="revoked by the application")


def end(found: Grant, *, access: Access, why: str = "") -> None:
    """End a grant and its key at once."""
    now = timezone.now()
    with operation("applications.revoke", access=access, subject=("applications", found.application_id), reason=why):
        Grant.objects.filter(pk=found.pk, revoked_at=None).update(revoked_at=now)
        ApiToken.objects.filter(pk=found.token_id, revoked_at=None).update(revoked_at=now)


def _locked(**condition: Any) -> Grant | None:
    return Grant.objects.select_for_update(of=("self",)).select_related("application", "member", "token").filter(**condition).first()


def _in_force(found: Grant) -> bool:
    """Neither ended, nor the application switched off, nor the person gone, nor the key revoked in the settings."""
    ended = found.revoked_at or found.application.disabled_at or (found.token is not None and found.token.revoked_at)
    return not ended and found.member.state == MembershipState.ACTIVE


def _as(found: Grant) -> Access:
    """The person who granted, as who signs."""
    return Access(Workspace.objects.get(pk=str(found.workspace_id)), found.member_id, found.member.user_id, found.member.name, "", {})


def _issue(found: Grant, verb_name: str) -> Tokens:
    """A key for an hour and a refresh token; one key per grant, whose secret changes."""
    place = uuid.UUID(str(found.workspace_id))
    made, renewal = _secret(place), _secret(place)
    now = timezone.now()
    token = found.token or ApiToken(member=found.member, name=found.application.name[:80], scopes=found.scopes)
    token.prefix, token.hash, token.expires_at = made.rpartition("_")[2][:8], keys.digest(made), now + KEY_LASTS
    found.token, found.refresh_hash, found.refresh_expires_at = token, keys.digest(renewal), now + REFRESH_LASTS
    with operation(verb_name, access=_as(found), subject=("applications", found.application_id), details={"key": token.pk}):
        token.save()
        found.save()
    return Tokens(made, renewal, tuple(found.scopes))


def _on(application: Application, access: Access) -> str | None:
    return _now("It is switched off already.") if application.disabled_at else None


@verb("applications", "disable", label=_("Switch off"), icon="ban", action="edit", when=_on, tone="bad", order=10, done=_("Switched off"),
      hint=_("Whatever people granted it ends at once."))  # fmt: skip
def disable(application: Application, *, access: Access) -> None:
    """End everything that was granted to the application, and let it ask for nothing more."""
    now = timezone.now()
    ApiToken.objects.filter(pk__in=Grant.objects.filter(application=application).values("token"), revoked_at=None).update(revoked_at=now)
    Grant.objects.filter(application=application, revoked_at=None).update(revoked_at=now)
    application.disabled_at = now
    application.save(update_fields=["disabled_at"])
