"""Cancel several selected payments and refunds: all of them, or none (`PAY-7`)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import NotCancellable, PaymentsError, SelectionRefused, TransactionUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Payment
from payments.domain.transaction import Transaction
from payments.persistence import clinics, invoices, payments, transactions
from payments.persistence.clinics import Clinic
from payments.use_cases.booking import Decided, Reversal, lock_holders, write_down
from payments.use_cases.cancel_payment import decide_cancellation
from payments.use_cases.cancel_refund import decide_refund_cancellation


@dataclass(frozen=True, slots=True)
class CancelTransactions:
    """Which payments and refunds were mistakes, and why; each is named once."""

    transaction_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Selection:
    """What was selected, with everything that is decided upon, locked in the order that all keep (`PAY-11`)."""

    transactions: dict[UUID, Transaction]
    before: dict[UUID, Reversal]
    payments: dict[UUID, Payment]
    refunded: dict[UUID, Movement]
    invoices: dict[UUID, InvoiceBalance]


async def cancel_transactions(work: Work, command: CancelTransactions) -> list[Reversal]:
    """Cancel them, the refunds first, so that a payment can be selected with its refunds; in the order selected.

    What was cancelled before is that time's cancellation again. Raises SelectionRefused, naming each that cannot be.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    selected = await _select(work, command.transaction_ids)
    decided, failures = _decide(work, clinic, command, selected)
    if failures:
        raise SelectionRefused({one: failures[one] for one in command.transaction_ids if one in failures})
    flat = [one for several in decided.values() for one in several]
    if flat:
        touched = {one.payment.payment_id for one in flat if one.payment}
        await write_down(work, flat, [selected.payments[one] for one in sorted(touched)], selected.invoices)
    made = {
        one: Reversal(several[-1].transaction, several[-1].movement, first=True) for one, several in decided.items()
    }
    return [made.get(one) or selected.before[one] for one in command.transaction_ids]


async def _select(work: Work, wanted: Sequence[UUID]) -> _Selection:
    connection = work.connection
    found = await transactions.find_all(connection, wanted)
    kept = {one: fact for one, fact in found.items() if fact.kind in ("payment", "refund") and fact.payment_id}
    locked = await payments.lock(connection, {fact.payment_id for fact in kept.values() if fact.payment_id})
    reversals = await transactions.reversals_of(connection, list(kept))
    refunds = [fact for one, fact in kept.items() if fact.kind == "refund" and one not in reversals]
    moved = await transactions.movements_of(connection, work.clinic_id, [*refunds, *reversals.values()])
    for payment_id, standing in (await payments.all_standing_refunds(connection, list(locked))).items():
        locked[payment_id].standing_refunds = standing
    settled = {invoice_id for payment in locked.values() for invoice_id in payment.allocations}
    settled |= {part.invoice_id for fact in refunds for part in moved[fact.transaction_id].settlements}
    held = await invoices.lock(connection, settled)
    await lock_holders(work, locked.values())
    before = {undone: Reversal(fact, moved[fact.transaction_id], first=False) for undone, fact in reversals.items()}
    return _Selection(found, before, locked, moved, held)


def _decide(
    work: Work, clinic: Clinic, command: CancelTransactions, selected: _Selection
) -> tuple[dict[UUID, list[Decided]], dict[UUID, PaymentsError]]:
    decided: dict[UUID, list[Decided]] = {}
    failures: dict[UUID, PaymentsError] = {}
    facts = selected.transactions
    refunds_first = sorted(command.transaction_ids, key=lambda one: one in facts and facts[one].kind != "refund")
    for one in refunds_first:
        try:
            if not _was_cancelled(one, selected):
                decided[one] = _decide_one(work, clinic, command.reason, selected, one)
        except PaymentsError as refusal:
            failures[one] = refusal
    return decided, failures


def _was_cancelled(one: UUID, selected: _Selection) -> bool:
    return one in selected.before and selected.before[one].transaction.kind != "chargeback"


def _decide_one(work: Work, clinic: Clinic, reason: str, selected: _Selection, one: UUID) -> list[Decided]:
    fact = selected.transactions.get(one)
    if fact is None:
        raise TransactionUnknown(one)
    if fact.kind not in ("payment", "refund") or fact.payment_id is None:
        raise NotCancellable(one, fact.kind)
    payment = selected.payments[fact.payment_id]
    if fact.kind == "payment":
        return decide_cancellation(work, clinic, payment, selected.invoices, reason)
    done = decide_refund_cancellation(work, clinic, payment, selected.invoices, fact, selected.refunded[one], reason)
    payment.standing_refunds = [refund for refund in payment.standing_refunds if refund != one]
    return [done]
