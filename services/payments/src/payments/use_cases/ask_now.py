"""What a patient's invoices and installments ask for now, and of whom (`PLN-10`, `PAY-9`, `INS-4`)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.asked_now import AskedNow
from payments.domain.installment import asked_of_patient, by_due_date
from payments.domain.left_to_insurers import together
from payments.persistence import installments, insurers_parts, invoices


async def ask_now(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID) -> AskedNow:
    """What is asked of the patient, and what is left to each insurer that has decided or is to."""
    owed = await invoices.open_of_patient(connection, clinic_id, patient_id)
    if not owed:
        return AskedNow()
    ids = [invoice.invoice_id for invoice in owed]
    asking = by_due_date(owed, await installments.of_invoices(connection, ids))
    left = await insurers_parts.left_to_insurers(connection, ids)
    theirs = (one for invoice in owed for one in left[invoice.invoice_id].by_insurer(invoice.outstanding_minor))
    off = (one for invoice in owed for one in left[invoice.invoice_id].expected_write_offs(invoice.outstanding_minor))
    of_patient = asked_of_patient(asking, {invoice_id: one.minor for invoice_id, one in left.items()})
    return AskedNow(tuple(of_patient), tuple(together(theirs)), tuple(together(off)))
