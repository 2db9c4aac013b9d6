"""Who works for an account beside its managers: backup project managers in order, and production teams."""

from __future__ import annotations

from typing import Annotated

from django.db.models import F, Max
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.customers.models import Account, AccountBackup, AccountProduction
from patron.identity.access import Access
from patron.identity.models import Membership, Team
from patron.records.verbs import Input, Refused, verb

_MEMBER = Input(_("Project manager"))
_KIND = Input(_("Task type"), hint=_("Empty: every task type."))
_SPEC = Input(_("Specification"), hint=_("Such as a language pair. Empty: every specification."))


@verb("accounts", "add_backup", label=_("Add backup project manager"), icon="user-plus", action="edit", order=63, done=_("Backup added"))
def add_backup(
    account: Account,
    *,
    access: Access,
    member: Annotated[Membership, _MEMBER],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
    first: Annotated[bool, Input(_("Ask before the others"))] = False,
) -> None:
    """Put a colleague on the list of backups: last, or first, with the others moved back by one."""
    backups = AccountBackup.objects.filter(account=account)
    if member.pk == account.project_manager_id:
        raise Refused(_now("%(name)s is the project manager of the account.") % {"name": member}, field="member")
    if backups.filter(member=member).exists():
        raise Refused(_now("%(name)s is on the list already.") % {"name": member}, field="member")
    if first:
        backups.update(position=F("position") + 1)
    last = backups.aggregate(last=Max("position"))["last"] or 0
    AccountBackup.objects.create(account=account, member=member, position=1 if first else last + 1)


@verb("accounts", "remove_backup", label=_("Remove backup project manager"), icon="user-minus", action="edit", order=64, done=_("Backup removed"))
def remove_backup(
    account: Account,
    *,
    access: Access,
    member: Annotated[Membership, _MEMBER],  # type: ignore[valid-type]  # django-stubs reads Annotated[Model] as its own
) -> None:
    """Take a colleague off the list; those behind move up."""
    found = AccountBackup.objects.filter(account=account, member=member).first()
    if found is None:
        raise Refused(_now("%(name)s is not on the list.") % {"name": member}, field="member")
    found.delete()
    AccountBackup.objects.filter(account=account, position__gt=found.position).update(position=F("position") - 1)


@verb("accounts", "set_production", label=_("Set production team"), icon="package", action="edit", order=65, done=_("Production team set"))
def set_production(
    account: Account, *, access: Access, team: Annotated[Team | None, Input(_("Team"), hint=_("Empty: no team of its own."))] = None,
    task_type: Annotated[str, _KIND] = "", spec: Annotated[str, _SPEC] = "",
) -> None:  # fmt: skip
    """Say which team produces for the account: for a task type, a specification, both, or everything else."""
    rows = AccountProduction.objects.filter(account=account, task_type__iexact=task_type.strip(), spec__iexact=spec.strip())
    if team is None:
        if not rows.delete()[0]:
            raise Refused(_now("No team is set for this."), field="team")
    elif not rows.update(team=team):
        AccountProduction.objects.create(account=account, team=team, task_type=task_type.strip(), spec=spec.strip())


def production_team(account: Account, task_type: str = "", spec: str = "") -> Team | None:
    """The team that produces a task of that type and specification for the account; the most specific rule decides.

    A rule for the specification goes before one for the task type alone; None where no rule fits.
    """
    rules = AccountProduction.objects.filter(account=account).select_related("team")
    fitting = [r for r in rules if r.task_type.lower() in ("", task_type.lower()) and r.spec.lower() in ("", spec.lower())]
    best = max(fitting, key=lambda r: (r.spec != "" and r.task_type != "", r.spec != "", r.task_type != ""), default=None)
    return best.team if best else None
