"""What invoicing announces, in any order and however often (INV-8, INV-9, PAY-4, PAY-11)."""

from __future__ import annotations

import random
from uuid import UUID

import pytest
from chassis.database.machinery import every_clinic
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import AllocationReleased
from payments_desk import FrontDesk, good, problem, usd
from sqlalchemy import text


async def test_invoice_delivered_twice_is_owed_once(desk: FrontDesk) -> None:
    event = desk.issued("40.00")
    delivered = await desk.harness.deliver(event, event)
    await desk.harness.deliver(*delivered)
    assert [line["balance"] for line in await desk.account()] == [usd("40.00")]


async def test_notes_change_what_is_outstanding(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    note = desk.credit_note(invoice, "30.00")
    await desk.harness.deliver(note, note, desk.debit_note(invoice, "5.00"))
    assert await desk.outstanding(invoice) == "75.00"
    assert [line["balance"]["amount"] for line in await desk.account()][-1] == "75.00"


async def test_a_write_off_closes_an_invoice_until_it_is_undone(desk: FrontDesk) -> None:
    """INV-16, as invoicing has it."""

    async def status() -> str:
        found: str = good(await desk.client.get(f"/v1/invoices/{invoice}"))["status"]
        return found

    invoice = await desk.invoice("100.00")
    await desk.paid("40.00", invoice)
    lost = desk.credit_note(invoice, "60.00").model_copy(update={"kind": "write_off"})
    await desk.harness.deliver(lost)
    assert await status() == "written_off"
    back = desk.debit_note(invoice, "60.00")
    await desk.harness.deliver(back.model_copy(update={"kind": "undo_credit_note", "undoes_id": lost.credit_note_id}))
    assert await status() == "partially_paid"
    await desk.harness.deliver(desk.credit_note(invoice, "60.00").model_copy(update={"kind": "contractual_write_off"}))
    assert await status() == "paid"


def lost(desk: FrontDesk, invoice: UUID, total: str) -> InvoiceCredited:
    note = desk.credit_note(invoice, total)
    return note.model_copy(update={"kind": "write_off", "purpose": "bad_debt"})


def recovery(desk: FrontDesk, invoice: UUID, total: str) -> InvoiceDebited:
    note = desk.debit_note(invoice, total)
    return note.model_copy(update={"kind": "correction", "purpose": "bad_debt_recovery"})


@pytest.mark.rule("INV-17.1", "INV-17.2")
async def test_bad_debt_is_paid_although_nothing_is_outstanding(desk: FrontDesk) -> None:
    """INV-17: up to what was written off; invoicing's debit note follows, before or after further payments."""
    invoice = await desk.invoice("100.00")
    await desk.paid("30.00", invoice)
    await desk.harness.deliver(lost(desk, invoice, "70.00"))
    assert await desk.outstanding(invoice) == "0.00"
    problem(await desk.pay("70.01", invoice), 422, "more-than-outstanding")
    await desk.paid("50.00", invoice)
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "0.00")
    await desk.prove()
    problem(await desk.pay("20.01", invoice), 422, "more-than-outstanding")
    await desk.paid("20.00", invoice)
    await desk.harness.deliver(recovery(desk, invoice, "50.00"), recovery(desk, invoice, "20.00"))
    found = good(await desk.client.get(f"/v1/invoices/{invoice}"))
    assert (found["status"], found["settled"], found["outstanding"]) == ("paid", usd("100.00"), usd("0.00"))
    assert await desk.events(AllocationReleased) == []
    assert [line["balance"]["amount"] for line in await desk.account()][-1] == "0.00"
    problem(await desk.pay("0.01", invoice), 422, "more-than-outstanding")


async def test_bad_debt_stands_on_an_account_of_its_own_until_it_is_recovered(desk: FrontDesk) -> None:
    """INV-17: forgiveness is another."""
    invoice = await desk.invoice("100.00")
    await desk.harness.deliver(lost(desk, invoice, "100.00"))
    await desk.paid("40.00", invoice)
    await desk.harness.deliver(recovery(desk, invoice, "40.00"))
    found = good(await desk.client.get("/v1/journal/trial-balance"))
    balances = {account["account"]: account["balance"]["amount"] for account in found["accounts"]}
    assert (balances["bad_debts"], balances.get("write_offs")) == ("60.00", None)


async def test_bad_debt_undone_while_a_payment_of_it_is_on_its_way_leaves_it_paid(desk: FrontDesk) -> None:
    """INV-17: the opposite that invoicing made before it heard of the payment."""
    invoice = await desk.invoice("100.00")
    note = lost(desk, invoice, "100.00")
    await desk.harness.deliver(note)
    await desk.paid("40.00", invoice)
    back = desk.debit_note(invoice, "100.00")
    await desk.harness.deliver(back.model_copy(update={"kind": "undo_credit_note", "undoes_id": note.credit_note_id}))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("60.00", "0.00")


async def test_a_refund_of_all_leaves_an_invoice_credited(desk: FrontDesk) -> None:
    """INV-16: nothing is owed, and nothing was paid."""
    invoice = await desk.invoice("100.00")
    payment = await desk.paid("100.00", invoice)
    await desk.refund(payment["id"], "100.00", reason="goodwill")
    assert good(await desk.client.get(f"/v1/invoices/{invoice}"))["status"] == "credited"


