"""Why a transaction was made: every one says it, whether a person or a rule made it (`ALL-5`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from payments.domain.allocation import Wish
from payments.domain.transaction import Payer

Purpose = Literal["invoice_settlement", "installment", "deposit", "treatment_plan_deposit", "insurer_remittance"]
"""What a payment was taken for."""
Consequence = Literal[
    "payment_cancelled",
    "payment_charged_back",
    "transfer_cancelled",
    "invoice_voided",
    "invoice_credited",
    "insurer_paid",
    "insurer_overpaid",
    "records_merged",
]
"""What a transaction that nobody asked for by itself follows from."""


@dataclass(frozen=True, slots=True)
class Reason:
    """What a transaction follows from, and the text that was given for that, where there were any."""

    code: Consequence
    text: str | None = None


def purpose_of(payer: Payer, wishes: Sequence[Wish], treatment_plan_id: UUID | None) -> Purpose:
    """What the money was taken for: what is true of all of it, as it was asked for, whatever it then settled.

    An insurer's money pays claims, whatever it names. Installments are parts of invoices, so a payment that names an
    installment and a whole invoice settles invoices. What is kept beyond them is credit, and no purpose of its own.
    """
    if payer.kind == "insurer":
        return "insurer_remittance"
    if wishes:
        named = all(wish.installment_id is not None for wish in wishes)
        return "installment" if named else "invoice_settlement"
    return "deposit" if treatment_plan_id is None else "treatment_plan_deposit"
