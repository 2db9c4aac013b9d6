"""Connections: typed relations between any two parties, with a name for each end."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from patron.customers.models.account import Account
from patron.customers.models.contact import Contact
from patron.customers.models.lists import ListValue, list_indexes
from patron.kernel.tenancy import TenantForeignKey
from patron.records.model import Record, external_id_once


class ConnectionType(ListValue):
    """What two parties are to each other: the first is `name` of the second, the second is `reverse_name` of the first.

    "trustee of" and "trust of"; the same words twice where both ends are alike, as with spouses.
    """

    name = models.CharField(_("the first is"), max_length=80, help_text=_("Such as “trustee of”."))
    reverse_name = models.CharField(_("the second is"), max_length=80, help_text=_("Such as “trust of”; the same where both are alike."))

    class Meta(ListValue.Meta):
        constraints: ClassVar = [
            models.UniqueConstraint("workspace", Lower("name"), Lower("reverse_name"), name="connection_type_once"),
            models.CheckConstraint(condition=~models.Q(name="") & ~models.Q(reverse_name=""), name="connection_type_named"),
        ]
        indexes: ClassVar = list_indexes("connection_type")

    def __str__(self) -> str:
        return self.name if self.name == self.reverse_name else f"{self.name} – {self.reverse_name}"


def _end(label: Any, target: Any, name: str) -> Any:
    return TenantForeignKey(
        target, null=True, blank=True, on_delete=models.CASCADE, related_name=name, verbose_name=label, db_on_delete="CASCADE", db_index=False
    )


def _exactly_one(one: str, other: str) -> models.Q:
    return models.Q(**{f"{one}__isnull": False, f"{other}__isnull": True}) | models.Q(**{f"{one}__isnull": True, f"{other}__isnull": False})


class Connection(Record):
    """One typed relation between two parties, each an account or a contact, and not the same on both ends."""

    type = TenantForeignKey(ConnectionType, on_delete=models.PROTECT, related_name="connections", verbose_name=_("type"), db_index=False)
    first_account = _end(_("first: account"), Account, "connections_first")
    first_contact = _end(_("first: contact"), Contact, "connections_first")
    second_account = _end(_("second: account"), Account, "connections_second")
    second_contact = _end(_("second: contact"), Contact, "connections_second")
    starts_on = models.DateField(_("from"), null=True, blank=True)
    ends_on = models.DateField(_("until"), null=True, blank=True)
    note = models.CharField(_("note"), max_length=500, blank=True, default="", db_default="")
    merge_loops: ClassVar = (("first_account", "second_account"), ("first_contact", "second_contact"))

    class Meta(Record.Meta):
        constraints: ClassVar = [
            external_id_once("connection_external_id_once"),
            models.CheckConstraint(condition=_exactly_one("first_account", "first_contact"), name="connection_first_end"),
            models.CheckConstraint(condition=_exactly_one("second_account", "second_contact"), name="connection_second_end"),
            models.CheckConstraint(
                condition=(models.Q(first_account__isnull=True) | ~models.Q(first_account=models.F("second_account")) | models.Q(second_account__isnull=True))
                & (models.Q(first_contact__isnull=True) | ~models.Q(first_contact=models.F("second_contact")) | models.Q(second_contact__isnull=True)),
                name="connection_two_parties",
            ),
            models.CheckConstraint(
                condition=models.Q(starts_on__isnull=True) | models.Q(ends_on__isnull=True) | models.Q(ends_on__gte=models.F("starts_on")),
                name="connection_ends_after_start",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["workspace", "type", "id"], name="connection_by_type"),
            *(
                models.Index(fields=["workspace", end], name=f"connection_by_{end}", condition=models.Q(**{f"{end}__isnull": False}))
                for end in ("first_account", "first_contact", "second_account", "second_contact")
            ),
            models.Index(fields=["workspace", "created_at", "id"], name="connection_by_created"),
        ]

    def __str__(self) -> str:
        return f"{self.first_account or self.first_contact} · {self.type.name} · {self.second_account or self.second_contact}"
