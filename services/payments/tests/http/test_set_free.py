"""What is set free on an invoice is the credit of whoever's it was before it settled (PAY-21, INV-9)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.payments import AllocationReleased, CreditApplied
from insurers_told import DELTA, Claims
from payments_desk import FrontDesk, good, usd

CHILD = new_id()


async def held(desk: FrontDesk, *others: UUID) -> list[str]:
    """The parent's credit and the child's, and that of others."""
    await desk.prove()
    return [await desk.credit(id_) for id_ in (desk.patient_id, CHILD, *others)]


async def childs(desk: FrontDesk, total: str = "100.00") -> UUID:
    return await desk.invoice(total, patient_id=CHILD)


async def give(desk: FrontDesk, giver: UUID, taker: UUID, amount: str) -> None:
    body = {"to_patient_id": str(taker), "amount": usd(amount), "reason": "family"}
    good(await desk.client.post(f"/v1/patients/{giver}/credit/transfers", json=body), 201)


async def apply(desk: FrontDesk, patient: UUID, invoice: UUID, amount: str) -> dict[str, Any]:
    body = {"allocations": [{"invoice_id": str(invoice), "amount": usd(amount)}], "reason": "as agreed"}
    return good(await desk.client.post(f"/v1/patients/{patient}/credit/applications", json=body), 201)


async def noted(desk: FrontDesk, invoice: UUID, amount: str) -> None:
    await desk.harness.deliver(desk.credit_note(invoice, amount, patient_id=CHILD))


async def asked_more(desk: FrontDesk, invoice: UUID, amount: str) -> None:
    note = desk.debit_note(invoice, amount).model_copy(update={"patient_id": CHILD})
    await desk.harness.deliver(note)


async def undo(desk: FrontDesk, *ids: str) -> None:
    body = {"transaction_ids": list(ids), "reason": "a mistake"}
    good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)


@pytest.mark.rule("PAY-21.3")
async def test_a_parents_payment_for_a_child_is_the_parents_credit_once_it_is_set_free(desk: FrontDesk) -> None:
    """In both accounts: the child's invoice asks for less and is settled by less, the parent has the credit."""
    invoice = await childs(desk)
    await desk.paid("100.00", invoice)
    await noted(desk, invoice, "30.00")
    assert await held(desk) == ["30.00", "0.00"]
    (event,) = await desk.events(AllocationReleased)
    assert (event.patient_id, event.patient_credit_change.amount, event.patient_credit_balance.amount) == (
        desk.patient_id,
        "30.00",
        "30.00",
    )
    assert [(settlement.invoice_id, settlement.change.amount) for settlement in event.settlements] == [
        (invoice, "-30.00")
    ]
    own, childs_lines = await desk.account(), await desk.account(CHILD)
    assert [(one["kind"], one["change"]) for one in own] == [("payment", usd("0.00")), ("release", usd("-30.00"))]
    kinds = [(line["kind"], line["change"]["amount"]) for line in childs_lines]
    assert kinds == [("invoice", "100.00"), ("payment", "-100.00"), ("credit_note", "-30.00"), ("release", "30.00")]
    assert childs_lines[-1]["balance"] == usd("0.00")


async def of_its_own(desk: FrontDesk, invoice: UUID) -> None:
    await desk.paid("60.00", invoice)


async def applied_by_the_parent(desk: FrontDesk, invoice: UUID) -> None:
    await desk.paid("60.00")
    await apply(desk, desk.patient_id, invoice, "60.00")


async def moved_there(desk: FrontDesk, invoice: UUID) -> None:
    other = await desk.invoice("60.00")
    payment = await desk.paid("60.00", other)
    body = {"from": {"invoice_id": str(other)}, "to": {"invoice_id": str(invoice)}, "reason": "for the child"}
    good(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 201)


Step = Callable[[FrontDesk, UUID], Awaitable[None]]


async def voided(desk: FrontDesk, invoice: UUID) -> None:
    await desk.harness.deliver(desk.voided(invoice, patient_id=CHILD))


async def credited(desk: FrontDesk, invoice: UUID) -> None:
    await noted(desk, invoice, "100.00")


