"""The words that names are made of."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models

from patron.kernel.tenancy import TenantModel


class Word(TenantModel):
    """A word that occurs, or occurred until the last night, in a name of some record of the workspace.

    There are far fewer words than names, so that a typing error is looked up here first and names are found by their true words then
    (`records.spelling`). Triggers note what is new; nobody waits for anybody, so that two who write the same new word at once both note it.
    The row with no word says that all names were gone through once. Derived, hence neither in the ledger nor in an export.
    """

    ledgered = False
    exported = False
    written_by_triggers = True

    word = models.CharField(max_length=30)

    class Meta(TenantModel.Meta):
        indexes: ClassVar = [
            models.Index(fields=["workspace", "word"], name="word_by_workspace"),
            GinIndex("workspace", OpClass("word", name="gin_trgm_ops"), name="word_spelling"),
        ]

    def __str__(self) -> str:
        return self.word
