"""Pure rules of customers: no database."""

from patron.kernel.parsing import domain_of as host_of

#: Hosts where anybody may have an address: they say nothing about the company. Part of a generated column: a change needs a migration.
FREE_MAIL: tuple[str, ...] = (
    "aol.com", "free.fr", "gmail.com", "gmx.at", "gmx.ch", "gmx.com", "gmx.de", "gmx.net", "googlemail.com", "hotmail.com", "hotmail.de",
    "icloud.com", "laposte.net", "libero.it", "live.com", "mail.com", "mail.ru", "me.com", "msn.com", "orange.fr", "outlook.com", "outlook.de",
    "posteo.de", "proton.me", "protonmail.com", "qq.com", "t-online.de", "web.de", "wp.pl", "yahoo.co.uk", "yahoo.com", "yahoo.de", "yandex.ru",
)  # fmt: skip


def domain_of(website: str, email: str) -> str:
    """The domain by which a company is recognised: that of its website, else of its e-mail unless anybody may have one there; "" for none.

    Answers for stored values the same as the column `domain`, which PostgreSQL keeps.
    """
    if host := host_of(website):
        return host
    mail = host_of(email)
    return "" if mail in FREE_MAIL else mail


def full_name(first: str, last: str) -> str:
    """First and last name in one, as much of it as a name may have; the twin of the trigger on contacts."""
    return " ".join(part for part in (first.strip(), last.strip()) if part)[:200].strip()
