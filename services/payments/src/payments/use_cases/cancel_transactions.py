"""Cancel selected payments, refunds, take-backs, uses of credit: all of them, or none (`PAY-5`, `PAY-7`)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar
from uuid import UUID

from chassis.database import Work
from chassis.identifiers import new_id
from chassis.money import Money

from payments.domain.allocation_history import Change, Place, Settled, place_of, replayed, taken_by
from payments.domain.allocation_move import take_back_move
from payments.domain.cancellable import CREDIT, require_cancellable
from payments.domain.cancelled_credit import take_back_application, take_back_transfer
from payments.domain.clinic import Clinic
from payments.domain.errors import PaymentsError, SelectionRefused, TransactionUnknown
from payments.domain.invoice_balance import InvoiceBalance
from payments.domain.movement import Movement
from payments.domain.payment import Adjustments, Payment
from payments.domain.refund_adjustment import RefundAdjustment
from payments.domain.refund_request_errors import CancellationNeedsApproval
from payments.domain.transaction import Kind, PaymentTransaction, Transaction, TransferSide
from payments.persistence import (
    clinics,
    given_credit,
    invoices,
    payments,
    refund_adjustments,
    settlements,
    transactions,
)
from payments.persistence.refund_adjustments import Of
from payments.use_cases.cancel_payment import decide_cancellation
from payments.use_cases.compare_with_limit import compare_with_limit
from payments.use_cases.lock_settled import lock_again
from payments.use_cases.lock_with_credit import Credit, credit_of, insurers_among, settle_from_credit
from payments.use_cases.posting import (
    Decision,
    Reversal,
    decision_for,
    lock_holders,
    post,
    transaction_for,
    transfer,
)
from payments.use_cases.take_back_payments import decide_take_back_cancellation

Fact = TypeVar("Fact", bound=Transaction)
TAKEN: tuple[Kind, ...] = ("refund", "take_back")
"""What took money of a payment, and is undone before the payment is."""
ABOUT_PAYMENTS: tuple[Kind, ...] = ("payment", *TAKEN)


@dataclass(frozen=True, slots=True)
class CancelTransactions:
    """Which transactions were mistakes, and why; each is named once."""

    transaction_ids: tuple[UUID, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class _Selection:
    """What was selected, with everything that is decided upon, locked in the order that all keep (`PAY-11`)."""

    transactions: dict[UUID, Transaction]
    before: dict[UUID, Reversal]
    payments: dict[UUID, Payment]
    moved: dict[UUID, Movement]
    invoices: dict[UUID, InvoiceBalance]
    history: list[Change]
    adjustments: dict[Of, RefundAdjustment]
    above: Mapping[UUID, PaymentsError]
    """The payments that one person does not cancel alone (`PAY-15`)."""
    credit: Sequence[Credit]
    """What settles insurers' parts once their payments are cancelled (`INS-4`)."""
    nothing_given: bool
    """Whether no credit was given for the invoices, and none comes to be, as it does where more than payments go."""

    @property
    def transfers(self) -> dict[UUID, TransferSide]:
        """Both sides of each transfer that was selected."""
        return {side_id: fact for side_id, fact in self.transactions.items() if isinstance(fact, TransferSide)}


async def cancel_transactions(work: Work, command: CancelTransactions) -> list[Reversal]:
    """Cancel them, in an order in which each can be that depends on another; answered in the order selected.

    What was cancelled before is that time's cancellation again. Raises SelectionRefused, naming each that cannot be.
    """
    clinic = await clinics.clinic_of(work.connection, work.clinic_id)
    also: set[UUID] = set()
    selected = await lock_again(work, "before_selection", lambda: _select(work, clinic, command.transaction_ids, also))
    decided, failures = _decide(work, clinic, command, selected)
    if failures:
        raise SelectionRefused({id_: failures[id_] for id_ in command.transaction_ids if id_ in failures})
    posted = []
    if decided:
        touched = {payment_id for decision in decided for payment_id in _payments_of(decision)}
        posted = await post(
            work, decided, [selected.payments[payment_id] for payment_id in sorted(touched)], selected.invoices
        )
        await settle_from_credit(
            work, selected.credit, selected.invoices, selected.payments, nothing_given=selected.nothing_given
        )
    reversals = [Reversal(decision.transaction, decision.movement, first=True) for decision in posted]
    made = {reversal.transaction.reverses_id: reversal for reversal in reversals}
    return [made.get(id_) or selected.before[id_] for id_ in command.transaction_ids]


