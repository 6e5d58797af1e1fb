"""Whom a document names, as frozen with it."""

from __future__ import annotations

from dataclasses import dataclass

from receipts.domain.people import Address, Patient


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A person or organization with the address of that day."""

    name: str
    address: Address | None = None

    @classmethod
    def of(cls, patient: Patient) -> Party:
        """The patient as the register has them now."""
        return cls(name=patient.name, address=patient.address)