async def written_off_by_contract(desk: FrontDesk, invoice: UUID) -> None:
    claims = Claims(desk)
    note = claims.written_off(invoice, "100.00").model_copy(update={"patient_id": CHILD})
    await desk.harness.deliver(note, claims.applied(invoice, "0.00", "0.00", patient_id=CHILD))


@pytest.mark.rule("PAY-21.3")
@pytest.mark.parametrize("freed", [voided, credited, written_off_by_contract])
@pytest.mark.parametrize("paid", [of_its_own, applied_by_the_parent, moved_there])
async def test_so_it_is_however_it_came_and_whatever_sets_it_free(desk: FrontDesk, paid: Step, freed: Step) -> None:
    invoice = await childs(desk)
    await paid(desk, invoice)
    await freed(desk, invoice)
    assert await held(desk) == ["60.00", "0.00"]


@pytest.mark.rule("PAY-21.3")
async def test_what_was_given_to_the_child_stays_the_childs(desk: FrontDesk) -> None:
    """Of one payment: what the parent paid on the invoice, and of what was left over the gift that the child had."""
    invoice, other = await childs(desk), await childs(desk, "20.00")
    await desk.paid("140.00", invoice, allow_overpayment=True)
    await give(desk, desk.patient_id, CHILD, "30.00")
    await apply(desk, CHILD, other, "20.00")
    await noted(desk, other, "20.00")
    assert await held(desk) == ["10.00", "30.00"]
    await asked_more(desk, invoice, "25.00")
    assert await held(desk) == ["0.00", "30.00"]
    assert await desk.outstanding(invoice) == "15.00"


async def test_of_one_payment_each_gets_its_own_the_latest_first(desk: FrontDesk) -> None:
    invoice = await childs(desk)
    wish = {"invoice_id": str(invoice), "amount": usd("60.00")}
    await desk.paid("100.00", allocations=[wish], allow_overpayment=True)
    await give(desk, desk.patient_id, CHILD, "40.00")
    await apply(desk, CHILD, invoice, "40.00")
    await noted(desk, invoice, "50.00")
    assert await held(desk) == ["10.00", "40.00"]
    assert [
        (event.patient_id, event.patient_credit_change.amount) for event in await desk.events(AllocationReleased)
    ] == [
        (CHILD, "40.00"),
        (desk.patient_id, "10.00"),
    ]
    await asked_more(desk, invoice, "45.00")
    assert await held(desk) == ["5.00", "0.00"]
    assert {(event.patient_id, event.amount.amount) for event in (await desk.events(CreditApplied))[1:]} == {
        (CHILD, "40.00"),
        (desk.patient_id, "5.00"),
    }


async def test_what_others_hold_of_it_for_something_else_does_not_settle_it(desk: FrontDesk) -> None:
    """PAY-22: the child spent what was set free; what the parent holds of the same payment was not given for it."""
    invoice = await childs(desk)
    await desk.paid("100.00")
    await give(desk, desk.patient_id, CHILD, "40.00")
    await apply(desk, CHILD, invoice, "40.00")
    await noted(desk, invoice, "100.00")
    body = {"amount": usd("40.00"), "reason": "moves away"}
    good(await desk.client.post(f"/v1/patients/{CHILD}/credit/withdrawals", json=body), 201)
    await asked_more(desk, invoice, "40.00")
    assert await held(desk) == ["60.00", "0.00"]
    assert await desk.outstanding(invoice) == "40.00"


async def insurer_decides(desk: FrontDesk, invoice: UUID) -> None:
    decided = Claims(desk).by(invoice, {"Delta Dental": "70.00"}, "30.00").model_copy(update={"patient_id": CHILD})
    await desk.harness.deliver(decided)


async def insurer_pays(desk: FrontDesk, invoice: UUID) -> None:
    part = {"patient_id": str(CHILD), "amount": usd("70.00"), "allocations": [{"invoice_id": str(invoice)}]}
    body = {"insurer": DELTA, "amount": usd("70.00"), "external_reference": f"ERA {new_id()}", "payments": [part]}
    good(await desk.client.post("/v1/remittances", json=body | {"allow_overpayment": True}), 201)


async def parent_pays(desk: FrontDesk, invoice: UUID) -> None:
    await desk.paid("100.00", invoice, allow_overpayment=True)


