"""Tables of the kernel: counters for human numbers."""

from typing import ClassVar

from django.db import models

from patron.kernel.tenancy import TenantModel


class Counter(TenantModel):
    """The last number drawn of a series in a workspace; see `kernel.numbering`."""

    ledgered = False

    series = models.CharField(max_length=60)
    last = models.BigIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["workspace", "series"], name="counter_series_once")]
