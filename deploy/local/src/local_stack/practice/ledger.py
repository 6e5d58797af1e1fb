"""What an extract says: clinics, patients, visits, and the ledger that the billing system must agree with."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal
from uuid import UUID, uuid5

NAMESPACE = UUID("6f0d0a52-6a31-5a0e-9a0b-9d3a3c1f7a11")
"""Where identifiers that the data does not have come from: the same data gives the same ones, on every play."""

Method = Literal["cash", "bank_card", "check", "insurance"]
PayerKind = Literal["patient", "insurer"]


def derived_id(*parts: object) -> UUID:
    """An identifier for what the data names otherwise, or not at all."""
    return uuid5(NAMESPACE, "/".join(str(part) for part in parts))


@dataclass(frozen=True, slots=True)
class Clinic:
    """A dental clinic: the tenant. `key` is what the data calls it."""

    id: UUID
    key: str
    name: str
    address: str
    city: str
    state: str
    zip: str
    phone: str


@dataclass(frozen=True, slots=True)
class Patient:
    """A patient as the register has them."""

    id: UUID
    given_name: str
    family_name: str
    birth_date: date
    address: str
    city: str
    state: str
    zip: str


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays: the patient (no id and no name of their own here) or an insurer."""

    kind: PayerKind
    id: UUID | None = None
    name: str | None = None


THE_PATIENT = Payer("patient")
SECONDARY_INSURER = Payer("insurer", derived_id("payer", "secondary"), "Secondary insurer")
"""The ledger says that a second insurer paid (`transfer_to` 2), and not which one."""


@dataclass(frozen=True, slots=True)
class Procedure:
    """A completed procedure, with the fee that the ledger charged for it, in cents."""

    id: UUID
    code_system: str
    code: str
    description: str
    start: datetime
    stop: datetime
    fee: int


@dataclass(frozen=True, slots=True)
class LedgerPayment:
    """One PAYMENT row of the ledger, in cents."""

    reference: str
    payer: Payer
    method: Method
    amount: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DecidedCharge:
    """What an insurer decided on one charge, in cents: `before` is what insurers asked earlier had paid of it."""

    procedure_id: UUID
    fee: int
    before: int
    paid: int

    @property
    def left(self) -> int:
        """What it leaves for the next payer, or the patient."""
        return self.fee - self.before - self.paid


@dataclass(frozen=True, slots=True)
class LedgerDecision:
    """What one insurer decided on the claim of a visit."""

    payer: Payer
    sequence: Literal["primary", "secondary"]
    charges: tuple[DecidedCharge, ...]


@dataclass(frozen=True, slots=True)
class Visit:
    """An appointment: what was done, what the ledger charged, who paid, and what it says is still owed."""

    id: UUID
    clinic_id: UUID
    provider_id: UUID
    patient_id: UUID
    insurer: Payer | None
    start: datetime
    stop: datetime
    procedures: tuple[Procedure, ...]
    payments: tuple[LedgerPayment, ...]
    outstanding: int
    decisions: tuple[LedgerDecision, ...] = ()
    """What its insurers decided, in turn; none where nothing was billed to one."""
    patient_part: int = 0
    """What the ledger itself passed on to the patient of the charges that were billed to insurers."""

    @property
    def insurers_paid(self) -> int:
        """What the ledger says its insurers paid, in cents."""
        return sum(payment.amount for payment in self.payments if payment.payer.kind == "insurer")

    @property
    def total(self) -> int:
        """What the ledger charged, in cents."""
        return sum(procedure.fee for procedure in self.procedures)

    def paid_by_method(self) -> Counter[tuple[PayerKind, Method]]:
        """What the ledger says was paid, in cents, by kind of payer and method."""
        paid: Counter[tuple[PayerKind, Method]] = Counter()
        for payment in self.payments:
            paid[payment.payer.kind, payment.method] += payment.amount
        return paid


def in_cents(amount: str) -> int:
    """Cents of an amount on the wire; `ValueError` where it is none."""
    units, _, cents = amount.partition(".")
    if not (units.removeprefix("-").isdecimal() and len(cents) == 2 and cents.isdecimal()):  # noqa: PLR2004 - cents
        raise ValueError(amount)
    return int(units + cents)


def as_amount(cents: int) -> str:
    """The decimal string of so many cents."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02}"
