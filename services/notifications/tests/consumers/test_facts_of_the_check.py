"""What events leave for a message's check: sums that do not care for their order, and a trace that goes on (NOT-4)."""

from __future__ import annotations

from datetime import date
from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.messaging import Message
from contracts.event import Actor, Amount
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.notifications import NotificationSent
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    Payer,
    RefundCancelled,
    SettlementChange,
)
from contracts.refund_adjustments import RefundAdjustmentDecided
from notifications.app import service
from notifications.domain.notice import Notice
from sqlalchemy import text

CLERK = Actor(subject="clerk:test")


def usd(amount: str) -> Amount:
    return Amount(amount=amount, currency="USD")


def settlement(invoice: Any, change: str, credited: str = "0.00") -> SettlementChange:
    return SettlementChange(
        invoice_id=invoice.invoice_id,
        invoice_number=invoice.number,
        payment_id=new_id(),
        change=usd(change),
        credited=usd(credited),
        outstanding=usd("0.00"),
    )


def note(kind: type[Any], practice: Any, invoice: Any, amount: str, reason: str, **changes: Any) -> Any:
    number = "credit_note_id" if kind is InvoiceCredited else "debit_note_id"
    given = {
        number: new_id(),
        "clinic_id": practice.clinic_id,
        "occurred_at": practice.at,
        "invoice_id": invoice.invoice_id,
        "patient_id": practice.patient_id,
        "number": "N-1",
        "invoice_number": invoice.number,
        "issue_date": date(2026, 11, 23),
        "kind": reason,
        "reason": "test",
        "lines": (),
        "net": usd(amount),
        "tax": usd("0.00"),
        "total": usd(amount),
        "by": CLERK,
    }
    return kind(**(given | changes))


async def outstanding(desk: Any, practice: Any, invoice: Any) -> int:
    sums = text("SELECT total_minor + change_minor FROM invoices WHERE invoice_id = :id")
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        return int(await connection.scalar(sums, {"id": invoice.invoice_id}))


async def test_what_an_invoice_asks_for_is_the_same_in_whatever_order_one_hears_of_it(desk: Any, practice: Any) -> None:
    for order in list(permutations(range(5)))[::7]:
        invoice = practice.issued_invoice("120.00")
        events = [
            invoice,
            practice.paid("70.00", settlements=(settlement(invoice, "70.00"),)),
            note(InvoiceCredited, practice, invoice, "20.00", "courtesy"),
            note(InvoiceDebited, practice, invoice, "5.00", "late_fee"),
            CreditApplied(
                **practice._moved("10.00", {"settlements": (settlement(invoice, "10.00"),), "method": "other"})
            ),
        ]
        await desk.harness.deliver(*(events[place] for place in order))
        assert await outstanding(desk, practice, invoice) == 2500


@pytest.mark.rule("INS-4.9")
@pytest.mark.parametrize("together", [True, False])
async def test_a_note_of_an_older_release_leaves_nothing_of_what_notes_before_it_said(
    desk: Any, practice: Any, *, together: bool
) -> None:
    """While releases are replaced: a courtesy of all says that the lines ask for nothing, its undoing says nothing."""
    invoice = practice.issued_invoice("120.00")
    courtesy = note(InvoiceCredited, practice, invoice, "120.00", "courtesy", asked_of_lines=usd("0.00"))
    undone = note(InvoiceDebited, practice, invoice, "120.00", "undo_credit_note", undoes_id=courtesy.credit_note_id)
    for events in [(invoice, courtesy, undone)] if together else [(invoice, courtesy), (undone,)]:
        await desk.harness.deliver(*events)
    asked = text("SELECT asked_of_lines_minor FROM invoices WHERE invoice_id = :id")
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        assert await connection.scalar(asked, {"id": invoice.invoice_id}) is None


