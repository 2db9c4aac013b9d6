"""Lists of values: industries, segments, types of connection."""

from __future__ import annotations

from typing import ClassVar

from django.utils.translation import gettext_lazy as _

from patron.customers.models import ConnectionType, Industry, Segment
from patron.records.record_type import RecordType, Section
from patron.records.registry import register


class ListRecord(RecordType):
    """What lists of values have in common: no page, no owner, in their own order."""

    columns: ClassVar[tuple[str, ...]] = ("name", "order")
    sort = "order"
    owners = ()
    keys = ("name",)
    searchable = False
    has_page = False
    duplicate_fields = ()


@register
class IndustryRecord(ListRecord):
    key = "industries"
    model = Industry
    label, plural, icon = _("Industry"), _("Industries"), "building-2"
    sections = (Section(_("Industry"), ("name", "order")),)


@register
class SegmentRecord(ListRecord):
    key = "segments"
    model = Segment
    label, plural, icon = _("Segment"), _("Segments"), "layers"
    sections = (Section(_("Segment"), ("name", "order")),)


@register
class ConnectionTypeRecord(ListRecord):
    key = "connection-types"
    model = ConnectionType
    label, plural, icon = _("Connection type"), _("Connection types"), "link"
    columns = ("name", "reverse_name", "order")
    sections = (Section(_("Connection type"), ("name", "reverse_name", "order")),)
