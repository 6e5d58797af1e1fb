"""Keep the receipts of transactions, each once, with a line in the patient's account (`PAY-9`)."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from chassis.database import Work

from payments.persistence import account_lines, clinics, receipts
from payments.persistence.account_lines import NewLine
from payments.persistence.clinics import Clinic
from payments.persistence.receipts import IssuedReceipt


class ReceiptUnknown(Exception):
    """No receipt of this id was announced to us yet."""

    def __init__(self, receipt_id: UUID) -> None:
        self.receipt_id = receipt_id
        super().__init__(f"receipt {receipt_id} is not known")


async def follow_receipts(work: Work, issued: Sequence[IssuedReceipt]) -> None:
    """Enter receipts, on the clinic's day on which each was issued. Raises ClinicNotConfigured."""
    unique = list({one.receipt_id: one for one in issued}.values())
    zones = await clinics.clinics_of(work.connection, (one.clinic_id for one in unique))
    new = await receipts.add(work.connection, unique)
    lines = [_line(one, zones[one.clinic_id]) for one in unique if one.receipt_id in new]
    await account_lines.add(work.connection, lines)


async def void_receipts(work: Work, receipt_ids: Sequence[UUID]) -> None:
    """Mark receipts as void, as their transactions were taken back. Raises ReceiptUnknown."""
    known = await receipts.known(work.connection, receipt_ids)
    for receipt_id in receipt_ids:
        if receipt_id not in known:
            raise ReceiptUnknown(receipt_id)
    await receipts.void(work.connection, receipt_ids)


def _line(one: IssuedReceipt, clinic: Clinic) -> NewLine:
    day = clinic.today(one.issued_at)
    return NewLine(one.clinic_id, one.patient_id, day, one.receipt_id, "receipt", 0, one.issued_at)
