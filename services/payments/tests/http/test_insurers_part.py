"""An insurer's money finds room where the patient had paid the insurer's part, whatever is heard first (INS-4, F02)."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied, Shares
from contracts.invoicing import InvoiceCredited
from contracts.payments import AllocationReleased, CreditApplied
from front_desk import FrontDesk, cents, good, problem, usd

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


@pytest.fixture
def claims(desk: FrontDesk) -> Claims:
    return Claims(desk)


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
    return found["balance"]["amount"], [one["balance"]["amount"] for one in found["insurers"]]


async def settled_by_insurer(desk: FrontDesk, made: dict[str, Any]) -> list[tuple[str, str]]:
    found = await desk.payment(made["payments"][0]["id"])
    return [(one["invoice_id"], one["amount"]["amount"]) for one in found["allocations"]]


async def test_what_the_patient_paid_of_the_insurers_part_is_credit_once_the_insurer_pays_it(
    desk: FrontDesk, claims: Claims
) -> None:
    """Paid 40 at the visit; decided 70, 20 written off, 10 the patient's; then the transfer of 70."""
    invoice = await desk.invoice("100.00")
    await desk.paid("40.00", invoice)
    await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00"))
    assert await credit(desk) == ("0.00", [])
    made = await transfer(desk, "70.00", invoice)
    assert await settled_by_insurer(desk, made) == [(str(invoice), "70.00")]
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("30.00", []))
    (released,) = await desk.events(AllocationReleased)
    assert (released.exact_cause, released.patient_credit_change.amount) == ("insurer_paid", "30.00")
    await desk.prove()


async def test_an_insurers_payment_by_itself_finds_the_same_room(desk: FrontDesk, claims: Claims) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    await desk.paid("70.00", invoice, payer={"kind": "insurer", **DELTA}, method="insurance")
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("70.00", []))
    await desk.prove()


@pytest.mark.parametrize("heard", [0, 1, 2])
async def test_the_transfer_may_come_before_note_and_decision_are_heard(
    desk: FrontDesk, claims: Claims, heard: int
) -> None:
    """However far invoicing's events have come, it ends the same."""
    invoice = await desk.invoice("100.00")
    await desk.paid("40.00", invoice)
    events = [claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00")]
    if heard:
        await desk.harness.deliver(*events[:heard])
    made = await transfer(desk, "70.00", invoice, allow_overpayment=True)
    if events[heard:]:
        await desk.harness.deliver(*events[heard:])
    assert await settled_by_insurer(desk, made) == [(str(invoice), "70.00")]
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("30.00", []))
    await desk.prove()


async def test_insurers_credit_that_is_used_for_a_decision_names_the_insurer(desk: FrontDesk, claims: Claims) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    await transfer(desk, "70.00", invoice, allow_overpayment=True)
    assert await credit(desk) == ("0.00", ["70.00"])
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    assert await credit(desk) == ("70.00", [])
    (applied,) = await desk.events(CreditApplied)
    assert (applied.payer.kind, str(applied.payer.payer_id), applied.amount.amount) == (
        "insurer",
        DELTA["payer_id"],
        "70.00",
    )
    await desk.prove()