async def test_a_refund_and_its_credit_note_leave_the_invoice_as_settled_as_it_was(desk: Any, practice: Any) -> None:
    invoice = practice.issued_invoice("120.00")
    payment = practice.paid("120.00", settlements=(settlement(invoice, "120.00"),))
    refund = practice.refunded(payment, "50.00", settlements=(settlement(invoice, "-50.00", "50.00"),))
    credit = note(InvoiceCredited, practice, invoice, "50.00", "refund_adjustment", refund_id=refund.transaction_id)
    await desk.harness.deliver(invoice, payment, refund, credit)
    assert await outstanding(desk, practice, invoice) == 0


async def test_what_a_refund_is_not_credited_is_asked_for_in_whatever_order_one_hears_of_it(
    desk: Any, practice: Any
) -> None:
    """PAY-20: a courtesy of 30.00 crossed a refund of 100.00; then the refund is cancelled, before payments heard."""
    for order in list(permutations(range(7)))[::311]:
        invoice = practice.issued_invoice("119.00")
        payment = practice.paid("119.00", settlements=(settlement(invoice, "119.00"),))
        refund = practice.refunded(payment, "100.00", settlements=(settlement(invoice, "-100.00", "100.00"),))
        of_refund = {"refund_id": refund.transaction_id}
        adjustment = {"clinic_id": practice.clinic_id, "occurred_at": practice.at, "invoice_id": invoice.invoice_id}
        adjustment |= {"patient_id": practice.patient_id, "invoice_number": invoice.number, "by": CLERK} | of_refund
        answer = RefundAdjustmentDecided(
            **adjustment,
            adjustment_id=new_id(),
            transaction_id=refund.transaction_id,
            decided_on=date(2026, 11, 23),
            wanted=usd("100.00"),
            credited=usd("70.00"),
        )
        events = [
            invoice,
            payment,
            refund,
            note(InvoiceCredited, practice, invoice, "30.00", "courtesy"),
            note(InvoiceCredited, practice, invoice, "70.00", "refund_adjustment", **of_refund),
            answer,
            note(InvoiceDebited, practice, invoice, "70.00", "undo_refund_adjustment", **of_refund),
        ]
        await desk.harness.deliver(*(events[place] for place in order))
        assert await outstanding(desk, practice, invoice) == 0
        # Payments undid all that was wanted and put 70.00 back on the invoice; invoicing had credited 70.00 only.
        put_back = practice._moved("100.00", {"settlements": (settlement(invoice, "70.00", "-100.00"),)} | of_refund)
        await desk.harness.deliver(
            RefundCancelled(**put_back, payment_id=payment.transaction_id),
            answer.model_copy(update={"adjustment_id": new_id(), "wanted": usd("-100.00"), "credited": usd("-70.00")}),
        )
        assert await outstanding(desk, practice, invoice) == 0


async def test_credit_applied_by_mistake_makes_the_invoice_ask_again(desk: Any, practice: Any) -> None:
    """PAY-5, NOT-4: in whatever order one hears of it, and nobody is told of it by itself."""
    for order in permutations(range(3)):
        invoice = practice.issued_invoice("120.00")
        moved = {"method": "other", "settlements": (settlement(invoice, "30.00"),)}
        undone = moved | {"settlements": (settlement(invoice, "-30.00"),), "application_id": new_id()}
        events = [
            invoice,
            CreditApplied(**practice._moved("30.00", moved)),
            CreditApplicationCancelled(**practice._moved("30.00", undone)),
        ]
        await desk.harness.deliver(*(events[place] for place in order))
        assert await outstanding(desk, practice, invoice) == 12000


async def test_a_moved_allocation_makes_one_invoice_ask_again_and_another_for_less(desk: Any, practice: Any) -> None:
    """PAY-13, NOT-4: in whatever order one hears of it."""
    for order in permutations(range(3)):
        wrong, right = practice.issued_invoice("120.00"), practice.issued_invoice("70.00")
        settlements = (settlement(wrong, "-30.00"), settlement(right, "30.00"))
        events = [
            wrong,
            right,
            AllocationMoved(**practice._moved("30.00", {"settlements": settlements, "payment_id": new_id()})),
        ]
        await desk.harness.deliver(*(events[place] for place in order))
        assert await outstanding(desk, practice, wrong) == 15000
        assert await outstanding(desk, practice, right) == 4000


