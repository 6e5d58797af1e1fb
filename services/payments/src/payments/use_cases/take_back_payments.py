"""Book what an insurer takes back inside a transfer against the payments that it takes back, and undo it (`INS-9`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from uuid import UUID

from chassis.database import Work

from payments.announcements import Posted
from payments.domain.clinic import Clinic
from payments.domain.errors import PaymentUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.remittance import TakeBack, take_back
from payments.domain.transaction import Method, Payer, Transaction
from payments.use_cases.lock_with_credit import LockedWithCredit, lock_with_credit, settle_from_credit
from payments.use_cases.posting import Decision, decision_for, lock_holders, post, transaction_for

How = tuple[Payer, Method, str | None, str]
"""The insurer, how the money of its transfer moves, and the transfer's reference."""


async def lock_what_is_taken_back(work: Work, payer: Payer, wanted: Iterable[TakeBack]) -> LockedWithCredit:
    """Lock the payments that an insurer takes back of, their invoices, and what is in credit for these, in order."""
    some = list(wanted)
    named = {taken.payment_id for taken in some if taken.payment_id is not None}
    on = {taken.invoice_id for taken in some if taken.invoice_id is not None}
    return await lock_with_credit(work, named, on, payer)


async def take_back_payments(work: Work, clinic: Clinic, how: How, wanted: Mapping[int, TakeBack]) -> list[Posted]:
    """Take back in the order of the request, each against its payment; what invoices lose is asked for again.

    `wanted` are entries of the request by their places in it.

    Where the insurer's part of an invoice stands and its credit is there for it, its credit settles it: what came twice
    is taken back of the second, whichever payment is named.

    Raises PaymentUnknown, PaymentReversed, NotTheInsurers, TakenBackNowhere, TakeBackExceedsPayment, naming the entry.
    """
    found = await lock_what_is_taken_back(work, how[0], wanted.values())
    named = {taken.payment_id for taken in wanted.values()}
    locked, settling = found.invoices, found.payments
    own = [payment for payment in settling.values() if payment.payer.kind == "insurer" or payment.payment_id in named]
    # What is credit of them is drawn from, too; and what else they settle may be the only rest of them.
    await lock_holders(work, settling.values())
    decided: list[Decision] = []
    changed: dict[UUID, Payment] = {}
    for place, taken in wanted.items():
        if taken.payment_id is not None and taken.payment_id not in settling:
            raise PaymentUnknown(taken.payment_id, f"take_backs[{place}].payment_id")
        also = found.credit_for(taken.invoice_id)
        for payment, minor, movement in take_back(taken, how[0], own, locked, f"take_backs[{place}]", also):
            changed[payment.payment_id] = payment
            fact = replace(
                transaction_for(work, clinic, payment, "take_back", minor),
                method=how[1],
                method_label=how[2],
                external_reference=how[3],
                reason_code="insurer_took_back",
                reason=taken.reason,
            )
            decided.append(decision_for(payment, fact, movement))
    posted = await post(work, decided, changed.values(), locked)
    await settle_from_credit(work, found.credit, locked, settling)
    return posted


def decide_take_back_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    take_back: Transaction,
    taken: Movement,
    reason: str,
) -> Decision:
    """The cancellation of a take-back of a locked payment; what it took is locked too. Raises PaymentReversed."""
    movement = payment.undo_take_back(taken, locked)
    fact = transaction_for(work, clinic, payment, "take_back_cancellation", take_back.amount.minor)
    transaction = replace(
        fact,
        method=take_back.method,
        method_label=take_back.method_label,
        reverses_id=take_back.transaction_id,
        reason=reason,
    )
    return decision_for(payment, transaction, movement)
