"""States of webhooks and of what they send."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class HookState(models.TextChoices):
    """A paused webhook keeps its events until it is resumed; one that is off has none made."""

    ACTIVE = "active", _("Active")
    PAUSED = "paused", _("Paused")
    OFF = "off", _("Off")


class DeliveryState(models.TextChoices):
    """Withheld: the person whose rights the webhook has may not see the record (any more)."""

    WAITING = "waiting", _("Waiting")
    SENDING = "sending", _("Being sent")
    DELIVERED = "delivered", _("Delivered")
    EXHAUSTED = "exhausted", _("Given up")
    WITHHELD = "withheld", _("Withheld")
