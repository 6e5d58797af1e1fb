"""The journal: every effect as double entry, debits above zero, credits below, each posting summing to zero (`PAY-12`).

| account             | what its balance says                                                     |
|---------------------|---------------------------------------------------------------------------|
| `money`             | what came in less what went out, by method                                |
| `receivable`        | what an invoice asks for; with a payment named, what that payment settled |
| `patient_credit`    | money received and not allocated, by patient and payment (a liability)    |
| `revenue`           | invoices and debit notes                                                  |
| `credit_notes`      | what was credited: courtesy, correction, write-off                        |
| `refund_allowances` | credit notes that keep an invoice settled after a refund (`PAY-4`)        |
| `chargeback_losses` | what the bank took back although it had been refunded (`PAY-6`)           |
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from payments.domain.errors import Unbalanced
from payments.domain.movement import Movement, Settlement

Account = Literal[
    "money",
    "receivable",
    "patient_credit",
    "revenue",
    "credit_notes",
    "refund_allowances",
    "chargeback_losses",
]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a posting: a debit above zero or a credit below, in minor units, and whom it concerns."""

    account: Account
    minor: int
    patient_id: UUID | None = None
    invoice_id: UUID | None = None
    payment_id: UUID | None = None
    method: str | None = None


def entries_of_movement(movement: Movement, payment_id: UUID | None, method: str) -> tuple[Entry, ...]:
    """The posting of a transaction. `payment_id` and `method` say whose money moved and how."""
    entries = [Entry("money", movement.money_minor, payment_id=payment_id, method=method)]
    entries.append(Entry("chargeback_losses", movement.loss_minor, payment_id=payment_id))
    for settlement in movement.settlements:
        entries.extend(_entries_of_settlement(settlement))
    entries.extend(
        Entry("patient_credit", -change.change_minor, change.patient_id, payment_id=change.payment_id)
        for change in movement.credits
    )
    return balanced(entries)


def entries_of_issue(invoice_id: UUID, patient_id: UUID, total_minor: int) -> tuple[Entry, ...]:
    """The posting of an invoice or a debit note: the patient owes it, the clinic earned it."""
    return balanced(
        [
            Entry("receivable", total_minor, patient_id, invoice_id),
            Entry("revenue", -total_minor, invoice_id=invoice_id),
        ]
    )


def entries_of_credit(invoice_id: UUID, patient_id: UUID, total_minor: int) -> tuple[Entry, ...]:
    """The posting of a credit note that follows no refund."""
    return balanced(
        [
            Entry("receivable", -total_minor, patient_id, invoice_id),
            Entry("credit_notes", total_minor, invoice_id=invoice_id),
        ]
    )


def entries_of_void(invoice_id: UUID, patient_id: UUID, asked_minor: int) -> tuple[Entry, ...]:
    """The posting of a void: what the documents asked for is asked no more."""
    return balanced(
        [
            Entry("receivable", -asked_minor, patient_id, invoice_id),
            Entry("revenue", asked_minor, invoice_id=invoice_id),
        ]
    )


def balanced(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """These entries without the empty ones. Raises Unbalanced unless debits equal credits."""
    kept = tuple(entry for entry in entries if entry.minor)
    if difference := sum(entry.minor for entry in kept):
        raise Unbalanced(difference)
    return kept


def _entries_of_settlement(settlement: Settlement) -> Sequence[Entry]:
    """What left an invoice and is not asked for again is an allowance; the rest changes what is receivable."""
    credited = settlement.credited_minor
    where = (settlement.patient_id, settlement.invoice_id, settlement.payment_id)
    return (
        Entry("receivable", -settlement.change_minor - credited, *where),
        Entry("refund_allowances", credited, *where),
    )
