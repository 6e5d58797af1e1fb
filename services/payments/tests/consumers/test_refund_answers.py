"""What invoicing answers to refunds: less credited is asked for again, and nothing is taken twice (`PAY-20`)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from contracts.payments import AllocationReleased, PaymentRefunded, RefundCancelled
from payments_desk import FrontDesk, good

PAID = "119.00"


async def refunded(desk: FrontDesk, amount: str, total: str = PAID) -> tuple[UUID, str]:
    """An invoice that was paid and refunded so much: the invoice and the refund."""
    invoice = await desk.invoice(total)
    payment = await desk.paid(total, invoice)
    refund = good(await desk.refund(payment["id"], amount), 201)
    return invoice, refund["id"]


async def figures(desk: FrontDesk, invoice: UUID) -> tuple[str, str, str]:
    found = good(await desk.client.get(f"/v1/invoices/{invoice}"))
    return tuple(found[name]["amount"] for name in ("credited", "settled", "outstanding"))


async def balance(desk: FrontDesk) -> str:
    found: str = good(await desk.client.get(f"/v1/patients/{desk.patient_id}/statement"))["closing_balance"]["amount"]
    return found


@pytest.mark.rule("PAY-20.1")
@pytest.mark.parametrize(
    ("crossed", "back", "credited", "then"),
    [
        ("119.00", "119.00", "0.00", ("119.00", "0.00", "0.00")),
        ("30.00", "100.00", "70.00", ("100.00", "19.00", "0.00")),
        ("30.00", "10.00", "0.00", ("30.00", "89.00", "0.00")),
    ],
)
@pytest.mark.parametrize("answered_first", [True, False])
async def test_a_refund_and_a_courtesy_credit_no_cent_twice(
    desk: FrontDesk, crossed: str, back: str, credited: str, then: tuple[str, str, str], answered_first: bool
) -> None:
    """PAY-20: whichever of the two is heard of first; the account, the credit and the invoice agree."""
    invoice, refund = await refunded(desk, back)
    courtesy, reply = desk.credit_note(invoice, crossed), desk.answer(invoice, refund, back, credited)
    notes = [desk.credit_note(invoice, credited, refund_id=UUID(refund))] if credited != "0.00" else []
    for event in [*notes, reply, courtesy] if answered_first else [courtesy, *notes, reply]:
        await desk.harness.deliver(event)
    assert await figures(desk, invoice) == then
    paid, kept = float(PAID), float(PAID) - float(back) - float(then[1])
    assert await desk.credit() == f"{kept:.2f}"
    assert float(await balance(desk)) == pytest.approx(paid - float(then[0]) - float(then[1]) - kept)
    lines = [line for line in await desk.account() if line["kind"] == "refund_adjustment"]
    assert [line["change"]["amount"] for line in lines] == [f"{float(back) - float(credited):.2f}"]


async def test_until_it_is_answered_nobody_pays_what_a_refund_left(desk: FrontDesk) -> None:
    """PAY-20: and the same answer told again changes nothing."""
    invoice, refund = await refunded(desk, PAID)
    assert (await desk.pay("1.00", invoice)).json()["type"].endswith("more-than-outstanding")
    reply = desk.answer(invoice, refund, PAID, "100.00")
    await desk.harness.deliver(reply)
    await desk.harness.deliver(reply)
    await desk.harness.deliver(reply, reply)
    assert await figures(desk, invoice) == ("100.00", "0.00", "19.00")
    await desk.paid("19.00", invoice)


async def test_a_full_note_answers_and_surplus_is_looked_for_again(desk: FrontDesk) -> None:
    """PAY-20: what a courtesy left is not released while a refund may not be credited, and is once it is."""
    invoice, refund = await refunded(desk, "10.00")
    await desk.harness.deliver(desk.credit_note(invoice, "5.00"))
    assert await desk.credit() == "0.00"  # 109.00 settled, 114.00 asked if the refund is not credited
    await desk.harness.deliver(desk.credit_note(invoice, "10.00", refund_id=UUID(refund)))
    assert (await figures(desk, invoice), await desk.credit()) == (("15.00", "104.00", "0.00"), "5.00")
    (released,) = await desk.events(AllocationReleased)
    assert released.settlements[0].change.amount == "-5.00"


@pytest.mark.parametrize("cancelled_first", [True, False])
async def test_a_cancelled_refund_undoes_what_counts_and_a_late_answer_nothing(
    desk: FrontDesk, cancelled_first: bool
) -> None:
    """PAY-20, PAY-5: what the invoice does not ask for any more is credit."""
    invoice, refund = await refunded(desk, PAID)
    await desk.harness.deliver(desk.credit_note(invoice, PAID))
    reply = desk.answer(invoice, refund, PAID, "0.00")
    if not cancelled_first:
        await desk.harness.deliver(reply)
    good(await desk.cancel_refund(refund), 201)
    (cancelled,) = await desk.events(RefundCancelled)
    assert cancelled.settlements[0].credited.amount == ("-119.00" if cancelled_first else "0.00")
    if cancelled_first:
        await desk.harness.deliver(reply)
    assert await figures(desk, invoice) == (PAID, "0.00", "0.00")
    assert (await desk.credit(), await balance(desk)) == (PAID, "-119.00")


@pytest.mark.parametrize("answered", ["before the void", "after the void", "after its cancellation"])
async def test_a_void_that_crosses_a_refund_asks_for_nothing(desk: FrontDesk, answered: str) -> None:
    """PAY-20, INV-8: however late the answer comes."""
    invoice, refund = await refunded(desk, "100.00")
    reply = desk.answer(invoice, refund, "100.00", "0.00")
    if answered == "before the void":
        await desk.harness.deliver(reply)
    await desk.harness.deliver(desk.voided(invoice))
    assert await desk.credit() == "19.00"
    if answered == "after the void":
        await desk.harness.deliver(reply)
    good(await desk.cancel_refund(refund), 201)
    await desk.harness.deliver(reply)
    assert (await figures(desk, invoice))[1:] == ("0.00", "0.00")
    assert (await desk.credit(), await balance(desk)) == (PAID, "-119.00")


async def test_a_refund_says_where_payments_stood_on_the_invoice(desk: FrontDesk) -> None:
    """PAY-20: its place among the changes, and what is settled with what refunds took; both rise as told."""
    invoice, _ = await refunded(desk, "100.00")
    (event,) = await desk.events(PaymentRefunded)
    (change,) = event.settlements
    assert (change.place, change.settled_with_refunds.amount) == (3, PAID)
    await desk.harness.deliver(desk.debit_note(invoice, "20.00"))
    payment = await desk.paid("20.00", invoice)
    good(await desk.refund(payment["id"], "20.00"), 201)
    places: list[Any] = [one.settlements[0] for one in await desk.events(PaymentRefunded)]
    assert [(place.place, place.settled_with_refunds.amount) for place in places] == [(3, PAID), (6, "139.00")]
