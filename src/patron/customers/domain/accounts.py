"""Verbs of accounts: move in the tree, blacklist."""

from __future__ import annotations

from typing import Annotated

from django.db import OperationalError, transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.domain import parents
from patron.customers.models import Account
from patron.identity.access import Access
from patron.records.verbs import Input, Refused, verb


@verb("accounts", "move", label=_("Move in the tree"), icon="network", action="edit", bulk=True, order=60, done=_("Moved"))
def move_account(account: Account, *, access: Access, parent: Annotated[Account | None, Input(_("Parent account"), hint=_("Empty: an account of its own."))] = None) -> None:
    """Hang the account, with everything below it, under another one (D3). PostgreSQL refuses a cycle whoever asks for it.

    Somebody else may move an account of the same trees at the same time: then one of the two is refused, in words.
    """
    if parent is not None and (why := parents.refusal(account.pk, parent)):
        raise Refused(why, field="parent")
    account.parent = parent
    try:
        with transaction.atomic():
            account.save(update_fields=["parent"])
    except OperationalError as error:
        if not parents.is_deadlock(error):
            raise
        raise Refused(parents.busy(), field="parent") from error


def _not_listed(account: Account, access: Access) -> str | None:
    return _now("This account is blacklisted already.") if account.blacklisted else None


def _listed(account: Account, access: Access) -> str | None:
    return None if account.blacklisted else _now("This account is not blacklisted.")


@verb("accounts", "blacklist", label=_("Blacklist"), icon="ban", action="edit", when=_not_listed, tone="bad", order=70, done=_("Blacklisted"))
def blacklist_account(account: Account, *, access: Access, reason: Annotated[str, Input(_("Reason"))]) -> None:
    """No new quote, order or job for the account. Viewing it, its open deals and collecting its debts go on."""
    account.blacklisted, account.blacklist_reason = True, reason
    account.save(update_fields=["blacklisted", "blacklist_reason"])


@verb("accounts", "unblacklist", label=_("Lift the blacklisting"), icon="circle-check", action="edit", when=_listed, order=71, done=_("Blacklisting lifted"))
def unblacklist_account(account: Account, *, access: Access) -> None:
    """The account may be sold to again; the reason stays in the history."""
    account.blacklisted, account.blacklist_reason = False, ""
    account.save(update_fields=["blacklisted", "blacklist_reason"])
