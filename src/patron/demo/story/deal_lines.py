"""What is in a deal: lines with quantities, prices, costs and outcomes, and their sums."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from .chance import Chance
from .things import DealLine, Product
from .words.scenarios import OWN_SENSOR, USUAL_SENSOR, Part, Scenario

CENT = Decimal("0.01")
NOTHING = Decimal("0.00")
PERIOD_MONTHS = {"one_off": 0, "monthly": 1, "quarterly": 3, "annual": 12}
GROWTH = (1.1, 2.3, 4.2, 6.6)  # of quantities, by size of the customer
ROUND_FROM = 24
MAX_LINES = 5
#: Discounts in percent by the list value of the deal in euro.
DISCOUNTS: tuple[tuple[int, tuple[str, ...]], ...] = (
    (4_000, ("0", "0", "0", "0", "3")),
    (15_000, ("0", "0", "0", "3", "5")),
    (45_000, ("0", "3", "5", "5", "7.5", "10")),
    (120_000, ("5", "7.5", "8", "10", "12", "12.5")),
    (10_000_000, ("8", "10", "12.5", "15", "18")),
)
#: What a line is for, in the words of a quote; most lines have none.
REMARKS = {
    "condition": ("with mounting pads", "stainless housing", "including spare"),
    "flow": ("drinking water approval", "with mounting rail", "IP68"),
    "climate": ("with calibration certificate", "food grade", ""),
    "network": ("outdoor housing", "with antenna extension", "DIN rail"),
    "cloud": ("", "billed from go-live", "first month free of charge in the price"),
    "service": ("travel included", "on site", "at night or weekend"),
}


@dataclass(frozen=True, slots=True)
class Sums:
    one_off: Decimal
    monthly: Decimal
    value: Decimal
    cost: Decimal
    won: Decimal
    lost: Decimal


def money(amount: Decimal) -> Decimal:
    return amount.quantize(CENT, ROUND_HALF_UP)


def add_up(lines: Iterable[DealLine]) -> Sums:
    lines = tuple(lines)

    def total(amounts: Iterable[Decimal]) -> Decimal:
        return sum(amounts, NOTHING)

    return Sums(
        one_off=total(line.net for line in lines if line.commitment_months == 0),
        monthly=total(line.monthly for line in lines),
        value=total(line.value for line in lines),
        cost=total(line.total_cost for line in lines),
        won=total(line.value for line in lines if line.outcome == "won"),
        lost=total(line.value for line in lines if line.outcome == "lost"),
    )


@dataclass(frozen=True, slots=True)
class Amounts:
    net: Decimal
    monthly: Decimal
    value: Decimal
    cost: Decimal


def amounts_of(
    quantity: Decimal, price: Decimal, discount: Decimal, cost: Decimal, period: int, months: int
) -> Amounts:
    """What a line comes to; `period` is that of billing in months, 0 for one-off lines."""
    net = money(quantity * price * (100 - discount) / 100)
    whole_cost = money(quantity * cost)
    if period == 0:
        return Amounts(net, NOTHING, net, whole_cost)
    return Amounts(net, money(net / period), net * (months // period), whole_cost * (months // period))


def with_quantity(line: DealLine, quantity: Decimal) -> DealLine:
    period = PERIOD_MONTHS[line.frequency]
    sums = amounts_of(quantity, line.unit_price, line.discount, line.unit_cost, period, line.commitment_months)
    return replace(line, quantity=quantity, net=sums.net, monthly=sums.monthly, value=sums.value, total_cost=sums.cost)


@dataclass(frozen=True, slots=True)
class Terms:
    """What the customer brings along, size, currency and prices, and how it ended."""

    size: int
    industry: str
    bulk: float  # how large this deal is beside others of its kind
    currency: str
    rate: Decimal
    adjuster: Decimal = NOTHING
    renewal: bool = False
    outcome: str = "open"  # of all lines
    reason: str | None = None  # of lost ones


class LineWriter:
    def __init__(self, products: dict[str, Product], chance: Chance) -> None:
        self._products = products
        self._chance = chance

    def lines(self, deal: str, scenario: Scenario, terms: Terms, at_least: int = 1) -> list[DealLine]:
        """The lines of a deal, at least so many."""
        required = [part for part in scenario.parts if not part.optional]
        extras = [part for part in scenario.parts if part.optional]
        parts = required + [part for part in extras if self._chance.maybe(0.5) or len(required) < at_least]
        if len(parts) < at_least:
            parts.append(Part("SV-SUR", 1, 2, fixed=True, optional=False))
        spread, months = self._chance.random(), self._months(terms)
        amounts = [(part, self._quantity(part, terms, spread)) for part in parts[:MAX_LINES]]
        discount = self._discount(amounts, terms, months)
        return [
            self._line(f"{deal}.{number}", part, quantity, terms, discount, months)
            for number, (part, quantity) in enumerate(amounts, start=1)
        ]

    def _product(self, part: Part, terms: Terms) -> Product:
        return self._products[OWN_SENSOR.get(terms.industry, USUAL_SENSOR) if part.sku == "OWN" else part.sku]

    def _months(self, terms: Terms) -> int:
        odds = {12: 0.7, 24: 0.12, 36: 0.18} if terms.renewal else {12: 0.4, 24: 0.22, 36: 0.38}
        return self._chance.weighted(odds)

    def _quantity(self, part: Part, terms: Terms, spread: float) -> int:
        amount = part.low + spread * (part.high - part.low)
        if not part.fixed:
            amount *= GROWTH[terms.size] * terms.bulk
        if amount >= ROUND_FROM:
            return max(1, round(amount / 5) * 5 if amount < 4 * ROUND_FROM else round(amount / 10) * 10)
        return max(1, round(amount))

    def _discount(self, amounts: list[tuple[Part, int]], terms: Terms, months: int) -> Decimal:
        value = 0
        for part, quantity in amounts:
            product = self._product(part, terms)
            period = PERIOD_MONTHS[product.frequency]
            value += int(product.price * quantity) * (months // period if period else 1)
        steps = next(steps for limit, steps in DISCOUNTS if value < limit)
        return Decimal(self._chance.one(steps)).quantize(CENT)

    def _line(self, key: str, part: Part, quantity: int, terms: Terms, discount: Decimal, months: int) -> DealLine:
        product = self._product(part, terms)
        recurring = product.frequency != "one_off"
        if product.line == "service" and self._chance.maybe(0.6):
            discount = NOTHING
        price = money(product.price * terms.rate * (1 + terms.adjuster / 100))
        cost, months = money(product.cost * terms.rate), months if recurring else 0
        count = Decimal(quantity).quantize(CENT)
        sums = amounts_of(count, price, discount, cost, PERIOD_MONTHS[product.frequency], months)
        return DealLine(
            key=key,
            product=product.key,
            description=self._chance.one(REMARKS[product.line]) if self._chance.maybe(0.22) else "",
            quantity=count,
            unit=product.unit,
            unit_price=price,
            discount=discount,
            frequency=product.frequency,
            commitment_months=months,
            unit_cost=cost,
            net=sums.net,
            monthly=sums.monthly,
            value=sums.value,
            total_cost=sums.cost,
            outcome=terms.outcome,
            lost_reason=terms.reason,
        )


class Settler:
    """Decides for each line of a partly won deal how it ended (D2)."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance

    def part(self, lines: list[DealLine], reason: str | None) -> list[DealLine]:
        """Part of the lines, or part of the quantity of the largest one, was not bought."""
        largest = max(range(len(lines)), key=lambda index: lines[index].quantity)
        if lines[largest].quantity >= ROUND_FROM and len(lines) < MAX_LINES and self._chance.maybe(0.3):
            won = [replace(line, outcome="won") for line in lines]
            won[largest], left = self._split(won[largest], reason, len(lines) + 1)
            return [*won, left]
        lost = set(self._chance.some(range(len(lines)), self._chance.between(1, max(1, len(lines) // 2))))
        return [
            replace(line, outcome="lost", lost_reason=reason) if index in lost else replace(line, outcome="won")
            for index, line in enumerate(lines)
        ]

    def _split(self, line: DealLine, reason: str | None, number: int) -> tuple[DealLine, DealLine]:
        bought = Decimal(int(line.quantity * self._chance.between(40, 75) / 100)).quantize(CENT)
        left = with_quantity(line, line.quantity - bought)
        key = f"{line.key.rsplit('.', 1)[0]}.{number}"
        return with_quantity(line, bought), replace(left, key=key, outcome="lost", lost_reason=reason)
