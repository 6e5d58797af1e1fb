"""What waits for somebody, of all kinds in one answer: what the list of each kind says."""

from __future__ import annotations

from typing import Any

from chassis.identifiers import new_id
from contracts.payments import PaymentChargedBack

from contracts import Amount

LISTS = {
    "credit_requests": ("/v1/credit-requests", {"state": "requested"}),
    "invoice_reviews": ("/v1/invoice-reviews", {}),
    "set_aside_decisions": ("/v1/set-aside-decisions", {"state": "open"}),
    "debit_proposals": ("/v1/debit-proposals", {"state": "open"}),
}


async def test_it_is_what_the_lists_say(clinic: Any) -> None:
    """PAY-15, PAY-6: requests above the limit, and what a bank took back although it had been refunded."""
    await clinic.configure(credit_limit="30.00")
    for _ in range(2):
        invoice = await clinic.invoice(clinic.custom("700.00"))
        body = {"kind": "courtesy", "reason": "moved away", "amount": clinic.usd("50.00")}
        assert (await clinic.api.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)).status_code == 202
    paid = await clinic.settle(invoice, "90.00")
    refunded = Amount(amount="30.00", currency="USD")
    of_payment = paid.settlements[0].payment_id
    await clinic.settle(invoice, "-90.00", PaymentChargedBack, of_payment=of_payment, refunded_before=refunded)
    whole = (await clinic.api.get("/v1/waiting")).json()
    assert set(whole) == set(LISTS)
    for name, (path, query) in LISTS.items():
        listed = (await clinic.api.get(path, params=query)).json()["items"]
        assert whole[name] == {"items": listed, "more": False}, name
    assert [len(one["items"]) for one in whole.values()][:1] == [2]
    assert len(whole["debit_proposals"]["items"]) == 1
    one = (await clinic.api.get("/v1/waiting", params={"limit": 1})).json()
    assert (len(one["credit_requests"]["items"]), one["credit_requests"]["more"]) == (1, True)
    assert (await clinic.api.get("/v1/waiting", params={"limit": 51})).status_code == 422


async def test_another_clinic_waits_for_nothing(clinic: Any) -> None:
    """ALL-4."""
    await clinic.configure(credit_limit="30.00")
    invoice = await clinic.invoice(clinic.custom("700.00"))
    body = {"kind": "courtesy", "reason": "moved away", "amount": clinic.usd("50.00")}
    await clinic.api.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=body)
    async with clinic.harness.client(clinic_id=new_id(), subject="desk:other") as other:
        found = (await other.get("/v1/waiting")).json()
    assert all(one == {"items": [], "more": False} for one in found.values())
