"""All that the last look sees of a message's clinic, patient, payment, invoice and plan (`NOT-4`)."""

from __future__ import annotations

from dataclasses import dataclass

from notifications.domain.installment_plan import PlanFacts
from notifications.domain.settings import Settings


@dataclass(frozen=True)
class ContactPoint:
    """One way to reach a patient, with what they allowed for it."""

    channel: str
    value: str
    consents: tuple[str, ...]


@dataclass(frozen=True)
class Patient:
    """A patient as the register has announced them."""

    given_name: str
    family_name: str
    language: str | None
    time_zone: str | None
    contact_points: tuple[ContactPoint, ...]

    @property
    def name(self) -> str:
        """The name as a letter opens with it."""
        return f"{self.given_name} {self.family_name}".strip()


@dataclass(frozen=True)
class Clinic:
    """What is known of a clinic: its name, language and zone, and how to answer it."""

    name: str
    time_zone: str
    language: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class TransactionFacts:
    """Whether a payment or refund still stands, and who paid where that was not the patient."""

    stands: bool
    payer_name: str | None
    receipt_number: str | None


@dataclass(frozen=True)
class InvoiceFacts:
    """An invoice as it is now: `total_minor` is None until it is known to be issued."""

    total_minor: int | None
    outstanding_minor: int
    is_void: bool


@dataclass(frozen=True)
class Facts:
    """All that the look sees; None is what no event has told yet."""

    settings: Settings
    clinic: Clinic | None
    patient: Patient | None
    transaction: TransactionFacts | None = None
    invoice: InvoiceFacts | None = None
    plan: PlanFacts | None = None
