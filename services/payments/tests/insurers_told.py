"""What invoicing tells of insurers' decisions, and what an insurer transfers, as tests of payments have it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, InsurerShare, Shares
from contracts.invoicing import InvoiceCredited
from payments_desk import FrontDesk, good, usd

from contracts import Amount

DELTA = {"payer_id": str(new_id()), "name": "Delta Dental"}


def money(amount: str) -> Amount:
    return Amount(**usd(amount))


class Claims:
    """What invoicing tells of an insurer's decisions on one clinic's invoices."""

    def __init__(self, desk: FrontDesk) -> None:
        self.desk = desk

    def written_off(self, invoice_id: UUID, total: str) -> InvoiceCredited:
        note = self.desk.credit_note(invoice_id, total)
        return note.model_copy(update={"kind": "contractual_write_off", "decision_id": new_id()})

    def applied(self, invoice_id: UUID, paid: str, patient: str, **more: Any) -> AdjudicationApplied:
        zero = money("0.00")
        return AdjudicationApplied(
            clinic_id=self.desk.clinic_id,
            occurred_at=self.desk.harness.clock.now(),
            decision_id=new_id(),
            claim_id=new_id(),
            invoice_id=invoice_id,
            invoice_number=self.desk.numbers[invoice_id],
            patient_id=more.get("patient_id", self.desk.patient_id),
            payer_id=UUID(DELTA["payer_id"]),
            payer_name="Delta Dental",
            payer_sequence="primary",
            charge=money(paid),
            paid=money(paid),
            contractual=zero,
            patient_responsibility=money(patient),
            other=zero,
            written_off=zero,
            shares=Shares(
                paid=money(paid), written_off=zero, patient_part=money(patient), undecided=zero, overpaid=zero
            ),
            lines=(),
        )

    def by(
        self, invoice_id: UUID, insurers: dict[str, str], patient: str, undecided: str = "0.00"
    ) -> AdjudicationApplied:
        """The same, saying which insurer decided what, and what nobody has decided."""
        told = self.applied(invoice_id, f"{sum(map(Decimal, insurers.values())):.2f}", patient)
        parts = tuple(
            InsurerShare(payer_id=UUID(DELTA["payer_id"]), payer_name=name, payer_sequence="primary", paid=money(paid))
            for name, paid in insurers.items()
        )
        shares = told.shares.model_copy(update={"undecided": money(undecided)})
        return told.model_copy(update={"insurers": parts, "shares": shares})


async def transfer(desk: FrontDesk, amount: str, *invoices: UUID, **more: Any) -> dict[str, Any]:
    part = {
        "patient_id": str(desk.patient_id),
        "amount": usd(amount),
        "allocations": [{"invoice_id": str(invoice_id)} for invoice_id in invoices],
    }
    body = {"insurer": DELTA, "amount": usd(amount), "external_reference": f"ERA {new_id()}", "payments": [part]}
    return good(await desk.client.post("/v1/remittances", json=body | more), 201)


async def credit(desk: FrontDesk) -> tuple[str, list[str]]:
    """The patient's credit, and insurers'."""
    found = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit"))
    return found["balance"]["amount"], [insurer["balance"]["amount"] for insurer in found["insurers"]]
