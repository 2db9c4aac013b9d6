"""Columns find their fields by name and content; habits of writing and misspelt values are recognised."""

from __future__ import annotations

import os
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from babel.numbers import format_decimal
from hypothesis import given
from hypothesis import strategies as st

from patron.records.transfer.matching import (
    Column,
    FieldInfo,
    country_names,
    detect_date_order,
    detect_decimal_mark,
    propose,
    similar_values,
)
from patron.records.transfer.reading import probe
from patron.records.transfer.synonyms import words_of

SALES = Path(__file__).parents[3] / "shared/data/sales-opportunities"
SECTORS = (
    "technology",
    "medical",
    "retail",
    "software",
    "finance",
    "marketing",
    "employment",
    "entertainment",
    "services",
)

ACCOUNT = [
    FieldInfo("name", "Name", required=True),
    FieldInfo("parent", "Parent account", "relation"),
    FieldInfo("industry", "Industry", "choice", options={s: s.title() for s in SECTORS}),
    FieldInfo("founded", "Founded", "integer"),
    FieldInfo("annual_revenue", "Annual revenue", "money"),
    FieldInfo("employees", "Employees", "integer"),
    FieldInfo("country", "Country", "choice", options=dict(country_names())),
    FieldInfo("website", "Website", "url"),
    FieldInfo("owner", "Owner", "person"),
]
DEAL = [
    FieldInfo("name", "Name", required=True),
    FieldInfo("account", "Account", "relation"),
    FieldInfo("amount", "Amount", "money"),
    FieldInfo("stage", "Stage", "choice", options={s: s for s in ("Prospecting", "Engaging", "Won", "Lost")}),
    FieldInfo("close_date", "Expected close", "date"),
    FieldInfo("opened_on", "Opened on", "date"),
    FieldInfo("owner", "Owner", "person"),
    FieldInfo("product", "Product", "relation"),
    FieldInfo("external_id", "External ID"),
    FieldInfo("created_at", "Created", "datetime"),
]
CONTACT = [
    FieldInfo("first_name", "First name"),
    FieldInfo("last_name", "Last name", required=True),
    FieldInfo("email", "E-mail", "email"),
    FieldInfo("phone", "Phone", "phone"),
    FieldInfo("mobile", "Mobile", "phone"),
    FieldInfo("account", "Account", "relation"),
    FieldInfo("street", "Street"),
    FieldInfo("postcode", "Postcode"),
    FieldInfo("city", "City"),
    FieldInfo("country", "Country"),
    FieldInfo("job_title", "Job title"),
]
NAMES = [
    "first_name",
    "last_name",
    "email",
    "phone",
    "mobile",
    "account",
    "street",
    "postcode",
    "city",
    "country",
    "job_title",
]


def _matched(columns: list[Column], fields: list[FieldInfo], subject: str = "") -> dict[str, str | None]:
    return {p.column: p.field for p in propose(columns, fields, subject)}


@pytest.mark.parametrize(
    "header",
    [
        "First Name,Last Name,E-mail,Phone,Mobile,Company,Street,Zip,City,Country,Job Title",
        "firstName,lastName,emailAddress,phone_number,cell,account_name,street_address,postal-code,Town,country,position",
        "Vorname,Nachname,E-Mail-Adresse,Telefon,Handy,Firma,Straße,PLZ,Ort,Land,Funktion",
        "Prénom,Nom,Courriel,Téléphone,Portable,Société,Rue,Code postal,Ville,Pays,Fonction",
        "Nombre,Apellidos,Correo electrónico,Teléfono,Móvil,Empresa,Calle,Código postal,Ciudad,País,Cargo",
        "Frist name *,Last  nmae,E-mail (work),Telephone No.,Cell,Organisation,Street,Post code,City,Country,Role",
    ],
)
def test_the_usual_words_in_four_languages(header: str) -> None:
    proposals = propose([Column(name) for name in header.split(",")], CONTACT)
    assert [p.field for p in proposals] == NAMES
    assert all(p.confidence >= 0.6 and p.why for p in proposals)


@pytest.mark.parametrize(
    ("file", "fields", "subject", "expected"),
    [
        (
            "accounts", ACCOUNT, "account",
            {"account": "name", "sector": "industry", "year_established": "founded", "revenue": "annual_revenue",
             "employees": "employees", "office_location": "country", "subsidiary_of": "parent"},
        ),
        (
            "sales_pipeline", DEAL, "deal",
            {"opportunity_id": "external_id", "sales_agent": "owner", "product": "product", "account": "account",
             "deal_stage": "stage", "engage_date": "opened_on", "close_date": "close_date", "close_value": "amount"},
        ),
    ],
)  # fmt: skip
def test_the_public_data_set_is_matched(
    file: str, fields: list[FieldInfo], subject: str, expected: dict[str, str]
) -> None:
    path = SALES / f"{file}.csv"
    if not path.exists():
        if os.environ.get("CI") == "true":
            pytest.fail(f"{path} is absent")
        pytest.skip(f"{path} is absent")
    assert _matched(list(probe(path).columns), fields, subject) == expected


def test_content_tells_where_names_do_not() -> None:
    columns = [
        Column("A", ("ann@x.com", "bob@y.de")),
        Column("B", ("+49 30 901820", "(212) 555-0100")),
        Column("C", ("1", "2", "3")),
    ]
    assert _matched(columns, CONTACT) == {"A": "email", "B": "phone", "C": None}


def test_choices_tell_by_their_values() -> None:
    assert _matched([Column("x", ("retail", "Medical", "software"))], ACCOUNT) == {"x": "industry"}


