"""Follow what insurers decided to pay: their money that came before settles it now, and no more than it (`INS-4`).

A transfer may be recorded before the decision is heard here: what the invoice had no room for is the insurer's credit
then. With the decision it is known to be for what others had paid too much, or for what a decision before had written
off and this one asks for again, so that all orders come to the same. What the insurer overpaid elsewhere stays credit.
What came of it twice, or is more than it decided to pay, becomes its credit: it does not settle the patient's part.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from chassis.database import Work

from payments.domain.insurers_part import give_back, paid_beyond, paid_on
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.why import Why
from payments.persistence import insurers_parts
from payments.persistence.insurers_parts import DecidedPart
from payments.use_cases.lock_settled import lock_settled
from payments.use_cases.make_room_for_insurers import write_down_room
from payments.use_cases.settle_from_given import lock_given, settle_from_given
from payments.use_cases.settle_insurers_part import credit_of_insurer, settle_insurers_part


async def follow_decisions(work: Work, parts: Sequence[DecidedPart]) -> None:
    """Keep the latest of each invoice, and let the insurer's credit settle it where others paid the insurer's part."""
    news = await insurers_parts.keep(work.connection, parts)
    latest = {one.invoice_id: one for one in sorted(parts, key=lambda one: one.version) if one.invoice_id in news}
    standing = [one for one in latest.values() if one.part.minor or one.part.payers]
    paid = await insurers_parts.paid_by_insurers(work.connection, [one.invoice_id for one in standing])
    for one in standing:
        await _follow(work, one, beyond=bool(paid_beyond(one.part, paid.get(one.invoice_id, ()))))


async def _follow(work: Work, part: DecidedPart, *, beyond: bool) -> None:
    """Whoever's decision was the last, the money of each insurer settles its own part."""
    held = [
        (payer, await credit_of_insurer(work, part.clinic_id, part.patient_id, payer, part.invoice_id))
        for payer in part.payers
    ]
    held = [(payer, payment_ids) for payer, payment_ids in held if payment_ids]
    if not held and not beyond:
        return
    together = {payment_id for _, payment_ids in held for payment_id in payment_ids}
    locked, settling = await lock_settled(work, [part.invoice_id], together)
    if part.invoice_id not in locked:
        return
    await lock_given(work, locked, settling)
    await _give_back(work, part, locked, settling)
    for _, payment_ids in held:
        of_insurer = [settling[one] for one in sorted(payment_ids)]
        await settle_insurers_part(work, part.clinic_id, part.part, locked[part.invoice_id], of_insurer, settling)
    await settle_from_given(work, locked, settling)


async def _give_back(
    work: Work, part: DecidedPart, locked: Mapping[UUID, InvoiceBalance], settling: Mapping[UUID, Payment]
) -> None:
    invoice, payments_ = locked[part.invoice_id], list(settling.values())
    for payer in paid_beyond(part.part, paid_on(payments_, invoice)):
        movement = give_back(part.part, payer, payments_, invoice)
        why = Why("insurer_overpaid", f"{payer.name or 'the insurer'} paid more than it decided to pay")
        await write_down_room(work, part.clinic_id, {invoice.invoice_id: movement}, settling, locked, why)
