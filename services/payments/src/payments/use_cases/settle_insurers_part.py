"""Let an insurer's credit settle what it decided to pay of an invoice and has not paid on it (`INS-4`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work
from chassis.database.merged_records import survivor_of

from payments.domain.allocation import Share
from payments.domain.insurers_part import InsurersPart, make_room, takes_minor
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.patient_credit import apply_credit, balance_minor
from payments.domain.payment import Payment
from payments.persistence import clinics
from payments.use_cases.gather_credit import gather_credit
from payments.use_cases.make_room_for_insurers import release_for_insurer
from payments.use_cases.post_applications import Application, post_applications
from payments.use_cases.release_allocations import release_allocations


async def settle_insurers_part(
    work: Work,
    clinic_id: UUID,
    part: InsurersPart,
    invoice: InvoiceBalance,
    of_insurer: Sequence[Payment],
    settling: Mapping[UUID, Payment],
) -> None:
    """Settle the part from the credit that one insurer's payments hold; they are locked, and all that settles it.

    So is the credit of everybody who may be concerned (`lock_given`).
    """
    payer = of_insurer[0].payer
    takes = takes_minor(part, payer, list(settling.values()), invoice)
    minor = min(takes, sum(payment.unallocated_minor for payment in of_insurer))
    if not minor:
        return
    beyond = minor - invoice.payable_minor
    if beyond > 0:
        movements = make_room(part, payer, list(settling.values()), invoice, beyond)
        await release_allocations(
            work, [release_for_insurer(clinic_id, payer, invoice, movements)], settling, [invoice]
        )
    await _apply(work, clinic_id, invoice, of_insurer, minor)


async def _apply(
    work: Work, clinic_id: UUID, invoice: InvoiceBalance, of_insurer: Sequence[Payment], minor: int
) -> None:
    """Of what is held for the invoice's patient first, then of what came for it under another patient's name."""
    clinic = await clinics.clinic_of(work.connection, clinic_id)
    own = await survivor_of(work.connection, clinic_id, invoice.patient_id)
    others = {payment.person(holder) for payment in of_insurer for holder in payment.held}
    applications: list[Application] = []
    for person in dict.fromkeys((own, *sorted(others))):
        await gather_credit(work, clinic, clinic_id, of_insurer, person)
        drawn = min(minor, balance_minor(of_insurer, person))
        if drawn:
            movement = apply_credit(of_insurer, person, [Share(invoice, drawn)])
            applications.append(_application(person, of_insurer[0], movement))
            minor -= drawn
    payments, locked = {payment.payment_id: payment for payment in of_insurer}, {invoice.invoice_id: invoice}
    await post_applications(work, clinic, clinic_id, applications, payments, locked)


def _application(person: UUID, payment: Payment, movement: Movement) -> Application:
    return Application(
        patient_id=person,
        movement=movement,
        reason="the insurer had paid it before it was decided",
        reason_code="insurer_decided",
        payer=payment.payer,
    )
