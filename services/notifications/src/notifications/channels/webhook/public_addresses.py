"""To which addresses events may be sent: to public ones, so that nobody reaches into our own network (`NOT-7.4`)."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import SplitResult, urlsplit

Resolver = Callable[[str, int], Awaitable[list[str]]]
"""The addresses of a name."""

_CARRIES_IPV4: Final = tuple(ip_network(one) for one in ("64:ff9b::/96", "64:ff9b:1::/48", "2002::/16", "2001::/32"))
"""IPv6 that leads to IPv4 addresses, private ones, too: NAT64, 6to4, Teredo."""


class AddressNotPublic(Exception):
    """Nothing is sent there. Says why without the address."""


def refusal_of(url: str, *, private_allowed: bool = False) -> str | None:
    """Why nothing could ever be sent to a URL, whatever its name resolves to; None where something could."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("ascii").decode().encode("idna")  # as it is, so that it is never another's name; no label too long
    except (ValueError, UnicodeError):
        return "is not a URL with a host and a port"
    if parts.scheme not in (("https", "http") if private_allowed else ("https",)):
        return "is not an https URL"
    if not host or parts.username is not None or parts.password is not None or parts.fragment:
        return "is to name a host, and neither user nor fragment"
    if private_allowed or (address := _literal(host)) is None:
        return None if private_allowed or "." in host else "is not a public host name"
    return None if is_public(address) else "is not a public address"


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether an address is on the public Internet: not private, local, reserved, nor one in disguise."""
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(address.ipv4_mapped)
        if any(address in network for network in _CARRIES_IPV4):
            return False
    return address.is_global and not address.is_multicast and not address.is_reserved and not address.is_unspecified


async def address_of(parts: SplitResult, resolve: Resolver, *, private_allowed: bool) -> str:
    """The address to connect to now, looked up anew. Raises AddressNotPublic, OSError.

    A name of which any address is not public is refused: else it would be drawn which one is taken.
    """
    found = await resolve(parts.hostname or "", parts.port or (443 if parts.scheme == "https" else 80))
    addresses = [ip_address(one.partition("%")[0]) for one in found]
    if not private_allowed and not all(map(is_public, addresses)):
        raise AddressNotPublic("its name leads to an address that is not public")
    if not addresses:
        raise AddressNotPublic("its name leads nowhere")
    return str(addresses[0])


async def resolved(host: str, port: int) -> list[str]:
    """The addresses that the system knows of a name, in its order. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]


def _literal(host: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(host)
    except ValueError:
        return None
