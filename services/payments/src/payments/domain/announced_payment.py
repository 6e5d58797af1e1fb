"""A payment as it was announced, which the books know no more: whether they can take it again as it was (`ALL-7`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from uuid import UUID

from payments.domain.allocation import Share
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.posting import Posting
from payments.domain.transaction import PaymentTransaction


@dataclass(frozen=True, slots=True)
class AnnouncedShare:
    """What an invoice got of it, in minor units, and which of the changes of that invoice this was."""

    invoice_id: UUID
    minor: int
    credited_minor: int
    installment_id: UUID | None
    place: int | None


@dataclass(frozen=True, slots=True)
class AnnouncedPayment:
    """The payment as it was when it was recorded, with its transaction, and what each invoice got of it."""

    clinic_id: UUID
    payment: Payment
    transaction: PaymentTransaction
    shares: tuple[AnnouncedShare, ...]

    def can_be_recorded(self, invoices: Mapping[UUID, InvoiceBalance], groups: Collection[UUID]) -> bool:
        """Whether each invoice is known and still asks for as much, in the same money, and the group is there.

        An insurer's is not: what was made room for it then is not announced with it.
        """
        if self.payment.payer.kind == "insurer" or (self.payment.group_id or None) not in {None, *groups}:
            return False
        wanted: dict[UUID, int] = {}
        for share in self.shares:
            wanted[share.invoice_id] = wanted.get(share.invoice_id, 0) + share.minor
        return all(
            share.minor > 0 and share.credited_minor == 0 and share.invoice_id in invoices for share in self.shares
        ) and all(_takes(invoices[invoice_id], minor, self.payment) for invoice_id, minor in wanted.items())

    def record(self, invoices: Mapping[UUID, InvoiceBalance]) -> Posting:
        """Allocate it as it had been, each at its place in the order of its invoice."""
        for share in self.shares:
            invoice = invoices[share.invoice_id]
            invoice.version = max(invoice.version, (share.place or 0) - 1)
        shares = [Share(invoices[one.invoice_id], one.minor, one.installment_id) for one in self.shares]
        return Posting(self.clinic_id, self.transaction, self.payment.record(shares))


def _takes(invoice: InvoiceBalance, minor: int, payment: Payment) -> bool:
    return not invoice.void and invoice.currency == payment.amount.currency and invoice.payable_minor >= minor
