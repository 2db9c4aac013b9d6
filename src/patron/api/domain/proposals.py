"""A tool's write is a proposal: kept with its exact inputs, shown with what it would change, done when a person approves it – or never.

Nothing that a tool brings is trusted later: when it is approved, the approver's rights, the verb's precondition and the values are judged
anew, and a record that was changed meanwhile goes back to the person, who sees what the act would do now.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from patron.api import codec
from patron.api.enums import ProposalState
from patron.api.models import Proposal
from patron.api.neutral import neutral
from patron.collab.domain import notifications
from patron.collab.domain.refs import Ref
from patron.identity.access import Access
from patron.kernel.origin import origin
from patron.ledger.models import Change
from patron.ledger.operations import operation
from patron.records import changes, history, perform, plain, registry
from patron.records.fields import Field
from patron.records.kinds import View, kind_of
from patron.records.merging import redirects
from patron.records.record_type import RecordType
from patron.records.verbs import Input, Refused, verb

LASTS = datetime.timedelta(days=7)
notifications.kind("proposed", _("%(who)s proposes: %(title)s"), "bot")


@dataclass(frozen=True, slots=True)
class Wish:
    """What a tool asks for. `verb` is "create", "edit", or a verb of the type; `data` its inputs as JSON."""

    type: RecordType
    verb: str
    record: Any
    data: Mapping[str, Any]
    reason: str = ""


def propose(wish: Wish, *, access: Access, client: str, credential: uuid.UUID | None = None) -> Proposal:
    """Keep a wish, if the person whose rights the tool has could do it now. Raises `NotAllowed`, `Refused` or `NotValid`; then nothing is kept."""
    _must_be_allowed(wish, access)
    if access.member_id is None:
        raise perform.NotAllowed("proposals.create")
    inputs = _exact(wish, neutral(access))
    made = Proposal(
        title=_title(wish)[:200], type_key=wish.type.key, record_id=wish.record.pk if wish.record is not None else None, verb=wish.verb, inputs=inputs,
        seen_revision=getattr(wish.record, "revision", None), reason=wish.reason[:500], member_id=access.member_id, client=client[:120], credential=credential,
        expires_at=timezone.now() + LASTS,
    )  # fmt: skip
    made.save(force_insert=True)
    _try(made, access)
    telling = notifications.Telling("proposed", access.member_id, Ref("proposals", made.pk), f"proposed:{made.pk}")
    notifications.tell([telling], access=Access.system(access.workspace, client[:120]))
    return made


def _must_be_allowed(wish: Wish, access: Access) -> None:
    """Rights and precondition, as at any door."""
    if wish.verb == "create":
        if not wish.type.creatable or not access.can(wish.type.key, "create"):
            raise perform.NotAllowed(f"{wish.type.key}.create")
        return
    known = None if wish.verb == "edit" else registry.verb(wish.type.key, wish.verb)
    if not wish.type.allows(wish.record, access, known.action if known else "edit"):
        raise perform.NotAllowed(f"{wish.type.key}.{wish.verb}")
    if known and (refusal := known.refusal(wish.record, access)):
        raise Refused(refusal)


def fields_of(record_type: RecordType, name: str) -> dict[str, Field]:
    """The fields that an act's inputs are: the record's own, or the verb's arguments."""
    if name in ("create", "edit"):
        return record_type.fields
    return {f.name: f for f in perform.input_fields(registry.verb(record_type.key, name))}


def _exact(wish: Wish, view: View) -> dict[str, Any]:
    """The inputs as the values that they stand for now: what is approved later is these, whatever names come to mean."""
    if wish.verb in ("create", "edit"):
        typed = plain.read(wish.type, wish.data, view)
    else:
        plain.read_inputs(registry.verb(wish.type.key, wish.verb), wish.data, view)
        specs = fields_of(wish.type, wish.verb)
        typed = {n: plain.read_one(specs[n], v, view) for n, v in wish.data.items() if v is not None}
    if wish.verb == "edit" and not typed:
        raise changes.NotValid({"": _now("There is nothing to change.")})
    fields = fields_of(wish.type, wish.verb)
    made: dict[str, Any] = codec.loads(codec.dumps({n: None if v is None else kind_of(fields[n].kind).plain(v) for n, v in typed.items()}))
    return made


def _title(wish: Wish) -> str:
    label = str(wish.type.label)
    if wish.verb == "create":
        name = wish.data.get(wish.type.title)
        return _now("New %(type)s: %(name)s") % {"type": label.lower(), "name": name} if isinstance(name, str) else _now("New %(type)s") % {"type": label.lower()}
    what = _now("Change") if wish.verb == "edit" else str(registry.verb(wish.type.key, wish.verb).label)
    return f"{what}: {wish.record}"


