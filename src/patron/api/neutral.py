"""A view of values for programs: the same whoever's key it is, but for the rights."""

from __future__ import annotations

from datetime import UTC
from zoneinfo import ZoneInfo

from patron.identity.access import Access
from patron.kernel.formats import Formats
from patron.kernel.parsing import ParseContext
from patron.records.kinds import View


class NeutralView(View):
    """Numbers with a point, dates year first, instants in UTC; telephone numbers without a country code are the workspace's country's.

    Days in filters ("this_month", "on") begin where the key's person lives: `access.zone`.
    """

    __slots__ = ()

    def parsing(self) -> ParseContext:
        workspace = self.access.workspace
        return ParseContext(locale="en", zone=_UTC, today=self.access.today(), date_order="YMD", decimal_mark=".", country=workspace.country, currency=workspace.currency)


_UTC = ZoneInfo(str(UTC))


def neutral(access: Access) -> NeutralView:
    return NeutralView(access, Formats("en", _UTC))
