"""What payments' events make of invoices: settled, refunded, cancelled, in any order (`INV-9`, `PAY-4`, `PAY-5`)."""

from __future__ import annotations

from itertools import permutations
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.event import Actor, Amount
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    PaymentCancelled,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
    SettlementChange,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError


@pytest.mark.rule("INV-9.1")
async def test_payments_settle_and_their_cancellation_reopens(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    first = await clinic.settle(made, "60.00")
    assert (await clinic.read(made["id"]))["status"] == "partially_paid"
    await clinic.settle(made, "40.00")
    paid = await clinic.read(made["id"])
    assert (paid["status"], paid["settled"], paid["outstanding"]) == ("paid", clinic.usd("100.00"), clinic.usd("0.00"))
    await clinic.settle(made, "-60.00", PaymentCancelled, of_payment=first.settlements[0].payment_id)
    found = await clinic.read(made["id"])
    assert (found["status"], found["outstanding"]) == ("partially_paid", clinic.usd("60.00"))
    assert [payment["settled"]["amount"] for payment in found["payments"]] == ["0.00", "40.00"]
    await clinic.prove()


async def test_an_application_that_was_a_mistake_reopens_the_invoice(clinic: Any) -> None:
    """PAY-5: in either order, and the invoice's story tells both."""
    for event_class, change in ((CreditApplied, "60.00"), (CreditApplicationCancelled, "-60.00")):
        made = await clinic.invoice(clinic.custom("100.00"))
        other = CreditApplied if event_class is CreditApplicationCancelled else CreditApplicationCancelled
        first = await clinic.settle(made, change, event_class, application_id=new_id())
        back = change.removeprefix("-") if change.startswith("-") else f"-{change}"
        of_payment = first.settlements[0].payment_id
        by = Actor(subject="clerk:test", reason="the wrong invoice")
        await clinic.settle(made, back, other, of_payment=of_payment, application_id=new_id(), by=by)
        found = await clinic.read(made["id"])
        assert (found["status"], found["settled"], found["outstanding"]) == (
            "issued",
            clinic.usd("0.00"),
            clinic.usd("100.00"),
        )
        story = (await clinic.api.get(f"/v1/invoices/{made['id']}/story")).json()["steps"]
        told = [(one["kind"], one["reason"]) for one in story if one["kind"].endswith(("application", "cancellation"))]
        assert len(told) == 2
        assert {one[0] for one in told} == {"credit_application", "application_cancellation"}
        assert "the wrong invoice" in {one[1] for one in told}
    await clinic.prove()


async def test_an_allocation_that_was_moved_settles_the_other_invoice(clinic: Any) -> None:
    """PAY-13: one event about two invoices; the story of each tells it."""
    wrong, right = await clinic.invoice(clinic.custom("100.00")), await clinic.invoice(clinic.custom("80.00"))
    first = await clinic.settle(wrong, "60.00")
    (settled,) = first.settlements
    settlements = tuple(
        settled.model_copy(
            update={
                "invoice_id": UUID(made["id"]),
                "invoice_number": made["number"],
                "change": Amount(amount=change, currency="USD"),
            }
        )
        for made, change in ((wrong, "-50.00"), (right, "50.00"))
    )
    by = Actor(subject="clerk:test", reason="meant for the crown")
    await clinic.settle(wrong, "50.00", AllocationMoved, settlements=settlements, by=by)
    for made, left in ((wrong, "90.00"), (right, "30.00")):
        assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd(left)
        story = (await clinic.api.get(f"/v1/invoices/{made['id']}/story")).json()["steps"]
        (step,) = [one for one in story if one["kind"] == "allocation_move"]
        assert (step["event_type"], step["reason"]) == ("billing.allocation.moved.v1", "meant for the crown")
    await clinic.prove()


@pytest.mark.rule("INV-9.1")
async def test_the_order_of_money_events_does_not_matter(clinic: Any) -> None:
    for order in permutations([("30.00", PaymentRecorded), ("-30.00", PaymentCancelled), ("50.00", PaymentRecorded)]):
        made = await clinic.invoice(clinic.custom("100.00"))
        for change, event_class in order:
            await clinic.settle(made, change, event_class)
        assert (await clinic.read(made["id"]))["outstanding"] == clinic.usd("50.00")


async def test_a_redelivered_payment_counts_once(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    event = await clinic.settle(made, "60.00")
    message = clinic.message(event, 1)
    await clinic.harness.deliver(message, message)
    await clinic.harness.deliver(message)
    assert (await clinic.read(made["id"]))["settled"] == clinic.usd("120.00")  # two events, each once


@pytest.mark.rule("PAY-4.2", "PAY-4.5")
async def test_a_refund_makes_a_credit_note_and_leaves_the_outstanding_as_it_was(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    payment = await clinic.settle(made, "100.00")
    before = (await clinic.read(made["id"]))["outstanding"]
    refund = await clinic.settle(
        made,
        "-33.33",
        PaymentRefunded,
        credited="33.33",
        of_payment=payment.settlements[0].payment_id,
        transaction_id=new_id(),
    )
    found = await clinic.read(made["id"])
    assert found["outstanding"] == before == clinic.usd("22.00")
    (note,) = found["notes"]
    assert (note["kind"], note["total"], note["refund_id"]) == (
        "refund_adjustment",
        clinic.usd("33.33"),
        str(refund.transaction_id),
    )
    (event,) = await clinic.announced(InvoiceCredited)
    assert (event.refund_id, event.total.amount) == (refund.transaction_id, "33.33")
    await clinic.prove()


async def test_a_refund_from_two_installments_of_an_invoice_makes_one_credit_note_of_both(clinic: Any) -> None:
    """PAY-4, PLN-2: payments tells what the refund took from each place; the outstanding stays as it was."""
    made = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    payment = await clinic.settle(made, "100.00")
    taken = [
        payment.settlements[0].model_copy(
            update={
                "change": Amount(amount=f"-{part}", currency="USD"),
                "credited": Amount(amount=part, currency="USD"),
                "installment_id": new_id(),
            }
        )
        for part in ("33.33", "20.00")
    ]
    refund = await clinic.settle(made, "-53.33", PaymentRefunded, settlements=tuple(taken))
    found = await clinic.read(made["id"])
    assert [(note["refund_id"], note["total"]) for note in found["notes"]] == [
        (str(refund.transaction_id), clinic.usd("53.33"))
    ]
    assert found["outstanding"] == clinic.usd("22.00")
    back = [one.model_copy(update={"change": one.credited, "credited": one.change}) for one in taken]
    await clinic.settle(made, "53.33", RefundCancelled, settlements=tuple(back), refund_id=refund.transaction_id)
    found = await clinic.read(made["id"])
    assert (found["credited"], found["debited"], found["outstanding"]) == (
        clinic.usd("53.33"),
        clinic.usd("53.33"),
        clinic.usd("22.00"),
    )
    await clinic.prove()


@pytest.mark.rule("PAY-5.4")
async def test_a_cancelled_refund_undoes_its_credit_note(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    payment = await clinic.settle(made, "100.00")
    refund = await clinic.settle(
        made, "-30.00", PaymentRefunded, credited="30.00", of_payment=payment.settlements[0].payment_id
    )
    await clinic.settle(
        made,
        "30.00",
        RefundCancelled,
        credited="-30.00",
        of_payment=payment.settlements[0].payment_id,
        refund_id=refund.transaction_id,
    )
    found = await clinic.read(made["id"])
    assert (found["status"], found["settled"], found["outstanding"]) == (
        "paid",
        clinic.usd("100.00"),
        clinic.usd("0.00"),
    )
    (event,) = await clinic.announced(InvoiceDebited)
    assert (event.kind, event.refund_id) == ("undo_refund_adjustment", refund.transaction_id)
    by_hand = await clinic.post(f"/v1/credit-notes/{found['notes'][0]['id']}/undo", {"reason": "no"}, 409)
    assert by_hand["type"].endswith("note-cannot-be-undone")
    await clinic.prove()


async def test_a_refund_that_crosses_a_credit_note_is_credited_as_far_as_the_note_was_not(clinic: Any) -> None:
    """PAY-20: together they credit what was refunded, and nothing twice."""
    made = await clinic.invoice(clinic.custom("100.00"))
    payment = await clinic.settle(made, "100.00")
    courtesy = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("30.00")}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", courtesy)
    await clinic.settle(
        made, "-100.00", PaymentRefunded, credited="100.00", of_payment=payment.settlements[0].payment_id
    )
    found = await clinic.read(made["id"])
    assert (found["outstanding"], found["credited"]) == (clinic.usd("0.00"), clinic.usd("100.00"))
    await clinic.prove()


async def test_a_payment_on_its_way_to_a_void_invoice_is_counted_and_released(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "wrong patient"}, 200)
    payment = await clinic.settle(made, "100.00")
    change = payment.settlements[0].model_copy(update={"change": Amount(amount="-100.00", currency="USD")})
    await clinic.harness.deliver(released(clinic, change))
    found = await clinic.read(made["id"])
    assert (found["status"], found["settled"], found["outstanding"]) == ("void", clinic.usd("0.00"), clinic.usd("0.00"))
    await clinic.prove()


def released(clinic: Any, change: SettlementChange) -> AllocationReleased:
    credit = Amount(amount="100.00", currency="USD")
    return AllocationReleased(
        clinic_id=clinic.id,
        occurred_at=clinic.harness.clock.now(),
        release_id=new_id(),
        patient_id=clinic.patient_id,
        cause="invoice_voided",
        settlements=(change,),
        patient_credit_change=credit,
        patient_credit_balance=credit,
        by=Actor(subject="consumer:payments"),
    )


async def test_money_for_an_invoice_that_is_not_known_waits(clinic: Any) -> None:
    known = await clinic.invoice(clinic.custom("100.00"))
    unknown = {"id": str(new_id()), "number": "INV-2026-009999"}
    event = await clinic.settle(unknown, "1.00", patient_id=new_id())
    await clinic.settle(known, "2.00")
    (letter,) = [one for one in await clinic.harness.set_aside() if one.key == str(event.patient_id)]
    assert letter.state == "waiting"
    assert (await clinic.read(known["id"]))["settled"] == clinic.usd("2.00")


async def test_money_never_reaches_another_clinics_invoice(clinic: Any) -> None:
    """ALL-4: not even in one batch with money of that clinic, whose rows the transaction may see."""
    made = await clinic.invoice(clinic.custom("100.00"))
    own = await clinic.settle(made, "1.00")
    foreign = own.model_copy(update={"clinic_id": new_id(), "transaction_id": new_id(), "patient_id": new_id()})
    await clinic.harness.deliver(foreign, own.model_copy(update={"transaction_id": new_id()}))
    assert (await clinic.read(made["id"]))["settled"] == clinic.usd("2.00")
    waiting = [one for one in await clinic.harness.set_aside() if one.clinic_id == foreign.clinic_id]
    assert [one.state for one in waiting] == ["waiting"]


@pytest.mark.parametrize("table", ["settlements", "notes", "note_lines", "clinic_versions"])
async def test_entries_are_only_ever_added(clinic: Any, table: str) -> None:
    """PAY-12: neither the working role nor the owner changes them."""
    made = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(made, "1.00")
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "r"})
    for statement in (f"UPDATE {table} SET clinic_id = clinic_id", f"DELETE FROM {table}"):  # noqa: S608 - constants
        with pytest.raises(DBAPIError):
            async with clinic.harness.database.transaction([clinic.id], "test") as work:
                await work.connection.execute(text(statement))


async def test_the_proof_finds_a_planted_row(clinic: Any) -> None:
    """ALL-8."""
    clinic.leaves_wrong_rows = True
    made = await clinic.invoice(clinic.custom("100.00"))
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        wrong = "UPDATE invoices SET settled_minor = 7 WHERE id = :id"
        await work.connection.execute(text(wrong), {"id": made["id"]})
        wrong = "UPDATE invoice_lines SET net_minor = net_minor - 1 WHERE invoice_id = :id"
        await work.connection.execute(text(wrong), {"id": made["id"]})
    found = (await clinic.api.get("/v1/prove")).json()["differences"]
    assert [one["what"] for one in found] == [
        f"invoice {made['id']} settled",
        f"invoice {made['id']} lines",
        f"ageing of clinic {clinic.id}",
    ]
