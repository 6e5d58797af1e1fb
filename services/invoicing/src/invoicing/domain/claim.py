"""What a claim (X12 837D) needs beside the amounts: of a line, of the patient, and of the clinic (`INS-2`)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from invoicing.domain.errors import Invalid
from invoicing.domain.estimate import PayerSequence, turn

NPI_PREFIX = "80840"
"""What a National Provider Identifier is completed with before its check digit is worked out (ISO/IEC 7812)."""
NPI_DIGITS = 10


@dataclass(frozen=True, slots=True)
class ActDetails:
    """What is said of one act: codes are opaque, and none of it changes what is owed.

    Requests, responses, rows and events have the same members: one more of them is added here and there, and copied by
    its name.
    """

    provider_id: UUID | None = None
    provider_name: str | None = None
    provider_npi: str | None = None
    tooth: str | None = None
    surface: str | None = None
    oral_cavity_area: str | None = None
    place_of_service: str | None = None
    prior_authorization: str | None = None
    prosthesis: str | None = None
    prior_placement_on: date | None = None
    appliance_placed_on: date | None = None
    orthodontic_months: int | None = None
    orthodontic_months_left: int | None = None

    def or_else(self, other: ActDetails) -> ActDetails:
        """The same, filled in from another where it says nothing."""
        names = ActDetails.__dataclass_fields__
        own = {name: value for name in names if (value := getattr(self, name)) not in (None, "")}
        return replace(other, **own)


NOTHING_SAID = ActDetails()


@dataclass(frozen=True, slots=True)
class Residence:
    """Where somebody lives, or where the clinic is."""

    lines: tuple[str, ...]
    city: str
    country: str
    region: str | None = None
    postal_code: str | None = None


@dataclass(frozen=True, slots=True)
class Subscriber:
    """Whose contract a coverage is, where that is not the patient."""

    family_name: str
    given_name: str | None = None
    birth_date: date | None = None
    gender: str | None = None
    address: Residence | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """One payer that a patient is insured by."""

    payer_id: UUID
    payer_sequence: PayerSequence
    payer_name: str | None = None
    payer_identifier: str | None = None
    subscriber_id: str | None = None
    group_number: str | None = None
    relationship: str | None = None
    group_name: str | None = None
    filing_indicator: str | None = None
    subscriber: Subscriber | None = None


@dataclass(frozen=True, slots=True)
class Insured:
    """What a claim needs of a patient, as the register has them."""

    gender: str | None = None
    birth_date: date | None = None
    coverages: tuple[Coverage, ...] = ()
    given_name: str | None = None
    family_name: str | None = None
    address: Residence | None = None

    @property
    def in_turn(self) -> list[Coverage]:
        """The coverages in the order in which their payers are asked (`INS-4`)."""
        return sorted(self.coverages, key=lambda coverage: turn(coverage.payer_sequence))


UNKNOWN = Insured()
"""A patient whom the register has not told of."""


def check_npi(npi: str | None, field: str) -> None:
    """Ten digits whose last one checks the others (Luhn). Raises Invalid."""
    if npi is None:
        return
    if not (npi.isascii() and npi.isdigit() and len(npi) == NPI_DIGITS and _luhn(NPI_PREFIX + npi)):
        raise Invalid(field, "is no National Provider Identifier: it has ten digits, and one of these is mistyped")


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(digits)))
    return sum(value // 10 + value % 10 for value in doubled) % 10 == 0
