"""An insurer's money settles what it decided to pay: what comes twice or is more is its credit (INS-4)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from contracts.payments import AllocationReleased
from insurers_told import DELTA, Claims, credit, transfer
from payments_desk import FrontDesk, good, problem, usd

BY_DELTA: dict[str, Any] = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance", "allow_overpayment": True}


@pytest.fixture
def claims(desk: FrontDesk) -> Claims:
    return Claims(desk)


@pytest.mark.parametrize("heard", [0, 1, 2])
@pytest.mark.parametrize("first", ["by hand", "transfer"])
async def test_an_insurers_money_that_comes_twice_does_not_settle_the_patients_part(
    desk: FrontDesk, claims: Claims, heard: int, first: str
) -> None:
    """70 of 100 booked by hand and by the transfer, whenever the decision is heard: 30 are the patient's."""
    invoice = await desk.invoice("100.00")
    for place in range(3):
        if place == heard:
            await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
        if place < 2 and (place == 0) == (first == "by hand"):
            await desk.paid("70.00", invoice, **BY_DELTA)
        elif place < 2:
            await transfer(desk, "70.00", invoice, allow_overpayment=True)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("30.00", ("0.00", ["70.00"]))
    await desk.paid("30.00", invoice)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("0.00", ["70.00"]))
    await desk.prove()


@pytest.mark.parametrize("decided_first", [True, False])
async def test_an_insurer_that_pays_more_than_it_decided_has_credit_for_the_rest(
    desk: FrontDesk, claims: Claims, decided_first: bool
) -> None:
    """Whether amounts are named or not, and whatever other invoices of the transfer ask for."""
    first, second = await desk.invoice("100.00"), await desk.invoice("50.00")
    decisions = (claims.applied(first, "60.00", "40.00"), claims.applied(second, "20.00", "30.00"))
    if decided_first:
        await desk.harness.deliver(*decisions)
    named = [{"invoice_id": str(one), "amount": usd(amount)} for one, amount in ((first, "75.00"), (second, "25.00"))]
    part = {"patient_id": str(desk.patient_id), "amount": usd("100.00"), "allocations": named}
    body = {"insurer": DELTA, "amount": usd("100.00"), "external_reference": "ERA more", "payments": [part]}
    good(await desk.client.post("/v1/remittances", json=body), 201)
    if not decided_first:
        await desk.harness.deliver(*decisions)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("40.00", "30.00")
    assert await credit(desk) == ("0.00", ["20.00"])
    await desk.prove()


@pytest.mark.parametrize("decided_first", [True, False])
async def test_an_insurer_that_decided_to_pay_nothing_has_credit_for_all_of_its_money(
    desk: FrontDesk, claims: Claims, decided_first: bool
) -> None:
    """A zero is a value (MON-10): the patient owes the deductible, whatever the insurer paid by mistake."""
    invoice = await desk.invoice("100.00")
    decision = claims.by(invoice, {"Delta Dental": "0.00"}, "100.00")
    if decided_first:
        await desk.harness.deliver(decision)
    await desk.paid("70.00", invoice, **BY_DELTA)
    if not decided_first:
        await desk.harness.deliver(decision)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("100.00", ("0.00", ["70.00"]))
    await desk.paid("100.00", invoice)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("0.00", ["70.00"]))
    await desk.prove()


