"""Products and services, grouped by line and brand."""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.catalog.enums import BillingFrequency, ProductKind, TaxCategory
from patron.identity.models import Membership
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import CurrencyField, MoneyField
from patron.records.model import Record, external_id_once, own_text, own_text_index


class Brand(Record):
    """A brand that we sell; its owner is the brand manager."""

    name = models.CharField(_("name"), max_length=120)
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand manager"), db_index=False)
    website = models.URLField(_("website"), max_length=500, blank=True, default="", db_default="")
    description = models.TextField(_("description"), blank=True, default="", db_default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("brand_external_id_once"),
            models.UniqueConstraint("workspace", Lower("name"), name="brand_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="brand_named"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="brand_by_name"),
            models.Index(fields=["workspace", "owner", "id"], name="brand_by_owner"),
            models.Index(fields=["workspace", "created_at", "id"], name="brand_by_created"),
        ]


class ProductLine(Record):
    """A family of products. New sales are told from upselling by it (D17); its owner is the brand manager who answers for it."""

    name = models.CharField(_("name"), max_length=120)
    brand = TenantForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="lines", verbose_name=_("brand"), db_index=False)
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("brand manager"), db_index=False)
    description = models.TextField(_("description"), blank=True, default="", db_default="")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("product_line_external_id_once"),
            models.UniqueConstraint("workspace", Lower("name"), name="product_line_name_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="product_line_named"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="product_line_by_name"),
            models.Index(fields=["workspace", "brand", "id"], name="product_line_by_brand"),
            models.Index(fields=["workspace", "owner", "id"], name="product_line_by_owner"),
            models.Index(fields=["workspace", "created_at", "id"], name="product_line_by_created"),
        ]


class Product(Record):
    """A product or a service. `cost` and `price` are per unit and billing period, in `currency` (empty: the workspace's).

    What is no longer sold is switched off (`active`), not deleted: lines that were sold keep pointing to it.
    """

    name = models.CharField(_("name"), max_length=200)
    sku = models.CharField(_("SKU"), max_length=80, blank=True, default="", db_default="")
    kind = models.CharField(_("kind"), max_length=8, choices=ProductKind.choices, default=ProductKind.PRODUCT, db_default=ProductKind.PRODUCT)
    line = TenantForeignKey(ProductLine, null=True, blank=True, on_delete=models.PROTECT, related_name="products", verbose_name=_("product line"), db_index=False)
    brand = TenantForeignKey(Brand, null=True, blank=True, on_delete=models.PROTECT, related_name="products", verbose_name=_("brand"), db_index=False)
    unit = models.CharField(_("unit"), max_length=40, blank=True, default="", db_default="", help_text=_("Such as piece, hour or user."))
    tax_category = models.CharField(
        _("tax category"), max_length=8, choices=TaxCategory.choices, default=TaxCategory.STANDARD, db_default=TaxCategory.STANDARD
    )
    cost = MoneyField(_("cost"), null=True, blank=True)
    price = MoneyField(_("price"), null=True, blank=True)
    currency = CurrencyField(_("currency"), blank=True, default="", db_default="")
    frequency = models.CharField(
        _("billing"), max_length=9, choices=BillingFrequency.choices, default=BillingFrequency.ONE_OFF, db_default=BillingFrequency.ONE_OFF
    )
    active = models.BooleanField(_("for sale"), default=True, db_default=True)
    not_relations: ClassVar = {"specs": "names and values"}
    specs = models.JSONField(_("specifications"), default=dict, db_default=models.Value({}, models.JSONField()), blank=True)
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    search = models.GeneratedField(
        expression=SearchText("name", "sku", "unit", "description"), output_field=models.TextField(), db_persist=True, editable=False
    )
    own_text = own_text()

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "sku")

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("product_external_id_once"),
            models.UniqueConstraint("workspace", Lower("sku"), name="product_sku_once", condition=~models.Q(sku="")),
            models.CheckConstraint(condition=~models.Q(name=""), name="product_named"),
            models.CheckConstraint(condition=models.Q(cost__isnull=True) | models.Q(cost__gte=0), name="product_cost_not_negative"),
            models.CheckConstraint(condition=models.Q(price__isnull=True) | models.Q(price__gte=0), name="product_price_not_negative"),
            models.CheckConstraint(condition=models.Q(currency="") | models.Q(currency__regex=r"^[A-Z]{3}$"), name="product_currency_code"),
        ]
        indexes: ClassVar = [
            models.Index("workspace", Fold("name"), "id", name="product_by_name"),
            models.Index("workspace", Fold("sku"), "id", name="product_by_sku"),
            models.Index(fields=["workspace", "line", "id"], name="product_by_line"),
            models.Index(fields=["workspace", "brand", "id"], name="product_by_brand"),
            models.Index(fields=["workspace", "kind", "id"], name="product_by_kind"),
            models.Index(fields=["workspace", "price", "id"], name="product_by_price"),
            models.Index(fields=["workspace", "cost", "id"], name="product_by_cost"),
            models.Index(fields=["workspace", "created_at", "id"], name="product_by_created"),
            models.Index(fields=["workspace", "updated_at", "id"], name="product_by_updated"),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="product_search"),
            own_text_index("product_own_text"),
        ]
