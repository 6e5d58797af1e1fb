"""Cancel a refund that was recorded by mistake: the amount is refundable again (`PAY-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from chassis.database import Work

from payments.domain.errors import RefundUnknown
from payments.persistence import transactions
from payments.use_cases.cancel_transaction import CancelTransaction, cancel_transaction
from payments.use_cases.posting import Reversal


@dataclass(frozen=True, slots=True)
class CancelRefund:
    """Which refund was a mistake, and why."""

    refund_id: UUID
    reason: str


async def cancel_refund(work: Work, command: CancelRefund) -> Reversal:
    """Cancel a refund; a second time is the first again. Raises RefundUnknown, PaymentReversed."""
    refund = await transactions.find(work.connection, command.refund_id)
    if refund is None or refund.kind != "refund":
        raise RefundUnknown(command.refund_id)
    return await cancel_transaction(work, CancelTransaction(command.refund_id, command.reason))
