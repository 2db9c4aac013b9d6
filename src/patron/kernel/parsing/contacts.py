"""Ways to reach somebody: e-mail addresses, web addresses, telephone numbers."""

from __future__ import annotations

import re
import unicodedata
from functools import cache, lru_cache
from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult

from patron.kernel.parsing.base import Invalid, ParseContext, is_blank, shown
from patron.kernel.text import _

_LOCAL = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL = re.compile(rf"({_LOCAL})@((?:{_LABEL}\.)+[A-Za-z0-9-]{{2,63}})")
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}\.?")
_NAMED = re.compile(r"[^<>]*<([^<>]+)>")
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*):(?!\d+(?:/|$))")
_DOTS = re.compile(r"[.\u3002\uff0e\uff61]")
_NOISE = re.compile(r"[\s\x00-\x1f\x7f\u00a0\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+")
#: What is an address already: nine of ten in a file.
_PLAIN_URL = re.compile(r"https?://(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?(?:/[A-Za-z0-9._~/-]*)?")
#: A telephone number with its country code as programs and careful people write it: most of a file.
_PLAIN_PHONE = re.compile(r"\+([1-9]\d*(?:[ -]\d+)*)")
#: Where no number begins with 00, which then can only be the prefix of a country code.
_NO_00 = frozenset((None, "US", "CA"))
_LONGEST_EMAIL = 254
_LONGEST_HOST = 253
_LONGEST_URL = 2000
_LONGEST_PHONE = 60


def email(s: str) -> str:
    """One e-mail address: trimmed, the domain in lower case and ASCII (IDNA), the part before "@" as written.

    Takes "mailto:" and "Ann Lee <ann@example.com>" apart; the name is not kept. Raises `Invalid` otherwise.
    """
    match = _EMAIL.fullmatch(s)
    if match is None:
        match = _loose_email(s)
    address = f"{match[1]}@{match[2].lower()}"
    if len(match[1]) > 64 or len(address) > _LONGEST_EMAIL:
        raise Invalid(_("This e-mail address is too long: at most 64 characters before the @ and 254 in all."))
    return address


def _loose_email(s: str) -> re.Match[str]:
    if is_blank(s):
        raise Invalid(_("Enter an e-mail address, such as ann@example.com."))
    text = s[:_LONGEST_URL].strip(" \t\r\n\x00\ufeff\u200b\u00a0\u2060;,.")
    named = _NAMED.fullmatch(text)
    text = (named[1] if named else text).strip()
    text = text[7:] if text[:7].lower() == "mailto:" else text
    if text.count("@") > 1 and re.search(r"[;,\s]", text):
        raise Invalid(_("Enter one e-mail address here; these are several."))
    local, at, domain = text.rpartition("@")
    match = _EMAIL.fullmatch(f"{local}{at}{_ascii_host(domain)}")
    if match is None:
        raise Invalid(_("“%s” is not an e-mail address. Enter it as name@example.com.") % shown(s))
    return match


def url(s: str) -> str:
    """A web address, https:// added where no scheme is written; the host in lower case and ASCII, the rest as written.

    Raises `Invalid` for schemes other than http and https, for addresses with a user name or password, without a host,
    with white space, and for more than 2000 characters.
    """
    if _PLAIN_URL.fullmatch(s) and len(s) <= _LONGEST_HOST:
        return s
    text = s.strip(" \t\r\n\x00\ufeff\u200b\u00a0\u2060")
    if not text:
        raise Invalid(_("Enter a web address, such as https://example.com."))
    if len(text) > _LONGEST_URL:
        message = _("Shorten the web address to %(most)d characters; it has %(length)d.")
        raise Invalid(message % {"most": _LONGEST_URL, "length": len(text)})
    scheme = _SCHEME.match(text)
    if scheme and scheme[1].lower() not in ("http", "https"):
        raise Invalid(_("“%s” is not a web address: it must begin with https:// or http://.") % shown(s))
    parts = None if _NOISE.search(text) else _split_url(text if scheme else "https://" + text.lstrip("/"))
    host = _web_host(parts, bool(scheme)) if parts else ""
    if not parts or not host:
        raise Invalid(_("“%s” is not a web address. Enter it as https://example.com.") % shown(s))
    if parts.username is not None:
        raise Invalid(_("Enter the web address without user name and password."))
    port = f":{parts.port}" if parts.port else ""
    return parts._replace(scheme=parts.scheme.lower(), netloc=host + port).geturl()


def _split_url(text: str) -> SplitResult | None:
    try:
        parts = urlsplit(text)
        parts.port  # noqa: B018 - raises ValueError for a port that is none
    except ValueError:
        return None
    return parts


def _web_host(parts: SplitResult, scheme_written: bool) -> str:
    """The host in ASCII, or "" if it is none. Without a scheme it must have a dot, or any word would be an address."""
    host = parts.hostname or ""
    if ":" in host or re.fullmatch(r"[\d.]+", host):
        try:
            return f"[{ip_address(host)}]" if ":" in host else str(ip_address(host))
        except ValueError:
            return ""
    host = _ascii_host(host)
    if len(host) > _LONGEST_HOST or not _HOST.fullmatch(host) or not (scheme_written or "." in host.strip(".")):
        return ""
    return host


def domain_of(s: str) -> str:
    """The domain of an e-mail or web address, lower case, without "www."; "" where there is none. Never raises."""
    text = s.strip()
    if "@" in text and "/" not in text:
        host = _ascii_host(text.rpartition("@")[2].strip("> \t"))
    else:
        parts = _split_url(text if "://" in text else "https://" + text.lstrip("/"))
        host = _web_host(parts, scheme_written=False) if parts else ""
    host = host.removeprefix("www.").rstrip(".")
    return host if "." in host and _HOST.fullmatch(host) else ""


