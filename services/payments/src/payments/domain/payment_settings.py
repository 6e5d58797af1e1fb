"""The clinic's settings of payments, version by version (`ALL-5`)."""

from __future__ import annotations

from dataclasses import dataclass

from chassis.money import Money


@dataclass(frozen=True, slots=True)
class PaymentSettings:
    """Up to which amount one person refunds alone: any amount, where there is no limit. Minor units of `currency`."""

    refund_limit_minor: int | None
    currency: str

    @property
    def refund_limit(self) -> Money | None:
        """The limit, if there is one."""
        return None if self.refund_limit_minor is None else Money(self.refund_limit_minor, self.currency)
