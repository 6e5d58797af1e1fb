"""Money that was given for an invoice settles it once it asks for more; credit from elsewhere does not (PAY-22)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.patients import PatientMerged
from contracts.payments import CreditApplied
from insurers_told import DELTA, Claims, transfer
from payments.persistence import payments as locked_payments
from payments_desk import FrontDesk, cents, good, usd

LATE_FEE = "40.00"


async def fee(desk: FrontDesk, invoice: UUID, amount: str = LATE_FEE) -> None:
    await desk.harness.deliver(desk.debit_note(invoice, amount))


async def overpaid(desk: FrontDesk, amount: str, invoice: UUID, **more: Any) -> dict[str, Any]:
    return await desk.paid(amount, invoice, allow_overpayment=True, **more)


async def standing(desk: FrontDesk, invoice: UUID) -> tuple[str, str]:
    """What the invoice asks for, and the patient's credit."""
    await desk.prove()
    return await desk.outstanding(invoice), await desk.credit()


async def use(desk: FrontDesk, action: str, **body: object) -> dict[str, Any]:
    path = f"/v1/patients/{desk.patient_id}/credit/{action}"
    return good(await desk.client.post(path, json={"reason": "as agreed"} | body), 201)


async def undo(desk: FrontDesk, *ids: str) -> dict[str, Any]:
    body = {"transaction_ids": list(ids), "reason": "a mistake"}
    return good(await desk.client.post("/v1/transactions/cancellations", json=body), 201)


async def move(desk: FrontDesk, payment: dict[str, Any], source: UUID, target: UUID | None) -> dict[str, Any]:
    body: dict[str, Any] = {"from": {"invoice_id": str(source)}, "reason": "it was for another"}
    body["to"] = {"invoice_id": str(target)} if target else None
    return good(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 201)


@pytest.mark.rule("PAY-22.1")
async def test_what_a_payment_left_over_settles_its_invoice_once_it_asks_for_more(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    await overpaid(desk, "140.00", invoice)
    note = desk.debit_note(invoice, "25.00")
    await desk.harness.deliver(note)
    await desk.harness.deliver(note)
    assert await standing(desk, invoice) == ("0.00", "15.00")
    await fee(desk, invoice)
    assert await standing(desk, invoice) == ("25.00", "0.00")
    first, second = await desk.events(CreditApplied)
    assert [one.amount.amount for one in (first, second)] == ["25.00", "15.00"]
    assert (first.reason_code, first.settlements[0].outstanding.amount) == ("given_for_invoice", "0.00")


async def test_money_that_an_invoice_asked_nothing_of_is_given_for_it_all_the_same(desk: FrontDesk) -> None:
    """Denied and written off, paid by the patient, then paid by the insurer on a new claim."""
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.written_off(invoice, "100.00"), claims.applied(invoice, "0.00", "0.00"))
    await overpaid(desk, "40.00", invoice)
    assert await standing(desk, invoice) == ("0.00", "40.00")
    await desk.harness.deliver(desk.debit_note(invoice, "90.00"), claims.applied(invoice, "50.00", "40.00"))
    assert await standing(desk, invoice) == ("50.00", "0.00")
    await transfer(desk, "50.00", invoice)
    assert await standing(desk, invoice) == ("0.00", "0.00")


