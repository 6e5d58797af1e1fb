"""A transfer that takes back what it pays itself: a recovery beside the payment that it is of (INS-9)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from payments_desk import FrontDesk, good, problem, usd

DELTA = {"payer_id": str(new_id()), "name": "Delta Dental"}


def part(desk: FrontDesk, amount: str, invoice: UUID) -> dict[str, Any]:
    allocations = [{"invoice_id": str(invoice)}]
    return {"patient_id": str(desk.patient_id), "amount": usd(amount), "allocations": allocations}


def transfer(amount: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    reference = f"ERA {new_id()}"
    return {"insurer": DELTA, "amount": usd(amount), "external_reference": reference, "payments": list(parts)} | more


def taken(amount: str, invoice: UUID) -> dict[str, Any]:
    return {"amount": usd(amount), "invoice_id": str(invoice)}


async def recorded(desk: FrontDesk, body: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = good(await desk.client.post("/v1/remittances", json=body), 201)
    return found


@pytest.mark.rule("INS-9.2", "INS-9.3")
async def test_what_a_transfer_pays_and_recovers_at_once_is_taken_back_of_what_it_pays(desk: FrontDesk) -> None:
    """60.00 came before, 40.00 come now, 100.00 are recovered: of both payments, and the invoice asks for all again."""
    invoice = await desk.invoice("100.00")
    before = (await recorded(desk, transfer("60.00", part(desk, "60.00", invoice))))["payments"][0]["id"]
    of_this = taken("40.00", invoice) | {"of_this_transfer": True}
    body = transfer("-60.00", part(desk, "40.00", invoice), take_backs=[of_this, taken("60.00", invoice)])
    made = await recorded(desk, body)
    (payment,) = made["payments"]
    assert [(one["payment_id"], one["amount"]) for one in made["take_backs"]] == [
        (before, usd("60.00")),
        (payment["id"], usd("40.00")),
    ]
    assert await desk.outstanding(invoice) == "100.00"
    assert (await desk.payment(payment["id"]))["taken_back"] == usd("40.00")
    day = good(await desk.client.get(f"/v1/day-sheets/{desk.harness.clock.now().date()}"))
    assert day["totals"]["net"] == usd("0.00")
    await desk.prove()


@pytest.mark.rule("ALL-2.3")
async def test_what_a_transfer_recovers_of_itself_and_does_not_pay_is_refused(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    of_this = taken("50.00", invoice) | {"of_this_transfer": True}
    body = transfer("-10.00", part(desk, "40.00", invoice), take_backs=[of_this])
    refused = await desk.client.post("/v1/remittances", json=body)
    assert problem(refused, 422, "take-back-exceeds-payment")["errors"][0]["field"] == "take_backs[0].amount"
    assert await desk.outstanding(invoice) == "100.00"
