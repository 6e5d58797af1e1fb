"""What several requests have in common; members that are not named are refused."""

from __future__ import annotations

from typing import Annotated, Self
from uuid import UUID

from chassis.http import NOT_BLANK, FieldRefused, MoneyIn, RequestBody
from chassis.typed import says_something
from pydantic import Field, model_validator

from payments.domain.allocation import Wish
from payments.domain.refund_request import ReasonCode
from payments.domain.transaction import Method, Payer, PayerKind
from payments.http.request_rules import require_label
from payments.use_cases.refund_payment import RefundTerms

SELECTED_MAX = 200
"""How many transactions one request deals with (`PAY-7`)."""

Reason = Annotated[str, Field(min_length=1, max_length=500, pattern=NOT_BLANK)]
Label = Annotated[str, Field(min_length=1, max_length=60, pattern=NOT_BLANK)]
Note = Annotated[str, Field(max_length=1000)]


class PayerIn(RequestBody):
    """Who pays; named where it is not the patient."""

    kind: PayerKind = "patient"
    payer_id: UUID | None = None
    name: Annotated[str | None, Field(max_length=200)] = None

    @model_validator(mode="after")
    def _named(self) -> Self:
        if self.kind != "patient" and not says_something(self.name):
            raise FieldRefused("name", detail="an insurer or a third party is named")
        return self

    def to_payer(self) -> Payer:
        """As the domain has it."""
        return Payer(self.kind, self.payer_id, self.name)


class AllocationIn(RequestBody):
    """An invoice that the payment is for; without an amount, as much as it still asks for.

    With an installment named, that is settled first; what it does not ask for settles the oldest unpaid (`PLN-2`).
    """

    invoice_id: UUID
    amount: MoneyIn | None = None
    installment_id: UUID | None = None


def wishes_of(allocations: tuple[AllocationIn, ...], within: str = "") -> tuple[Wish, ...]:
    """As the domain has them; `within` is where in the request they are."""
    return tuple(
        Wish(
            allocation.invoice_id,
            allocation.amount.to_money(f"{within}allocations[{place}].amount") if allocation.amount else None,
            allocation.installment_id,
        )
        for place, allocation in enumerate(allocations)
    )


class TermsIn(RequestBody):
    """Why money goes back, and how, where that is not how the payment came."""

    reason_code: ReasonCode
    reason: Reason | None = None
    method: Method | None = None
    method_label: Label | None = None

    @model_validator(mode="after")
    def _told(self) -> Self:
        if self.reason_code == "other" and self.reason is None:
            raise FieldRefused("reason", detail="the reason other is told")
        require_label(self.method, self.method_label)
        return self

    def to_terms(self) -> RefundTerms:
        """As the use cases take them."""
        return RefundTerms(
            reason_code=self.reason_code, reason=self.reason, method=self.method, method_label=self.method_label
        )
