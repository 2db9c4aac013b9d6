"""Our own people, lists of values, pipelines and catalogue."""

from __future__ import annotations

from patron.catalog.models import Brand, ExchangeRate, Product, ProductLine
from patron.customers.models import ConnectionType, Industry, Segment
from patron.demo.loading.book import Book, stamps, write
from patron.demo.story import things
from patron.identity.domain import workspaces
from patron.identity.enums import MembershipKind, MembershipState
from patron.identity.models import Membership, Team, TeamMember, User
from patron.sales.domain.start import unknown_source
from patron.sales.enums import ForecastCategory, StageKind
from patron.sales.models import Competitor, DisqualifyReason, LeadSource, LostReason, Pipeline, Stage

BRANDS = {"sven": "Larkfield Instruments", "noemie": "Larkfield Cloud"}


def load(book: Book, password: str) -> None:
    """Write people with their sign-ins, teams, lists, pipelines, rates and catalogue; `password` is a hashed one for who is new."""
    _users(book, password)
    _people(book)
    _teams(book)
    _lists(book)
    _pipelines(book)
    _catalogue(book)


def _users(book: Book, password: str) -> None:
    """A sign-in for everybody who is still with us. Who has one already keeps it, with password and name."""
    wanted = {person.email.lower(): person for person in book.story.people if person.left is None}
    known = {user.email.lower(): user.pk for user in User.objects.filter(email__in=[person.email for person in wanted.values()])}
    fresh = [User(email=person.email, name=person.name, password=password) for email, person in wanted.items() if email not in known]
    known |= {user.email.lower(): user.pk for user in User.objects.bulk_create(fresh)}
    book.users.update({person.key: known[email] for email, person in wanted.items()})


def _people(book: Book) -> None:
    roles = workspaces.ship_roles()
    offices = {office.key: office.name for office in book.story.offices}
    write(Membership, (
        Membership(
            id=book.id("people", person.key), user_id=book.users.get(person.key), name=person.name, email=person.email, title=person.title,
            office=offices[person.office], phone=person.phone, manager_id=book.person(person.manager), role=roles[person.role],
            kind=MembershipKind.STAFF, state=MembershipState.DEACTIVATED if person.left else MembershipState.ACTIVE,
        )
        for person in book.story.people
    ))  # fmt: skip


def _teams(book: Book) -> None:
    teams = book.story.teams
    write(Team, (Team(id=book.id("teams", t.key), name=t.name, kind=t.kind, manager_id=book.person(t.lead)) for t in teams))
    pairs = [(book.id("teams", team.key), book.id("people", member)) for team in teams for member in team.members]
    write(TeamMember, (TeamMember(team_id=team, member_id=member) for team, member in pairs))


def _lists(book: Book) -> None:
    story, made = book.story, stamps(book.began)
    for kind, model in (("industries", Industry), ("segments", Segment), ("lead_sources", LeadSource), ("disqualify_reasons", DisqualifyReason)):
        choices: list[things.Choice] = getattr(story, kind)
        write(model, (model(id=book.id(kind, c.key), name=c.name, order=i, **made) for i, c in enumerate(choices, 1)))
    unknown_source()
    write(LostReason, (
        LostReason(
            id=book.id("lost_reasons", r.key), name=r.name, consultant_group_id=book.id("teams", r.group), review_days=r.review_days, order=i, **made
        )
        for i, r in enumerate(story.lost_reasons, 1)
    ))  # fmt: skip
    write(Competitor, (
        Competitor(
            id=book.id("competitors", c.key), name=c.name, website=_address(c.website), strengths=c.strengths, weaknesses=c.weaknesses, **made
        )
        for c in story.competitors
    ))  # fmt: skip
    write(ConnectionType, (
        ConnectionType(id=book.id("connection_types", t.key), name=t.from_name, reverse_name=t.to_name, order=i, **made)
        for i, t in enumerate(story.connection_types, 1)
    ))  # fmt: skip


def _address(website: str) -> str:
    return website if not website or "://" in website else f"https://{website}"


def _pipelines(book: Book) -> None:
    pipelines, made = book.story.pipelines, stamps(book.began)
    write(Pipeline, (
        Pipeline(id=book.id("pipelines", p.key), name=p.name, order=i, is_default=i == 1, **made) for i, p in enumerate(pipelines, 1)
    ))  # fmt: skip
    write(Stage, (
        Stage(
            id=book.id("stages", s.key), pipeline_id=book.id("pipelines", p.key), name=s.name, order=i, kind=s.kind, probability=s.probability,
            expected_days=s.expected_days, forecast_category=_category(s), **made,
        )
        for p in pipelines for i, s in enumerate(p.stages, 1)
    ))  # fmt: skip


def _category(stage: things.Stage) -> ForecastCategory:
    if stage.kind != StageKind.OPEN:
        return ForecastCategory.CLOSED
    if stage.probability >= 75:
        return ForecastCategory.COMMIT
    return ForecastCategory.BEST if stage.probability >= 50 else ForecastCategory.PIPELINE


def _catalogue(book: Book) -> None:
    story, made = book.story, stamps(book.began)
    write(ExchangeRate, (ExchangeRate(currency=r.currency, on=r.day, rate=r.rate, **made) for r in story.exchange_rates))
    brands = {manager: Brand(name=name, owner_id=book.id("people", manager), **made) for manager, name in BRANDS.items()}
    write(Brand, brands.values())
    write(ProductLine, (
        ProductLine(
            id=book.id("product_lines", line.key), name=line.name, brand=brands.get(line.brand_manager), owner_id=book.person(line.brand_manager),
            description=line.description, **made,
        )
        for line in story.product_lines
    ))  # fmt: skip
    of_line = {line.key: brands.get(line.brand_manager) for line in story.product_lines}
    write(Product, (
        Product(
            id=book.id("products", p.key), name=p.name, sku=p.sku, kind=p.kind, line_id=book.id("product_lines", p.line), brand=of_line[p.line],
            unit=p.unit, cost=p.cost, price=p.price, frequency=p.frequency, active=p.active, description=p.description, **made,
        )
        for p in story.products
    ))  # fmt: skip