async def _select(work: Work, clinic: Clinic, transaction_ids: Sequence[UUID], also: set[UUID]) -> _Selection | None:
    """All of it; or None where there is credit that has to be locked, too, which is then among `also`.

    It shows once the invoices are locked; as there seldom is any, it is looked up only then.
    """
    connection = work.connection
    found = await _found(work, transaction_ids)
    # What was done with credit is in the journal for good, so it may be read before its payments are locked.
    used = await transactions.movements_of(
        connection, work.clinic_id, [fact for fact in found.values() if fact.kind in CREDIT]
    )
    about = _payments_among(found)
    beside = {payment_id for movement in used.values() for payment_id in _moved(movement)}
    locked = await payments.lock(connection, about | beside | also)
    reversals = await transactions.reversals_of(connection, list(found))
    standing = [fact for id_, fact in found.items() if id_ not in reversals]
    paid = [
        locked[fact.transaction_id] for fact in standing if fact.kind == "payment" and fact.transaction_id in locked
    ]
    amounts = [(payment, payment.amount.minor) for payment in paid]
    above = await compare_with_limit(work, clinic, amounts, refusal=CancellationNeedsApproval)
    taken = [fact for fact in standing if isinstance(fact, PaymentTransaction) and fact.kind in TAKEN]
    moved = used | await transactions.movements_of(connection, work.clinic_id, [*taken, *reversals.values()])
    for payment_id, refunds in (await payments.all_standing_refunds(connection, list(locked))).items():
        locked[payment_id].standing_refunds = refunds
    applied = {part.invoice_id for movement in used.values() for part in movement.settlements}
    settled = applied | {invoice_id for payment_id in about for invoice_id in locked[payment_id].allocations}
    settled |= {part.invoice_id for fact in taken for part in moved[fact.transaction_id].settlements}
    # What was given back finds again what it came for, where that asks for more by now.
    given_back = {one.payment_id for one in taken if one.kind == "refund"}
    came_for = await given_credit.invoices_of(connection, given_back)
    held = await invoices.lock(connection, settled | came_for)
    credit, needed = await _insured(work, {id_: locked[id_] for id_ in about if id_ in locked}, given_back, came_for)
    given = await given_credit.payments_of(connection, held)
    also |= needed | given
    if not also <= locked.keys():
        return None
    # Also whose money it is that settles anything: what is set free is theirs again.
    history = await settlements.history(connection, locked, None) if applied or credit or taken else []
    holders = {change.patient_id for change in history} | {found[id_].patient_id for id_ in used}
    holders |= {part.patient_id for movement in moved.values() for part in movement.credits}
    await lock_holders(work, locked.values(), holders)
    before = {id_: Reversal(fact, moved[fact.transaction_id], first=False) for id_, fact in reversals.items()}
    adjustments = await refund_adjustments.of_refunds(connection, [fact.transaction_id for fact in taken])
    nothing_given = not credit and given <= about and all(fact.kind == "payment" for fact in found.values())
    return _Selection(found, before, locked, moved, held, history, adjustments, above, credit, nothing_given)


def _payments_among(found: Mapping[UUID, Transaction]) -> set[UUID]:
    """The payments that were selected, or that something selected took money of."""
    return {
        fact.payment_id
        for fact in found.values()
        if isinstance(fact, PaymentTransaction) and fact.kind in ABOUT_PAYMENTS
    }


async def _insured(
    work: Work, about: Mapping[UUID, Payment], given_back: Collection[UUID], came_for: Collection[UUID]
) -> tuple[list[Credit], set[UUID]]:
    """What settles the parts of insurers' payments among these instead, and which payments it takes; not locked.

    Also what was given back of them and is credit once it is undone, for the parts of the invoices that it came for.
    """
    paid = [payment for payment in about.values() if payment.payer.kind == "insurer"]
    on = {invoice_id for payment in paid for invoice_id in payment.allocations}
    if any(payment.payment_id in given_back for payment in paid):
        on |= set(came_for)
    credit = await credit_of(work, insurers_among(paid), on, given_back)
    settling = await payments.settling(work.connection, list(on)) if credit else set()
    return credit, settling | {payment_id for part in credit for payment_id in part.payment_ids}


