"""Insurers take money back inside their transfers, withhold from them and add to them (INS-9, F08)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.payments import InsurerAdjusted, PaymentRecorded, PaymentTakenBack, TakeBackCancelled
from contracts.provider_adjustments import meaning_of
from payments_desk import FrontDesk, good, problem, usd

DELTA = {"payer_id": str(new_id()), "name": "Delta Dental"}
CIGNA = {"payer_id": str(new_id()), "name": "Cigna"}
OTHERS = ["WO", "FB", "72", "CS", "J1", "AM", "AP", "B2", "C5", "50", "51", "IR", "LE", "PI", "SL", "WU"]
"""Reasons that are no interest."""


def part(patient_id: UUID, amount: str, *invoices: UUID) -> dict[str, Any]:
    allocations = [{"invoice_id": str(invoice_id)} for invoice_id in invoices]
    return {"patient_id": str(patient_id), "amount": usd(amount), "allocations": allocations}


def transfer(amount: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    reference = f"ERA {new_id()}"
    return {"insurer": DELTA, "amount": usd(amount), "external_reference": reference, "payments": list(parts)} | more


def taken(amount: str, **of: Any) -> dict[str, Any]:
    return {"amount": usd(amount)} | {name: str(value) for name, value in of.items()}


async def recorded(desk: FrontDesk, body: dict[str, Any]) -> dict[str, Any]:
    return good(await desk.client.post("/v1/remittances", json=body), 201)


async def paid_by_delta(desk: FrontDesk, amount: str, *invoices: UUID, **more: Any) -> str:
    made = await recorded(desk, transfer(amount, part(desk.patient_id, amount, *invoices), **more))
    found: str = made["payments"][0]["id"]
    return found


async def today(desk: FrontDesk) -> dict[str, Any]:
    day = str(desk.harness.clock.now().date())
    return good(await desk.client.get(f"/v1/day-sheets/{day}"))["totals"]


@pytest.mark.rule("INS-9.1", "INS-9.2")
async def test_what_is_taken_back_of_one_patient_inside_the_payment_of_another_is_booked_against_it(
    desk: FrontDesk,
) -> None:
    """A transfer of 140.00: 200.00 for B less 60.00 taken back from A, who owes it again; nothing is credited."""
    anna, bert = await desk.invoice("100.00"), await desk.invoice("250.00", patient_id=(b := new_id()))
    payment = await paid_by_delta(desk, "60.00", anna)
    body = transfer("140.00", part(b, "200.00", bert), take_backs=[taken("60.00", invoice_id=anna)])
    made = await recorded(desk, body)
    assert (await desk.outstanding(anna), await desk.outstanding(bert)) == ("100.00", "50.00")
    (back,) = made["take_backs"]
    assert (back["kind"], back["payment_id"], back["patient_id"]) == ("take_back", payment, str(desk.patient_id))
    assert [(one["invoice_id"], one["change"], one["credited"]) for one in back["settlements"]] == [
        (str(anna), usd("-60.00"), usd("0.00"))
    ]
    found = await desk.payment(payment)
    assert (found["status"], found["taken_back"], found["refundable"]) == ("recorded", usd("60.00"), usd("0.00"))
    (told,) = await desk.events(PaymentTakenBack)
    assert (str(told.payment_id), told.taken_back_so_far.amount, told.external_reference) == (
        payment,
        "60.00",
        body["external_reference"],
    )
    sheet = await today(desk)
    assert (sheet["payments"]["amount"], sheet["take_backs"]["amount"], sheet["net"]) == (
        usd("260.00"),
        usd("60.00"),
        usd("200.00"),
    )
    line = next(one for one in await desk.account() if one["kind"] == "take_back")
    assert (line["change"], line["balance"]) == (usd("60.00"), usd("100.00"))
    await desk.prove()


@pytest.mark.rule("INS-9.1", "INS-9.4")
async def test_a_transfer_less_what_is_withheld_as_a_whole_with_interest(desk: FrontDesk) -> None:
    """158.00: 200.00 less PLB 42.00, which is 50.00 withheld (WO) less 8.00 of interest (L6)."""
    invoice = await desk.invoice("200.00")
    adjustments = [
        {"code": "WO", "reference": "OLDCLM001", "amount": usd("50.00")},
        {"code": "L6", "reference": "OLDCLM002", "amount": usd("-8.00")},
    ]
    made = await recorded(desk, transfer("158.00", part(desk.patient_id, "200.00", invoice), adjustments=adjustments))
    assert [(one["kind"], one["amount"], one["reason_code"], one["reason"]) for one in made["adjustments"]] == [
        ("insurer_withheld", usd("50.00"), "WO", "OLDCLM001"),
        ("insurer_interest", usd("8.00"), "L6", "OLDCLM002"),
    ]
    assert await desk.outstanding(invoice) == "0.00"
    told = {
        one.meaning: (one.direction, one.amount.amount, one.reference) for one in await desk.events(InsurerAdjusted)
    }
    assert told == {
        "overpayment_recovery": ("withheld", "50.00", "OLDCLM001"),
        "interest": ("added", "8.00", "OLDCLM002"),
    }
    sheet = await today(desk)
    assert (sheet["insurer_withheld"]["amount"], sheet["insurer_interest"]["amount"], sheet["net"]) == (
        usd("50.00"),
        usd("8.00"),
        usd("158.00"),
    )
    trial = good(await desk.client.get("/v1/journal/trial-balance"))["accounts"]
    balances = {one["account"]: one["balance"]["amount"] for one in trial}
    assert (balances["money"], balances["insurer_adjustments"], balances["interest_income"]) == (
        "158.00",
        "50.00",
        "-8.00",
    )
    assert {one["kind"] for one in await desk.account()} == {"invoice", "payment"}
    await desk.prove()


@pytest.mark.rule("INS-9.1")
@pytest.mark.parametrize(("paid", "amount"), [("60.00", "0.00"), (None, "-60.00"), ("20.00", "-40.00")])
async def test_a_transfer_of_nothing_or_of_less_than_nothing_is_recorded(
    desk: FrontDesk, paid: str | None, amount: str
) -> None:
    anna, other = await desk.invoice("100.00"), await desk.invoice("60.00")
    payment = await paid_by_delta(desk, "60.00", anna)
    parts = [part(desk.patient_id, paid, other)] if paid else []
    await recorded(desk, transfer(amount, *parts, take_backs=[taken("60.00", payment_id=payment)]))
    assert await desk.outstanding(anna) == "100.00"
    assert (await today(desk))["net"] == usd("60.00" if amount == "0.00" else "0.00" if not paid else "20.00")
    await desk.prove()


@pytest.mark.rule("INS-9.1")
async def test_a_part_is_taken_back_of_the_invoice_that_is_named(desk: FrontDesk) -> None:
    first, second = await desk.invoice("50.00"), await desk.invoice("50.00")
    payment = await paid_by_delta(desk, "100.00", first, second)
    for amount in ("10.00", "15.00"):
        await recorded(desk, transfer(f"-{amount}", take_backs=[taken(amount, invoice_id=first)]))
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("25.00", "0.00")
    assert (await desk.payment(payment))["taken_back"] == usd("25.00")
    good(await desk.refund(payment, "75.00", "billing_error"), 201)
    problem(await desk.refund(payment, "0.01", "billing_error"), 422, "refund-exceeds-payment")
    await desk.prove()


async def test_the_same_transfer_pays_anew_what_it_takes_back(desk: FrontDesk) -> None:
    """A reversal and its correction: 60.00 taken back, 50.00 paid, on one invoice that was settled."""
    invoice = await desk.invoice("60.00")
    await paid_by_delta(desk, "60.00", invoice)
    body = transfer("-10.00", part(desk.patient_id, "50.00", invoice), take_backs=[taken("60.00", invoice_id=invoice)])
    await recorded(desk, body)
    assert await desk.outstanding(invoice) == "10.00"
    await desk.prove()


async def test_what_became_the_insurers_credit_is_taken_back_before_other_invoices_are_touched(desk: FrontDesk) -> None:
    first, second = await desk.invoice("60.00"), await desk.invoice("40.00")
    payment = await paid_by_delta(desk, "120.00", first, second, allow_overpayment=True)
    await recorded(desk, transfer("-70.00", take_backs=[taken("70.00", invoice_id=first)]))
    assert (await desk.outstanding(first), await desk.outstanding(second)) == ("60.00", "0.00")
    assert (await desk.payment(payment))["unallocated"] == usd("10.00")
    await recorded(desk, transfer("-20.00", take_backs=[taken("20.00", payment_id=payment)]))
    assert (await desk.outstanding(second), (await desk.payment(payment))["unallocated"]) == ("10.00", usd("0.00"))
    await desk.prove()


@pytest.mark.parametrize(
    ("slug", "status", "field", "change"),
    [
        ("remittance-unbalanced", 422, "amount", {"amount": usd("1.00")}),
        ("take-back-exceeds-payment", 422, "take_backs[0].amount", {"take": "60.01"}),
        ("amount-not-positive", 422, "take_backs[0].amount", {"take": "0.00"}),
        ("amount-not-positive", 422, "take_backs[0].amount", {"take": "-5.00"}),
        ("taken-back-nowhere", 422, "take_backs[0].invoice_id", {"insurer": CIGNA}),
        ("not-the-insurers-payment", 422, "take_backs[0].payment_id", {"of": "patient"}),
        ("payment-unknown", 404, "take_backs[0].payment_id", {"of": "unknown"}),
        ("taken-back-nowhere", 422, "take_backs[0].invoice_id", {"of": "invoice"}),
        ("payment-reversed", 409, None, {"of": "cancelled"}),
        ("adjustment-of-nothing", 422, "adjustments[0].amount", {"adjust": "0.00"}),
        ("wrong-currency", 422, "take_backs[0].amount.currency", {"currency": "EUR"}),
    ],
)
async def test_a_take_back_that_makes_no_sense_is_refused_and_nothing_is_recorded(
    desk: FrontDesk, slug: str, status: int, field: str | None, change: dict[str, Any]
) -> None:
    invoice, own = await desk.invoice("100.00"), await desk.invoice("10.00")
    payment = await paid_by_delta(desk, "60.00", invoice)
    patients = await desk.paid("10.00", own)
    cancelled = (await desk.paid("5.00", payer={"kind": "insurer", **DELTA}, method="insurance"))["id"]
    good(await desk.cancel(cancelled), 201)
    before = len(await desk.events(PaymentRecorded))
    wanted = {
        "patient": {"payment_id": patients["id"]},
        "unknown": {"payment_id": new_id()},
        "cancelled": {"payment_id": cancelled},
        "invoice": {"invoice_id": own},
    }.get(change.get("of", ""), {"invoice_id": invoice})
    amount = change.get("take", "60.00")
    entry = taken(amount, **wanted)
    if "currency" in change:
        entry["amount"] = {"amount": "60.00", "currency": "EUR"}
    body = transfer(amount[1:] if amount.startswith("-") else f"-{amount}", take_backs=[entry])
    if "adjust" in change:
        body = transfer("0.00", adjustments=[{"code": "WO", "amount": usd(change["adjust"])}])
    body |= {name: value for name, value in change.items() if name in {"amount", "insurer"}}
    refused = problem(await desk.client.post("/v1/remittances", json=body), status, slug)
    if field:
        assert refused["errors"][0]["field"] == field
    assert (await desk.payment(payment))["taken_back"] == usd("0.00")
    assert len(await desk.events(PaymentRecorded)) == before
    await desk.prove()


async def test_nothing_at_all_is_no_transfer_and_a_take_back_names_one_thing(desk: FrontDesk) -> None:
    invoice = await desk.invoice("10.00")
    for body in (
        transfer("0.00"),
        transfer("-1.00", take_backs=[taken("1.00")]),
        transfer("-1.00", take_backs=[taken("1.00", invoice_id=invoice, payment_id=new_id())]),
    ):
        assert (await desk.client.post("/v1/remittances", json=body)).status_code == 422


@pytest.mark.rule("INS-9.4")
@pytest.mark.parametrize(
    ("code", "amount", "kind", "account"),
    [
        ("L6", "-8.00", "insurer_interest", "interest_income"),
        ("CR", "-8.00", "insurer_interest", "interest_income"),
        ("L6", "8.00", "interest_taken_back", "interest_income"),
        *((code, "8.00", "insurer_withheld", "insurer_adjustments") for code in OTHERS),
        *((code, "-8.00", "insurer_added", "insurer_adjustments") for code in OTHERS),
    ],
)
async def test_every_reason_is_withheld_above_zero_and_added_below_and_interest_is_interest(
    desk: FrontDesk, code: str, amount: str, kind: str, account: str
) -> None:
    """INS-9: X12 835 PLB04 is taken from the transfer, whatever the reason; only interest is income."""
    arrives = amount[1:] if amount.startswith("-") else f"-{amount}"
    made = await recorded(desk, transfer(arrives, adjustments=[{"code": code, "amount": usd(amount)}]))
    (shown,) = made["adjustments"]
    assert (shown["kind"], shown["amount"], shown["reason_code"]) == (kind, usd("8.00"), code)
    sheet = await today(desk)
    assert (sheet[kind]["count"], sheet[kind]["amount"], sheet["net"]) == (1, usd("8.00"), usd(arrives))
    trial = good(await desk.client.get("/v1/journal/trial-balance"))["accounts"]
    balances = {one["account"]: one["balance"]["amount"] for one in trial if one["balance"]["amount"] != "0.00"}
    assert balances == {"money": arrives, account: amount}
    (told,) = await desk.events(InsurerAdjusted)
    assert (told.direction, told.meaning) == ("withheld" if arrives.startswith("-") else "added", meaning_of(code))
    await desk.prove()


async def cancelled(desk: FrontDesk, transaction_id: str) -> Any:
    return await desk.client.post(f"/v1/transactions/{transaction_id}/cancellation", json={"reason": "by mistake"})


@pytest.mark.rule("PAY-5.8")
async def test_a_payment_is_cancelled_once_the_take_back_that_was_a_mistake_is(desk: FrontDesk) -> None:
    """PAY-5: what it took is where it was, the transfer's reference is free again, and a second time is the first."""
    invoice = await desk.invoice("100.00")
    payment = await paid_by_delta(desk, "60.00", invoice)
    body = transfer("-10.00", take_backs=[taken("10.00", payment_id=payment)])
    made = (await recorded(desk, body))["take_backs"][0]["id"]
    refused = problem(await desk.cancel(payment), 409, "payment-partly-taken-back")
    assert "the insurer took 10.00 USD of the payment back" in refused["detail"]
    undone = good(await cancelled(desk, made), 201)
    assert (undone["kind"], undone["reverses_id"], undone["amount"]) == ("take_back_cancellation", made, usd("10.00"))
    assert [(one["invoice_id"], one["change"]) for one in undone["settlements"]] == [(str(invoice), usd("10.00"))]
    assert good(await cancelled(desk, made), 200)["id"] == undone["id"]
    assert await desk.outstanding(invoice) == "40.00"
    assert (await desk.payment(payment))["taken_back"] == usd("0.00")
    (told,) = await desk.events(TakeBackCancelled)
    assert (str(told.take_back_id), str(told.payment_id), told.taken_back_so_far.amount) == (made, payment, "0.00")
    sheet = await today(desk)
    assert (sheet["take_backs"]["amount"], sheet["take_back_cancellations"]["amount"], sheet["net"]) == (
        usd("10.00"),
        usd("10.00"),
        usd("60.00"),
    )
    problem(await cancelled(desk, undone["id"]), 422, "not-cancellable")
    await recorded(desk, body)
    assert await desk.outstanding(invoice) == "50.00"
    await desk.prove()


