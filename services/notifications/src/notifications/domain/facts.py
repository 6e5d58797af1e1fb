"""All that the check before sending sees of a message's clinic, patient, payment, invoice and plan (`NOT-4`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.names import full_name

from notifications.domain.installment_plan import PlanFacts
from notifications.domain.payment_details import PaymentDetails
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
        return full_name(self.given_name, self.family_name)


@dataclass(frozen=True)
class Clinic:
    """What is known of a clinic: its name, language and zone, and how to answer it."""

    name: str
    time_zone: str
    language: str
    email: str | None
    phone: str | None


@dataclass(frozen=True)
class ClinicVersion:
    """A clinic as of one version of its settings."""

    clinic_id: UUID
    version: int
    clinic: Clinic


@dataclass(frozen=True)
class PatientVersion:
    """A patient as of one version of the register."""

    clinic_id: UUID
    patient_id: UUID
    version: int
    patient: Patient


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
    insurers_estimated_minor: int = 0
    """What insurers are estimated to take of it: to pay, and to have written off."""
    insurers_decided_minor: int | None = None
    """What is theirs by their decisions, and by estimate where they have not decided; None while none has."""
    insurers_paid_minor: int = 0
    """What their payments settle of it, with what refunds of them took and is credited."""
    asked_of_lines_minor: int | None = None
    """What its own lines ask for, debit notes apart: insurers are left no more. None while no note has said it."""

    def patients_minor(self, *, estimated: bool) -> int:
        """What the patient is asked for of what is outstanding: not what insurers are still to pay (`INS-4`).

        Until one has decided, their estimated share is left out where the clinic chose so.
        """
        share = self.insurers_estimated_minor if estimated else 0
        if self.insurers_decided_minor is not None:
            share = self.insurers_decided_minor
        if self.asked_of_lines_minor is not None:
            share = min(share, self.asked_of_lines_minor)
        return max(0, self.outstanding_minor - max(0, share - self.insurers_paid_minor))


@dataclass(frozen=True)
class Facts:
    """All that the check sees; None is what no event has told yet."""

    settings: Settings
    clinic: Clinic | None
    patient: Patient | None
    transaction: TransactionFacts | None = None
    invoice: InvoiceFacts | None = None
    plan: PlanFacts | None = None
    unsubscribed: frozenset[str] = frozenset()
    """Of the patient's contact points those that no reminder goes to, as their owner asked by a link (`NOT-2.5`)."""
    credit_minor: int = 0
    """What the clinic holds for the patient, whoever's record of theirs has it; what insurers overpaid is not in it."""
    payment: PaymentDetails | None = None
    """How the clinic is paid, where it says so."""
    suppressed: frozenset[str] = frozenset()
    """Of the patient's contact points those, as the register has them, that nothing is sent to (`NOT-8.2`)."""
