"""An issued invoice is voided: it keeps its number, its procedures are free, money on it forbids it (`INV-8`)."""

from __future__ import annotations

from typing import Any

import pytest
from contracts.invoicing import InvoiceVoided


@pytest.mark.rule("INV-7.6", "INV-8.1")
async def test_voiding_frees_the_procedures_and_keeps_the_number(clinic: Any) -> None:
    await clinic.configure(billing_policy="manual")
    procedure = clinic.completed(None)
    await clinic.harness.deliver(procedure)
    made = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)])
    void = await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"}, status=200)
    assert (void["status"], void["number"], void["outstanding"]) == ("void", made["number"], clinic.usd("0.00"))
    assert void["voided"] == {"on": "2026-11-23", "by": "clerk:test", "reason": "wrong patient"}
    again = await clinic.invoice(procedure_ids=[str(procedure.procedure_id)])
    assert again["number"] == "INV-2026-000002"
    (event,) = await clinic.announced(InvoiceVoided)
    assert (event.number, event.by.reason) == (made["number"], "wrong patient")
    await clinic.prove()


@pytest.mark.rule("INV-8.2")
async def test_voiding_with_money_on_it_is_refused_naming_the_payments(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("10.00"))
    payment = await clinic.settle(made, "4.00")
    refused = await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"}, status=409)
    assert refused["payments"] == [str(payment.settlements[0].payment_id)]
    assert (await clinic.read(made["id"]))["status"] == "partially_paid"
