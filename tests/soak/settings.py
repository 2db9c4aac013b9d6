"""Patron's own settings, with webhooks to this machine and leases that end soon: what a killed process had claimed is waited for in each trial."""

from patron.config.settings import *

PATRON_WEBHOOK_LOOPBACK = True
PATRON_WEBHOOK_TIMEOUT = 1.5
PATRON_WEBHOOK_LEASE = 5
PATRON_WEBHOOK_PAUSES = (1,) * 7