async def test_what_is_not_decided_yet_an_insurers_money_may_settle(desk: FrontDesk, claims: Claims) -> None:
    """One line of two is decided: 40 of 60; the other's 40 came with it."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "40.00"}, "20.00", undecided="40.00"))
    await desk.paid("90.00", invoice, **BY_DELTA)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("20.00", ("0.00", ["10.00"]))
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "70.00"}, "30.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("30.00", ("0.00", ["20.00"]))
    await desk.prove()


@pytest.mark.parametrize("how", ["cancellation", "chargeback", "selection", "take-back"])
@pytest.mark.parametrize("patient_paid", ["0.00", "30.00", "100.00"])
async def test_what_came_twice_settles_the_part_once_the_first_is_undone(
    desk: FrontDesk, claims: Claims, how: str, patient_paid: str
) -> None:
    invoice = await desk.invoice("100.00")
    if patient_paid == "100.00":
        await desk.paid(patient_paid, invoice)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    if patient_paid == "30.00":
        await desk.paid(patient_paid, invoice)
    first = await desk.paid("70.00", invoice, **BY_DELTA)
    await desk.paid("70.00", invoice, **BY_DELTA)
    body: dict[str, Any] = {"reason": "booked twice"}
    if how == "selection":
        path, body = "/v1/transactions/cancellations", {"transaction_ids": [first["id"]], **body}
    elif how == "take-back":
        taken = [{"payment_id": first["id"], "amount": usd("70.00")}]
        path, body = "/v1/remittances", {"insurer": DELTA, "amount": usd("-70.00"), "payments": [], "take_backs": taken}
        body["external_reference"] = "ERA back"
    else:
        path = f"/v1/payments/{first['id']}/{how}"
    good(await desk.client.post(path, json=body), 201)
    left = "30.00" if patient_paid == "0.00" else "0.00"
    own = "70.00" if patient_paid == "100.00" else "0.00"
    assert (await desk.outstanding(invoice), await credit(desk)) == (left, (own, []))
    await desk.prove()


async def test_a_patient_who_paid_just_the_patients_part_is_not_asked_again(desk: FrontDesk, claims: Claims) -> None:
    """20 and the insurer's 80 came; then 20 are written off, 60 decided: the insurer's is the surplus."""
    invoice = await desk.invoice("100.00")
    await desk.paid("20.00", invoice)
    await desk.paid("80.00", invoice, **BY_DELTA)
    await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "60.00", "20.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("0.00", ["20.00"]))
    await desk.prove()


async def test_an_insurer_named_without_an_id_draws_on_no_patients_credit(desk: FrontDesk, claims: Claims) -> None:
    """A take-back by name alone: what the patient has in credit stays the patient's."""
    invoice = await desk.invoice("100.00")
    await desk.paid("20.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "70.00"}, "30.00"))
    await transfer(desk, "70.00", invoice, insurer={"name": "delta dental"})
    taken: dict[str, Any] = {
        "insurer": {"name": "Delta Dental"},
        "amount": usd("-70.00"),
        "external_reference": "back",
        "payments": [],
    }
    taken["take_backs"] = [{"invoice_id": str(invoice), "amount": usd("70.00")}]
    good(await desk.client.post("/v1/remittances", json=taken), 201)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("100.00", ("20.00", []))
    await desk.prove()


async def test_an_open_transfer_brings_each_invoice_what_was_decided_of_it(desk: FrontDesk, claims: Claims) -> None:
    first, second = await desk.invoice("100.00"), await desk.invoice("50.00")
    await desk.harness.deliver(claims.applied(first, "70.00", "30.00"), claims.applied(second, "20.00", "30.00"))
    await transfer(desk, "90.00", first, second)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("30.00", "30.00")
    refused: dict[str, Any] = {"insurer": DELTA, "amount": usd("60.01"), "external_reference": "ERA too much"}
    allocations = [{"invoice_id": str(id_)} for id_ in (first, second)]
    refused["payments"] = [{"patient_id": str(desk.patient_id), "amount": usd("60.01"), "allocations": allocations}]
    problem(await desk.client.post("/v1/remittances", json=refused), 422, "more-than-outstanding")
    assert await credit(desk) == ("0.00", [])
    await desk.prove()


async def test_what_came_twice_is_taken_back_and_the_part_stays_settled(desk: FrontDesk, claims: Claims) -> None:
    """INS-9: the insurer takes the second 70 back of the invoice; the patient is asked for no more than before."""
    invoice = await desk.invoice("100.00")
    for _ in range(2):
        await transfer(desk, "70.00", invoice, allow_overpayment=True)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    taken: dict[str, Any] = {
        "insurer": DELTA,
        "amount": usd("-70.00"),
        "external_reference": "ERA back",
        "payments": [],
    }
    taken["take_backs"] = [{"invoice_id": str(invoice), "amount": usd("70.00")}]
    good(await desk.client.post("/v1/remittances", json=taken), 201)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("30.00", ("0.00", []))
    await desk.prove()


async def test_a_take_back_and_the_correction_that_it_follows_come_at_once(desk: FrontDesk, claims: Claims) -> None:
    """PAY-11: 70 decided and paid, corrected to 10, 60 taken back; whichever locks first, 10 stay on the invoice."""
    invoices = [await desk.invoice("100.00") for _ in range(8)]
    for invoice in invoices:
        await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "70.00"}, "30.00"))
        await transfer(desk, "70.00", invoice)
    backs = [
        {"insurer": DELTA, "amount": usd("-60.00"), "external_reference": f"back {place}", "payments": []}
        | {"take_backs": [{"invoice_id": str(invoice), "amount": usd("60.00")}]}
        for place, invoice in enumerate(invoices)
    ]
    decisions = [claims.by(invoice, {"Delta Dental": "10.00"}, "90.00") for invoice in invoices]
    done: list[Any] = await asyncio.gather(
        *(desk.harness.deliver(decision) for decision in decisions),
        *(desk.client.post("/v1/remittances", json=body) for body in backs),
    )
    assert {answer.status_code for answer in done[len(decisions) :]} == {201}
    assert [await desk.outstanding(invoice) for invoice in invoices] == ["90.00"] * len(invoices)
    assert await credit(desk) == ("0.00", [])
    await desk.prove()