async def test_what_a_decision_before_had_written_off_is_settled_once_it_is_asked_for_again(
    desk: FrontDesk, claims: Claims
) -> None:
    """Decided 50 of 150, 75 written off; 80 came; then decided 80, 25 of the write-off taken back (F06)."""
    invoice = await desk.invoice("150.00")
    await desk.paid("50.00", invoice, payer={"kind": "insurer", **DELTA}, method="insurance")
    made = await transfer(desk, "30.00", invoice)
    await desk.harness.deliver(claims.written_off(invoice, "75.00"), claims.applied(invoice, "50.00", "25.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("25.00", ("0.00", ["30.00"]))
    await desk.harness.deliver(desk.debit_note(invoice, "25.00"), claims.applied(invoice, "80.00", "20.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("20.00", ("0.00", []))
    assert await settled_by_insurer(desk, made) == [(str(invoice), "30.00")]
    await desk.prove()


BY_DELTA: dict[str, Any] = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance", "allow_overpayment": True}


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


async def test_an_open_transfer_brings_each_invoice_what_was_decided_of_it(desk: FrontDesk, claims: Claims) -> None:
    first, second = await desk.invoice("100.00"), await desk.invoice("50.00")
    await desk.harness.deliver(claims.applied(first, "70.00", "30.00"), claims.applied(second, "20.00", "30.00"))
    await transfer(desk, "90.00", first, second)
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("30.00", "30.00")
    refused = {"insurer": DELTA, "amount": usd("60.01"), "external_reference": "ERA too much"}
    allocations = [{"invoice_id": str(one)} for one in (first, second)]
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
    taken = {"insurer": DELTA, "amount": usd("-70.00"), "external_reference": "ERA back", "payments": []}
    taken["take_backs"] = [{"invoice_id": str(invoice), "amount": usd("70.00")}]
    good(await desk.client.post("/v1/remittances", json=taken), 201)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("30.00", ("0.00", []))
    await desk.prove()


async def test_what_an_insurer_overpaid_says_so(desk: FrontDesk, claims: Claims) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice, **BY_DELTA)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    (released,) = await desk.events(AllocationReleased)
    assert (released.exact_cause, released.patient_credit_change.amount) == ("insurer_overpaid", "30.00")
    assert released.by.reason == f"Delta Dental paid more than it decided to pay of invoice {desk.numbers[invoice]}"


async def test_a_transfer_about_a_denied_claim_settles_it_once_it_is_decided_anew(
    desk: FrontDesk, claims: Claims
) -> None:
    """All of it was written off when the money came; then 70 is decided, 20 stays written off (F05)."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.written_off(invoice, "100.00"), claims.applied(invoice, "0.00", "0.00"))
    await transfer(desk, "70.00", invoice, allow_overpayment=True)
    assert await credit(desk) == ("0.00", ["70.00"])
    await desk.harness.deliver(desk.debit_note(invoice, "80.00"), claims.applied(invoice, "70.00", "10.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("10.00", ("0.00", []))
    await desk.prove()


async def test_what_an_insurer_overpaid_on_one_invoice_does_not_settle_another_that_it_decides_on(
    desk: FrontDesk, claims: Claims
) -> None:
    """Its transfer for that one is still to come, and finds its room."""
    first, second = await desk.invoice("100.00"), await desk.invoice("50.00")
    await transfer(desk, "140.00", first, allow_overpayment=True)
    assert await credit(desk) == ("0.00", ["40.00"])
    await desk.harness.deliver(claims.applied(second, "45.00", "5.00"))
    assert (await desk.outstanding(second), await credit(desk)) == ("50.00", ("0.00", ["40.00"]))
    await transfer(desk, "45.00", second)
    assert (await desk.outstanding(second), await credit(desk)) == ("5.00", ("0.00", ["40.00"]))
    await desk.prove()


async def test_two_invoices_take_each_its_decided_part(desk: FrontDesk, claims: Claims) -> None:
    first, second = await desk.invoice("100.00"), await desk.invoice("50.00")
    await desk.paid("120.00", first, second)
    await desk.harness.deliver(claims.applied(first, "70.00", "30.00"), claims.applied(second, "45.00", "5.00"))
    made = await transfer(desk, "115.00", first, second)
    assert sorted(await settled_by_insurer(desk, made), key=lambda one: one[1]) == [
        (str(second), "45.00"),
        (str(first), "70.00"),
    ]
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("0.00", "0.00")
    assert await credit(desk) == ("85.00", [])
    await desk.prove()


async def test_beyond_what_was_decided_an_insurer_finds_no_room(desk: FrontDesk, claims: Claims) -> None:
    """Nobody's money makes way for more than the decision says; and one told late, of before, changes nothing."""
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    (told,) = await desk.harness.deliver(claims.applied(invoice, "20.00", "80.00"))
    event = claims.applied(invoice, "90.00", "10.00")
    late = replace(told, id=str(new_id()), sequence=told.sequence - 1, data=event.model_dump_json().encode())
    await desk.harness.deliver(late)
    body = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance"}
    refused = problem(await desk.pay("20.01", invoice, **body), 422, "more-than-outstanding")
    assert refused["errors"][0]["field"] == "amount"
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("0.00", []))
    await desk.paid("20.00", invoice, **body)
    await desk.pay("1.00", invoice, **body)
    assert await credit(desk) == ("20.00", [])
    await desk.prove()


async def test_transfers_at_once_make_room_once(desk: FrontDesk, claims: Claims) -> None:
    """PAY-11: two clerks record the insurer's money; together it takes no more than was decided."""
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    await desk.harness.deliver(claims.applied(invoice, "70.00", "30.00"))
    body = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance"}
    answers = await asyncio.gather(*(desk.pay("70.00", invoice, **body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert await credit(desk) == ("70.00", [])
    assert cents(await desk.outstanding(invoice)) == 0
    await desk.prove()
