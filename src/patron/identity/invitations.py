"""The link in an invitation: signed, good for seven days and for one use, and only until the next one is sent."""

from __future__ import annotations

import base64
import datetime
import secrets
import uuid
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.signing import BadSignature, SignatureExpired, TimestampSigner
from django.template.loader import render_to_string
from django.utils import timezone

from patron.identity.models import Invitation, Membership, Workspace

LASTS = datetime.timedelta(days=7)
_signer = TimestampSigner(sep=".", salt="patron.invitation")


class Ended(Exception):
    """The link is no good: `expired` says whether it once was."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("expired" if expired else "unknown")
        self.expired = expired


@dataclass(frozen=True, slots=True)
class Claim:
    """What a link says of itself; whether it still holds, the workspace knows."""

    workspace_id: uuid.UUID
    member_id: uuid.UUID
    code: str


def issue(member: Membership) -> Invitation:
    """A new invitation; links of earlier ones end."""
    fresh = {"code": secrets.token_hex(16), "expires_at": timezone.now() + LASTS, "sent_at": None, "problem": ""}
    found, _made = Invitation.objects.update_or_create(member=member, defaults=fresh)
    return found


def token_of(invitation: Invitation) -> str:
    """The secret part of the link."""
    packed = uuid.UUID(str(invitation.workspace_id)).bytes + uuid.UUID(str(invitation.member_id)).bytes + bytes.fromhex(invitation.code)
    return _signer.sign(base64.urlsafe_b64encode(packed).decode())


def link_of(invitation: Invitation) -> str:
    return f"{settings.BASE_URL}/auth/join/{token_of(invitation)}/"


def read(token: str) -> Claim:
    """The claim in a link; `Ended` where the signature is wrong or seven days are over."""
    try:
        packed = base64.urlsafe_b64decode(_signer.unsign(token, max_age=LASTS))
        return Claim(uuid.UUID(bytes=packed[:16]), uuid.UUID(bytes=packed[16:32]), packed[32:].hex())
    except SignatureExpired:
        raise Ended(expired=True) from None
    except (BadSignature, ValueError):
        raise Ended from None


def find(claim: Claim, *, lock: bool = False) -> Invitation:
    """The invitation that the claim is for, inside its workspace; `Ended` where it was used, replaced or withdrawn."""
    rows: Any = Invitation.objects.select_related("member", "member__role", "workspace")
    if lock:
        rows = rows.select_for_update(of=("self", "member"))
    found: Invitation | None = rows.filter(member=claim.member_id, member__state="invited").first()
    if found is None or not secrets.compare_digest(found.code, claim.code):
        raise Ended
    if found.expires_at < timezone.now():
        raise Ended(expired=True)
    return found


def send(invitation: Invitation, place: Workspace, *, by: str) -> None:
    """Mail the link. Raises OSError or SMTPException where the mail server does not take it."""
    context = {"member": invitation.member, "workspace": place, "by": by, "link": link_of(invitation), "days": LASTS.days}
    subject = render_to_string("identity/email/invitation_subject.txt", context).strip()
    EmailMessage(subject, render_to_string("identity/email/invitation_message.txt", context).strip(), to=[invitation.member.email]).send()