def _ascii_host(host: str) -> str:
    """The host in lower case with each label that is not ASCII in Punycode ("münchen.de" -> "xn--mnchen-3ya.de")."""
    if host.isascii():
        return host.lower()
    labels = _DOTS.split(unicodedata.normalize("NFKC", host).lower())
    try:
        return ".".join(x if x.isascii() else "xn--" + x.encode("punycode").decode("ascii") for x in labels)
    except UnicodeError:
        return ""


def phone(s: str, ctx: ParseContext) -> str:
    """A telephone number in E.164, an extension after ";ext=": "+4930901820", "+4930901820;ext=12".

    A number without a country code belongs to `ctx.country`. Raises `Invalid` where no such number can exist; numbers
    that merely are not assigned pass, since numbering plans change faster than their tables.
    """
    if is_blank(s):
        raise Invalid(_("Enter a telephone number, such as +49 30 901820."))
    text = s.replace("\x00", "").strip()
    text = text[4:] if text[:4].lower() == "tel:" else text
    if text.startswith("00") and ctx.country in _NO_00:
        text = "+" + text[2:]
    if len(text) > _LONGEST_PHONE:
        raise Invalid(_no_phone(s))
    if plain := _plain_phone(text):
        return plain
    try:
        parsed = phonenumbers.parse(text, ctx.country)
    except phonenumbers.NumberParseException as problem:
        if problem.error_type == problem.INVALID_COUNTRY_CODE and not text.startswith("+"):
            raise Invalid(_("Begin “%s” with its country code, such as +49 30 901820.") % shown(s)) from problem
        raise Invalid(_no_phone(s)) from problem
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    if reason not in (ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY):
        raise Invalid(_phone_problem(reason, s))
    if reason == ValidationResult.IS_POSSIBLE_LOCAL_ONLY:
        raise Invalid(_("“%s” lacks its area code. Enter the whole number, such as +49 30 901820.") % shown(s))
    stored = f"+{parsed.country_code}{phonenumbers.national_significant_number(parsed)}"
    return f"{stored};ext={parsed.extension}" if parsed.extension else stored


def dialled(text: str, country: str | None) -> str:
    """The beginning in E.164 of the numbers that these digits begin: "+4930" for "+49 30", "0049 30", and in Germany "030"; "" where the country is not known."""
    digits = "".join(c for c in text if c in "0123456789")
    if text.strip().startswith("+"):
        return f"+{digits}"
    if digits.startswith("00"):
        return f"+{digits[2:]}"
    plan = phonenumbers.PhoneMetadata.metadata_for_region(country) if country else None
    return f"+{plan.country_code}{digits.removeprefix(plan.national_prefix or '')}" if plan else ""


def _plain_phone(text: str) -> str:
    """What `phonenumbers` makes of a number that it would leave as it is, at a tenth of the cost; "" where it has to be asked."""
    match = _PLAIN_PHONE.fullmatch(text)
    if match is None:
        return ""
    digits = match[1].replace(" ", "").replace("-", "")
    code, lengths = _parted(digits)
    return f"+{digits}" if len(digits) - len(code) in lengths else ""


def _parted(digits: str) -> tuple[str, frozenset[int]]:
    """The country code that digits begin with, and how long the rest may be; no length where some of the rest may have to be left out."""
    for width in range(1, min(len(digits), 3) + 1):
        if plan := _plan(digits[:width]):
            prefix, lengths = plan
            return digits[:width], frozenset() if digits[width : width + 1] in prefix else lengths
    return "", frozenset()


@cache
def _plan(code: str) -> tuple[str, frozenset[int]] | None:
    """Of a country code: first digits of national numbers that may be left out, and how long these may be; None where there is no such code. No length
    fits where more than one digit decides what is left out."""
    regions = phonenumbers.COUNTRY_CODE_TO_REGION_CODE.get(int(code))
    if regions is None:
        return None
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(int(code), regions[0])
    if metadata is None or metadata.general_desc is None:
        return "", frozenset()
    prefix = metadata.national_prefix_for_parsing or ""
    lengths = set(metadata.general_desc.possible_length) - set(metadata.general_desc.possible_length_local_only)
    return prefix, frozenset(lengths if len(prefix) < 2 else ())


@lru_cache(4096)
def phone_display(stored: str, country: str | None = None) -> str:
    """A stored number for reading: national within `country`, else international; unchanged if it is no number."""
    digits = stored[1:] if stored[:1] == "+" and stored[1:].isdecimal() and stored.isascii() else ""
    code, lengths = _parted(digits)
    if len(digits) - len(code) in lengths and digits[len(code)] != "0":
        parsed = phonenumbers.PhoneNumber(country_code=int(code), national_number=int(digits[len(code) :]))
    else:
        try:
            parsed = phonenumbers.parse(stored)
        except phonenumbers.NumberParseException:
            return stored
    at_home = country and phonenumbers.country_code_for_region(country) == parsed.country_code
    return phonenumbers.format_number(
        parsed, PhoneNumberFormat.NATIONAL if at_home else PhoneNumberFormat.INTERNATIONAL
    )


def _phone_problem(reason: int, s: str) -> str:
    if reason == ValidationResult.TOO_SHORT:
        return _("The telephone number “%s” is too short. Enter it with its country code.") % shown(s)
    if reason == ValidationResult.TOO_LONG:
        return _("The telephone number “%s” is too long. Enter one number, with its country code.") % shown(s)
    return _no_phone(s)


def _no_phone(s: str) -> str:
    return _("“%s” is not a telephone number. Enter it with its country code, such as +49 30 901820.") % shown(s)
