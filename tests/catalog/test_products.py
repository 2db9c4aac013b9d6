"""Products: what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from patron.catalog.models import Brand, Product, ProductLine
from patron.identity.access import Access
from patron.records import changes, registry


def test_a_sku_is_given_once_in_any_case(access: Access) -> None:
    record_type = registry.get("products")
    for name in ("No SKU", "None either"):
        changes.create(record_type, {"name": name}, access=access)
    changes.create(record_type, {"name": "GTX Pro", "sku": "gtx-1"}, access=access)
    with pytest.raises(changes.NotValid) as caught:
        changes.create(record_type, {"name": "Copy", "sku": "GTX-1"}, access=access)
    assert caught.value.errors == {"sku": "Another product has this sku already."}


@pytest.mark.parametrize("values", [{"name": ""}, {"price": -1}, {"cost": -1}, {"currency": "euro"[:3]}])
def test_the_database_refuses_what_no_product_can_be(access: Access, values: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.create(**{"name": "GTX Pro", **values})


def test_a_line_with_products_and_a_brand_with_lines_stay(access: Access) -> None:
    brand = Brand.objects.create(name="GTX")
    line = ProductLine.objects.create(name="GTX Plus", brand=brand)
    Product.objects.create(name="GTX Pro", line=line)
    for kept in (line, brand):
        with pytest.raises(ProtectedError):
            kept.delete()


def test_what_is_no_longer_sold_says_so(access: Access) -> None:
    assert registry.get("products").badge(Product(name="Old", active=False)) == ("Not for sale", "none")
    assert registry.get("products").badge(Product(name="New")) is None
