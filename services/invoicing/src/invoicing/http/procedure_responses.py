"""What responses about completed procedures say (`INV-1`)."""

from __future__ import annotations

from datetime import date
from typing import Literal
from uuid import UUID

from chassis.http import MoneyOut, ResponseBody
from chassis.members import Members
from pydantic import ConfigDict

from invoicing.domain.billable_procedure import BillableProcedure, ListedProcedure
from invoicing.domain.claim import ActDetails
from invoicing.http.procedure_examples import PROCEDURE_EXAMPLE

ProcedureState = Literal["billable", "invoiced", "reverted"]


class ProcedureOut(ResponseBody):
    """A completed procedure: billable, on an invoice, or taken back (`INV-1`)."""

    model_config = ConfigDict(json_schema_extra={"example": PROCEDURE_EXAMPLE})

    procedure_id: UUID
    state: ProcedureState
    patient_id: UUID
    appointment_id: UUID | None
    provider_id: UUID | None
    provider_name: str | None
    code_system: str
    code: str
    description: str
    tooth: str | None
    surface: str | None
    date_of_service: date
    fee: MoneyOut | None
    """As the clinical system told it; without one the price list decides."""
    fee_in_other_currency: bool
    """The fee is not in the clinic's currency: whoever invoices it types the price (`MON-2`)."""
    treatment_plan_id: UUID | None
    treatment_plan_item_id: UUID | None
    invoice_id: UUID | None
    invoice_number: str | None
    invoiced_ahead: bool
    """It was invoiced with its treatment plan before it was done (`INV-10`)."""

    @classmethod
    def of(cls, listed: ListedProcedure) -> ProcedureOut:
        """As the wire has it."""
        procedure = listed.procedure
        return cls(
            **_LISTED.of(listed),
            **_PROCEDURE.of(procedure),
            **_CLAIM.of(procedure.claim),
            state="reverted" if listed.reverted_at else "invoiced" if listed.invoice_id else "billable",
            fee=None if procedure.fee is None else MoneyOut.of(procedure.fee),
        )


_LISTED = Members(ProcedureOut, ListedProcedure)
_PROCEDURE = Members(ProcedureOut, BillableProcedure, without=["fee"])
_CLAIM = Members(ProcedureOut, ActDetails)