async def test_of_several_take_backs_each_is_undone_by_itself_and_with_the_payment_in_one_selection(
    desk: FrontDesk,
) -> None:
    """PAY-7: in an order in which each can be."""
    invoice, other = await desk.invoice("60.00"), await desk.invoice("40.00")
    payment = await paid_by_delta(desk, "120.00", invoice, other, allow_overpayment=True)
    taking = [taken("70.00", invoice_id=invoice), taken("20.00", payment_id=payment)]
    first, second = [one["id"] for one in (await recorded(desk, transfer("-90.00", take_backs=taking)))["take_backs"]]
    assert (await desk.outstanding(invoice), await desk.outstanding(other)) == ("60.00", "10.00")
    good(await cancelled(desk, first), 201)
    found = await desk.payment(payment)
    assert (await desk.outstanding(invoice), found["unallocated"], found["taken_back"]) == (
        "0.00",
        usd("10.00"),
        usd("20.00"),
    )
    chosen = {"transaction_ids": [payment, second], "reason": "all of it was a mistake"}
    good(await desk.client.post("/v1/transactions/cancellations", json=chosen), 201)
    assert (await desk.outstanding(invoice), await desk.outstanding(other)) == ("60.00", "40.00")
    assert (await desk.payment(payment))["status"] == "cancelled"
    await desk.prove()


