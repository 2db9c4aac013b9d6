"""Where a webhook may lead: what an administrator types is checked when it is saved, what its name resolves to when it is connected to.

A name may resolve to anything, and to something else a moment later. So the check is made on the addresses of the very connection: those that pass
are connected to as numbers, the others never (see `sending`). Refused are all addresses that are not public: private, loopback, link-local, shared,
multicast, reserved, those of cloud metadata services, and IPv6 forms that carry such an IPv4 address.
"""

from __future__ import annotations

import ipaddress
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.translation import gettext as _

from patron.kernel.parsing import Invalid

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

MOST = 500
#: Public by number, yet answered inside a cloud: Azure's host.
_INSIDE = frozenset({ipaddress.ip_address("168.63.129.16")})
#: Set aside for protocols, and used by clouds inside (192.0.0.192: Oracle); Python's versions differ over parts of it.
_SET_ASIDE = (ipaddress.ip_network("192.0.0.0/24"), ipaddress.ip_network("192.88.99.0/24"))
_NAT64 = (ipaddress.ip_network("64:ff9b::/96"), ipaddress.ip_network("64:ff9b:1::/48"))
_COMPATIBLE = ipaddress.ip_network("::/96")


def allowed(text: str) -> bool:
    """Whether a webhook may connect to this numeric address. Loopback alone may be opened, by a setting, for development and tests."""
    try:
        found = ipaddress.ip_address(text)
    except ValueError:
        return False
    if settings.PATRON_WEBHOOK_LOOPBACK and _plain(found).is_loopback:
        return True
    return all(_public(a) for a in (found, *_carried(found)))


def _plain(address: Address) -> Address:
    return getattr(address, "ipv4_mapped", None) or address


def _carried(address: Address) -> list[Address]:
    """IPv4 addresses inside an IPv6 one: mapped, compatible, 6to4, Teredo (server and client), NAT64."""
    if not isinstance(address, ipaddress.IPv6Address):
        return []
    found: list[Address | None] = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in net for net in (*_NAT64, _COMPATIBLE)):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [a for a in found if a is not None]


def _public(address: Address) -> bool:
    if isinstance(address, ipaddress.IPv6Address):
        if address.scope_id or address.is_site_local:
            return False
        if address.ipv4_mapped is not None or any(address in net for net in _NAT64):
            return True  # as good as the IPv4 address that it carries, which is checked, too
    outside = address.is_global and not (address.is_multicast or address.is_reserved or address.is_unspecified or address.is_link_local)
    return outside and address not in _INSIDE and not any(address in net for net in _SET_ASIDE)


def check_url(text: str) -> None:
    """Raise `Invalid` where a webhook cannot lead to this URL. Names are not resolved here: that is for the moment of sending."""
    if len(text) > MOST or re.search(r"[\x00-\x20\x7f\\]", text):
        raise Invalid(_("Enter a web address without spaces, of at most %(most)s characters.") % {"most": MOST})
    try:
        parts = urlsplit(text)
        host, _port = parts.hostname or "", parts.port
        host.encode("idna") if ":" not in host else None
    except ValueError:
        raise Invalid(_("This is not a web address. Enter one such as https://example.com/patron.")) from None
    if not host or parts.scheme not in ("http", "https"):
        raise Invalid(_("This is not a web address. Enter one such as https://example.com/patron."))
    if parts.username is not None or parts.password is not None or parts.fragment:
        raise Invalid(_("Leave out user name, password and #. The receiver knows Patron by the signature."))
    if parts.scheme == "http" and not (settings.PATRON_WEBHOOK_LOOPBACK and _is_loopback(host)):
        raise Invalid(_("The address must begin with https://."))
    if _is_number(host) and not allowed(host):
        raise Invalid(_("This address is inside a private network. Webhooks go to public addresses only."))


def _is_number(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _is_loopback(host: str) -> bool:
    return host == "localhost" or (_is_number(host) and _plain(ipaddress.ip_address(host)).is_loopback)
