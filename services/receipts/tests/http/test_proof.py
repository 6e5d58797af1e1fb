"""What receipts keeps of invoices, notes and plans is proven too, and a wrong row is named (`ALL-8`)."""

from __future__ import annotations

from datetime import date

import httpx
import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from chassis.testing.planting import planted
from receipts_events import Practice

OTHER = "'00000000-0000-4000-8000-000000000001'"


@pytest.mark.rule("ALL-8.1")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("invoices SET number = 'X'", "invoice {invoice_id} number as printed"),
        (f"invoices SET patient_id = {OTHER}", "invoice {invoice_id} patient as printed"),
        ("notes SET number = 'X'", "note {note_id} number as printed"),
        ("installment_plans SET version = version + 1", "installment plan {plan_id} version"),
        (f"installment_plans SET invoice_id = {OTHER}", "installment plan {plan_id} invoice"),
        ("receipts SET amount_minor = amount_minor + 7", "receipt {receipt_id} allocations and credit"),
    ],
)
async def test_wrong_row_is_named(harness: ServiceHarness, practice: Practice, change: str, named: str) -> None:
    invoice = practice.invoiced()
    agreed = practice.agreed(invoice, new_id(), ((new_id(), date(2026, 12, 31), 10_000, 10_000),))
    payment = practice.paid(invoice, 20_000, credit=500)
    await harness.deliver(
        invoice, practice.credited(invoice), agreed, payment, practice.refunded(payment, invoice, 900)
    )
    async with harness.client("operations", practice.clinic_id) as operator:
        assert await differences(operator) == []
        async with planted(harness.owned, practice.clinic_id, change) as row:
            assert named.format(**row) in await differences(operator)


async def differences(operator: httpx.AsyncClient) -> list[str]:
    return [difference["what"] for difference in (await operator.get("/v1/prove")).json()["differences"]]