async def _found(work: Work, transaction_ids: Sequence[UUID]) -> dict[UUID, Transaction]:
    """What was selected; of a transfer of credit both sides, whichever was."""
    found = await transactions.find_all(work.connection, transaction_ids)
    others = [fact.linked_id for fact in found.values() if isinstance(fact, TransferSide)]
    return found | (await transactions.find_all(work.connection, others) if others else {})


def _decide(
    work: Work, clinic: Clinic, command: CancelTransactions, selected: _Selection
) -> tuple[list[Decision], dict[UUID, PaymentsError]]:
    decided: list[Decision] = []
    failures: dict[UUID, PaymentsError] = {}
    for id_ in _in_turn(command.transaction_ids, selected.transactions):
        done = _was_cancelled(id_, selected) or any(made.transaction.reverses_id == id_ for made in decided)
        try:
            if not done:
                decided += _projected(_decide_one(work, clinic, command.reason, selected, id_), selected.history)
        except PaymentsError as refusal:
            failures[id_] = refusal
    return decided, failures


def _in_turn(selected: Sequence[UUID], facts: Mapping[UUID, Transaction]) -> list[UUID]:
    """What took of payments, then what was done with credit, the latest first, then payments: each finds its money."""
    credit = sorted((id_ for id_ in selected if id_ in facts and facts[id_].kind in CREDIT), reverse=True)
    refunds = [id_ for id_ in selected if id_ in facts and facts[id_].kind == "refund"]
    take_backs = sorted((id_ for id_ in selected if id_ in facts and facts[id_].kind == "take_back"), reverse=True)
    taken = [*refunds, *take_backs]
    first = {*taken, *credit}
    return [*taken, *credit, *(id_ for id_ in selected if id_ not in first)]


def _projected(decided: list[Decision], history: list[Change]) -> list[Decision]:
    """Count what was decided as done, for what is decided next."""
    for decision in decided:
        fact = decision.transaction
        history += [
            Change(place_of(part), fact.transaction_id, fact.patient_id, part.change_minor, fact.reverses_id)
            for part in decision.movement.settlements
        ]
    return decided


def _was_cancelled(transaction_id: UUID, selected: _Selection) -> bool:
    before = selected.before.get(transaction_id)
    return before is not None and before.transaction.kind != "chargeback"


def _decide_one(work: Work, clinic: Clinic, reason: str, selected: _Selection, id_: UUID) -> list[Decision]:
    fact = selected.transactions.get(id_)
    if fact is None:
        raise TransactionUnknown(id_)
    require_cancellable(fact)
    if isinstance(fact, TransferSide):
        return _decide_transfer(work, clinic, reason, selected, fact)
    if not isinstance(fact, PaymentTransaction):
        return [_decide_application(work, clinic, reason, selected, fact)]
    if fact.kind == "allocation_move":
        return [_decide_move(work, clinic, reason, selected, fact)]
    payment = selected.payments[fact.payment_id]
    if fact.kind == "payment":
        decided = decide_cancellation(work, clinic, payment, selected.invoices, reason)
        if id_ in selected.above:
            raise selected.above[id_]
        return decided
    if fact.kind == "take_back":
        moved = selected.moved[id_]
        return [decide_take_back_cancellation(work, clinic, payment, selected.invoices, fact, moved, reason)]
    adjusted = {invoice_id: it for (refund_id, invoice_id), it in selected.adjustments.items() if refund_id == id_}
    moved = selected.moved[id_]
    there = replayed(selected.history)
    done = _decide_refund_cancellation(
        work, clinic, payment, selected.invoices, fact, moved, adjusted, reason, there=there
    )
    payment.standing_refunds = [refund for refund in payment.standing_refunds if refund != id_]
    return [done]


