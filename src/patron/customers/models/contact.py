"""Contacts: people, and their places in accounts."""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.customers.enums import ContactRole, Salutation
from patron.customers.models.account import Account
from patron.identity.models import Membership
from patron.kernel.db.functions import Fold, SearchText
from patron.kernel.tenancy import TenantForeignKey
from patron.records.columns import CountryField, PhoneField
from patron.records.merging.rules import Yield
from patron.records.model import Record, external_id_once, inside_indexes, own_text, own_text_index


class Contact(Record):
    """A person: of several accounts with one primary, or of none (domain, section 2).

    `name` is what the person is called everywhere; left empty it is made of first and last name, by a trigger too. `account` is the account of
    the primary affiliation and kept in step with it (`domain.contacts`, and a trigger for whoever goes around it).
    """

    name = models.CharField(_("name"), max_length=200, blank=True, default="", db_default="", help_text=_("Left empty: first and last name."))
    first_name = models.CharField(_("first name"), max_length=100, blank=True, default="", db_default="")
    last_name = models.CharField(_("last name"), max_length=100, blank=True, default="", db_default="")
    salutation = models.CharField(_("salutation"), max_length=4, choices=Salutation.choices, blank=True, default="", db_default="")
    title = models.CharField(_("job title"), max_length=120, blank=True, default="", db_default="")
    department = models.CharField(_("department"), max_length=120, blank=True, default="", db_default="")
    account = TenantForeignKey(Account, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("account"), db_index=False)
    email = models.EmailField(_("e-mail"), max_length=254, blank=True, default="", db_default="")
    phone = PhoneField(_("phone"), blank=True, default="", db_default="")
    mobile = PhoneField(_("mobile"), blank=True, default="", db_default="")
    owner = TenantForeignKey(Membership, null=True, blank=True, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("owner"), db_index=False)
    city = models.CharField(_("city"), max_length=120, blank=True, default="", db_default="")
    country = CountryField(_("country"), blank=True, default="", db_default="")
    language = models.CharField(_("language"), max_length=16, blank=True, default="", db_default="", help_text=_("Such as en or de-AT."))
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    do_not_call = models.BooleanField(_("do not call"), default=False, db_default=False)
    do_not_email = models.BooleanField(_("do not e-mail"), default=False, db_default=False)
    profile_url = models.URLField(_("profile"), max_length=500, blank=True, default="", db_default="", help_text=_("LinkedIn or another page about the person."))
    description = models.TextField(_("description"), blank=True, default="", db_default="")
    search = models.GeneratedField(
        expression=SearchText("name", "first_name", "last_name", "email", "phone", "mobile", "title", "city"),
        output_field=models.TextField(), db_persist=True, editable=False,
    )  # fmt: skip
    own_text = own_text()

    spelt: ClassVar[tuple[str, ...]] = ("name",)
    begins: ClassVar[tuple[str, ...]] = ("name", "last_name")
    dials: ClassVar[tuple[str, ...]] = ("phone", "mobile")
    inside: ClassVar[tuple[str, ...]] = ("name",)

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("contact_external_id_once"),
            models.CheckConstraint(condition=~models.Q(name=""), name="contact_named"),
        ]
        indexes: ClassVar = [
            *inside_indexes("name", "contact"),
            models.Index("workspace", Fold("last_name"), "id", name="contact_by_last_name"),
            models.Index("workspace", Fold("title"), "id", name="contact_by_title"),
            models.Index("workspace", Fold("email"), "id", name="contact_by_email"),
            models.Index("workspace", Lower("email"), name="contact_same_email", condition=~models.Q(email="")),
            models.Index("workspace", Fold("phone"), "id", name="contact_by_phone"),
            models.Index(fields=["workspace", "phone"], name="contact_same_phone", condition=~models.Q(phone="")),
            models.Index(fields=["workspace", "mobile"], name="contact_same_mobile", condition=~models.Q(mobile="")),
            models.Index("workspace", Fold("city"), "id", name="contact_by_city"),
            models.Index(fields=["workspace", "country", "id"], name="contact_by_country"),
            models.Index(fields=["workspace", "account", "id"], name="contact_by_account"),
            models.Index(fields=["workspace", "owner", "id"], name="contact_by_owner"),
            models.Index(fields=["workspace", "created_at", "id"], name="contact_by_created"),
            models.Index(fields=["workspace", "updated_at", "id"], name="contact_by_updated"),
            GinIndex("workspace", OpClass("search", name="gin_trgm_ops"), name="contact_search"),
            own_text_index("contact_own_text"),
        ]


class Affiliation(Record):
    """A contact's place in an account: job title, roles, from when to when. Ended ones stay: people's history is kept.

    At most one open place per pair, one primary per contact; a place that has ended is not primary.
    """

    contact = TenantForeignKey(Contact, on_delete=models.CASCADE, related_name="affiliations", verbose_name=_("contact"), db_index=False)
    account = TenantForeignKey(Account, on_delete=models.PROTECT, related_name="affiliations", verbose_name=_("account"), db_index=False)
    title = models.CharField(_("job title"), max_length=120, blank=True, default="", db_default="")
    roles = ArrayField(
        models.CharField(max_length=16, choices=ContactRole.choices), verbose_name=_("roles"), default=list, db_default=models.Value("{}"), blank=True
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    primary = models.BooleanField(_("primary account"), default=False, db_default=False)
    merge_rules: ClassVar = {"affiliation_primary_once": Yield("primary", False)}

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("affiliation_external_id_once"),
            models.UniqueConstraint(
                fields=["workspace", "contact", "account"], name="affiliation_open_once", condition=models.Q(ends_on__isnull=True, archived_at__isnull=True)
            ),
            models.UniqueConstraint(
                fields=["workspace", "contact"], name="affiliation_primary_once", condition=models.Q(primary=True, archived_at__isnull=True)
            ),
            models.CheckConstraint(condition=models.Q(primary=False) | models.Q(ends_on__isnull=True), name="affiliation_primary_is_open"),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True) | models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="affiliation_ends_after_start",
            ),
            models.CheckConstraint(condition=models.Q(roles__contained_by=ContactRole.values), name="affiliation_roles_known"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "contact", "id"], name="affiliation_by_contact"),
            models.Index(fields=["workspace", "account", "id"], name="affiliation_by_account"),
            models.Index("workspace", Fold("title"), "id", name="affiliation_by_title"),
            models.Index(fields=["workspace", "starts_on", "id"], name="affiliation_by_start"),
            models.Index(fields=["workspace", "ends_on", "id"], name="affiliation_by_end"),
            models.Index(fields=["workspace", "created_at", "id"], name="affiliation_by_created"),
        ]

    def __str__(self) -> str:
        return f"{self.contact} · {self.account}"
