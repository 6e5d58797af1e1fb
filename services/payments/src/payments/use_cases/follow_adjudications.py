"""Follow what insurers decided to pay: their money that came before settles it now, and no more than it (`INS-4`).

A transfer may be recorded before the decision is heard here: what the invoice had no room for is the insurer's credit
then. With the decision it is known to be for what others had paid too much, or for what a decision before had written
off and this one asks for again, so that all orders come to the same. What the insurer overpaid elsewhere stays credit.
What came of it twice, or is more than it decided to pay, becomes its credit: it does not settle the patient's part.

All that is looked at is looked at once it is locked: money that is recorded at the same moment is seen here, or sees
the decision itself, as it waits for the same invoice (`PAY-11`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from payments.domain.insurers_part import AdjudicatedPart, give_back, paid_beyond, paid_on
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.payment import Payment
from payments.domain.reason_codes import Reason
from payments.persistence import insurers_credit, insurers_parts
from payments.use_cases.lock_settled import lock_again, lock_settled
from payments.use_cases.release_allocations import Released, release_allocations
from payments.use_cases.settle_from_given import lock_given, settle_from_given
from payments.use_cases.settle_insurers_part import settle_insurers_part


@dataclass(frozen=True, slots=True)
class _Held:
    """The invoices decided on, what settles them or may, all locked; and by invoice the credit of each insurer."""

    invoices: dict[UUID, InvoiceBalance]
    payments: dict[UUID, Payment]
    credit: Mapping[UUID, Sequence[Sequence[UUID]]]


async def follow_adjudications(work: Work, parts: Sequence[AdjudicatedPart]) -> None:
    """Keep the latest of each invoice, and let the insurer's credit settle it where others paid the insurer's part.

    Raises LockingUnlucky.
    """
    news = await insurers_parts.keep(work.connection, parts)
    in_turn = sorted(parts, key=lambda part: part.version)
    latest = {part.invoice_id: part for part in in_turn if part.invoice_id in news}
    standing = [part for part in latest.values() if part.part.minor or part.part.payers]
    if not standing:
        return
    held = await _lock(work, standing)
    moving = {part.invoice_id: held.invoices[part.invoice_id] for part in standing if _moves(part, held)}
    freeing = {part.invoice_id: part.clinic_id for part in standing if part.invoice_id in moving}
    await lock_given(work, moving, held.payments, freeing=freeing, others=_holders(held))
    for part in standing:
        if part.invoice_id in moving:
            await _follow(work, part, held)
    await settle_from_given(work, moving, held.payments)


async def _lock(work: Work, standing: Sequence[AdjudicatedPart]) -> _Held:
    """Lock the invoices with what settles them and insurers' credit for them, which is looked up under these locks."""
    others: set[UUID] = set()

    async def attempt() -> _Held | None:
        locked, settling = await lock_settled(work, sorted(part.invoice_id for part in standing), others)
        credit = await _credit_for(work, standing)
        needed = {payment_id for of_invoice in credit.values() for ids in of_invoice for payment_id in ids}
        if needed <= settling.keys():
            return _Held(locked, settling, credit)
        others.update(needed)
        return None

    return await lock_again(work, "before_decisions", attempt)


async def _credit_for(work: Work, standing: Sequence[AdjudicatedPart]) -> dict[UUID, list[list[UUID]]]:
    """By invoice, of each insurer whose part it is, the payments that it has in credit for it; not locked."""
    asked = [(part.invoice_id, payer) for part in standing for payer in part.payers]
    found: dict[UUID, list[list[UUID]]] = {part.invoice_id: [] for part in standing}
    for (invoice_id, _), payment_ids in (await insurers_credit.for_invoices(work.connection, asked)).items():
        found[invoice_id].append(payment_ids)
    return found


def _holders(held: _Held) -> set[UUID]:
    """For whom insurers have credit that may settle their parts."""
    payments = [held.payments[id_] for credit in held.credit.values() for ids in credit for id_ in ids]
    return {holder for paid in payments for holder in (*paid.held, *paid.same.values(), paid.patient_id)}


def _moves(part: AdjudicatedPart, held: _Held) -> bool:
    """Whether there is anything to be done: credit for the part, or more than it on the invoice."""
    if part.invoice_id not in held.invoices:
        return False
    paid = paid_on(held.payments.values(), held.invoices[part.invoice_id])
    return bool(held.credit[part.invoice_id] or paid_beyond(part.part, paid))


async def _follow(work: Work, part: AdjudicatedPart, held: _Held) -> None:
    """Whoever's decision was the last, the money of each insurer settles its own part."""
    invoice, settling = held.invoices[part.invoice_id], held.payments
    await _give_back(work, part, invoice, settling)
    for payment_ids in held.credit[part.invoice_id]:
        of_insurer = [settling[payment_id] for payment_id in payment_ids]
        await settle_insurers_part(work, part.clinic_id, part.part, invoice, of_insurer, settling)


async def _give_back(
    work: Work, part: AdjudicatedPart, invoice: InvoiceBalance, settling: Mapping[UUID, Payment]
) -> None:
    payments_ = list(settling.values())
    for payer in paid_beyond(part.part, paid_on(payments_, invoice)):
        movements = give_back(part.part, payer, payments_, invoice)
        words = f"{payer.name or 'the insurer'} paid more than it decided to pay of invoice {invoice.number}"
        release = Released(part.clinic_id, invoice, movements, Reason("insurer_overpaid", words))
        await release_allocations(work, [release], settling, [invoice])