@pytest.mark.parametrize(
    "order",
    [
        (insurer_decides, insurer_pays, parent_pays),
        (insurer_decides, parent_pays, insurer_pays),
        (parent_pays, insurer_decides, insurer_pays),
        (parent_pays, insurer_pays, insurer_decides),
        (insurer_pays, parent_pays, insurer_decides),
        (insurer_pays, insurer_decides, parent_pays),
    ],
)
async def test_what_an_insurer_pays_frees_the_parents_money_in_any_order(desk: FrontDesk, order: list[Step]) -> None:
    """INS-4."""
    invoice = await childs(desk)
    for step in order:
        await step(desk, invoice)
    assert await held(desk) == ["70.00", "0.00"]
    assert await desk.outstanding(invoice) == "0.00"


async def test_what_an_insurer_paid_in_anothers_name_is_found_for_the_invoice_it_was_for(desk: FrontDesk) -> None:
    """INS-4, INS-5: it is held where it was paid, whoever's the invoice is, and settles its part once it is decided."""
    invoice = await childs(desk)
    await desk.paid("100.00", invoice, payer={"kind": "insurer", **DELTA}, method="insurance")
    claims = Claims(desk)
    for paid, patient, left in (("30.00", "70.00", "70.00"), ("80.00", "20.00", "20.00"), ("0.00", "100.00", "100.00")):
        told = claims.by(invoice, {"Delta Dental": paid}, patient).model_copy(update={"patient_id": CHILD})
        await desk.harness.deliver(told)
        assert await desk.outstanding(invoice) == left
        await desk.prove()
    shown = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/credit"))["insurers"]
    assert [one["balance"] for one in shown] == [usd("100.00")]


async def test_afterwards_the_parents_payment_is_refunded_and_cancelled_like_any(desk: FrontDesk) -> None:
    """PAY-4, PAY-5: nothing of it is another patient's any more."""
    invoice, other = await childs(desk), await childs(desk)
    first, second = await desk.paid("100.00", invoice), await desk.paid("100.00", other)
    await noted(desk, invoice, "30.00")
    await noted(desk, other, "30.00")
    assert (await desk.payment(first["id"]))["refundable"] == usd("100.00")
    refund = good(await desk.refund(first["id"], "30.00", "overpayment"), 201)
    good(await desk.cancel(second["id"]), 201)
    assert await held(desk) == ["0.00", "0.00"]
    assert await desk.outstanding(other) == "70.00"
    good(await desk.cancel_refund(refund["id"]), 201)
    assert await held(desk) == ["30.00", "0.00"]


@pytest.mark.parametrize("selected", [False, True])
async def test_a_refund_that_is_cancelled_gives_each_what_finds_no_room_again(desk: FrontDesk, selected: bool) -> None:
    """PAY-5, PAY-21: the invoice was void by then; of the 70 refunded 40 had been the child's."""
    invoice = await childs(desk)
    wish = {"invoice_id": str(invoice), "amount": usd("60.00")}
    payment = await desk.paid("100.00", allocations=[wish], allow_overpayment=True)
    await give(desk, desk.patient_id, CHILD, "40.00")
    await apply(desk, CHILD, invoice, "40.00")
    refund = good(await desk.refund(payment["id"], "70.00"), 201)
    await voided(desk, invoice)
    assert await held(desk) == ["30.00", "0.00"]
    if selected:
        await undo(desk, refund["id"])
    else:
        good(await desk.cancel_refund(refund["id"]), 201)
    assert await held(desk) == ["60.00", "40.00"]


@pytest.mark.parametrize("_round", range(3))
async def test_set_free_for_both_of_two_families_at_once(desk: FrontDesk, _round: int) -> None:
    """PAY-11: whose credit it becomes is locked in one order, whatever else is done with it at that moment."""
    one, other = await childs(desk), await desk.invoice("100.00")
    await desk.paid("100.00", one)
    await desk.paid("100.00", other, patient_id=str(CHILD))
    await desk.paid("20.00")
    await desk.paid("20.00", patient_id=str(CHILD))
    await asyncio.gather(
        noted(desk, one, "50.00"),
        desk.harness.deliver(desk.credit_note(other, "50.00")),
        give(desk, desk.patient_id, CHILD, "10.00"),
        give(desk, CHILD, desk.patient_id, "10.00"),
    )
    assert await held(desk) == ["70.00", "70.00"]
