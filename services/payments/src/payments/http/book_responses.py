"""An invoice as payments sees it, and the proof of the books."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody

from payments.domain.invoice_balance import InvoiceBalance, InvoiceStatus
from payments.http.examples import INVOICE_EXAMPLE
from payments.http.shared_responses import example_of, money


class InvoiceOut(ResponseBody):
    """An invoice as payments sees it (`INV-9`)."""

    model_config = example_of(INVOICE_EXAMPLE)

    invoice_id: UUID
    patient_id: UUID
    number: str
    status: InvoiceStatus
    """In the words of invoicing's `status`."""
    overdue: bool
    """By the installments of its live plan, where it has one, else by its due date (`INV-15`)."""
    due_date: date
    total: MoneyOut
    debited: MoneyOut
    credited: MoneyOut
    """Credit notes, those that go with refunds included."""
    settled: MoneyOut
    outstanding: MoneyOut

    @classmethod
    def of(cls, invoice: InvoiceBalance, today: date, due_next: date) -> InvoiceOut:
        """An invoice, on the clinic's calendar day, and the day by which it asks for something next."""
        currency = invoice.currency
        return cls.named(
            invoice,
            overdue=invoice.is_overdue(today, due_next),
            total=money(invoice.total_minor, currency),
            debited=money(invoice.debited_minor, currency),
            credited=money(invoice.credited_minor + invoice.refund_adjusted_minor, currency),
            settled=money(invoice.settled_minor, currency),
            outstanding=MoneyOut.of(invoice.outstanding),
        )


class WrongOut(ResponseBody):
    """A stored figure that is not what the journal says, in minor units."""

    what: str
    expected: str
    found: str


class ProofOut(ResponseBody):
    """Every balance of the clinic, recomputed from the journal (`ALL-8`)."""

    model_config = example_of({"figures": 1284, "differences": [], "proven": True})

    figures: int
    differences: list[WrongOut]
    proven: bool
