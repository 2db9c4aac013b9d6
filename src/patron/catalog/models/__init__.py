"""What we sell, and what foreign money is worth."""

from patron.catalog.models.product import Brand, Product, ProductLine
from patron.catalog.models.rate import ExchangeRate

__all__ = ["Brand", "ExchangeRate", "Product", "ProductLine"]