async def test_note_before_its_invoice_waits_for_it(desk: FrontDesk) -> None:
    issued = desk.issued("100.00", patient_id=new_id())
    await desk.harness.deliver(desk.credit_note(issued.invoice_id, "30.00"))
    (letter,) = await desk.harness.set_aside()
    assert letter.state == "waiting"
    await desk.harness.deliver(issued)
    async with desk.harness.database.transaction([], "test") as work, every_clinic(work.connection):
        await work.connection.execute(text("UPDATE dead_letters SET next_attempt_at = now()"))
    assert await desk.harness.retry() == 1
    assert await desk.outstanding(issued.invoice_id) == "70.00"


async def test_credit_note_that_crosses_a_payment_releases_the_surplus(desk: FrontDesk) -> None:
    """INV-9: of the latest payment first."""
    invoice = await desk.invoice("100.00")
    first = await desk.paid("60.00", invoice)
    second = await desk.paid("40.00", invoice)
    await desk.harness.deliver(desk.credit_note(invoice, "50.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "50.00")
    assert (await desk.payment(second["id"]))["unallocated"] == usd("40.00")
    assert (await desk.payment(first["id"]))["unallocated"] == usd("10.00")
    (event,) = await desk.events(AllocationReleased)
    assert event.cause == "invoice_credited"
    assert [settlement.change.amount for settlement in event.settlements] == ["-40.00", "-10.00"]
    assert (event.patient_credit_change.amount, event.patient_credit_balance.amount) == ("50.00", "50.00")


@pytest.mark.rule("PAY-11.2")
async def test_void_that_crosses_a_payment_turns_it_into_credit(desk: FrontDesk) -> None:
    """PAY-11."""
    invoice = await desk.invoice("100.00")
    payment = await desk.paid("60.00", invoice)
    await desk.harness.deliver(desk.voided(invoice))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "60.00")
    assert good(await desk.client.get(f"/v1/invoices/{invoice}"))["status"] == "void"
    (event,) = await desk.events(AllocationReleased)
    assert (event.cause, event.settlements[0].change.amount) == ("invoice_voided", "-60.00")
    good(await desk.cancel(payment["id"]), 201)
    assert await desk.credit() == "0.00"


async def test_credit_note_that_crosses_a_refund_leaves_nothing_negative(desk: FrontDesk) -> None:
    """INV-9, PAY-20: nothing is released that the refund has taken already; undoing the refund makes it good."""
    invoice = await desk.invoice("100.00")
    payment = await desk.paid("100.00", invoice)
    refund = good(await desk.refund(payment["id"], "60.00"), 201)
    await desk.harness.deliver(desk.credit_note(invoice, "50.00"))
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "0.00")
    good(await desk.cancel_refund(refund["id"]), 201)
    assert (await desk.outstanding(invoice), await desk.credit()) == ("0.00", "50.00")


async def test_batch_of_several_clinics_is_followed_as_a_set(desk: FrontDesk) -> None:
    other = FrontDesk(desk.harness)
    await other.configure()
    mine = [desk.issued("10.00") for _ in range(20)]
    theirs = [other.issued("20.00") for _ in range(20)]
    events = [*mine, *theirs]
    random.Random(7).shuffle(events)
    await desk.harness.deliver(*events)
    await desk.paid("10.00", mine[0].invoice_id)
    await other.paid("20.00", theirs[0].invoice_id)
    await desk.harness.deliver(
        *(desk.credit_note(one.invoice_id, "4.00") for one in mine),
        *(other.voided(their.invoice_id) for their in theirs),
    )
    assert (await desk.credit(), await other.credit()) == ("4.00", "20.00")
    assert await desk.outstanding(mine[1].invoice_id) == "6.00"
    assert await other.outstanding(theirs[1].invoice_id) == "0.00"
    await other.prove()
    await other.client.aclose()


async def test_releases_of_one_batch_each_say_the_credit_right_after_them(desk: FrontDesk) -> None:
    first, second = await desk.invoice("10.00"), await desk.invoice("20.00")
    await desk.paid("30.00", first, second)
    await desk.harness.deliver(desk.credit_note(first, "4.00"), desk.credit_note(second, "5.00"))
    released = await desk.events(AllocationReleased)
    assert [one.patient_credit_balance.amount for one in released] == ["4.00", "9.00"]


async def test_releases_of_one_batch_know_the_clinics_of_a_patient_apart(desk: FrontDesk) -> None:
    """ALL-4: a register that several clinics share gives a patient one id; the credit of each clinic is its own."""
    other = FrontDesk(desk.harness)
    other.patient_id = desk.patient_id
    await other.configure()
    mine, theirs = await desk.invoice("10.00"), await other.invoice("20.00")
    await desk.paid("10.00", mine)
    await other.paid("20.00", theirs)
    await desk.harness.deliver(desk.credit_note(mine, "4.00"), other.credit_note(theirs, "5.00"))
    said = {event.clinic_id: event.patient_credit_balance.amount for event in await desk.events(AllocationReleased)}
    said |= {event.clinic_id: event.patient_credit_balance.amount for event in await other.events(AllocationReleased)}
    assert said == {desk.clinic_id: "4.00", other.clinic_id: "5.00"}
    await other.prove()
    await other.client.aclose()
