"""What is stored twice compared with itself: balances, transactions, lists with the journal (`ALL-8`, `PAY-12`)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from payments.persistence import proof_of_balances, proof_of_labels, proof_of_lists, proof_of_postings

CHECKS = (*proof_of_balances.CHECKS, *proof_of_postings.CHECKS, *proof_of_lists.CHECKS, *proof_of_labels.CHECKS)
"""Each selects what, expected and found: of everything that is kept twice, or only of what differs."""
DIFFERENCES_MAX = 1_000


def differing(check: str) -> str:
    """The statement that gives what of a check differs: nothing else is ever spelled out or kept."""
    return f"""
    SELECT what, expected::text AS expected, found::text AS found FROM ({check}) AS checked
     WHERE expected IS DISTINCT FROM found ORDER BY what LIMIT {DIFFERENCES_MAX}
    """  # noqa: S608 - only texts of our modules


_STATEMENTS = tuple(text(differing(check).replace(":", r"\:")) for check in CHECKS)
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


@dataclass(frozen=True, slots=True)
class Wrong:
    """A stored figure that is not what follows from the others, amounts in minor units."""

    what: str
    expected: str
    found: str


@dataclass(frozen=True, slots=True)
class Proven:
    """How many rows were compared with what they follow from, and what differs (at most a thousand of them)."""

    figures: int
    wrong: tuple[Wrong, ...]


async def prove(connection: AsyncConnection) -> Proven:
    """Prove the clinics that this connection sees, at the instant of its transaction."""
    figures = (await connection.execute(_FIGURES)).scalar_one()
    wrong: list[Wrong] = []
    for statement in _STATEMENTS:
        rows = await connection.execute(statement)
        wrong += [Wrong(row.what, row.expected or "none", row.found or "none") for row in rows]
        if len(wrong) >= DIFFERENCES_MAX:
            break
    return Proven(figures, tuple(wrong[:DIFFERENCES_MAX]))
