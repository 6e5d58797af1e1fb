"""An insurer's money finds room where the patient had paid the insurer's part, whatever is heard first (INS-4, F02)."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.payments import AllocationReleased, CreditApplied
from insurers_told import DELTA, Claims, credit, transfer
from payments_desk import FrontDesk, cents, good, problem


@pytest.fixture
def claims(desk: FrontDesk) -> Claims:
    return Claims(desk)


async def settled_by_insurer(desk: FrontDesk, made: dict[str, Any]) -> list[tuple[str, str]]:
    found = await desk.payment(made["payments"][0]["id"])
    return [(allocation["invoice_id"], allocation["amount"]["amount"]) for allocation in found["allocations"]]


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


async def test_two_invoices_take_each_its_adjudicated_part(desk: FrontDesk, claims: Claims) -> None:
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


@pytest.mark.parametrize("came", ["patient first", "insurer first"])
@pytest.mark.parametrize("by", ["transfer", "payment"])
@pytest.mark.parametrize("kind", ["courtesy", "price_correction"])
async def test_what_the_patient_is_forgiven_is_the_patients_whoever_paid_last(
    desk: FrontDesk, claims: Claims, came: str, by: str, kind: str
) -> None:
    """INS-4: the insurer paid just what it decided to pay; "the latest payment first" gave it the patient's 10."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00"))
    for one in ("patient", "insurer") if came == "patient first" else ("insurer", "patient"):
        if one == "patient":
            await desk.paid("10.00", invoice)
        elif by == "transfer":
            await transfer(desk, "70.00", invoice)
        else:
            await desk.paid("70.00", invoice, payer={"kind": "insurer", **DELTA}, method="insurance")
    note = desk.credit_note(invoice, "10.00").model_copy(update={"kind": kind})
    await desk.harness.deliver(note)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("10.00", []))
    await desk.prove()


async def test_a_late_fee_undone_after_the_insurers_money_is_the_patients(desk: FrontDesk, claims: Claims) -> None:
    """INS-4, PAY-22."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00"))
    fee = desk.debit_note(invoice, "15.00")
    await desk.harness.deliver(fee)
    await desk.paid("25.00", invoice)
    await transfer(desk, "70.00", invoice)
    undone = desk.credit_note(invoice, "15.00").model_copy(
        update={"kind": "undo_debit_note", "undoes_id": fee.debit_note_id}
    )
    await desk.harness.deliver(undone)
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("15.00", []))
    await desk.prove()


@pytest.mark.parametrize("order", list(permutations(("decision", "transfer", "courtesy"))))
async def test_a_patient_who_paid_all_and_is_forgiven_has_all_of_it_in_every_order(
    desk: FrontDesk, claims: Claims, order: Sequence[str]
) -> None:
    """INS-4: 100 paid, 20 written off, 70 paid by the insurer, 10 forgiven."""
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    for one in order:
        if one == "decision":
            await desk.harness.deliver(claims.written_off(invoice, "20.00"), claims.applied(invoice, "70.00", "10.00"))
        elif one == "transfer":
            await transfer(desk, "70.00", invoice, allow_overpayment=True)
        else:
            await desk.harness.deliver(desk.credit_note(invoice, "10.00"))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("100.00", []))
    await desk.prove()


@pytest.mark.rule("INS-4.7", "PAY-22.1")
@pytest.mark.parametrize("paid_before", [True, False])
async def test_a_courtesy_undone_has_the_insurers_money_settle_its_part_again_before_the_patients(
    desk: FrontDesk, claims: Claims, paid_before: bool
) -> None:
    """Decided 50, the patient's 50; a courtesy of all; 50 and 50 came before or after it; it was a mistake."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "50.00"}, "50.00"))
    courtesy = desk.credit_note(invoice, "100.00")
    if not paid_before:
        await desk.harness.deliver(courtesy)
    await desk.paid("50.00", invoice, allow_overpayment=True)
    made = await transfer(desk, "50.00", invoice, allow_overpayment=True)
    if paid_before:
        await desk.harness.deliver(courtesy)
    assert await credit(desk) == ("50.00", ["50.00"])
    undone = desk.debit_note(invoice, "100.00").model_copy(update={"undoes_id": courtesy.credit_note_id})
    await desk.harness.deliver(undone.model_copy(update={"kind": "undo_credit_note"}))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("0.00", []))
    assert await settled_by_insurer(desk, made) == [(str(invoice), "50.00")]
    await desk.prove()


@pytest.mark.rule("INS-4.7", "PAY-22.1", "PAY-5.4")
@pytest.mark.parametrize("settled_first", [True, False])
async def test_what_was_refunded_to_an_insurer_settles_its_part_once_the_refund_is_cancelled(
    desk: FrontDesk, claims: Claims, *, settled_first: bool
) -> None:
    """Decided 50; a courtesy of all made the 50 that came credit, before or after; refunded, and all a mistake."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "50.00"}, "50.00"))
    courtesy = desk.credit_note(invoice, "100.00")
    if not settled_first:
        await desk.harness.deliver(courtesy)
    made = await transfer(desk, "50.00", invoice, allow_overpayment=True)
    if settled_first:
        await desk.harness.deliver(courtesy)
    refund = good(await desk.refund(made["payments"][0]["id"], "50.00", "overpayment"), 201)
    undone = desk.debit_note(invoice, "100.00").model_copy(update={"undoes_id": courtesy.credit_note_id})
    await desk.harness.deliver(undone.model_copy(update={"kind": "undo_credit_note"}))
    assert (await desk.outstanding(invoice), await credit(desk)) == ("100.00", ("0.00", []))
    for _ in range(2):
        await desk.cancel_refund(refund["id"])
        assert (await desk.outstanding(invoice), await credit(desk)) == ("50.00", ("0.00", []))
        assert await settled_by_insurer(desk, made) == [(str(invoice), "50.00")]
    await desk.prove()


@pytest.mark.rule("INS-3.5", "INS-4.7")
async def test_of_a_deferred_write_off_the_patients_money_makes_way_as_the_insurers_part_was_heard_before(
    desk: FrontDesk, claims: Claims
) -> None:
    """Decided 30, 40 taken off, 30 the patient's; 30 and 70 settle it; the 40 are written off only now."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "30.00"}, "30.00"))
    await desk.paid("70.00", invoice)
    made = await transfer(desk, "30.00", invoice)
    deferred = claims.written_off(invoice, "40.00").model_copy(update={"purpose": "deferred_write_off"})
    await desk.harness.deliver(deferred)
    assert await settled_by_insurer(desk, made) == [(str(invoice), "30.00")]
    assert (await desk.outstanding(invoice), await credit(desk)) == ("0.00", ("40.00", []))
    await desk.prove()
