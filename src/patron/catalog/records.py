"""Products, their lines and brands, and exchange rates, as record types."""

from __future__ import annotations

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _

from patron.catalog.models import Brand, ExchangeRate, Product, ProductLine
from patron.identity.access import Access
from patron.records.record_type import RecordType, Section
from patron.records.registry import register


@register
class ProductRecord(RecordType):
    """What we sell."""

    key = "products"
    model = Product
    label, plural, icon = _("Product"), _("Products"), "package"
    description = _("What you sell: products and services, with cost, price and how often they are billed.")
    nav, nav_order = "catalog", 60
    badge_of = ("active",)
    subtitle = ("sku", "line")
    columns = ("name", "sku", "line", "kind", "price", "cost", "frequency", "active")
    filters = ("line", "kind", "frequency", "active", "price")
    sections = (
        Section(_("Product"), ("name", "sku", "kind", "line", "brand", "unit", "active", "description")),
        Section(_("Price"), ("price", "cost", "currency", "frequency", "tax_category")),
        Section(_("Other systems"), ("external_id", "tags")),
    )
    quick = ("name", "sku", "line", "kind", "price", "frequency")
    sort = "name"
    owners = ()
    keys = ("sku", "external_id", "name")
    aliases: ClassVar[dict[str, tuple[str, ...]]] = {
        "name": ("product", "item", "article"), "line": ("series", "family", "product line", "category"), "price": ("sales price", "unit price", "list price"), "sku": ("article number", "product code"),
    }  # fmt: skip
    duplicate_fields = ("name",)

    def badge(self, record: Any) -> tuple[str, str] | None:
        return None if record.active else (str(_("Not for sale")), "none")


@register
class ProductLineRecord(RecordType):
    """Families of products."""

    key = "product-lines"
    model = ProductLine
    label, plural, icon = _("Product line"), _("Product lines"), "boxes"
    columns = ("name", "brand", "owner")
    sections = (Section(_("Product line"), ("name", "brand", "owner", "description")),)
    sort = "name"
    keys = ("name", "external_id")
    searchable = False
    duplicate_fields = ()


@register
class BrandRecord(RecordType):
    """Brands that we sell."""

    key = "brands"
    model = Brand
    label, plural, icon = _("Brand"), _("Brands"), "badge-check"
    columns = ("name", "owner", "website")
    sections = (Section(_("Brand"), ("name", "owner", "website", "description")),)
    sort = "name"
    keys = ("name", "external_id")
    searchable = False
    duplicate_fields = ()


@register
class ExchangeRateRecord(RecordType):
    """Dated rates of other currencies."""

    key = "exchange-rates"
    model = ExchangeRate
    label, plural, icon = _("Exchange rate"), _("Exchange rates"), "arrow-right-left"
    title = "currency"
    columns = ("currency", "on", "rate", "source")
    sections = (Section(_("Exchange rate"), ("currency", "on", "rate", "source")),)
    sort = "-on"
    owners = ()
    searchable = False
    has_page = False
    duplicate_fields = ()

    def clean(self, record: Any, *, access: Access, changed: set[str]) -> dict[str, str]:
        if record.currency == access.workspace.currency:
            return {"currency": str(_("This is the workspace's own currency: it needs no rate."))}
        if record.rate is not None and record.rate <= 0:
            return {"rate": str(_("Enter a rate above zero."))}
        return {}
