"""Compare a credit with the clinic's limit, beside what was credited without a second person (`PAY-15`)."""

from __future__ import annotations

from datetime import date

from chassis.database import Work
from chassis.money import Money

from invoicing.domain.clinic_settings import ClinicSettings
from invoicing.domain.credit_request_errors import CreditNeedsApproval
from invoicing.domain.invoice import Invoice
from invoicing.persistence import credit_requests


async def compare_with_credit_limit(
    work: Work, settings: ClinicSettings, invoice: Invoice, total: int, day: date
) -> None:
    """See that one person may let so much of an invoice disappear alone on a day. Raises CreditNeedsApproval."""
    limit = settings.credit_limit
    if limit is None or total <= 0:
        return
    of_invoice, of_patient = await credit_requests.credited_alone(
        work.connection, invoice.clinic_id, invoice.patient_id, invoice.id, day
    )

    def money(minor: int) -> Money:
        return Money(minor, settings.currency)

    if of_invoice + total > limit:
        raise CreditNeedsApproval(money(total), money(of_invoice + total), money(limit), "invoice")
    if of_patient + total > limit:
        raise CreditNeedsApproval(money(total), money(of_patient + total), money(limit), "patient")