async def test_a_released_allocation_makes_the_invoice_ask_again(desk: Any, practice: Any) -> None:
    invoice = practice.issued_invoice("120.00")
    released = AllocationReleased(
        clinic_id=practice.clinic_id,
        occurred_at=practice.at,
        release_id=new_id(),
        patient_id=practice.patient_id,
        cause="invoice_credited",
        settlements=(settlement(invoice, "-20.00"),),
        patient_credit_change=usd("20.00"),
        patient_credit_balance=usd("20.00"),
        by=CLERK,
    )
    payment = practice.paid("120.00", settlements=(settlement(invoice, "120.00"),))
    await desk.harness.deliver(invoice, payment, released)
    assert await outstanding(desk, practice, invoice) == 2000


async def test_a_batch_of_several_clinics_is_planned_in_one_go(desk: Any, practice: Any) -> None:
    other = type(practice)(at=practice.at)
    events = []
    for one in (practice, other):
        payment = one.paid()
        await desk.harness.deliver(one.configured(), one.registered(), payment)
        events.append(one.receipt(payment))
    await desk.harness.deliver(*events)
    await desk.send()
    assert len(desk.mail.taken) == 2
    assert len(await desk.messages(practice)) == len(await desk.messages(other)) == 1


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "leapseconds", "../zone"])
async def test_a_clinic_with_a_zone_that_does_not_exist_is_set_aside(desk: Any, practice: Any, zone: str) -> None:
    """ALL-7: however Python tells that it is none: as a directory, say, which is no fault of the surroundings."""
    await desk.harness.deliver(practice.configured(time_zone=zone))
    reasons = [row.reason for row in await desk.harness.set_aside() if row.clinic_id == practice.clinic_id]
    assert reasons == ["the clinic's time zone is not an IANA zone"]


@pytest.mark.parametrize("zone", ["Mars/Olympus", "America", "leapseconds", "../zone"])
async def test_a_patient_with_a_zone_that_does_not_exist_is_written_to_by_the_clinics(
    desk: Any, practice: Any, zone: str
) -> None:
    """ALL-4: and the message of no other clinic waits for that."""
    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(time_zone=zone), payment)
    await desk.tell(practice.receipt(payment))
    assert len(desk.mail.taken) == 1


async def test_the_trace_goes_from_the_event_to_what_is_announced_about_the_email(desk: Any, practice: Any) -> None:
    from chassis.trace_context import TraceContext

    payment = practice.paid()
    await desk.harness.deliver(practice.configured(), practice.registered(), payment)
    receipt = practice.receipt(payment)
    trace_id = "0af7651916cd43dd8448eb211c80319c"
    message = Message(
        id=str(new_id()),
        type=receipt.event_type,
        source="/test",
        subject=str(receipt.receipt_id),
        clinic_id=practice.clinic_id,
        sequence=1,
        time=receipt.occurred_at,
        key=receipt.partition_key,
        topic=receipt.topic,
        partition=0,
        offset=1_000,
        data=receipt.model_dump_json().encode(),
        trace=TraceContext(f"00-{trace_id}-b7ad6b7169203331-01"),
    )
    await desk.tell(message)
    (sent,) = await desk.harness.announced(NotificationSent, clinic_id=practice.clinic_id)
    assert sent.traceparent is not None
    assert trace_id in sent.traceparent


@pytest.mark.parametrize("kind", ["insurer", "third_party"])
async def test_who_paid_is_kept_where_it_is_not_the_patient(desk: Any, practice: Any, kind: str) -> None:
    payment = practice.paid(payer=Payer(kind=kind, name="Acme"))
    await desk.harness.deliver(payment)
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        assert await connection.scalar(text("SELECT payer_name FROM transactions")) == "Acme"


def test_every_event_that_the_service_listens_to_has_a_contract() -> None:
    from contracts import EVENTS

    listened = {event_type for subscription in service.subscriptions for event_type in subscription.handlers}
    assert listened <= EVENTS.keys()
    assert len(Notice) == 15
