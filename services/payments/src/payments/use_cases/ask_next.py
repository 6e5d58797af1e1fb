"""What a patient is asked for next: the oldest of what their invoices and installments ask for (`PLN-10`, `PAY-9`)."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncConnection

from payments.domain.installment import Asking, asked_of_patient, by_due_date
from payments.persistence import installments, insurers_parts, invoices


async def ask_next(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID) -> Asking | None:
    """It, without what is left to insurers; None where nothing is asked of the patient."""
    owed = await invoices.open_of_patient(connection, clinic_id, patient_id)
    if not owed:
        return None
    ids = [invoice.invoice_id for invoice in owed]
    asking = by_due_date(owed, await installments.of_invoices(connection, ids))
    return next(iter(asked_of_patient(asking, await insurers_parts.left_to_insurers(connection, ids))), None)


async def left_to_insurers(connection: AsyncConnection, clinic_id: UUID, patient_id: UUID) -> int:
    """What of all that a patient's invoices ask for is left to insurers that have decided or are to, in minor units."""
    owed = await invoices.open_of_patient(connection, clinic_id, patient_id)
    due = await insurers_parts.left_to_insurers(connection, [invoice.invoice_id for invoice in owed])
    return sum(min(invoice.outstanding_minor, due.get(invoice.invoice_id, 0)) for invoice in owed)