# --- What it would do -------------------------------------------------------------------------------------------------


@dataclass(slots=True)
class Trial:
    """What would change, record by record: (whose, [(label, before, after)]); or why it cannot be done now."""

    changes: list[tuple[str, list[tuple[str, str, str]]]] = field(default_factory=list)
    problem: str = ""


class _TakenBack(Exception):
    """Ends a trial: everything that it wrote is rolled back."""


def _try(proposal: Proposal, access: Access) -> None:
    """Refuse at once what could not be done now: rules across fields, the verb's own checks, the database's. Takes back what it wrote."""
    try:
        with transaction.atomic():
            _carry_out(proposal, access)
            raise _TakenBack
    except _TakenBack:
        pass


def trial(proposal: Proposal, view: View) -> Trial:
    """Do it, note what changed, take it back: nothing remains, and nobody is told. Shows consequences as well, not the inputs alone."""
    made, where = Trial(), origin.get()
    before = len(where.signed) if where else 0
    try:
        with transaction.atomic():
            signed = _carry_out(proposal, view.access)
            made.changes = _changes(signed, proposal, view)
            raise _TakenBack
    except _TakenBack:
        pass
    except changes.NotValid as error:
        made.problem = " ".join(error.errors.values())
    except Refused as error:
        made.problem = error.message
    except perform.NotAllowed:
        made.problem = _now("Your role does not reach this record for that.")
    finally:
        if where:
            del where.signed[before:]
    return made


def _changes(signed: uuid.UUID, proposal: Proposal, view: View) -> list[tuple[str, list[tuple[str, str, str]]]]:
    """The ledger's rows of a trial in words: the record itself first, then what follows."""
    rows = list(Change.objects.filter(operation_id=signed).order_by("seq")[:200])
    record_type = registry.get(proposal.type_key)
    found: dict[tuple[str, Any], list[tuple[str, str, str]]] = {}
    own = (record_type.table, proposal.record_id)
    if proposal.verb == "create":
        found[own] = _given(proposal, view)
    names = history.names_of(rows, view)
    for row in rows:
        if row.action == "U":
            found.setdefault((row.table_name, row.row_id), []).extend(history.field_changes(row, names, view))
        elif row.action == "D":
            found.setdefault((row.table_name, row.row_id), []).append((_now("Record"), str(history.label_of_table(row.table_name)), ""))
        elif proposal.verb != "create" and history.type_of(row.table_name, row.row_id):
            found.setdefault((row.table_name, row.row_id), []).append((_now("Record"), "", _now("new")))
    ordered = sorted(found.items(), key=lambda pair: pair[0] != own)
    return [(history.label_of_table(table), lines) for (table, _id), lines in ordered if lines]


def _given(proposal: Proposal, view: View) -> list[tuple[str, str, str]]:
    """A new record's values, as far as the reader may see the fields."""
    record_type = registry.get(proposal.type_key)
    visible, strict = record_type.visible_fields(view.access), neutral(view.access)
    found = []
    for name, value in proposal.inputs.items():
        known = visible.get(name)
        if known is None:
            found.append((name, "", "•••"))
            continue
        typed = plain.read_one(known, value, strict)
        found.append((str(known.label), "", _words(known, typed, view)))
    return found


def _words(known: Field, value: Any, view: View) -> str:
    if value in (None, "", []):
        return ""
    if known.is_relation:
        target = registry.find_model(known.model)
        rows = target.visible(view.access) if target else known.model.objects.all()
        return str(rows.filter(pk=value).values_list(target.title_path if target else "name", flat=True).first() or "")
    return kind_of(known.kind).text(value, known, view)


# --- Deciding ---------------------------------------------------------------------------------------------------------


def _carry_out(proposal: Proposal, access: Access) -> uuid.UUID:
    """The act itself, under the rights of who approves. Joins the open operation."""
    record_type = registry.find(proposal.type_key)
    if record_type is None:
        raise Refused(_now("There is no such type of record any more."))
    view = neutral(access)
    with operation(f"{proposal.type_key}.{proposal.verb}", access=access) as signed:
        if proposal.verb == "create":
            if not access.can(proposal.type_key, "create"):
                raise perform.NotAllowed(proposal.type_key)
            changes.create(record_type, plain.read(record_type, proposal.inputs, view), access=access)
            return signed.id
        record = target_of(proposal, access, lock=True)
        if record is None:
            raise Refused(_now("The record is gone, or you may not see it."))
        if proposal.verb == "edit":
            if not record_type.allows(record, access, "edit"):
                raise perform.NotAllowed(proposal.type_key)
            changes.edit(record_type, record, plain.read(record_type, proposal.inputs, view), access=access)
        else:
            known = registry.verb(proposal.type_key, proposal.verb)
            perform.perform(known, record_type, record, access=access, inputs=plain.read_inputs(known, proposal.inputs, view))
        return signed.id


