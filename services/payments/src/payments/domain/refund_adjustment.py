"""What a refund wants credited on an invoice, and what invoicing answered (`PAY-20`)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True, slots=True)
class RefundAdjustment:
    """Of one refund on one invoice, in minor units: `credited_minor` is the answer, None until it comes.

    `undone` where the refund was cancelled, and what counted of it with it: not where the invoice was void by then.
    """

    refund_id: UUID
    invoice_id: UUID
    payment_id: UUID
    payer_kind: str
    wanted_minor: int
    credited_minor: int | None = None
    undone: bool = False

    @property
    def open(self) -> bool:
        """Whether an answer still changes something."""
        return self.credited_minor is None and not self.undone

    @property
    def counted_minor(self) -> int:
        """What counts as credited: all that is wanted, until it is answered."""
        return self.wanted_minor if self.credited_minor is None else self.credited_minor

    @property
    def pending_minor(self) -> int:
        """What counts and is not answered."""
        return self.wanted_minor if self.open else 0

    @property
    def uncredited_minor(self) -> int:
        """What was wanted and is not credited."""
        return self.wanted_minor - self.counted_minor
