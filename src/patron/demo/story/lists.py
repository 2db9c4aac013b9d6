"""Lists of values, pipelines, exchange rates and the catalogue, as things."""

from decimal import Decimal

from .chance import Chance
from .clock import Clock, first_of_month
from .things import (
    Choice,
    Competitor,
    ConnectionType,
    ExchangeRate,
    LostReason,
    Pipeline,
    Product,
    ProductLine,
    Stage,
    Tag,
)
from .words import products, rows, values
from .words.industries import INDUSTRIES

RATE_MONTHS = 26
BRAND_MANAGERS = {"cloud": "noemie", "service": "noemie"}
OTHER_BRAND_MANAGER = "sven"
CENT = Decimal("0.01")


def choices(table: str) -> list[Choice]:
    return [Choice(*row.split("|")) for row in rows(table)]


def industries() -> list[Choice]:
    return [Choice(industry.key, industry.name) for industry in INDUSTRIES.values()]


def lost_reasons() -> list[LostReason]:
    return [LostReason(key, name, group, int(days)) for key, name, group, days in _fields(values.LOST_REASONS)]


def competitors() -> list[Competitor]:
    return [Competitor(*(part.strip() for part in fields)) for fields in _fields(values.COMPETITORS)]


def tags() -> list[Tag]:
    return [Tag(*fields) for fields in _fields(values.TAGS)]


def connection_types() -> list[ConnectionType]:
    return [ConnectionType(*fields) for fields in _fields(values.CONNECTION_TYPES)]


def pipelines() -> list[Pipeline]:
    result = []
    for key, name, stages in _fields(values.PIPELINES):
        entries = [stage.strip().split(",") for stage in stages.split(";")]
        result.append(Pipeline(key, name.strip(), tuple(_stage(key, *entry) for entry in entries)))
    return result


def exchange_rates(clock: Clock, chance: Chance) -> list[ExchangeRate]:
    """Rates by month that wander from where they were to where they are."""
    result = []
    for currency, then, now, wobble in _fields(values.RATES):
        drift = 0.0
        for month in range(RATE_MONTHS):
            drift = 0.6 * drift + chance.gauss(0, float(wobble))
            trend = float(then) + (float(now) - float(then)) * month / (RATE_MONTHS - 1)
            day = first_of_month(clock.today, RATE_MONTHS - 1 - month)
            result.append(ExchangeRate(currency, day, Decimal(f"{trend + drift:.4f}")))
    return result


def product_lines() -> list[ProductLine]:
    return [
        ProductLine(key, name, BRAND_MANAGERS.get(key, OTHER_BRAND_MANAGER), description)
        for key, name, description in _fields(products.LINES)
    ]


def catalogue() -> list[Product]:
    result = []
    for sku, line, name, unit, cost, price, frequency, _spoken, description in _fields(products.PRODUCTS):
        service = line in products.SERVICE_LINES or sku in products.SERVICE_SKUS
        result.append(
            Product(
                key=sku,
                sku=sku,
                name=name,
                line=line,
                kind="service" if service else "product",
                unit=unit,
                cost=Decimal(cost).quantize(CENT),
                price=Decimal(price).quantize(CENT),
                frequency=frequency,
                description=description,
                active=sku not in products.RETIRED_SKUS,
            )
        )
    return result


def spoken_names() -> dict[str, str]:
    """What people call each product when they talk about it."""
    return {fields[0]: fields[7] for fields in _fields(products.PRODUCTS)}


def _fields(table: str) -> list[list[str]]:
    return [row.split("|") for row in rows(table)]


def _stage(pipeline: str, key: str, name: str, kind: str, probability: str, days: str) -> Stage:
    return Stage(f"{pipeline}.{key}", name, kind, int(probability), int(days) if days else None)
