"""What requests about credit and debit notes say, and why something is done (`ALL-5`)."""

from __future__ import annotations

from typing import Annotated, Literal
from uuid import UUID

from chassis.http import MoneyIn, RequestBody, money_in
from pydantic import ConfigDict, Field

from invoicing.domain.errors import Invalid
from invoicing.http.field_types import Text
from invoicing.http.line_requests import LINES_MAX, USD, Code
from invoicing.use_cases.credit_invoice import CreditedLine, CreditInvoice
from invoicing.use_cases.debit_invoice import DebitInvoice


class ReasonIn(RequestBody):
    """Why (`ALL-5`)."""

    model_config = ConfigDict(json_schema_extra={"example": {"reason": "meant for another patient"}})

    reason: Text


class CreditedLineIn(RequestBody):
    """So much of one line or of one debit note, as priced (net or gross); without an amount, all that is left of it."""

    line_id: UUID | None = None
    debit_note_id: UUID | None = None
    """Instead of a line, a debit note of the invoice (`MON-11`)."""
    amount: MoneyIn | None = None

    def to_domain(self, index: int) -> CreditedLine:
        """As the use case takes it. Raises Invalid unless it names one line or one debit note."""
        of = self.line_id or self.debit_note_id
        if of is None or (self.line_id and self.debit_note_id):
            raise Invalid(f"lines[{index}].line_id", "name one: a line, or a debit note as debit_note_id")
        return CreditedLine(of, money_in(self.amount, f"lines[{index}].amount"))


class CreditNoteIn(RequestBody):
    """A credit note: of `amount` with tax, or of `lines`; with neither, of all that is left (`MON-5`)."""

    model_config = ConfigDict(
        json_schema_extra={"example": {"kind": "courtesy", "reason": "long wait", "amount": {"amount": "20.00", **USD}}}
    )

    kind: Literal["courtesy", "price_correction", "write_off", "bad_debt"]
    """`bad_debt` writes off what is outstanding and nobody will pay, and lets it be paid all the same (`INV-17`): of
    `amount`, of `lines`, or with neither of all that is outstanding."""
    reason: Text
    amount: MoneyIn | None = None
    lines: Annotated[tuple[CreditedLineIn, ...], Field(max_length=LINES_MAX)] = ()

    def command(self, invoice_id: UUID) -> CreditInvoice:
        """As the use case takes it."""
        lines = tuple(line.to_domain(index) for index, line in enumerate(self.lines))
        return CreditInvoice(invoice_id, self.kind, self.reason, money_in(self.amount, "amount"), lines)


class DebitNoteIn(RequestBody):
    """A debit note: an amount as the clinic prices (net or gross), and its tax category (`INV-6`)."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {"kind": "late_fee", "reason": "second reminder", "amount": {"amount": "10.00", **USD}}
        }
    )

    kind: Literal["late_fee", "correction"]
    reason: Text
    amount: MoneyIn
    tax_category: Code | None = None

    def command(self, invoice_id: UUID) -> DebitInvoice:
        """As the use case takes it."""
        return DebitInvoice(invoice_id, self.kind, self.reason, self.amount.to_money("amount"), self.tax_category)
