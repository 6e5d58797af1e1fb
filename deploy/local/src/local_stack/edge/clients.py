"""Who may ask the issuer for tokens, and for which: scopes and clinics, by client."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

SCOPES = frozenset(
    "invoices:read invoices:write invoices:approve payments:read payments:write payments:reverse payments:approve "
    "receipts:read notifications:read notifications:write settings:read settings:write operations".split()
)
"""What a token of this issuer can allow in a clinic (`ALL-5`)."""
ANY_CLINIC = "clinics:any"
"""The scope of a service's token: it is of no clinic, and each request names one."""
EVERY = "any"
"""How a client of every clinic is told."""


@dataclass(frozen=True)
class Client:
    """A client's secret, and what its tokens may say at most."""

    secret: str = field(repr=False)
    scopes: frozenset[str]
    clinics: frozenset[UUID] | None = None
    """None: whichever clinic it names, also request by request (`clinics:any`)."""

    @classmethod
    def told(cls, name: str, given: Mapping[str, Any]) -> Client:
        """From JSON: `secret`, `scopes` and `clinics`, with spaces between, or `any`. Raises ValueError naming it."""
        try:
            secret, scopes, clinics = (str(given[member]) for member in ("secret", "scopes", "clinics"))
            named = None if clinics == EVERY else frozenset(UUID(one) for one in clinics.split())
        except (KeyError, TypeError, ValueError) as wrong:
            raise ValueError(
                f"the client {name} needs a secret, scopes, and clinics (ids, or {EVERY}): {wrong}"
            ) from None
        asked = frozenset(scopes.split())
        if unknown := asked - SCOPES:
            raise ValueError(f"the client {name} has scopes that there are not: {' '.join(sorted(unknown))}")
        if not asked or named == frozenset():
            raise ValueError(f"the client {name} has no {'clinics' if asked else 'scopes'}")
        return cls(secret, asked, named)

    def as_json(self) -> dict[str, str]:
        """What `told` reads."""
        clinics = [EVERY] if self.clinics is None else sorted(map(str, self.clinics))
        return {"secret": self.secret, "scopes": " ".join(sorted(self.scopes)), "clinics": " ".join(clinics)}

    def lacks(self, scopes: Iterable[str]) -> frozenset[str]:
        """Those of the scopes that it may not have (`ALL-5`)."""
        own = self.scopes | ({ANY_CLINIC} if self.clinics is None else set())
        return frozenset(scopes) - own

    def works_for(self, clinic_id: UUID) -> bool:
        """Whether its tokens may be of this clinic (`ALL-4`)."""
        return self.clinics is None or clinic_id in self.clinics


def clients_of(given: Mapping[str, Mapping[str, Any]]) -> dict[str, Client]:
    """Clients by name. Raises ValueError naming the one that cannot be meant."""
    return {name: Client.told(name, one) for name, one in given.items()}
