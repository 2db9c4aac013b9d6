"""Patron's settings with the one page of `bench.bare` and nothing around it."""

from patron.config.settings import *

ROOT_URLCONF = "bench.bare"
MIDDLEWARE: list[str] = []
