"""Two records of the register are one patient: account, credit and limits of both are found by either (`ALL-10`)."""

from __future__ import annotations

from datetime import timedelta
from itertools import permutations
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.patients import PatientMerged
from contracts.payments import CreditApplied, CreditTransferred, PaymentRefunded
from payments_desk import FrontDesk, good, usd


def merged(desk: FrontDesk, record: UUID, into: UUID, *, minute: int = 0) -> PatientMerged:
    return PatientMerged(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now() + timedelta(minutes=minute),
        patient_id=into,
        merged_patient_id=record,
    )


async def apply_credit(desk: FrontDesk, patient_id: UUID, amount: str, *invoices: UUID) -> dict[str, object]:
    body = {
        "amount": usd(amount),
        "reason": "as asked",
        "allocations": [{"invoice_id": str(invoice_id)} for invoice_id in invoices],
    }
    answer: dict[str, object] = good(
        await desk.client.post(f"/v1/patients/{patient_id}/credit/applications", json=body), 201
    )
    return answer


@pytest.mark.rule("ALL-10.1")
async def test_either_record_has_the_account_of_both(desk: FrontDesk) -> None:
    """ALL-10, PAY-9."""
    other = new_id()
    mine, theirs = await desk.invoice("100.00"), await desk.invoice("40.00", patient_id=other)
    await desk.paid("30.00", mine)
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    await desk.paid("15.00", theirs, patient_id=str(other))
    pages = [
        good(await desk.client.get(f"/v1/patients/{id_}/account", params={"limit": "3"}))
        for id_ in (desk.patient_id, other)
    ]
    assert [page["patient_id"] for page in pages] == [str(desk.patient_id)] * 2
    assert [page["items"] for page in pages] == [pages[0]["items"]] * 2
    lines = await desk.account(other)
    assert [line["kind"] for line in lines] == ["invoice", "invoice", "payment", "payment"]
    assert [line["balance"]["amount"] for line in lines] == ["100.00", "140.00", "110.00", "95.00"]
    assert await desk.account(other, order="newest_first") == lines[::-1]
    statement = good(await desk.client.get(f"/v1/patients/{other}/statement"))
    assert statement["patient_id"] == str(desk.patient_id)
    assert statement["closing_balance"] == usd("95.00")
    csv = (await desk.client.get(f"/v1/patients/{other}/account.csv")).text
    assert csv == (await desk.client.get(f"/v1/patients/{desk.patient_id}/account.csv")).text
    assert len(csv.splitlines()) == len(lines) + 1
    found = good(await desk.client.get("/v1/payments", params={"patient_id": str(other)}))["items"]
    assert [one["amount"]["amount"] for one in found] == ["15.00", "30.00"]


@pytest.mark.rule("ALL-10.1")
async def test_credit_of_both_is_one_and_is_gathered_when_it_is_needed(desk: FrontDesk) -> None:
    """ALL-10, PAY-3, PAY-12."""
    other = new_id()
    await desk.paid("20.00")
    await desk.paid("50.00", patient_id=str(other))
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    assert [await desk.credit(id_) for id_ in (desk.patient_id, other)] == ["70.00", "70.00"]
    invoice = await desk.invoice("65.00", patient_id=other)
    applied = await apply_credit(desk, other, "65.00", invoice)
    assert applied["patient_id"] == str(desk.patient_id)
    assert applied["patient_credit_change"] == usd("-65.00")
    assert [await desk.credit(id_) for id_ in (desk.patient_id, other)] == ["5.00", "5.00"]
    assert await desk.outstanding(invoice) == "0.00"
    assert (await desk.account())[-1]["balance"] == usd("-5.00")
    out, into = await desk.events(CreditTransferred)
    assert (out.patient_id, into.patient_id, out.reason_code) == (other, desk.patient_id, "records_merged")
    assert [one.patient_credit_balance.amount for one in (out, into)] == ["20.00", "70.00"]
    (told,) = await desk.events(CreditApplied)
    assert told.patient_credit_balance.amount == "5.00"


