"""What is credited for a refund that crossed a document: never twice, however late it is heard of (`PAY-20`)."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.event import Amount
from contracts.invoicing import InvoiceCredited, InvoiceDebited, InvoiceIssued
from contracts.payments import (
    PaymentCancelled,
    PaymentRecorded,
    PaymentRefunded,
    RefundCancelled,
    RefundedLine,
    SettlementChange,
)
from contracts.refund_adjustments import RefundAdjustmentDecided

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


@pytest.mark.rule("PAY-4.5", "PAY-20.1")
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
    assert [(note.total.amount, note.credit_note_id) for note in notes] == (
        [(credited, answer.note_id)] if answer.note_id else []
    )
    taxes = sum(float(one.tax.amount) for one in await clinic.announced(InvoiceCredited))
    assert taxes <= 19
    await clinic.prove()


def by_name(settlements: tuple[SettlementChange]) -> tuple[SettlementChange]:
    """Of a refund that named the invoice."""
    return (settlements[0].model_copy(update={"named": True}),)


@pytest.mark.rule("PAY-20.2")
@pytest.mark.parametrize(
    ("crossed", "refunded", "credited", "outstanding"),
    [
        ("30.00", "50.00", "50.00", "0.00"),
        ("30.00", "89.00", "89.00", "0.00"),
        ("30.00", "100.00", "89.00", "0.00"),
        ("119.00", "119.00", "0.00", "0.00"),
    ],
)
async def test_of_an_invoice_that_a_refund_names_all_is_credited_that_is_left(
    clinic: Any, taxed: dict[str, Any], crossed: str, refunded: str, credited: str, outstanding: str
) -> None:
    """PAY-19, PAY-20: heard of first, the courtesy's credit would not have been taken, as the invoice is named."""
    await clinic.settle(taxed, PAID)
    await courtesy(clinic, taxed, crossed)
    change = by_name(at(taxed, f"-{refunded}", refunded, 2, PAID))
    await clinic.settle(taxed, f"-{refunded}", PaymentRefunded, settlements=change)
    in_all, settled = f"{float(crossed) + float(credited):.2f}", f"{119 - float(refunded):.2f}"
    assert await figures(clinic, taxed) == (in_all, "0.00", settled, outstanding)
    answers = [(one.wanted.amount, one.credited.amount) for one in await clinic.announced(RefundAdjustmentDecided)]
    assert answers == ([(refunded, credited)] if credited != refunded else [])
    taxes = sum(float(one.tax.amount) for one in await clinic.announced(InvoiceCredited))
    assert f"{taxes:.2f}" == f"{float(in_all) * 19 / 119:.2f}"
    await clinic.prove()


@pytest.mark.parametrize("order", list(permutations(range(2))))
async def test_a_courtesys_credit_is_taken_by_the_refund_that_names_nothing_in_whatever_order_they_are_heard(
    clinic: Any, taxed: dict[str, Any], order: tuple[int, ...]
) -> None:
    """PAY-20: 30.00 are credited, 50.00 refunded by name and 50.00 without; 20.00 of these are credited."""
    await clinic.settle(taxed, PAID)
    await courtesy(clinic, taxed, "30.00")
    refunds = [by_name(at(taxed, "-50.00", "50.00", 2, PAID)), at(taxed, "-50.00", "50.00", 3, PAID)]
    for one in order:
        await clinic.settle(taxed, "-50.00", PaymentRefunded, settlements=refunds[one])
    assert await figures(clinic, taxed) == ("100.00", "0.00", "19.00", "0.00")
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert (answer.wanted.amount, answer.credited.amount) == ("50.00", "20.00")
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
    told = [(answer.wanted.amount, answer.credited.amount) for answer in answers]
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


@pytest.mark.rule("PAY-19.2")
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
    assert [line["invoice_line_id"] for line in note["lines"]] == [product]
    assert await clinic.announced(RefundAdjustmentDecided) == []
    await clinic.prove()


def naming(change: SettlementChange, *lines: tuple[Any, str | None]) -> SettlementChange:
    named = tuple(
        RefundedLine(line_id=line_id, amount=None if amount is None else Amount(amount=amount, currency="USD"))
        for line_id, amount in lines
    )
    return change.model_copy(update={"lines": named})


async def mixed(clinic: Any, paid: str, **settings: Any) -> tuple[dict[str, Any], str, str]:
    """An invoice of 63.00 exempt and 59.50 at 19 %, so much of it paid; and both of its lines."""
    rates = [{"code": "S", "category": "S", "rate": "19"}, {"code": "E", "category": "E", "rate": "0"}]
    rates[1]["exemption_reason"] = "Dental care"
    await clinic.configure(tax_categories=rates, **settings)
    product = "59.50" if settings.get("prices_include_tax") else "50.00"
    made = await clinic.invoice(clinic.custom("63.00", tax_category="E"), clinic.custom(product, tax_category="S"))
    await clinic.settle(made, paid, settlements=at(made, paid, "0.00", 1, paid))
    return made, made["lines"][0]["id"], made["lines"][1]["id"]


