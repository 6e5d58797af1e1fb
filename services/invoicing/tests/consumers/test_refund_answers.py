"""What is credited for a refund that crossed a document: never twice, however late it is heard of (`PAY-20`)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.event import Amount
from contracts.invoicing import InvoiceCredited, InvoiceDebited, RefundAdjustmentDecided
from contracts.payments import (
    PaymentCancelled,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
    RefundedLine,
    SettlementChange,
)

PAID = "119.00"


@pytest.fixture
async def taxed(clinic: Any) -> dict[str, Any]:
    """An invoice of 100.00 and 19.00 of tax, with nothing paid yet."""
    rates = [{"code": "S", "category": "S", "rate": "19"}, {"code": "E", "category": "E", "rate": "0"}]
    rates[1]["exemption_reason"] = "Dental care"
    await clinic.configure(tax_categories=rates)
    made: dict[str, Any] = await clinic.invoice(clinic.custom("100.00", tax_category="S"))
    return made


async def courtesy(clinic: Any, made: dict[str, Any], amount: str) -> dict[str, Any]:
    body = {"kind": "courtesy", "reason": "long wait", "amount": clinic.usd(amount)}
    note: dict[str, Any] = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    return note


def at(made: dict[str, Any], change: str, credited: str, place: int, then: str) -> tuple[SettlementChange]:
    """What payments tells of an invoice: its place, and what is settled then with what refunds took."""
    one = SettlementChange(
        invoice_id=made["id"],
        invoice_number=made["number"],
        payment_id=new_id(),
        change=Amount(amount=change, currency="USD"),
        credited=Amount(amount=credited, currency="USD"),
        outstanding=Amount(amount="0.00", currency="USD"),
        place=place,
        settled_with_refunds=Amount(amount=then, currency="USD"),
    )
    return (one,)


async def figures(clinic: Any, made: dict[str, Any]) -> tuple[str, str, str, str]:
    found = await clinic.read(made["id"])
    return tuple(found[name]["amount"] for name in ("credited", "debited", "settled", "outstanding"))


@pytest.mark.parametrize(
    ("crossed", "refunded", "credited"),
    [
        ("119.00", "119.00", "0.00"),
        ("30.00", "100.00", "70.00"),
        ("30.00", "10.00", "0.00"),
        ("119.00", "0.01", "0.00"),
    ],
)
@pytest.mark.parametrize("told", [True, False], ids=["with its place", "by an older release"])
async def test_what_a_courtesy_took_off_is_not_credited_again(
    clinic: Any, taxed: dict[str, Any], crossed: str, refunded: str, credited: str, told: bool
) -> None:
    """PAY-20: as if the courtesy had been heard of before; the answer says so where it is less."""
    await clinic.settle(taxed, PAID)
    await courtesy(clinic, taxed, crossed)
    more = {"settlements": at(taxed, f"-{refunded}", refunded, 2, PAID)} if told else {"credited": refunded}
    refund = await clinic.settle(taxed, f"-{refunded}", PaymentRefunded, **more)
    all_credited = f"{float(crossed) + float(credited):.2f}"
    settled = f"{119 - float(refunded):.2f}"
    assert await figures(clinic, taxed) == (all_credited, "0.00", settled, "0.00")
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert (answer.refund_id, answer.transaction_id) == (refund.transaction_id, refund.transaction_id)
    assert (answer.wanted.amount, answer.credited.amount) == (refunded, credited)
    notes = [one for one in await clinic.announced(InvoiceCredited) if one.refund_id]
    assert [(one.total.amount, one.credit_note_id) for one in notes] == (
        [(credited, answer.note_id)] if answer.note_id else []
    )
    taxes = sum(float(one.tax.amount) for one in await clinic.announced(InvoiceCredited))
    assert taxes <= 19
    await clinic.prove()


async def test_a_refund_that_nothing_crossed_is_credited_in_full_and_needs_no_answer(
    clinic: Any, taxed: dict[str, Any]
) -> None:
    await clinic.settle(taxed, PAID)
    await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 2, PAID))
    assert await figures(clinic, taxed) == (PAID, "0.00", "0.00", "0.00")
    assert await clinic.announced(RefundAdjustmentDecided) == []
    await clinic.prove()


async def test_a_refund_on_a_void_invoice_credits_nothing(clinic: Any, taxed: dict[str, Any]) -> None:
    """PAY-20: a payment crossed the void, and was refunded before payments heard of it."""
    await clinic.post(f"/v1/invoices/{taxed['id']}/void", {"reason": "wrong patient"}, 200)
    await clinic.settle(taxed, PAID)
    await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 2, PAID))
    assert await figures(clinic, taxed) == ("0.00", "0.00", "0.00", "0.00")
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert answer.credited.amount == "0.00"
    await clinic.prove()


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_two_refunds_share_what_a_courtesy_took_off_in_whatever_order_they_are_heard(
    clinic: Any, taxed: dict[str, Any], order: tuple[int, ...]
) -> None:
    """PAY-20: two patients paid, so their refunds may be read in another order than they were made."""
    await clinic.settle(taxed, "60.00")
    await clinic.settle(taxed, "59.00")
    await courtesy(clinic, taxed, "30.00")
    refunds = [at(taxed, "-60.00", "60.00", 3, PAID), at(taxed, "-59.00", "59.00", 4, PAID)]
    for one in order:
        await clinic.settle(taxed, refunds[one][0].change.amount, PaymentRefunded, settlements=refunds[one])
    assert await figures(clinic, taxed) == (PAID, "0.00", "0.00", "0.00")
    await clinic.prove()


async def test_a_cancellation_heard_late_takes_nothing_from_a_refund(clinic: Any, taxed: dict[str, Any]) -> None:
    """PAY-20: Ann pays and it is cancelled, Bob pays and is refunded; Ann's cancellation is heard of last."""
    await clinic.settle(taxed, PAID, settlements=at(taxed, PAID, "0.00", 1, PAID))
    await clinic.settle(taxed, PAID, settlements=at(taxed, PAID, "0.00", 3, PAID))
    await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 4, PAID))
    await clinic.settle(taxed, f"-{PAID}", PaymentCancelled, settlements=at(taxed, f"-{PAID}", "0.00", 2, "0.00"))
    assert await figures(clinic, taxed) == (PAID, "0.00", "0.00", "0.00")
    await clinic.prove()


