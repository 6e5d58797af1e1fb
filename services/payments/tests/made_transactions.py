"""Patients, transactions and what is left to credit, as a test of any sequence has them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from chassis.money import Money
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.transaction import Kind, Payer, Transaction


def fact(kind: Kind, number: int, who: UUID, minor: int) -> Transaction:
    at = datetime(2026, 11, 23, 15, tzinfo=UTC)
    amount = Money(minor, "USD")
    return Transaction(UUID(int=number), kind, who, amount, "other", None, Payer(), at, at.date(), "clerk:ada")


def patient(number: int) -> UUID:
    return UUID(int=number + 1)


def creditable(invoice: InvoiceBalance) -> int:
    """What is left to credit as invoicing has it: it knows what it answered, and no refund that is not answered yet."""
    return 0 if invoice.void else invoice.asked_minor + invoice.refund_pending_minor
