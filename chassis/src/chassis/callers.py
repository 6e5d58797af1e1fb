"""Who makes a request, and what tells so: below HTTP, so that a process can hold it without knowing of tokens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Caller:
    """Who makes a request, as its token says (`ALL-5`), and for which clinic (`ALL-4`)."""

    subject: str
    clinic_id: UUID
    scopes: frozenset[str]


class Verifier(Protocol):
    """Tells who makes a request by its headers: `chassis.http.auth.TokenVerifier`."""

    async def caller(self, authorization: str | None, clinic: str | None = None) -> Caller:
        """The caller of an Authorization and, perhaps, a Clinic-Id header. Raises where there is none to be let in."""
        ...