@pytest.mark.rule("PAY-22.1")
async def test_what_a_note_set_free_settles_it_once_the_note_is_undone(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    note = desk.credit_note(invoice, "30.00")
    await desk.harness.deliver(note)
    assert await standing(desk, invoice) == ("0.00", "30.00")
    undone = desk.debit_note(invoice, "30.00").model_copy(
        update={"kind": "undo_credit_note", "undoes_id": note.credit_note_id}
    )
    await desk.harness.deliver(undone)
    assert await standing(desk, invoice) == ("0.00", "0.00")


@pytest.mark.rule("PAY-22.2")
async def test_an_insurer_that_decides_to_pay_nothing_leaves_no_one_dunned_for_what_they_gave(desk: FrontDesk) -> None:
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice, payer={"kind": "insurer", **DELTA}, method="insurance")
    await overpaid(desk, "40.00", invoice)
    assert await standing(desk, invoice) == ("0.00", "40.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "0.00"}, "100.00"))
    assert await standing(desk, invoice) == ("60.00", "0.00")


Step = Callable[[FrontDesk, dict[str, Any], UUID], Awaitable[Any]]


async def cancelled(desk: FrontDesk, payment: dict[str, Any], _: UUID) -> None:
    good(await desk.cancel(payment["id"]), 201)


async def cancelled_with_others(desk: FrontDesk, payment: dict[str, Any], _: UUID) -> None:
    await undo(desk, payment["id"], (await desk.paid("5.00"))["id"])


async def bounced(desk: FrontDesk, payment: dict[str, Any], _: UUID) -> None:
    good(await desk.charge_back(payment["id"]), 201)


async def moved_to_credit(desk: FrontDesk, payment: dict[str, Any], invoice: UUID) -> None:
    await move(desk, payment, invoice, None)
    good(await desk.refund(payment["id"], "100.00", "overpayment"), 201)


@pytest.mark.rule("PAY-22.1", "PAY-22.2")
@pytest.mark.parametrize("step", [cancelled, cancelled_with_others, bounced, moved_to_credit])
async def test_what_another_payment_does_not_settle_any_more_is_settled_by_what_was_given(
    desk: FrontDesk, step: Step
) -> None:
    """Booked twice, and the first time undone: as if it had been booked once (PAY-5, PAY-6, PAY-13)."""
    invoice = await desk.invoice("100.00")
    first = await desk.paid("100.00", invoice, method="check")
    await overpaid(desk, "90.00", invoice)
    await step(desk, first, invoice)
    assert await standing(desk, invoice) == ("10.00", "0.00")


async def deposited(desk: FrontDesk, invoice: UUID) -> None:
    await desk.paid("40.00")


async def of_another_invoice(desk: FrontDesk, invoice: UUID) -> None:
    await overpaid(desk, "50.00", await desk.invoice("10.00"))


async def for_an_amount(desk: FrontDesk, invoice: UUID) -> None:
    body = {"allocations": [{"invoice_id": str(invoice), "amount": usd("1.00")}], "allow_overpayment": True}
    await fee(desk, invoice, "1.00")
    await desk.paid("41.00", **body)


async def moved_away(desk: FrontDesk, invoice: UUID) -> None:
    await fee(desk, invoice, "10.00")
    payment = await overpaid(desk, "40.00", invoice)
    await move(desk, payment, invoice, None)
    await desk.harness.deliver(desk.credit_note(invoice, "10.00"))


async def applied_and_taken_off_again(desk: FrontDesk, invoice: UUID) -> None:
    await overpaid(desk, "40.00", invoice)
    await fee(desk, invoice)
    (one,) = await desk.events(CreditApplied)
    await undo(desk, str(one.transaction_id))
    await desk.harness.deliver(desk.credit_note(invoice, "40.00"))


@pytest.mark.rule("PAY-22.3")
@pytest.mark.parametrize(
    "credit", [deposited, of_another_invoice, for_an_amount, moved_away, applied_and_taken_off_again]
)
async def test_credit_that_was_not_given_for_it_or_a_person_took_off_stays_credit(
    desk: FrontDesk, credit: Callable[[FrontDesk, UUID], Awaitable[None]]
) -> None:
    invoice = await desk.invoice("100.00")
    await desk.paid("100.00", invoice)
    await credit(desk, invoice)
    assert await standing(desk, invoice) == ("0.00", "40.00")
    await fee(desk, invoice)
    assert await standing(desk, invoice) == ("40.00", "40.00")


async def test_a_move_undone_makes_it_given_again(desk: FrontDesk) -> None:
    invoice = await desk.invoice("10.00")
    payment = await overpaid(desk, "40.00", invoice)
    made = await move(desk, payment, invoice, None)
    await undo(desk, made["id"])
    await fee(desk, invoice)
    assert await standing(desk, invoice) == ("10.00", "0.00")


@pytest.mark.rule("PAY-22.4")
async def test_what_was_withdrawn_spent_or_handed_over_is_not_there_any_more(desk: FrontDesk) -> None:
    invoice, other = await desk.invoice("100.00"), await desk.invoice("10.00")
    await overpaid(desk, "140.00", invoice)
    await use(desk, "withdrawals", amount=usd("12.00"), method="cash", reason_code="overpayment")
    await use(desk, "transfers", amount=usd("8.00"), to_patient_id=str(new_id()))
    await use(desk, "applications", allocations=[{"invoice_id": str(other)}])
    await fee(desk, invoice)
    assert await standing(desk, invoice) == ("30.00", "0.00")


@pytest.mark.rule("PAY-22.1", "PAY-5.4")
@pytest.mark.parametrize("in_a_selection", [True, False])
async def test_what_was_refunded_settles_what_it_was_given_for_once_the_refund_is_cancelled(
    desk: FrontDesk, *, in_a_selection: bool
) -> None:
    """A note set it free, it was refunded, and the note undone: 30.00 were asked for beside 30.00 of credit."""
    invoice = await desk.invoice("100.00")
    paid = await desk.paid("100.00", invoice)
    note = desk.credit_note(invoice, "30.00")
    await desk.harness.deliver(note)
    refund = good(await desk.refund(paid["id"], "30.00", "overpayment"), 201)
    undone = desk.debit_note(invoice, "30.00").model_copy(
        update={"kind": "undo_credit_note", "undoes_id": note.credit_note_id}
    )
    await desk.harness.deliver(undone)
    assert await standing(desk, invoice) == ("30.00", "0.00")
    await (undo(desk, refund["id"]) if in_a_selection else desk.cancel_refund(refund["id"]))
    assert await standing(desk, invoice) == ("0.00", "0.00")


@pytest.mark.rule("PAY-22.1", "PAY-5.4")
async def test_what_a_payment_left_over_and_was_refunded_settles_its_invoice_once_the_refund_is_cancelled(
    desk: FrontDesk,
) -> None:
    """Nothing of it was ever settled there; a second cancellation is the first again, and settles nothing twice."""
    invoice = await desk.invoice("20.00")
    paid = await desk.paid("50.00", invoice, allow_overpayment=True)
    refund = good(await desk.refund(paid["id"], "30.00", "overpayment"), 201)
    await desk.harness.deliver(desk.debit_note(invoice, "10.00"))
    assert await standing(desk, invoice) == ("10.00", "0.00")
    for _ in range(2):
        await desk.cancel_refund(refund["id"])
        assert await standing(desk, invoice) == ("0.00", "20.00")


async def test_of_several_invoices_the_first_that_asks_has_what_is_left(desk: FrontDesk) -> None:
    first, second = await desk.invoice("10.00"), await desk.invoice("10.00")
    await desk.paid("50.00", first, second, allow_overpayment=True)
    await fee(desk, second, "20.00")
    await fee(desk, first, "20.00")
    assert await standing(desk, second) == ("0.00", "0.00")
    assert await desk.outstanding(first) == "10.00"


async def test_a_parents_payment_for_a_childs_invoice_is_given_for_it(desk: FrontDesk) -> None:
    """PAY-14, PAY-21: what was left over and what was set free is the parent's; both were for that invoice."""
    child = new_id()
    invoice = await desk.invoice("50.00", patient_id=child)
    await overpaid(desk, "60.00", invoice)
    await desk.harness.deliver(desk.credit_note(invoice, "20.00", patient_id=child))
    assert (await desk.credit(), await desk.credit(child)) == ("30.00", "0.00")
    note = desk.debit_note(invoice, "25.00").model_copy(update={"patient_id": child})
    await desk.harness.deliver(note)
    assert await standing(desk, invoice) == ("0.00", "5.00")
    assert await desk.credit(child) == "0.00"


async def test_what_a_merged_record_holds_is_given_for_the_patients_invoice(desk: FrontDesk) -> None:
    """ALL-10: it is gathered first, like of any other use of credit."""
    other = new_id()
    invoice = await desk.invoice("50.00", patient_id=other)
    await overpaid(desk, "80.00", invoice, patient_id=str(other))
    merged = PatientMerged(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        merged_patient_id=other,
        patient_id=desk.patient_id,
    )
    await desk.harness.deliver(merged)
    await desk.harness.deliver(desk.debit_note(invoice, "25.00").model_copy(update={"patient_id": other}))
    assert await standing(desk, invoice) == ("0.00", "5.00")


async def test_another_clinics_invoice_of_the_same_patient_id_takes_nothing(desk: FrontDesk) -> None:
    """ALL-4."""
    elsewhere = FrontDesk(desk.harness)
    elsewhere.patient_id = desk.patient_id
    await elsewhere.configure()
    invoice, theirs = await desk.invoice("100.00"), await elsewhere.invoice("100.00")
    await overpaid(desk, "140.00", invoice)
    await desk.harness.deliver(desk.debit_note(invoice, "10.00"), elsewhere.debit_note(theirs, "10.00"))
    assert await standing(desk, invoice) == ("0.00", "30.00")
    assert await standing(elsewhere, theirs) == ("110.00", "0.00")


@pytest.mark.parametrize("_round", range(5))
async def test_withdrawn_and_asked_for_at_once_it_goes_one_way(desk: FrontDesk, _round: int) -> None:
    """PAY-11."""
    invoice = await desk.invoice("100.00")
    await overpaid(desk, "140.00", invoice)
    path = f"/v1/patients/{desk.patient_id}/credit/withdrawals"
    body = {"amount": usd("40.00"), "method": "cash", "reason_code": "overpayment"}
    answer, _ = await asyncio.gather(desk.client.post(path, json=body), fee(desk, invoice))
    assert answer.status_code in (201, 422), answer.text
    asked, credit = await standing(desk, invoice)
    assert (cents(asked), credit) == (4000 if answer.status_code == 201 else 0, "0.00")


async def by_itself(desk: FrontDesk, payment_id: str, _: UUID) -> None:
    good(await desk.cancel(payment_id), 201)


async def selected(desk: FrontDesk, payment_id: str, _: UUID) -> None:
    await undo(desk, payment_id)


@pytest.mark.parametrize("cancel", [by_itself, selected])
async def test_what_comes_before_all_is_locked_has_it_locked_anew(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch, cancel: Callable[[FrontDesk, str, UUID], Awaitable[None]]
) -> None:
    """PAY-11: it is given up, and tried again, instead of answering that too much is going on."""
    invoice = await desk.invoice("100.00")
    first = await desk.paid("100.00", invoice)
    coming, lock = ["10.00", "20.00", "30.00"], locked_payments.lock

    async def late(connection: Any, wanted: Iterable[UUID]) -> Any:
        if coming:
            await overpaid(desk, coming.pop(), invoice)
        return await lock(connection, wanted)

    monkeypatch.setattr(locked_payments, "lock", late)
    await cancel(desk, first["id"], invoice)
    assert coming == []
    assert await standing(desk, invoice) == ("40.00", "0.00")


async def test_insurers_credit_that_comes_before_all_is_locked_has_a_selection_locked_anew(
    desk: FrontDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """INS-4: the file brings what a clerk had booked, just while the clerk cancels that."""
    claims = Claims(desk)
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(claims.by(invoice, {"Delta Dental": "70.00"}, "30.00"))
    first = await transfer(desk, "70.00", invoice)
    coming, lock = ["70.00"], locked_payments.lock

    async def late(connection: Any, wanted: Iterable[UUID]) -> Any:
        if coming:
            await transfer(desk, coming.pop(), invoice, allow_overpayment=True)
        return await lock(connection, wanted)

    monkeypatch.setattr(locked_payments, "lock", late)
    await undo(desk, first["payments"][0]["id"])
    assert coming == []
    assert await standing(desk, invoice) == ("30.00", "0.00")
