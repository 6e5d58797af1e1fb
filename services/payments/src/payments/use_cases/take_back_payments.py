"""Book what an insurer takes back inside a transfer against the payments that it takes back, and undo it (`INS-9`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.database import Work

from payments.announcements import Posted
from payments.domain.errors import PaymentUnknown
from payments.domain.insurers_part import InsurersPart
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.remittance import TakeBack, take_back
from payments.domain.transaction import Method, Payer, Transaction
from payments.persistence import insurers_parts, invoices, payments
from payments.persistence.clinics import Clinic
from payments.use_cases.booking import Decided, about, lock_holders, transaction_about, write_down
from payments.use_cases.lock_settled import LOCKING_ATTEMPTS_MAX, LockingUnlucky, lock_settled
from payments.use_cases.settle_insurers_part import credit_of_insurer, settle_insurers_part

How = tuple[Payer, Method, str | None, str]
"""The insurer, how the money of its transfer moves, and the transfer's reference."""


async def take_back_payments(work: Work, clinic: Clinic, how: How, wanted: Sequence[TakeBack]) -> list[Posted]:
    """Take back in the order of the request, each against its payment; what invoices lose is asked for again.

    Where the insurer's part of an invoice stands and its credit is there for it, its credit settles it: what came twice
    is taken back of the second, whichever payment is named.

    Raises PaymentUnknown, PaymentReversed, NotTheInsurers, TakenBackNowhere, TakeBackExceedsPayment, naming the entry.
    """
    named = {one.payment_id for one in wanted if one.payment_id is not None}
    on = {one.invoice_id for one in wanted if one.invoice_id is not None}
    parts = await insurers_parts.of_invoices(work.connection, on)
    credit = await _credit_for(work, how[0], parts)
    locked, settling = await _lock(work, named, on, {id_ for ids in credit.values() for id_ in ids})
    own = [one for one in settling.values() if one.payer.kind == "insurer" or one.payment_id in named]
    # What is credit of them is drawn from, too; and what else they settle may be the only rest of them.
    await lock_holders(work, own)
    decided: list[Decided] = []
    changed: dict[UUID, Payment] = {}
    for place, one in enumerate(wanted):
        if one.payment_id is not None and one.payment_id not in settling:
            raise PaymentUnknown(one.payment_id, f"take_backs[{place}].payment_id")
        also = credit.get(one.invoice_id, ()) if one.invoice_id else ()
        for payment, minor, movement in take_back(one, how[0], own, locked, f"take_backs[{place}]", also):
            changed[payment.payment_id] = payment
            fact = replace(
                transaction_about(work, clinic, payment, "take_back", minor),
                method=how[1],
                method_label=how[2],
                external_reference=how[3],
                reason_code="insurer_took_back",
                reason=one.reason,
            )
            decided.append(about(payment, fact, movement))
    posted = await write_down(work, decided, changed.values(), locked)
    for invoice_id, payment_ids in sorted(credit.items()):
        of_insurer = [settling[id_] for id_ in sorted(payment_ids) if id_ in settling]
        if of_insurer and invoice_id in locked:
            await settle_insurers_part(
                work, work.clinic_id, parts[invoice_id], locked[invoice_id], of_insurer, settling
            )
    return posted


async def _credit_for(work: Work, payer: Payer, parts: Mapping[UUID, InsurersPart]) -> dict[UUID, list[UUID]]:
    """The payments whose credit of an insurer may settle its part of these invoices, not locked."""
    patients = await invoices.known(work.connection, [id_ for id_, one in parts.items() if one.own_minor(payer)])
    return {
        id_: payment_ids
        for id_, patient_id in patients.items()
        if (payment_ids := await credit_of_insurer(work, work.clinic_id, patient_id, payer, id_))
    }


async def _lock(
    work: Work, named: set[UUID], on: set[UUID], others: set[UUID]
) -> tuple[dict[UUID, InvoiceBalance], dict[UUID, Payment]]:
    """Lock the payments that are named, with all invoices that they settle, those that settle certain invoices, others.

    What a named payment settles may be moved before it is locked; then its invoices are looked up again.
    """
    found = await payments.read(work.connection, named)
    for _ in range(LOCKING_ATTEMPTS_MAX):
        wanted = on | {invoice_id for id_ in named & found.keys() for invoice_id in found[id_].allocations}
        locked, found = await lock_settled(work, sorted(wanted), named | others)
        if not wanted:
            found = await payments.lock(work.connection, named)
        if all(found[id_].allocations.keys() <= locked.keys() for id_ in named & found.keys()):
            return locked, found
    raise LockingUnlucky


def decide_take_back_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    take_back: Transaction,
    taken: Movement,
    reason: str,
) -> Decided:
    """The cancellation of a take-back of a locked payment; what it took is locked too. Raises PaymentReversed."""
    movement = payment.undo_take_back(taken, locked)
    fact = transaction_about(work, clinic, payment, "take_back_cancellation", take_back.amount.minor)
    transaction = replace(
        fact,
        method=take_back.method,
        method_label=take_back.method_label,
        reverses_id=take_back.transaction_id,
        reason=reason,
    )
    return about(payment, transaction, movement)