async def test_what_an_insurer_overpaid_says_so(desk: FrontDesk, claims: Claims) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice, **BY_DELTA)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    (released,) = await desk.events(AllocationReleased)
    assert (released.exact_cause, released.patient_credit_change.amount) == ("insurer_overpaid", "30.00")
    assert released.by.reason == f"Delta Dental paid more than it decided to pay of invoice {desk.numbers[invoice]}"


@pytest.mark.parametrize("named", ["by id", "by name"])
@pytest.mark.parametrize("denied", ["before the money", "after it"])
async def test_what_a_denial_set_free_is_taken_back_of_its_invoice(
    desk: FrontDesk, claims: Claims, denied: str, named: str
) -> None:
    """INS-9: nothing stands of the insurer's part, and its money, which came for two invoices, is credit of one."""
    first, second = await desk.invoice("70.00"), await desk.invoice("50.00")
    insurer = DELTA if named == "by id" else {"name": "Delta Dental"}
    denial = (claims.written_off(first, "70.00"), claims.by(first, {"Delta Dental": "0.00"}, "0.00"))
    if denied == "before the money":
        await desk.harness.deliver(*denial)
    allocations = [{"invoice_id": str(first), "amount": usd("70.00")}, {"invoice_id": str(second)}]
    part = {"patient_id": str(desk.patient_id), "amount": usd("120.00"), "allocations": allocations}
    body = {"insurer": insurer, "amount": usd("120.00"), "external_reference": "ERA both", "payments": [part]}
    good(await desk.client.post("/v1/remittances", json=body | {"allow_overpayment": True}), 201)
    if denied == "after it":
        await desk.harness.deliver(*denial)
    taken = [{"invoice_id": str(first), "amount": usd("70.00")}]
    back = {"insurer": insurer, "amount": usd("-70.00"), "external_reference": "back", "payments": []}
    good(await desk.client.post("/v1/remittances", json=back | {"take_backs": taken}), 201)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("0.00", "0.00")
    assert await credit(desk) == ("0.00", [])
    await desk.prove()
