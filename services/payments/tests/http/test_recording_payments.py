"""Recording payments over the API (PAY-1, PAY-2)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.http import Arrivals
from chassis.identifiers import new_id
from contracts.payments import PaymentRecorded
from payments.persistence import invoices
from payments_desk import FrontDesk, good, problem, usd
from sqlalchemy.ext.asyncio import AsyncConnection


@pytest.mark.rule("PAY-1.1")
async def test_a_payment_says_all_that_it_was_recorded_with(desk: FrontDesk) -> None:
    group = good(await desk.client.post("/v1/payment-groups", json={"name": "Surgery"}), 201)["id"]
    said = {
        "method": "other",
        "method_label": "Voucher",
        "received_at": "2026-11-20T10:30:00Z",
        "note": "from the aunt",
        "group_id": group,
        "external_reference": "V-17",
    }
    made = await desk.paid("12.50", payer={"kind": "third_party", "name": "Aunt May"}, **said)
    found = await desk.payment(made["id"])
    assert {name: found[name] for name in said} == said
    assert (found["patient_id"], found["amount"], found["recorded_by"]) == (
        str(desk.patient_id),
        usd("12.50"),
        "clerk:ada",
    )
    assert (found["payer"]["kind"], found["payer"]["name"]) == ("third_party", "Aunt May")
    (event,) = await desk.events(PaymentRecorded)
    assert (event.clinic_id, event.patient_id) == (desk.clinic_id, desk.patient_id)
    for method in ("cash", "bank_card", "bank_transfer", "check", "insurance"):
        assert (await desk.paid("1.00", method=method))["method"] == method


@pytest.mark.rule("PAY-1.2")
async def test_payment_in_full_settles_its_invoice_and_is_announced(desk: FrontDesk) -> None:
    invoice = await desk.invoice("86.28")

    answer = await desk.pay("86.28", invoice, note="at the desk", external_reference="slip 7", method="bank_card")

    payment = good(answer, 201)
    assert answer.headers["Location"] == f"/v1/payments/{payment['id']}"
    assert payment["allocations"] == [
        {
            "invoice_id": str(invoice),
            "invoice_number": "INV-000001",
            "installment_id": None,
            "amount": usd("86.28"),
        }
    ]
    assert payment["unallocated"] == usd("0.00")
    assert payment["recorded_by"] == "clerk:ada"
    assert payment["booked_on"] == "2026-11-23"
    assert good(await desk.client.get(f"/v1/invoices/{invoice}"))["status"] == "paid"
    (event,) = await desk.events(PaymentRecorded)
    assert event.by.subject == "clerk:ada"
    assert event.note == "at the desk"
    (settlement,) = event.settlements
    assert (settlement.change.amount, settlement.credited.amount, settlement.outstanding.amount) == (
        "86.28",
        "0.00",
        "0.00",
    )
    assert (event.patient_credit_change.amount, event.patient_credit_balance.amount) == ("0.00", "0.00")


async def test_payment_in_parts_leaves_the_rest_outstanding(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("30.00", invoice)
    assert await desk.outstanding(invoice) == "70.00"
    assert good(await desk.client.get(f"/v1/invoices/{invoice}"))["status"] == "partially_paid"
    await desk.paid("70.00", invoice)
    assert await desk.outstanding(invoice) == "0.00"


@pytest.mark.rule("PAY-2.2")
async def test_more_than_outstanding_is_refused_and_names_it(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    refused = problem(await desk.pay("60.00", invoice), 422, "more-than-outstanding")
    assert refused["errors"][0]["field"] == "amount"
    assert refused["outstanding"] == [
        {"invoice_id": str(invoice), "invoice_number": "INV-000001", "outstanding": usd("50.00")}
    ]
    assert await desk.outstanding(invoice) == "50.00"
    assert await desk.events(PaymentRecorded) == []


@pytest.mark.rule("PAY-2.2", "PAY-2.3")
async def test_overpayment_becomes_patient_credit_where_allowed(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    payment = await desk.paid("60.00", invoice, allow_overpayment=True)
    assert payment["unallocated"] == usd("10.00")
    assert await desk.credit() == "10.00"
    (event,) = await desk.events(PaymentRecorded)
    assert (event.patient_credit_change.amount, event.patient_credit_balance.amount) == ("10.00", "10.00")


@pytest.mark.rule("PAY-1.2", "PAY-3.1")
async def test_deposit_is_patient_credit_and_can_name_a_treatment_plan(desk: FrontDesk) -> None:
    plan = str(new_id())
    payment = await desk.paid("200.00", treatment_plan_id=plan)
    assert payment["allocations"] == []
    assert payment["treatment_plan_id"] == plan
    assert await desk.credit() == "200.00"
    await desk.paid("50.00")
    assert await desk.credit() == "250.00"


@pytest.mark.rule("PAY-1.2")
async def test_one_payment_settles_several_invoices_with_given_and_open_amounts(desk: FrontDesk) -> None:
    first, second = await desk.invoice("40.00"), await desk.invoice("100.00")
    payment = await desk.paid(
        "90.00",
        allocations=[{"invoice_id": str(second)}, {"invoice_id": str(first), "amount": usd("15.00")}],
    )
    assert {allocation["invoice_id"]: allocation["amount"]["amount"] for allocation in payment["allocations"]} == {
        str(second): "75.00",
        str(first): "15.00",
    }
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("25.00", "25.00")


@pytest.mark.rule("INS-5.1")
async def test_insurer_pays_invoices_of_several_patients_at_once(desk: FrontDesk) -> None:
    """INS-5."""
    mine, other = await desk.invoice("40.00"), await desk.invoice("60.00", patient_id=new_id())
    payer = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}
    await desk.paid("100.00", mine, other, payer=payer, method="insurance")
    assert (await desk.outstanding(mine), await desk.outstanding(other)) == ("0.00", "0.00")


async def test_allocations_beyond_the_amount_are_refused(desk: FrontDesk) -> None:
    first, second = await desk.invoice("40.00"), await desk.invoice("40.00")
    allocations = [{"invoice_id": str(id_), "amount": usd("30.00")} for id_ in (first, second)]
    problem(await desk.pay("50.00", allocations=allocations), 422, "allocations-exceed-amount")
    twice = problem(await desk.pay("50.00", allocations=[allocations[0], allocations[0]]), 422, "invoice-named-twice")
    assert [error["field"] for error in twice["errors"]] == ["allocations[1].invoice_id"]


async def test_void_invoice_takes_no_money(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    await desk.harness.deliver(desk.voided(invoice))
    refused = problem(await desk.pay("40.00", invoice), 409, "invoice-void")
    assert [error["field"] for error in refused["errors"]] == ["allocations[0].invoice_id"]
    assert refused["invoice_number"] == "INV-000001"


async def test_invoice_on_its_way_is_waited_for(desk: FrontDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    event, looked_for = desk.issued("40.00"), asyncio.Event()

    async def look(connection: AsyncConnection, invoice_ids: Iterable[UUID]) -> set[tuple[UUID, UUID]]:
        found = await invoices.arrived(connection, invoice_ids)
        looked_for.set()
        return found

    arrivals = Arrivals(desk.harness.database, invoices.BELL, look)
    monkeypatch.setattr(desk.harness.resources.state, "invoices", arrivals)
    paying = asyncio.create_task(desk.pay("40.00", event.invoice_id))
    await looked_for.wait()
    await desk.harness.deliver(event)
    good(await paying, 201)


async def test_unknown_invoice_is_not_found_and_may_be_retried(desk: FrontDesk) -> None:
    answer = await desk.pay("40.00", new_id())
    problem(answer, 404, "invoice-unknown")
    assert answer.headers["Retry-After"] == "1"


async def test_another_clinics_invoice_is_unknown(desk: FrontDesk) -> None:
    """ALL-4."""
    other = FrontDesk(desk.harness)
    await other.configure()
    invoice = await other.invoice("40.00")
    payment = await other.paid("10.00", invoice)
    problem(await desk.pay("10.00", invoice), 404, "invoice-unknown")
    for path in (f"/v1/payments/{payment['id']}", f"/v1/invoices/{invoice}", f"/v1/transactions/{payment['id']}"):
        assert (await desk.client.get(path)).status_code == 404
    problem(await desk.cancel(payment["id"]), 404, "payment-unknown")
    await other.prove()
    await other.client.aclose()


@pytest.mark.rule("PAY-1.1", "PAY-18.1")
async def test_bad_input_is_refused_and_names_the_field(desk: FrontDesk) -> None:
    invoice = await desk.invoice("40.00")
    problem(await desk.pay("0.00", invoice), 422, "amount-not-positive")
    problem(await desk.pay("1.001", invoice), 422, "invalid-request")
    problem(await desk.pay("1.00", amount={"amount": "1.00", "currency": "EUR"}), 422, "wrong-currency")
    problem(await desk.pay("1.00", invoice, method="other"), 422, "invalid-request")
    problem(await desk.pay("1.00", invoice, tip="1.00"), 422, "invalid-request")
    problem(await desk.pay("1.00", invoice, payer={"kind": "insurer"}), 422, "invalid-request")
    later = (desk.harness.clock.now() + timedelta(days=1)).isoformat()
    problem(await desk.pay("1.00", invoice, received_at=later), 422, "received-in-future")
    assert await desk.outstanding(invoice) == "40.00"


async def test_clinic_that_is_not_configured_takes_no_money(desk: FrontDesk) -> None:
    other = FrontDesk(desk.harness)
    refused = await other.pay("40.00")
    problem(refused, 409, "clinic-not-configured")
    # As for a new invoice: the settings of a new clinic may be on their way.
    assert refused.headers["Retry-After"] == "1"
    await other.client.aclose()


async def test_same_key_records_one_payment(desk: FrontDesk) -> None:
    """ALL-1."""
    invoice = await desk.invoice("40.00")
    body: dict[str, Any] = {"patient_id": str(desk.patient_id), "amount": usd("10.00"), "method": "cash"}
    body["allocations"] = [{"invoice_id": str(invoice)}]
    headers = {"Idempotency-Key": "desk-1"}
    first = await desk.client.post("/v1/payments", json=body, headers=headers)
    second = await desk.client.post("/v1/payments", json=body, headers=headers)
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.json() == first.json()
    assert second.headers["Idempotency-Replayed"] == "true"
    assert await desk.outstanding(invoice) == "30.00"


@pytest.mark.rule("ALL-5.1")
async def test_scopes_part_reading_writing_and_reversing(desk: FrontDesk) -> None:
    """ALL-5."""
    invoice = await desk.invoice("40.00")
    payment = await desk.paid("40.00", invoice)
    clerk = desk.harness.client("payments:read payments:write", desk.clinic_id)
    for action, body in (
        ("refunds", {"amount": usd("1.00"), "reason_code": "goodwill"}),
        ("cancellation", {"reason": "x"}),
        ("chargeback", {"reason": "x"}),
    ):
        answer = await clerk.post(f"/v1/payments/{payment['id']}/{action}", json=body)
        problem(answer, 403, "insufficient-scope")
    assert (await clerk.get(f"/v1/payments/{payment['id']}")).status_code == 200
    await clerk.aclose()


async def test_what_the_allocations_leave_over_is_said_to_be_not_allocated(desk: FrontDesk) -> None:
    """PAY-2: 40 of 100 for an invoice that asks for 100 is not 60 too much."""
    invoice = await desk.invoice("100.00")
    allocations = [{"invoice_id": str(invoice), "amount": usd("40.00")}]
    refused = problem(await desk.pay("100.00", allocations=allocations), 422, "not-allocated")
    assert (refused["not_allocated"], refused["errors"][0]["field"]) == (usd("60.00"), "allocations")
    assert refused["detail"].startswith("60.00 USD is not allocated")
    assert await desk.outstanding(invoice) == "100.00"
    good(await desk.pay("100.00", allocations=allocations, allow_overpayment=True), 201)
    assert (await desk.outstanding(invoice), await desk.credit()) == ("60.00", "60.00")