def target_of(proposal: Proposal, access: Access, *, lock: bool = False) -> Any:
    """The record that the proposal is about, or the one that it was merged into, if there is one and the person sees it."""
    record_type = registry.find(proposal.type_key)
    if record_type is None or proposal.record_id is None:
        return None
    rows = record_type.visible(access)
    went = redirects.survivor_of(record_type, proposal.record_id) or proposal.record_id
    return (rows.select_for_update(of=("self",), no_key=True) if lock else rows).filter(pk=went).first()


def is_stale(proposal: Proposal, record: Any) -> bool:
    """Whether the record is another than was seen when this was proposed: changed, or the one that stayed of a merge."""
    return bool(record.pk != proposal.record_id or getattr(record, "revision", None) != proposal.seen_revision)


def _undecided(proposal: Proposal, access: Access) -> str | None:
    where = origin.get()
    if where is not None and where.program:
        return _now("A person decides this in Patron; programs cannot.")
    if proposal.state != ProposalState.OPEN:
        return _now("This was decided already.")
    return None


def _open(proposal: Proposal, access: Access) -> str | None:
    if problem := _undecided(proposal, access):
        return problem
    if access.member_id is None:
        return _now("A named person approves this.")
    return _now("This proposal has lapsed. Let the tool ask again.") if proposal.expires_at <= timezone.now() else None


def _signs(proposal: Proposal) -> tuple[str, tuple[str, uuid.UUID] | None, dict[str, Any]]:
    """What an approval is signed as: the act itself, with who asked for it."""
    subject = (proposal.type_key, proposal.record_id) if proposal.record_id else ("proposals", proposal.pk)
    details = {"proposal": proposal.pk, "proposed_by": proposal.member.name, "program": proposal.client, "proposed_at": proposal.created_at}
    return f"{proposal.type_key}.{proposal.verb}", subject, details


def _context(proposal: Proposal, access: Access, given: Mapping[str, Any]) -> dict[str, Any]:
    """What the dialog shows: the act as it would be now, and whether the record was changed since it was proposed."""
    from patron.api.panels import shown

    return {"proposal": proposal, **shown(proposal, access)}


_SEEN = Input(_("Revision that you saw"), kind="integer")


@verb("proposals", "approve", label=_("Approve"), icon="check", action="view", when=_open, primary=True, order=10, done=_("Approved and done"),
      template="api/approve.html", context=_context, signs=_signs)  # fmt: skip
def approve(proposal: Proposal, *, access: Access, seen: Annotated[int | None, _SEEN] = None) -> None:
    """Do what was proposed, under one's own name and rights. A record that changed since it was proposed is done only by one who saw it as it is now."""
    if proposal.record_id:
        record = target_of(proposal, access, lock=True)
        if record is not None and (getattr(record, "revision", None) != seen if seen is not None else is_stale(proposal, record)):
            raise Refused(_now("The record was changed meanwhile. Look at what would change now, then approve again."))
    try:
        _carry_out(proposal, access)
    except perform.NotAllowed:
        raise Refused(_now("Your role does not reach this record for that.")) from None
    except changes.NotValid as error:
        raise Refused(" ".join(error.errors.values())) from error
    _decide(proposal, ProposalState.APPROVED, access)


@verb("proposals", "decline", label=_("Decline"), icon="x", action="view", when=_undecided, order=20, done=_("Declined"))
def decline(proposal: Proposal, *, access: Access, why: Annotated[str, Input(_("Why not"), hint=_("The tool can read it."))]) -> None:
    """Refuse what was proposed and say why; nothing is changed."""
    _decide(proposal, ProposalState.DECLINED, access, why)


def _decide(proposal: Proposal, state: ProposalState, access: Access, answer: str = "") -> None:
    proposal.state, proposal.decided_by_id, proposal.decided_at, proposal.answer = state, access.member_id, timezone.now(), answer[:500]
    proposal.save(update_fields=["state", "decided_by", "decided_at", "answer"])
