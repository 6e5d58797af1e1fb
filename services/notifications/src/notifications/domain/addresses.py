"""Email addresses and telephone numbers: how one is written on the wire, and which never work (`NOT-8.1`)."""

from __future__ import annotations

import re
from typing import Final

import idna

LOCAL_MAX, DOMAIN_MAX = 64, 253
"""Octets on the wire (RFC 5321, 4.5.3.1; a domain's without the dot of the root)."""
_LOCAL: Final = re.compile(r"[^\s<>()\[\],;:\\\"@\x00-\x20\x7f]+")
_E164: Final = re.compile(r"\+[1-9][0-9]{6,14}")
_BETWEEN_DIGITS: Final = re.compile(r"[ \-./()\u00a0]")
_NAMED: Final = re.compile(r".+\.[A-Za-z][A-Za-z0-9-]+")
_LABEL: Final = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")


class Unmailable(ValueError):
    """No server could ever be asked to deliver to it. Says nothing of the address itself (`ALL-6`)."""

    def __init__(self) -> None:
        super().__init__("the address can never be mailed")


def is_mailable(address: str) -> bool:
    """Whether it has the form of an address: what is not so can be mailed by nobody, now or later.

    Nor can a domain without a top-level domain: `jane@gmail`.
    """
    try:
        return bool(_NAMED.fullmatch(wire_address(address).rpartition("@")[2]))
    except Unmailable:
        return False


def dialable(number: str) -> str | None:
    """A telephone number in E.164 without what people write between digits; None for what is none."""
    plain = _BETWEEN_DIGITS.sub("", number.strip())
    return plain if _E164.fullmatch(plain) else None


def wire_address(address: str) -> str:
    """The address with its domain as DNS has it, a host of one's own (`localhost`) too. Raises Unmailable.

    Quoted local parts and addresses of hosts without a name (`[192.0.2.1]`) are not mailed either.
    """
    local, at, domain = address.strip().rpartition("@")
    named = _in_ascii(domain)
    labels = named.split(".")
    if not at or not _is_local(local) or len(named) > DOMAIN_MAX or not all(map(_LABEL.fullmatch, labels)):
        raise Unmailable
    return f"{local}@{named}"


def _is_local(local: str) -> bool:
    return bool(_LOCAL.fullmatch(local)) and local.isprintable() and len(local.encode()) <= LOCAL_MAX


def _in_ascii(domain: str) -> str:
    """A domain in the letters of DNS, by the rule of 2008: that of 2003 made of ß, as of final sigma, another name.

    A label that is ASCII stays as it is: which of them there are is for DNS to say, not for the rule.
    """
    if domain.isascii():
        return domain
    try:
        mapped = idna.uts46_remap(domain, std3_rules=False, transitional=False)
        return ".".join(label if label.isascii() else idna.alabel(label).decode("ascii") for label in mapped.split("."))
    except (idna.IDNAError, UnicodeError):
        raise Unmailable from None
