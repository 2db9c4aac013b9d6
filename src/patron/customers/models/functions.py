"""SQL of generated columns."""

from typing import Any

from django.db import models

from patron.customers.rules import FREE_MAIL

_WEBSITE = r"substring(lower({website}) from '^https?://(?!www\.[^./:?#]+\.?(?:[/:?#]|$))(?:www\.)?([^/:?#]+\.[^/:?#.]+)')"
_EMAIL = "substring(lower({email}) from '@([^@]+)$')"


class CompanyDomain(models.Func):
    """The domain of a stored web address, else of a stored e-mail address; the SQL twin of `rules.domain_of`. Immutable."""

    output_field: Any = models.TextField()

    def as_sql(self, compiler: Any, connection: Any, **_context: Any) -> Any:  # type: ignore[override]
        website, email = (compiler.compile(source)[0] for source in self.get_source_expressions())
        mail = _EMAIL.format(email=email)
        known = ", ".join(f"'{host}'" for host in FREE_MAIL)
        return f"COALESCE({_WEBSITE.format(website=website)}, CASE WHEN {mail} NOT IN ({known}) THEN {mail} END, '')", []