def test_content_that_contradicts_lowers_the_confidence() -> None:
    (good,) = propose([Column("Expected close", ("2020-01-02",))], DEAL)
    (bad,) = propose([Column("Expected close", ("soon", "later"))], DEAL)
    assert good.field == bad.field == "close_date"
    assert good.confidence == 1.0
    assert bad.confidence < 0.75
    assert _matched([Column("closing", ("soon", "later"))], DEAL) == {"closing": None}


def test_shared_words_do_not_confuse() -> None:
    assert _matched([Column("Close value"), Column("Close date")], DEAL) == {
        "Close value": "amount",
        "Close date": "close_date",
    }
    assert _matched([Column("Favourite colour")], CONTACT) == {"Favourite colour": None}


def test_no_field_is_given_twice() -> None:
    found = propose([Column("E-mail"), Column("Email"), Column("Mail")], CONTACT)
    assert [p.field for p in found] == ["email", None, None]


@given(
    st.lists(st.text(max_size=12), max_size=6),
    st.lists(st.sampled_from(CONTACT), max_size=6, unique_by=lambda f: f.name),
)
def test_any_names_give_one_proposal_each(names: list[str], fields: list[FieldInfo]) -> None:
    found = propose([Column(name, (name,)) for name in names], fields)
    assert [p.column for p in found] == names
    given_out = [p.field for p in found if p.field]
    assert len(given_out) == len(set(given_out))
    assert all(0 <= p.confidence <= 1 and p.why for p in found)


@pytest.mark.parametrize("name", ["dealStage", "deal_stage", "Deal-Stage *", "DEAL STAGE", " Deal  stage (required)"])
def test_words_of_names(name: str) -> None:
    assert words_of(name) == "deal stage"


@pytest.mark.parametrize(
    ("samples", "order", "ambiguous"),
    [
        (["3/1/2017", "10/20/2016"], "MDY", False),
        (["3/1/2017", "20/10/2016"], "DMY", False),
        (["3.1.17", "20.10.16"], "DMY", False),
        (["3/1/2017", "1/3/2017"], None, True),
        (["3.1.2017"], "DMY", True),
        (["13/1/2017", "1/13/2017"], None, True),
        (["2017-01-03", "2017-01-04"], "YMD", False),
        (["3 Jan 2017", "soon", ""], None, False),
        (["10/20/2016 14:30", "3/1/2017 9:05"], "MDY", False),
    ],
)
def test_date_order(samples: list[str], order: str | None, ambiguous: bool) -> None:
    assert detect_date_order(samples) == (order, ambiguous)


@given(
    st.lists(st.dates(date(1990, 1, 1), date(2050, 1, 1)), min_size=1),
    st.sampled_from(["%d/%m/%Y", "%m/%d/%Y", "%Y/%m/%d"]),
)
def test_date_order_never_contradicts_the_writer(days: list[date], pattern: str) -> None:
    order = {"%d/%m/%Y": "DMY", "%m/%d/%Y": "MDY", "%Y/%m/%d": "YMD"}[pattern]
    found = detect_date_order([day.strftime(pattern) for day in days])
    assert found.order in (order, None)
    assert found.order == order or found.ambiguous


@pytest.mark.parametrize(
    ("samples", "mark"),
    [
        (["1,234", "12.5"], "."),
        (["€ 1.234,50"], ","),
        (["1.234"], None),
        (["1.234.567"], ","),
        (["1 234,5"], ","),
        (["1’234.50"], "."),
        (["12,50", "12.50"], None),
        (["12", "abc", ""], None),
        (["(1,234.5)"], "."),
    ],
)
def test_decimal_mark(samples: list[str], mark: str | None) -> None:
    assert detect_decimal_mark(samples) == mark


@given(
    st.lists(st.decimals(-(10**9), 10**9, places=2, allow_nan=False, allow_infinity=False), min_size=1),
    st.sampled_from([("en", "."), ("de", ","), ("fr", ","), ("de_CH", ".")]),
)
def test_decimal_mark_is_the_writers(values: list[Decimal], locale: tuple[str, str]) -> None:
    written = [format_decimal(value, format="#,##0.00", locale=locale[0]) for value in values]
    assert detect_decimal_mark(written) == locale[1]


def test_similar_values() -> None:
    assert similar_values(["technolgy", "technology", "medcal", "foo", "US"], SECTORS) == {
        "technolgy": "technology",
        "medcal": "medical",
    }
    countries = country_names().values()
    assert similar_values(["Philipines", "germany", "Untied States", "Austria", "Niger", "Korea"], countries) == {
        "Philipines": "Philippines",
        "germany": "Germany",
        "Untied States": "United States",
    }
    products = ["GTX Basic", "GTX Pro", "GTX Plus Basic", "GTX Plus Pro", "MG Special", "MG Advanced", "GTK 500"]
    assert similar_values(["GTXPro", "GTK 50", "GTK 600", "MG Specail", "GTX Pro"], products) == {
        "GTXPro": "GTX Pro",
        "MG Specail": "MG Special",
    }


def test_similar_values_never_choose_between_two() -> None:
    assert similar_values(["Smyth"], ["Smith", "Smoth"]) == {}
    assert similar_values(["ac me"], ["Acme", "ACME"]) == {}


@given(st.lists(st.text(max_size=10)), st.lists(st.text(max_size=10)))
def test_similar_values_are_known_and_known_values_stay(values: list[str], known: list[str]) -> None:
    found = similar_values(values, known)
    assert set(found.values()) <= set(known)
    assert not set(found) & set(known)


def test_country_names_follow_the_locale() -> None:
    assert country_names("de")["PH"] == "Philippinen"
    assert "EU" not in country_names()
    assert 240 < len(country_names()) < 270