@pytest.mark.rule("PAY-5.8")
@pytest.mark.parametrize("since", ["paid by the patient", "void", "credited"])
async def test_what_an_invoice_asks_for_no_more_is_the_insurers_credit(desk: FrontDesk, since: str) -> None:
    invoice = await desk.invoice("60.00")
    payment = await paid_by_delta(desk, "60.00", invoice)
    made = (await recorded(desk, transfer("-60.00", take_backs=[taken("60.00", payment_id=payment)])))["take_backs"]
    if since == "paid by the patient":
        await desk.paid("60.00", invoice)
    else:
        await desk.harness.deliver(desk.voided(invoice) if since == "void" else desk.credit_note(invoice, "60.00"))
    undone = good(await cancelled(desk, made[0]["id"]), 201)
    assert (undone["settlements"], undone["patient_credit_change"]) == ([], usd("60.00"))
    assert (await desk.payment(payment))["unallocated"] == usd("60.00")
    await desk.prove()


async def test_a_take_back_is_cancelled_once_by_two_at_once_and_never_of_a_payment_that_is_gone(
    desk: FrontDesk,
) -> None:
    invoice = await desk.invoice("100.00")
    payment = await paid_by_delta(desk, "60.00", invoice)
    made = (await recorded(desk, transfer("-10.00", take_backs=[taken("10.00", payment_id=payment)])))["take_backs"]
    answers = await asyncio.gather(*(cancelled(desk, made[0]["id"]) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 200, 201]
    assert await desk.outstanding(invoice) == "40.00"
    again = (await recorded(desk, transfer("-10.00", take_backs=[taken("10.00", payment_id=payment)])))["take_backs"]
    good(await desk.charge_back(payment), 201)
    problem(await cancelled(desk, again[0]["id"]), 409, "payment-reversed")
    await desk.prove()


async def test_a_charge_back_after_a_take_back_leaves_nothing_of_the_payment(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    payment = await paid_by_delta(desk, "60.00", invoice)
    await recorded(desk, transfer("-10.00", take_backs=[taken("10.00", payment_id=payment)]))
    good(await desk.charge_back(payment), 201)
    assert await desk.outstanding(invoice) == "100.00"
    await desk.prove()


async def test_two_take_backs_at_once_never_take_more_than_was_paid(desk: FrontDesk) -> None:
    payment = await paid_by_delta(desk, "60.00", await desk.invoice("100.00"))
    bodies = [transfer("-40.00", take_backs=[taken("40.00", payment_id=payment)]) for _ in range(4)]
    answers = await asyncio.gather(*(desk.client.post("/v1/remittances", json=body) for body in bodies))
    assert sorted(answer.status_code for answer in answers) == [201, 422, 422, 422]
    assert (await desk.payment(payment))["taken_back"] == usd("40.00")
    await desk.prove()


@pytest.mark.rule("INS-6.2")
async def test_the_same_transfer_recorded_twice_by_hand_is_refused_unless_confirmed(desk: FrontDesk) -> None:
    """INS-6: by insurer and reference, under another key, whatever it consists of; two at once: exactly one."""
    invoice = await desk.invoice("100.00")
    body = transfer("40.00", part(desk.patient_id, "40.00", invoice), external_reference="EFT-4711")
    answers = await asyncio.gather(*(desk.client.post("/v1/remittances", json=body) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409]
    first = next(one for one in answers if one.status_code == 201).json()["payments"][0]["id"]
    refused = problem(await desk.client.post("/v1/remittances", json=body), 409, "reference-used")
    assert (refused["errors"][0]["field"], refused["payment_id"]) == ("external_reference", first)
    other = body | {"insurer": CIGNA, "payments": [part(desk.patient_id, "40.00", invoice)]}
    await recorded(desk, other)
    await recorded(desk, body | {"confirm_duplicate_reference": True, "allow_overpayment": True})
    assert await desk.outstanding(invoice) == "0.00"
    await desk.prove()


async def test_a_transfer_that_was_cancelled_as_a_mistake_is_recorded_anew(desk: FrontDesk) -> None:
    invoice = await desk.invoice("100.00")
    body = transfer("40.00", part(desk.patient_id, "40.00", invoice), external_reference="EFT-4711")
    good(await desk.cancel((await recorded(desk, body))["payments"][0]["id"]), 201)
    await recorded(desk, body)
    assert await desk.outstanding(invoice) == "60.00"
    await desk.prove()


async def test_days_that_are_summed_for_good_know_what_insurers_took(desk: FrontDesk) -> None:
    payment = await paid_by_delta(desk, "60.00", await desk.invoice("100.00"))
    adjustments = [{"code": "L6", "amount": usd("-1.00")}]
    body = transfer("-9.00", take_backs=[taken("10.00", payment_id=payment)], adjustments=adjustments)
    await recorded(desk, body)
    day = str(desk.harness.clock.now().date())
    before = good(await desk.client.get(f"/v1/day-sheets/{day}"))
    desk.harness.clock.advance(timedelta(days=3))
    await desk.harness.run_job("sum_days")
    assert good(await desk.client.get(f"/v1/day-sheets/{day}")) == before
    await desk.prove()
