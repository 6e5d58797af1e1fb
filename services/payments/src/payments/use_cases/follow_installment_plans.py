"""Keep the installments of live plans: a payment may name one, and credit goes to what is due first (`PAY-3`)."""

from __future__ import annotations

from collections.abc import Sequence

from chassis.database import Work

from payments.domain.installment import AnnouncedPlan
from payments.persistence import installments


async def follow_installment_plans(work: Work, plans: Sequence[AnnouncedPlan]) -> None:
    """Take plans as they are now; an older version than the one known is passed over."""
    await installments.save(work.connection, plans)
