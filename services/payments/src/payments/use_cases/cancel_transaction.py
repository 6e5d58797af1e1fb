"""Cancel one transaction that was recorded by mistake, whatever it is (`PAY-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import SelectionRefused
from payments.use_cases.cancel_transactions import CancelTransactions, cancel_transactions
from payments.use_cases.posting import Reversal


@dataclass(frozen=True, slots=True)
class CancelTransaction:
    """Which transaction was a mistake, and why."""

    transaction_id: UUID
    reason: str


async def cancel_transaction(work: Work, command: CancelTransaction) -> Reversal:
    """Cancel it, as a selection of one; a second time is the first again.

    Raises TransactionUnknown, NotCancellable, PaymentReversed, RefundStanding, ApplicationUndone, TransferSpent,
    CancellationNeedsApproval.
    """
    try:
        (reversal,) = await cancel_transactions(work, CancelTransactions((command.transaction_id,), command.reason))
    except SelectionRefused as refused:
        raise refused.failures[command.transaction_id] from None
    return reversal
