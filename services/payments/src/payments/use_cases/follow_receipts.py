"""Keep the receipts of transactions, one for each, with a line in the patient's account (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from payments.domain.account import NewLine
from payments.domain.clinic import Clinic
from payments.domain.journal import AccountChange
from payments.domain.receipt import IssuedReceipt
from payments.persistence import account_lines, clinics, receipts


class ReceiptUnknown(Exception):
    """No receipt of this transaction was announced to us yet."""

    def __init__(self, transaction_id: UUID) -> None:
        self.transaction_id = transaction_id
        super().__init__(f"the receipt of transaction {transaction_id} is not known")


async def follow_receipts(work: Work, issued: Sequence[IssuedReceipt]) -> None:
    """Enter receipts, on the clinic's day on which each was first issued; the last of a transaction's counts.

    Raises ClinicNotConfigured.
    """
    unique = list({receipt.transaction_id: receipt for receipt in issued}.values())
    zones = await clinics.clinics_of(work.connection, (receipt.clinic_id for receipt in unique))
    new = await receipts.add(work.connection, unique)
    lines = [_line(receipt, zones[receipt.clinic_id]) for receipt in unique if receipt.transaction_id in new]
    await account_lines.add(work.connection, lines)


async def void_receipts(work: Work, transaction_ids: Sequence[UUID]) -> None:
    """Mark the receipts of transactions that were taken back as void. Raises ReceiptUnknown."""
    known = await receipts.known(work.connection, transaction_ids)
    for transaction_id in transaction_ids:
        if transaction_id not in known:
            raise ReceiptUnknown(transaction_id)
    await receipts.void(work.connection, transaction_ids)


def _line(receipt: IssuedReceipt, clinic: Clinic) -> NewLine:
    day = clinic.today(receipt.issued_at)
    return NewLine(
        receipt.clinic_id,
        receipt.patient_id,
        day,
        receipt.transaction_id,
        "receipt",
        AccountChange(),
        receipt.issued_at,
    )
