"""The closed lists of the API."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ProposalState(models.TextChoices):
    """What became of a tool's wish. One that lapsed stays open in the table; its date says so."""

    OPEN = "open", _("Waiting")
    APPROVED = "approved", _("Approved")
    DECLINED = "declined", _("Declined")
