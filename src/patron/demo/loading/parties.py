"""Accounts with their trees and statuses, contacts with their places, connections."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from patron.customers.domain.numbers import FIRST, SERIES, written
from patron.customers.enums import AccountStatus
from patron.customers.models import Account, AccountBackup, Affiliation, Connection, Contact, StatusChange
from patron.demo.loading.book import Book, stamps, uuid_at, write
from patron.demo.loading.touching import Touches
from patron.demo.story import things
from patron.kernel.numbering import draw

NO_MARKETING = "gdpr"
WON, LAPSED = "deals.win", "order window"


def load(book: Book, touches: Touches) -> None:
    """Write the parties; a status follows from the deals that were won, as the workspace counts orders."""
    _accounts(book, touches)
    _contacts(book)
    write(Connection, (_connection(book, connection) for connection in book.story.connections))


def _accounts(book: Book, touches: Touches) -> None:
    statuses = _statuses(book)
    first = draw(SERIES, len(book.story.accounts), start=FIRST)
    in_order = sorted(book.story.accounts, key=lambda account: account.created_at)
    numbers = {account.key: written(first + place) for place, account in enumerate(in_order)}
    write(Account, (_account(book, account, numbers[account.key], statuses[account.key], touches) for account in book.story.accounts))
    write(AccountBackup, (
        AccountBackup(account_id=book.id("accounts", account.key), member_id=book.id("people", member), position=position)
        for account in book.story.accounts
        for position, member in enumerate(account.backup_project_managers, 1)
    ))  # fmt: skip
    write(StatusChange, (
        StatusChange(
            id=uuid_at(after.at), account_id=book.id("accounts", key), before=before.status, after=after.status, at=after.at, cause=after.cause
        )
        for key, steps in statuses.items() for before, after in pairwise(steps)
    ))  # fmt: skip


class Step:
    """An account's status from some time on, and what made it."""

    __slots__ = ("at", "cause", "status")

    def __init__(self, status: AccountStatus, at: datetime.datetime, cause: str) -> None:
        self.status, self.at, self.cause = status, at, cause


def _statuses(book: Book) -> dict[str, list[Step]]:
    """Each account's statuses in order, the present one last: active from a won deal on, churned when none was won within the window."""
    won: dict[str, list[datetime.datetime]] = defaultdict(list)
    for deal in book.story.deals:
        if deal.account and deal.closed_at and deal.outcome in ("won", "partially_won"):
            won[deal.account].append(deal.closed_at)
    window = datetime.timedelta(days=book.workspace.order_window_days)
    return {a.key: list(_steps(a.created_at, sorted(won[a.key]), window, book.now)) for a in book.story.accounts}


def _steps(made: datetime.datetime, won: list[datetime.datetime], window: datetime.timedelta, now: datetime.datetime) -> Iterator[Step]:
    yield Step(AccountStatus.PROSPECT, made, "")
    active = False
    for at, following in pairwise([*won, now]):
        if not active:
            yield Step(AccountStatus.ACTIVE, at, WON)
        active = following - at <= window
        if not active:
            yield Step(AccountStatus.CHURNED, at + window, LAPSED)


def _account(book: Book, account: things.Account, number: str, statuses: list[Step], touches: Touches) -> Account:
    return Account(
        id=book.id("accounts", account.key), name=account.name, number=number, kind=account.kind, parent_id=book.maybe("accounts", account.parent),
        status=statuses[-1].status, status_since=statuses[-1].at, owner_id=book.person(account.account_manager),
        project_manager_id=book.person(account.project_manager), industry_id=book.id("industries", account.industry),
        segment_id=book.id("segments", account.segment), website=account.website, email=account.email, phone=account.phone, street=account.street,
        postcode=account.postcode, city=account.city, country=account.country, employees=account.employees,
        annual_revenue=account.annual_revenue, description=account.description, currency=account.currency, price_adjuster=account.price_adjuster,
        terms_kind=account.payment_terms, terms_days=account.payment_days, invoicing_option=account.invoicing, blacklisted=account.blacklisted,
        blacklist_reason=account.blacklist_reason, last_activity_at=touches.of_account(account.key), tags=book.tags(account.tags), **stamps(account.created_at, statuses[-1].at),
    )  # fmt: skip


def _contacts(book: Book) -> None:
    write(Contact, (_contact(book, contact) for contact in book.story.contacts))
    write(Affiliation, (
        Affiliation(
            id=uuid_at(contact.created_at), contact_id=book.id("contacts", contact.key), account_id=book.id("accounts", place.account),
            title=place.title, roles=list(place.roles), primary=place.primary, starts_on=book.day(contact.created_at), **stamps(contact.created_at),
        )
        for contact in book.story.contacts for place in contact.affiliations
    ))  # fmt: skip


def _contact(book: Book, contact: things.Contact) -> Contact:
    primary = next((place.account for place in contact.affiliations if place.primary), None)
    silent = NO_MARKETING in contact.tags
    return Contact(
        id=book.id("contacts", contact.key), name=contact.name, first_name=contact.first_name, last_name=contact.last_name,
        salutation=contact.salutation, title=contact.title, account_id=book.maybe("accounts", primary), email=contact.email, phone=contact.phone,
        mobile=contact.mobile, owner_id=book.person(contact.owner), city=contact.city, country=contact.country, do_not_email=silent,
        tags=book.tags(contact.tags), **stamps(contact.created_at),
    )  # fmt: skip


def _connection(book: Book, connection: things.Connection) -> Connection:
    ends: dict[str, Any] = {}
    for end, ref in (("first", connection.source), ("second", connection.target)):
        ends[f"{end}_{ref.type.removesuffix('s')}_id"] = book.id(ref.type, ref.key)
    began = datetime.datetime.combine(connection.starts, datetime.time(12), book.zone) if connection.starts else book.began
    made = stamps(max(began, book.began))
    return Connection(
        id=uuid_at(made["created_at"]), type_id=book.id("connection_types", connection.type), starts_on=connection.starts, ends_on=connection.ends,
        note=connection.note, **ends, **made,
    )  # fmt: skip
