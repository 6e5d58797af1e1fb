"""The clinic's settings of payments, version by version (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    """One version: up to which amount one person refunds alone (any amount, when there is no limit)."""

    version: int = 0
    refund_limit: Money | None = None
    reason: str | None = None
    changed_at: datetime | None = None
    changed_by: str | None = None