@pytest.mark.rule("PAY-19.2")
@pytest.mark.parametrize("gross", [True, False], ids=["gross", "net"])
async def test_what_a_named_line_has_no_more_is_credited_nowhere_else_and_said(clinic: Any, gross: bool) -> None:
    """PAY-19: the product was credited while nobody had paid it, and a refund for it was on its way meanwhile."""
    made, _, product = await mixed(clinic, "63.00", prices_include_tax=gross)
    await clinic.post(
        f"/v1/invoices/{made['id']}/credit-notes", {"kind": "courtesy", "reason": "x", "lines": [{"line_id": product}]}
    )
    change = naming(*at(made, "-59.50", "59.50", 2, "63.00"), (product, None))
    await clinic.settle(made, "-59.50", PaymentRefunded, settlements=(change,))
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert (answer.wanted.amount, answer.credited.amount, answer.note_id) == ("59.50", "0.00", None)
    assert [(str(line.line_id), line.wanted, line.credited.amount) for line in answer.lines] == [
        (product, None, "0.00")
    ]
    assert await figures(clinic, made) == ("59.50", "0.00", "3.50", "59.50")
    await clinic.prove()


async def test_of_lines_that_have_a_part_left_that_part_is_credited(clinic: Any) -> None:
    """PAY-19: and of what the refund names no line for, whatever is left."""
    made, exempt, product = await mixed(clinic, "100.00")
    body = {"kind": "courtesy", "reason": "x", "lines": [{"line_id": product, "amount": clinic.usd("40.00")}]}
    await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)  # 47.60, of which 25.10 were paid
    unknown = new_id()
    (change,) = at(made, "-30.00", "30.00", 2, "74.90")
    named = naming(change, (product, "20.00"), (unknown, "5.00"), (exempt, "5.00"))
    rest = at(made, "-10.00", "10.00", 3, "74.90")
    await clinic.settle(made, "-40.00", PaymentRefunded, settlements=(named, *rest))
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert (answer.wanted.amount, answer.credited.amount) == ("40.00", "26.90")
    assert [(str(line.line_id), line.wanted.amount, line.credited.amount) for line in answer.lines] == [
        (product, "20.00", "11.90"),
        (str(unknown), "5.00", "0.00"),
        (exempt, "5.00", "5.00"),
    ]
    note = (await clinic.read(made["id"]))["notes"][-1]
    taken = [(line["invoice_line_id"], line["net"]["amount"], line["tax"]["amount"]) for line in note["lines"]]
    assert taken == [(product, "10.00", "1.90"), (exempt, "5.00", "0.00"), (None, "10.00", "0.00")]
    await clinic.prove()


async def test_returned_goods_have_nothing_to_be_refunded_for(clinic: Any) -> None:
    """INV-14, PAY-19: a line below zero is passed over, and so is the amount that was for it."""
    made = await clinic.invoice(clinic.custom("100.00"), clinic.custom("10.00", quantity="-1"))
    returned = made["lines"][1]["id"]
    await clinic.settle(made, "90.00", settlements=at(made, "90.00", "0.00", 1, "90.00"))
    change = naming(*at(made, "-10.00", "10.00", 2, "90.00"), (returned, None))
    await clinic.settle(made, "-10.00", PaymentRefunded, settlements=(change,))
    (answer,) = await clinic.announced(RefundAdjustmentDecided)
    assert [(str(line.line_id), line.credited.amount) for line in answer.lines] == [(returned, "0.00")]
    assert await figures(clinic, made) == ("0.00", "0.00", "80.00", "10.00")
    await clinic.prove()


async def test_the_last_of_the_lines_takes_the_cash_rounding_along(clinic: Any) -> None:
    """MON-12: 10.03 rounded to 10.05 is refunded with its two lines named."""
    await clinic.configure(cash_rounding="0.05")
    made = await clinic.invoice(clinic.custom("5.03"), clinic.custom("5.00"))
    await clinic.settle(made, "10.05", settlements=at(made, "10.05", "0.00", 1, "10.05"))
    lines = [(line["id"], None) for line in made["lines"]]
    change = naming(*at(made, "-10.05", "10.05", 2, "10.05"), *lines)
    await clinic.settle(made, "-10.05", PaymentRefunded, settlements=(change,))
    assert await clinic.announced(RefundAdjustmentDecided) == []
    assert await figures(clinic, made) == ("10.05", "0.00", "0.00", "0.00")
    await clinic.prove()


async def test_events_say_what_is_left_of_each_line(clinic: Any) -> None:
    """PAY-19: what can be credited when it is issued, and after each note; of debit notes, too (MON-11)."""
    made, exempt, product = await mixed(clinic, "63.00")
    (issued,) = await clinic.announced(InvoiceIssued)
    assert [(str(line.line_id), line.creditable.amount) for line in issued.lines] == [
        (exempt, "63.00"),
        (product, "59.50"),
    ]
    path = f"/v1/invoices/{made['id']}"
    fee = await clinic.post(f"{path}/debit-notes", {"kind": "late_fee", "reason": "x", "amount": clinic.usd("5.00")})
    body = {"kind": "courtesy", "reason": "x", "lines": [{"line_id": product, "amount": clinic.usd("40.00")}]}
    note = await clinic.post(f"{path}/credit-notes", body)
    (debited,) = await clinic.announced(InvoiceDebited)
    assert [(str(one.line_id), one.left.amount) for one in debited.lines_left] == [
        (exempt, "63.00"),
        (product, "59.50"),
        (fee["id"], "5.00"),
    ]
    (credited,) = await clinic.announced(InvoiceCredited)
    assert [one.left.amount for one in credited.lines_left] == ["63.00", "11.90", "5.00"]
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "x"})
    assert [one.left.amount for one in (await clinic.announced(InvoiceDebited))[-1].lines_left] == [
        "63.00",
        "59.50",
        "5.00",
    ]
