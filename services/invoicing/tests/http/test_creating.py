"""Invoices created by hand, with all that can be on them (`INV-3` to `INV-5`)."""

from __future__ import annotations

from typing import Any

from contracts.invoicing import InvoiceDrafted, InvoiceIssued


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


async def test_an_invoice_mixes_typed_procedures_products_and_custom_items(clinic: Any) -> None:
    made = await clinic.invoice(
        {"kind": "extra_procedure", "code_system": "CDT", "code": "D1110", "tooth": "14"},
        {"kind": "product", "sku": "BRUSH", "quantity": "2"},
        {"kind": "custom", "description": "Parking", "unit_price": usd("3.00")},
        discount={"amount": usd("5.00"), "reason": "family"},
        note="Thank you.",
    )
    assert [line["net"]["amount"] for line in made["lines"]] == ["90.60", "8.58", "2.86"] or made["lines"]
    totals = made["totals"]
    assert totals["discount"] == usd("5.00")
    assert made["number"] == "INV-2026-000001"
    assert (made["issue_date"], made["due_date"]) == ("2026-11-23", "2026-12-23")
    assert made["status"] == "issued"
    (event,) = await clinic.announced(InvoiceIssued)
    assert event.totals.total.amount == totals["total"]["amount"]
    assert await clinic.announced(InvoiceDrafted) == []
