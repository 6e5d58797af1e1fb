"""Recipients as the log, the API and an operator may see them (`NOT-6`, `ALL-6`)."""

from __future__ import annotations

import re

_ADDRESS = re.compile(r"[^\s<>()\[\],;:\"]+@[^\s<>()\[\],;:\"]+")


def masked(address: str) -> str:
    """Enough for the front desk to recognize an address, too little to write to it: `a***a@e***.org`."""
    local, at, domain = address.rpartition("@")
    if not at:
        return f"***{address[-2:]}" if len(address) > 4 else "***"  # noqa: PLR2004 - the last digits of a phone number
    host, dot, suffix = domain.rpartition(".")
    ends = local[:1] + "***" + (local[-1:] if len(local) > 2 else "")  # noqa: PLR2004 - two letters would be all of it
    return f"{ends}@{host[:1]}***{dot}{suffix}" if dot else f"{ends}@***"


def without_addresses(text: str, limit: int = 500) -> str:
    """A provider's answer, which likes to repeat the address, with every address masked."""
    return _ADDRESS.sub(lambda found: masked(found.group().rstrip(".")), text)[:limit]
