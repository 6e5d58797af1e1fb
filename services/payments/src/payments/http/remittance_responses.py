"""What was recorded of an insurer's transfer (`INS-5`)."""

from __future__ import annotations

from chassis.http import MoneyOut, ResponseBody

from payments.http.examples import PAYMENT_EXAMPLE
from payments.http.payment_responses import PaymentOut
from payments.http.shared_responses import example_of
from payments.http.transaction_responses import TransactionOut


class RemittanceOut(ResponseBody):
    """What was recorded: payments and adjustments in the order of the request; and what was taken back."""

    model_config = example_of(
        {
            "external_reference": "ERA 10027",
            "amount": {"amount": "86.28", "currency": "USD"},
            "payments": [PAYMENT_EXAMPLE],
            "take_backs": [],
            "adjustments": [],
        }
    )

    external_reference: str
    amount: MoneyOut
    payments: list[PaymentOut]
    take_backs: list[TransactionOut]
    """One for each payment that something was taken back of: what its invoices lost, they ask for again."""
    adjustments: list[TransactionOut]
