"""Patron's settings with the one page of `bench.bare` and nothing around it but what an installed app insists on."""

from patron.config.settings import *

ROOT_URLCONF = "bench.bare"
MIDDLEWARE = ["allauth.account.middleware.AccountMiddleware"]
