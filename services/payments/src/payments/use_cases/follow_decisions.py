"""Follow what insurers decided to pay: their money that came before settles it now (`INS-4`).

A transfer may be recorded before the decision is heard here: what the invoice had no room for is the insurer's credit
then. With the decision it is known to be for what others had paid too much, or for what a decision before had written
off and this one asks for again, so that all orders come to the same. What the insurer overpaid elsewhere stays credit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.allocation import Share
from payments.domain.insurers_part import make_room, takes_minor
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.patient_credit import apply_credit, balance_minor
from payments.domain.payment import Payment
from payments.domain.transaction import Payer, Transaction
from payments.persistence import clinics, insurers_parts, payments
from payments.persistence.insurers_parts import DecidedPart
from payments.use_cases.booking import Decided, write_down
from payments.use_cases.lock_settled import lock_settled
from payments.use_cases.make_room_for_insurers import write_down_room


async def follow_decisions(work: Work, parts: Sequence[DecidedPart]) -> None:
    """Keep the latest of each invoice, and let the insurer's credit settle it where others paid the insurer's part."""
    news = await insurers_parts.keep(work.connection, parts)
    latest = {one.invoice_id: one for one in sorted(parts, key=lambda one: one.version) if one.invoice_id in news}
    for one in latest.values():
        if one.part.minor:
            await _settle_from_credit(work, one)


async def _settle_from_credit(work: Work, part: DecidedPart) -> None:
    """Whoever's decision was the last, the money of each insurer settles its own part."""
    held = [(payer, await _held(work, part, payer)) for payer in part.payers]
    held = [(payer, payment_ids) for payer, payment_ids in held if payment_ids]
    if not held:
        return
    together = {payment_id for _, payment_ids in held for payment_id in payment_ids}
    locked, settling = await lock_settled(work, [part.invoice_id], together)
    if part.invoice_id in locked:
        for _, payment_ids in held:
            await _settle_part(work, part, locked, settling, [settling[one] for one in sorted(payment_ids)])


async def _held(work: Work, part: DecidedPart, payer: Payer) -> list[UUID]:
    """The payments of an insurer that its credit for the patient is of, apart from what other invoices gave back."""
    held = await payments.with_credit_of(work.connection, part.clinic_id, part.patient_id, payer.payer_id, payer.name)
    return await payments.apart_from_other_invoices(work.connection, held, part.invoice_id)


async def _settle_part(
    work: Work,
    part: DecidedPart,
    locked: Mapping[UUID, InvoiceBalance],
    settling: Mapping[UUID, Payment],
    of_insurer: Sequence[Payment],
) -> None:
    invoice, payer = locked[part.invoice_id], of_insurer[0].payer
    takes = takes_minor(part.part, payer, list(settling.values()), invoice)
    minor = min(takes, balance_minor(of_insurer, part.patient_id))
    if not minor:
        return
    beyond = minor - invoice.outstanding_minor
    if beyond > 0:
        movement = make_room(part.part, payer, list(settling.values()), invoice, beyond)
        await write_down_room(work, part.clinic_id, {invoice.invoice_id: movement}, settling, locked, payer)
    movement = apply_credit(of_insurer, part.patient_id, [Share(invoice, minor)])
    drawn = {change.payment_id for change in movement.credits}
    changed = [one for one in of_insurer if one.payment_id in drawn]
    application = await _application(work, part, of_insurer[0], Money(minor, invoice.currency))
    for one in changed:
        one.version += 1
    await write_down(work, [Decided(application, movement)], changed, locked, clinic_id=part.clinic_id)


async def _application(work: Work, part: DecidedPart, payment: Payment, amount: Money) -> Transaction:
    clinic = await clinics.clinic_of(work.connection, part.clinic_id)
    return Transaction(
        transaction_id=new_id(),
        kind="credit_application",
        patient_id=part.patient_id,
        amount=amount,
        method="other",
        method_label="patient credit",
        payer=payment.payer,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason_code="insurer_decided",
        reason="the insurer had paid it before it was decided",
    )