@pytest.mark.parametrize("undone", ["0.00", "119.00"], ids=["the answer was known", "it was not known yet"])
async def test_a_cancelled_refund_undoes_what_was_credited_for_it(
    clinic: Any, taxed: dict[str, Any], undone: str
) -> None:
    """PAY-20: none where none was; what payments had undone beyond it is told."""
    await clinic.settle(taxed, PAID)
    await courtesy(clinic, taxed, PAID)
    refund = await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 2, PAID))
    back = at(taxed, "119.00", f"-{undone}" if undone != "0.00" else undone, 3, PAID)
    await clinic.settle(taxed, PAID, RefundCancelled, settlements=back, refund_id=refund.transaction_id)
    assert await figures(clinic, taxed) == (PAID, "0.00", PAID, "0.00")
    assert await clinic.announced(InvoiceDebited) == []
    answers = await clinic.announced(RefundAdjustmentDecided)
    told = [(one.wanted.amount, one.credited.amount) for one in answers]
    assert told == [(PAID, "0.00"), *([("-119.00", "0.00")] if undone != "0.00" else [])]
    await clinic.prove()


async def test_the_same_refund_told_again_is_decided_once(clinic: Any, taxed: dict[str, Any]) -> None:
    await clinic.settle(taxed, PAID)
    await courtesy(clinic, taxed, "30.00")
    refund = await clinic.settle(taxed, "-10.00", PaymentRefunded, settlements=at(taxed, "-10.00", "10.00", 2, PAID))
    again = {"transaction_id": new_id(), "settlements": at(taxed, "-50.00", "50.00", 3, PAID)}
    message = clinic.message(refund.model_copy(update=again), 1)
    await clinic.harness.deliver(message, message)
    await clinic.harness.deliver(message)
    assert len(await clinic.announced(RefundAdjustmentDecided)) == 2  # of two events, each once
    assert await figures(clinic, taxed) == ("60.00", "0.00", "59.00", "0.00")
    await clinic.prove()


async def test_undoing_the_courtesy_asks_for_it_and_a_later_refund_is_credited_in_full(
    clinic: Any, taxed: dict[str, Any]
) -> None:
    """PAY-20: an answer is final, and takes nothing from what is paid and refunded later."""
    await clinic.settle(taxed, PAID)
    note = await courtesy(clinic, taxed, PAID)
    await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 2, PAID))
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "wrong invoice"})
    assert (await figures(clinic, taxed))[3] == PAID
    await clinic.settle(taxed, PAID, PaymentRecorded, settlements=at(taxed, PAID, "0.00", 3, "238.00"))
    await clinic.settle(taxed, f"-{PAID}", PaymentRefunded, settlements=at(taxed, f"-{PAID}", PAID, 4, "238.00"))
    assert await figures(clinic, taxed) == ("238.00", PAID, "0.00", "0.00")
    await clinic.prove()


async def test_a_refund_of_a_product_credits_the_products_tax(clinic: Any, taxed: dict[str, Any]) -> None:
    """PAY-19: 59.50 of an invoice of 63.00 exempt and 59.50 at 19 % are of the product, with 9.50 of tax."""
    made = await clinic.invoice(clinic.custom("63.00", tax_category="E"), clinic.custom("50.00", tax_category="S"))
    product = made["lines"][1]["id"]
    await clinic.settle(made, "122.50")
    (change,) = at(made, "-59.50", "59.50", 2, "122.50")
    named = (change.model_copy(update={"lines": (RefundedLine(line_id=product),)}),)
    await clinic.settle(made, "-59.50", PaymentRefunded, settlements=named)
    (note,) = (await clinic.read(made["id"]))["notes"]
    assert (note["total"], note["tax"]) == (clinic.usd("59.50"), clinic.usd("9.50"))
    assert [one["invoice_line_id"] for one in note["lines"]] == [product]
    # What the line has no more comes from the rest of the invoice; an unknown line is passed over.
    lines = (
        RefundedLine(line_id=new_id()),
        RefundedLine(line_id=product, amount=Amount(amount="10.00", currency="USD")),
    )
    (change,) = at(made, "-10.00", "10.00", 3, "122.50")
    await clinic.settle(made, "-10.00", PaymentRefunded, settlements=(change.model_copy(update={"lines": lines}),))
    (_, note) = (await clinic.read(made["id"]))["notes"]
    assert (note["total"], note["tax"]) == (clinic.usd("10.00"), clinic.usd("0.00"))
    await clinic.prove()
