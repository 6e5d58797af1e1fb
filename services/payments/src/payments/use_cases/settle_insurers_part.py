"""Let an insurer's credit settle what it decided to pay of an invoice and has not paid on it (`INS-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import survivor_of
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.allocation import Share
from payments.domain.clinic import Clinic
from payments.domain.insurers_part import InsurersPart, make_room, takes_minor
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.patient_credit import apply_credit, balance_minor
from payments.domain.payment import Payment
from payments.domain.reason_codes import Reason
from payments.domain.transaction import Payer, Transaction
from payments.persistence import clinics, payments
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.make_room_for_insurers import post_releases
from payments.use_cases.posting import Decision, post


async def credit_of_insurer(
    work: Work, clinic_id: UUID, patient_id: UUID, payer: Payer, invoice_id: UUID
) -> list[UUID]:
    """The payments of an insurer that its credit for the patient is of, apart from what other invoices gave back.

    Of an insurer that nobody has given an id nothing is found: without one, it would be the patient's own.
    """
    if payer.payer_id is None:
        return []
    held = await payments.with_credit_of(work.connection, clinic_id, patient_id, payer.payer_id, payer.name)
    return await payments.apart_from_other_invoices(work.connection, held, invoice_id)


async def settle_insurers_part(
    work: Work,
    clinic_id: UUID,
    part: InsurersPart,
    invoice: InvoiceBalance,
    of_insurer: Sequence[Payment],
    settling: Mapping[UUID, Payment],
) -> None:
    """Settle the part from the credit that one insurer's payments hold; they are locked, and all that settles it."""
    payer, locked = of_insurer[0].payer, {invoice.invoice_id: invoice}
    takes = takes_minor(part, payer, list(settling.values()), invoice)
    patient_id = await survivor_of(work.connection, clinic_id, invoice.patient_id)
    minor = min(takes, balance_minor(of_insurer, patient_id))
    if not minor:
        return
    beyond = minor - invoice.outstanding_minor
    if beyond > 0:
        movement = make_room(part, payer, list(settling.values()), invoice, beyond)
        reason = Reason("insurer_paid", f"{payer.name or 'the insurer'} pays it")
        await post_releases(work, clinic_id, {invoice.invoice_id: movement}, settling, locked, reason)
    clinic = await clinics.clinic_of(work.connection, clinic_id)
    await gather_credit(work, clinic, clinic_id, of_insurer, patient_id)
    movement = apply_credit(of_insurer, patient_id, [Share(invoice, minor)])
    drawn = {change.payment_id for change in movement.credits}
    changed = [one for one in of_insurer if one.payment_id in drawn]
    application = _application(work, clinic, patient_id, payer, Money(minor, invoice.currency))
    for one in changed:
        one.version += 1
    await post(work, [Decision(application, movement)], changed, locked, clinic_id=clinic_id)


def _application(work: Work, clinic: Clinic, patient_id: UUID, payer: Payer, amount: Money) -> Transaction:
    return Transaction(
        transaction_id=new_id(),
        kind="credit_application",
        patient_id=patient_id,
        amount=amount,
        method="other",
        method_label="patient credit",
        payer=payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code="insurer_decided",
        reason="the insurer had paid it before it was decided",
    )
