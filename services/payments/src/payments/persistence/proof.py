"""What is stored twice compared with itself: balances, transactions, lists with the journal (`ALL-8`, `PAY-12`)."""

from __future__ import annotations

from uuid import UUID

from chassis.database.checks import differences
from chassis.proof import Proven
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.persistence import proof_of_balances, proof_of_labels, proof_of_lists, proof_of_postings

CHECKS = (*proof_of_balances.CHECKS, *proof_of_postings.CHECKS, *proof_of_lists.CHECKS, *proof_of_labels.CHECKS)
"""Each selects what, expected and found: of everything that is kept twice, or only of what differs."""
DIFFERENCES_MAX = 1_000
_FIGURES = text(
    " + ".join(
        f"(SELECT count(*) FROM {table})"  # noqa: S608 - our own tables
        for table in (
            "transactions",
            "journal_entries",
            "invoice_documents",
            "invoices",
            "payment_positions",
            "credit_parts",
            "patient_credit",
            "account_lines",
            "day_totals",
            "receipts",
            "refund_requests",
            "relabelings",
            "payment_groups",
            "installments",
        )
    ).join(("SELECT ", ""))
)


async def prove(connection: AsyncConnection, _clinic_id: UUID) -> Proven:
    """Prove the clinics that this connection sees, at the instant of its transaction; amounts are minor units.

    Says how many rows were compared with what they follow from, and what differs, a thousand differences at most.
    """
    figures: int = (await connection.execute(_FIGURES)).scalar_one()
    return Proven(figures, await differences(connection, CHECKS, DIFFERENCES_MAX))
