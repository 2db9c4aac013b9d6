"""What the API hangs on record pages."""

from django.utils.translation import gettext_lazy as _

from patron.api.panels import connecting, shown
from patron.records import registry
from patron.records.record_type import Panel

registry.attach_panel("proposals", Panel("proposal", _("What would change"), "api/_proposal.html", shown, order=5))
registry.attach_panel("applications", Panel("connecting", _("For the program's settings"), "api/_application.html", connecting, order=5))