def _decide_refund_cancellation(
    work: Work,
    clinic: Clinic,
    payment: Payment,
    locked: Mapping[UUID, InvoiceBalance],
    refund: Transaction,
    refunded: Movement,
    wanted: Adjustments,
    reason: str,
    *,
    there: Mapping[Place, Settled],
) -> Decision:
    """The cancellation of a refund of a locked payment, in the account that the refund is in (`PAY-21`).

    `wanted` is what the refund wanted credited, and what was answered; `there` what is settled where, and by whom.
    Raises PaymentReversed.
    """
    taken_of = taken_by(there, payment.payment_id, refund.transaction_id)
    movement = payment.undo_refund(refunded, locked, wanted, taken_of)
    fact = transaction_for(work, clinic, payment, "refund_cancellation", refund.amount.minor)
    transaction = replace(
        fact,
        patient_id=refund.patient_id,
        method=refund.method,
        method_label=refund.method_label,
        reverses_id=refund.transaction_id,
        reason=reason,
    )
    return decision_for(payment, transaction, movement)


def _decide_application(
    work: Work, clinic: Clinic, reason: str, selected: _Selection, application: Transaction
) -> Decision:
    """What it still settles leaves its invoices, and is credit again. Raises RefundStanding, ApplicationUndone."""
    parts = selected.moved[application.transaction_id].settlements
    there = replayed(selected.history)
    movement = take_back_application(application, parts, selected.payments, selected.invoices, there)
    for payment_id in _moved(movement):
        selected.payments[payment_id].version += 1
    minor = sum(part.change_minor for part in movement.credits)
    amount = Money(minor, application.amount.currency)
    fact = replace(_undoing(work, clinic, application, reason), kind="application_cancellation", amount=amount)
    return Decision(fact, movement)


def _decide_move(work: Work, clinic: Clinic, reason: str, selected: _Selection, move: PaymentTransaction) -> Decision:
    """What it moved goes back to where it was taken from (`PAY-13`). Raises as `take_back_move` does."""
    payment = selected.payments[move.payment_id]
    moved, there = selected.moved[move.transaction_id], replayed(selected.history)
    movement = take_back_move(move, moved, payment, selected.invoices, there)
    minor = sum(part.change_minor for part in movement.settlements if part.change_minor > 0)
    amount = Money(minor, move.amount.currency)
    fact = replace(
        _undoing(work, clinic, move, reason), kind="move_cancellation", amount=amount, group_id=payment.group_id
    )
    return decision_for(payment, fact, movement)


def _decide_transfer(
    work: Work, clinic: Clinic, reason: str, selected: _Selection, side: TransferSide
) -> list[Decision]:
    """A transfer back, each side of which undoes its own patient's. Raises TransferSpent."""
    other = selected.transfers[side.linked_id]
    out, into = (side, other) if side.kind == "credit_transfer_out" else (other, side)
    movement = take_back_transfer(into, out.patient_id, selected.moved[out.transaction_id], selected.payments)
    undoing = _undoing(work, clinic, into, reason)
    back = replace(undoing, kind="credit_transfer_out", linked_id=new_id(), reason_code="transfer_cancelled")
    used = [selected.payments[payment_id] for payment_id in sorted(_moved(movement))]
    given, taken = transfer(back, out.patient_id, movement, used)
    return [given, replace(taken, transaction=replace(taken.transaction, reverses_id=out.transaction_id))]


def _undoing(work: Work, clinic: Clinic, undone: Fact, reason: str) -> Fact:
    """A new transaction of the same patient and amount, by whoever acts, now (`PAY-10`)."""
    return replace(
        undone,
        transaction_id=new_id(),
        reverses_id=undone.transaction_id,
        recorded_at=work.now,
        booked_on=clinic.today(work.now),
        recorded_by=work.actor,
        reason=reason,
    )


def _payments_of(decision: Decision) -> set[UUID]:
    about = {decision.payment.payment_id} if decision.payment else set()
    return about | _moved(decision.movement)


def _moved(movement: Movement) -> set[UUID]:
    settled = {part.payment_id for part in movement.settlements}
    return settled | {part.payment_id for part in movement.credits}