async def test_what_the_patient_paid_under_either_record_is_theirs_to_have_refunded(desk: FrontDesk) -> None:
    """ALL-10, PAY-21."""
    other = new_id()
    payment = await desk.paid("50.00", patient_id=str(other))
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    invoice = await desk.invoice("10.00")
    await apply_credit(desk, desk.patient_id, "10.00", invoice)
    refund = good(await desk.refund(payment["id"], "40.00", reason_code="overpayment"), 201)
    assert await desk.credit(other) == "0.00"
    (told,) = await desk.events(PaymentRefunded)
    assert refund["patient_credit_change"] == usd("-40.00")
    assert (told.patient_credit_change.amount, told.patient_credit_balance.amount) == ("-40.00", "0.00")
    good(await desk.cancel_refund(refund["id"]), 201)
    assert await desk.credit(other) == "40.00"


async def test_credit_is_withdrawn_whole_and_not_transferred_to_oneself(desk: FrontDesk) -> None:
    """ALL-10, PAY-3."""
    other, third = new_id(), new_id()
    await desk.paid("20.00")
    await desk.paid("50.00", patient_id=str(other))
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    body = {"to_patient_id": str(other), "amount": usd("1.00"), "reason": "as asked"}
    refused = await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body)
    assert refused.status_code == 422, refused.text
    body |= {"to_patient_id": str(third), "amount": usd("60.00")}
    good(await desk.client.post(f"/v1/patients/{other}/credit/transfers", json=body), 201)
    assert await desk.credit(third) == "60.00"
    body = {"amount": usd("10.00"), "reason_code": "goodwill", "reason": "as asked"}
    good(await desk.client.post(f"/v1/patients/{other}/credit/withdrawals", json=body), 201)
    assert await desk.credit() == "0.00"


@pytest.mark.rule("ALL-10.1")
async def test_what_goes_back_to_one_patient_in_a_day_counts_under_either_record(desk: FrontDesk) -> None:
    """ALL-10, ALL-5."""
    other = new_id()
    first, second = await desk.paid("80.00"), await desk.paid("80.00", patient_id=str(other))
    await desk.limit_refunds("100.00")
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    good(await desk.refund(first["id"], "80.00"), 201)
    assert (await desk.refund(second["id"], "80.00")).status_code == 202


@pytest.mark.rule("ALL-10.4")
async def test_it_comes_out_the_same_in_any_order_and_twice(desk: FrontDesk) -> None:
    """ALL-10, ALL-7: chains, and what is said of a record again."""
    for order in permutations(range(3)):
        a, b, c = new_id(), new_id(), new_id()
        await desk.paid("1.00", patient_id=str(a))
        told = [merged(desk, a, b), merged(desk, b, c, minute=1), merged(desk, c, c, minute=2)]
        for one in order:
            await desk.harness.deliver(told[one])
        await desk.harness.deliver(*told)
        answers = [good(await desk.client.get(f"/v1/patients/{id_}/credit")) for id_ in (a, b, c)]
        assert [(answer["patient_id"], answer["balance"]["amount"]) for answer in answers] == [(str(c), "1.00")] * 3


@pytest.mark.rule("ALL-10.3")
async def test_a_merge_can_be_taken_back(desk: FrontDesk) -> None:
    """ALL-10: nothing was rewritten, so both are as they would be without it."""
    other = new_id()
    await desk.paid("50.00", patient_id=str(other))
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    assert await desk.credit() == "50.00"
    await desk.harness.deliver(merged(desk, other, other, minute=1))
    assert [await desk.credit(id_) for id_ in (desk.patient_id, other)] == ["0.00", "50.00"]


@pytest.mark.rule("ALL-10.5")
async def test_of_another_clinic_the_same_records_stay_two(desk: FrontDesk) -> None:
    """ALL-10, ALL-4."""
    elsewhere, other = FrontDesk(desk.harness), new_id()
    await elsewhere.configure()
    await elsewhere.paid("50.00", patient_id=str(other))
    await desk.harness.deliver(merged(desk, other, desk.patient_id))
    try:
        assert await elsewhere.credit(desk.patient_id) == "0.00"
        assert await elsewhere.credit(other) == "50.00"
        await elsewhere.prove()
    finally:
        await elsewhere.client.aclose()
