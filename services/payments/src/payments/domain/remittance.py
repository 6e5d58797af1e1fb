"""An insurer's transfer: what it pays, less what it takes back and withholds, all or none (`INS-5`, `INS-9`)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.money import Money

from payments.domain.errors import AmountNotPositive, WrongCurrency
from payments.domain.insurers_part import is_same
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.remittance_errors import (
    AdjustmentOfNothing,
    NotTheInsurers,
    PatientNamedTwice,
    RemittanceUnbalanced,
    TakeBackExceedsPayment,
    TakenBackNowhere,
)
from payments.domain.transaction import Kind, Payer

INTEREST = frozenset({"L6", "CR"})
"""The insurer's reasons (X12 835 PLB03-1) for interest, which is income: on claims paid late, and on capitation.

Everything else that it withholds or adds is not, a charge for the clinic's own delay (50, 51) included.
"""


@dataclass(frozen=True, slots=True)
class TakeBack:
    """What an insurer takes back: of a payment of its own that is named, or of what it paid on an invoice."""

    amount: Money
    payment_id: UUID | None = None
    invoice_id: UUID | None = None
    reason: str | None = None
    of_this_transfer: bool = False
    """Whether the same transfer pays it on the invoice first: else what it takes back goes before what it pays."""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What an insurer withholds from the transfer as a whole (above zero) or adds to it (below), as in X12 835 PLB."""

    amount: Money
    code: str
    reference: str | None = None

    @property
    def kind(self) -> Kind:
        """What it is: above zero it is taken from the transfer, whatever the reason, below zero it comes with it."""
        if self.code in INTEREST:
            return "interest_taken_back" if self.amount.minor > 0 else "insurer_interest"
        return "insurer_withheld" if self.amount.minor > 0 else "insurer_added"

    @property
    def movement(self) -> Movement:
        """What it does: less money came in, or more; interest is income."""
        minor = self.amount.minor
        if self.code in INTEREST:
            return Movement(money_minor=-minor, interest_minor=-minor)
        return Movement(money_minor=-minor, withheld_minor=minor)


@dataclass(frozen=True, slots=True)
class Parts:
    """What a transfer consists of: by patient, taken back, and as a whole."""

    paid: Sequence[tuple[UUID, Money]]
    take_backs: Sequence[TakeBack] = ()
    adjustments: Sequence[Adjustment] = ()

    @property
    def total_minor(self) -> int:
        """What they come to."""
        paid = sum(part.minor for _, part in self.paid)
        taken = sum(entry.amount.minor for entry in self.take_backs)
        return paid - taken - sum(adjustment.amount.minor for adjustment in self.adjustments)


def check_parts(amount: Money, parts: Parts) -> None:
    """See that each patient is named once and that the parts are the transfer, whatever its sign.

    Raises PatientNamedTwice, WrongCurrency, AmountNotPositive, AdjustmentOfNothing, RemittanceUnbalanced.
    """
    named: set[UUID] = set()
    for place, (patient_id, part) in enumerate(parts.paid):
        if patient_id in named:
            raise PatientNamedTwice(patient_id, f"payments[{place}].patient_id")
        named.add(patient_id)
        _require_currency(part, amount, f"payments[{place}]")
    for place, entry in enumerate(parts.take_backs):
        _require_currency(entry.amount, amount, f"take_backs[{place}]")
        if entry.amount.minor <= 0:
            raise AmountNotPositive(f"take_backs[{place}].amount")
    for place, adjustment in enumerate(parts.adjustments):
        _require_currency(adjustment.amount, amount, f"adjustments[{place}]")
        if adjustment.amount.minor == 0:
            raise AdjustmentOfNothing(f"adjustments[{place}].amount")
    if parts.total_minor != amount.minor:
        raise RemittanceUnbalanced(amount, Money(parts.total_minor, amount.currency))


def take_back(
    wanted: TakeBack,
    payer: Payer,
    payments: Iterable[Payment],
    invoices: Mapping[UUID, InvoiceBalance],
    field: str,
    also: Collection[UUID] = (),
) -> list[tuple[Payment, int, Movement]]:
    """Take an amount back of the insurer's payments that it is about: what each gave, and the effect.

    `also` are payments that came for the invoice that is named, and are credit: they go first, and the latest of each.
    Raises PaymentReversed,
    NotTheInsurers, TakenBackNowhere, TakeBackExceedsPayment.
    """
    about = _about(wanted, payer, payments, field, also)
    left = wanted.amount.minor
    done: list[tuple[Payment, int, Movement]] = []
    for payment in about:
        payment.require_recorded()
        minor = min(left, _of(payment, wanted.invoice_id))
        if minor:
            done.append((payment, minor, payment.be_taken_back(minor, invoices, wanted.invoice_id)))
            left -= minor
    if left:
        there = Money(wanted.amount.minor - left, wanted.amount.currency)
        raise TakeBackExceedsPayment(wanted.amount, there, f"{field}.amount")
    return done


def _about(
    wanted: TakeBack, payer: Payer, payments: Iterable[Payment], field: str, also: Collection[UUID]
) -> list[Payment]:
    if wanted.payment_id is not None:
        about = [payment for payment in payments if payment.payment_id == wanted.payment_id]
        if not all(_is_of(payment, payer) for payment in about):
            raise NotTheInsurers(wanted.payment_id, f"{field}.payment_id")
        return about
    about = [
        payment
        for payment in payments
        if (wanted.invoice_id in payment.allocations or payment.payment_id in also) and _is_of(payment, payer)
    ]
    if not about and wanted.invoice_id is not None:
        raise TakenBackNowhere(wanted.invoice_id, f"{field}.invoice_id")
    latest_first = sorted(about, key=lambda payment: payment.payment_id, reverse=True)
    return sorted(latest_first, key=lambda payment: wanted.invoice_id in payment.allocations)


def _of(payment: Payment, invoice_id: UUID | None) -> int:
    """What can be taken back of a payment: all that is left of it, or what an invoice has of it and what is credit."""
    if invoice_id is None:
        return payment.left_minor
    return payment.allocations.get(invoice_id, 0) + payment.unallocated_minor


def _is_of(payment: Payment, payer: Payer) -> bool:
    """Whether the insurer paid it: by its id, where both have one, else by its name."""
    return payment.payer.kind == "insurer" and is_same(payment.payer, payer)


def _require_currency(part: Money, amount: Money, field: str) -> None:
    if part.currency != amount.currency:
        raise WrongCurrency(amount.currency, f"{field}.amount.currency")
