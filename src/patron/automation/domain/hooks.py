"""The verbs of webhooks. All of them take an administrator, whatever a role grants otherwise."""

from __future__ import annotations

import datetime
import uuid
from typing import Annotated, Any

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.automation import payload
from patron.automation.domain import secrets
from patron.automation.enums import DeliveryState, HookState
from patron.automation.models import Delivery, Webhook
from patron.identity.access import Access
from patron.ledger.operations import current_operation
from patron.records.verbs import Input, Refused, When, verb

TEST = "webhooks.test"


def only(*states: HookState) -> When:
    """A verb for administrators, on webhooks in these states."""

    def refusal(hook: Webhook, access: Access) -> str | None:
        if not access.manages_settings:
            return _now("Only administrators change the settings. Ask one of them.")
        if hook.state not in states:
            return _now("%(name)s is %(state)s.") % {"name": hook.name, "state": str(HookState(hook.state).label).lower()}
        return None

    return refusal


_ANY = only(*HookState)


@verb("webhooks", "pause", label=_("Pause"), icon="bell-off", when=only(HookState.ACTIVE), order=20, done=_("Paused"))
def pause(hook: Webhook, *, access: Access) -> None:
    """Send nothing for now. Events are kept and go out when it is resumed."""
    hook.state = HookState.PAUSED
    hook.save(update_fields=["state"])


@verb("webhooks", "resume", label=_("Resume"), icon="play", when=only(HookState.PAUSED, HookState.OFF), order=20, done=_("Resumed"))
def resume(hook: Webhook, *, access: Access) -> None:
    """Send again, what was kept first."""
    hook.state = HookState.ACTIVE
    hook.save(update_fields=["state"])


@verb("webhooks", "switch_off", label=_("Switch off"), icon="ban", tone="bad", when=only(HookState.ACTIVE, HookState.PAUSED), order=60, done=_("Switched off"))
def switch_off(hook: Webhook, *, access: Access) -> None:
    """Make no events any more. So does Patron itself when the receiver answers 410 Gone."""
    hook.state = HookState.OFF
    hook.save(update_fields=["state"])


def _of_another(hook: Webhook, access: Access) -> str | None:
    return _ANY(hook, access) or (_now("It has your rights already.") if hook.member_id == access.member_id else None)


@verb("webhooks", "take_over", label=_("Use my rights"), icon="user-check", when=_of_another, order=50, done=_("It has your rights now"))
def take_over(hook: Webhook, *, access: Access) -> None:
    """From now on it carries what the person who does this may see: for when its person leaves."""
    if access.member_id is None:
        raise Refused(_now("A webhook has the rights of a person."))
    hook.member_id = access.member_id
    hook.save(update_fields=["member"])


@verb("webhooks", "rotate_secret", label=_("Replace the secret"), icon="key-round", when=_ANY, order=40, done=_("Secret replaced"))
def rotate_secret(hook: Webhook, *, access: Access) -> str:
    """Make a new secret and answer it, this once. For a day messages are signed with the old one, too. Not taken back by undo."""
    return secrets.make(hook.pk)


@verb("webhooks", "test", label=_("Send a test"), icon="send", when=only(HookState.ACTIVE), primary=True, order=10, done=_("Test on its way"))
def test(hook: Webhook, *, access: Access) -> str:
    """Send a message of type webhooks.test; answers its id."""
    signed = current_operation()
    assert signed is not None
    body = payload.of_test(hook, signed, access)
    made = Delivery(webhook_id=hook.pk, seq=0, event=TEST, type_key="webhooks", record_id=hook.pk, title=hook.name, operation_id=signed.id, payload=body)
    made.save()
    return message_id(made.pk)


_ONE = Input(_("Message"), hint=_("Its id (msg_…). Empty: every message that was given up."))
_SINCE = Input(_("Given up since"), kind="datetime", hint=_("Empty: all that are kept."))


@verb("webhooks", "replay", label=_("Send again"), icon="repeat", when=_ANY, order=30, done=_("On its way again"))
def replay(hook: Webhook, *, access: Access, message: Annotated[str, _ONE] = "", since: Annotated[datetime.datetime | None, _SINCE] = None) -> int:
    """Send a message again, or all that were given up (since a moment), with the same ids and contents; answers how many.

    The header `patron-replay` says so. Each starts over with all its attempts; what is being sent at this moment is left alone.
    """
    rows: Any = Delivery.objects.filter(webhook_id=hook.pk).exclude(state=DeliveryState.SENDING)
    if message.strip():
        rows = rows.filter(pk=parsed_id(message))
    else:
        rows = rows.filter(state=DeliveryState.EXHAUSTED, **({"made_at__gte": since} if since else {}))
    number = rows.update(state=DeliveryState.WAITING, next_at=timezone.now(), attempts=0, replays=F("replays") + 1, problem="")
    if not number:
        raise Refused(_now("There is nothing to send again: no such message, or it is being sent right now."), field="message" if message else "")
    return int(number)


def message_id(delivery_id: uuid.UUID) -> str:
    """The webhook-id of a delivery."""
    return f"msg_{delivery_id.hex}"


def parsed_id(text: str) -> uuid.UUID:
    """The delivery that a webhook-id means."""
    try:
        return uuid.UUID(text.strip().removeprefix("msg_"))
    except ValueError:
        raise Refused(_now("This is not the id of a message. It looks like msg_0198…"), field="message") from None
