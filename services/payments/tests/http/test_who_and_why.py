"""Who and why on every transaction, wherever it is shown or told (ALL-5)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, get_args

import pytest
from chassis.identifiers import new_id
from contracts.payments import (
    AllocationMoved,
    AllocationReleased,
    CreditApplicationCancelled,
    CreditApplied,
    CreditTransferred,
    InsurerAdjusted,
    PaymentCancelled,
    PaymentChargedBack,
    PaymentRecorded,
    PaymentRefunded,
    PaymentTakenBack,
    RefundCancelled,
    TakeBackCancelled,
)
from payments.domain.transaction import ADJUSTMENTS, Kind
from payments_desk import FrontDesk, good, problem, usd

INSURER = {"kind": "insurer", "name": "Delta Dental"}
PLAN = str(new_id())
Shown = dict[str, Any]


async def read(desk: FrontDesk, transaction_id: str) -> Shown:
    return good(await desk.client.get(f"/v1/transactions/{transaction_id}"))


async def payment(desk: FrontDesk) -> Shown:
    return await read(desk, (await desk.paid("10.00"))["id"])


async def refund(desk: FrontDesk) -> Shown:
    paid = await desk.paid("10.00")
    return good(await desk.refund(paid["id"], "4.00"), 201)


async def cancellation(desk: FrontDesk) -> Shown:
    return good(await desk.cancel((await desk.paid("10.00"))["id"]), 201)


async def refund_cancellation(desk: FrontDesk) -> Shown:
    return good(await desk.cancel_refund((await refund(desk))["id"]), 201)


async def chargeback(desk: FrontDesk) -> Shown:
    return good(await desk.charge_back((await desk.paid("10.00", method="check"))["id"]), 201)


async def credit_application(desk: FrontDesk) -> Shown:
    await desk.invoice("10.00")
    await desk.paid("10.00")
    path = f"/v1/patients/{desk.patient_id}/credit/applications"
    return good(await desk.client.post(path, json={"reason": "as agreed"}), 201)


async def cancelled(desk: FrontDesk, transaction_id: str) -> Shown:
    path = f"/v1/transactions/{transaction_id}/cancellation"
    return good(await desk.client.post(path, json={"reason": "entered twice"}), 201)


async def application_cancellation(desk: FrontDesk) -> Shown:
    return await cancelled(desk, (await credit_application(desk))["id"])


async def transfer(desk: FrontDesk, amount: str = "10.00") -> dict[str, Shown]:
    body = {"to_patient_id": str(new_id()), "amount": usd(amount), "reason": "family"}
    return good(await desk.client.post(f"/v1/patients/{desk.patient_id}/credit/transfers", json=body), 201)


async def credit_transfer_out(desk: FrontDesk) -> Shown:
    await desk.paid("10.00")
    return (await transfer(desk))["out"]


async def credit_transfer_in(desk: FrontDesk) -> Shown:
    await desk.paid("10.00")
    return (await transfer(desk))["into"]


async def release(desk: FrontDesk) -> Shown:
    invoice = await desk.invoice("10.00")
    await desk.paid("10.00", invoice)
    await desk.harness.deliver(desk.credit_note(invoice, "4.00"))
    return await only(desk, "release")


async def transfer_of_insurer(desk: FrontDesk, kind: str) -> Shown:
    """One that takes back, withholds and adds interest; of it, the transaction of this kind."""
    invoice = await desk.invoice("60.00")
    await desk.paid("60.00", invoice, payer=INSURER, method="insurance")
    body = {
        "insurer": {"name": "Delta Dental"},
        "amount": usd("-13.50"),
        "external_reference": "ERA 1",
        "take_backs": [{"invoice_id": str(invoice), "amount": usd("10.00"), "reason": "paid twice"}],
        "adjustments": [
            {"code": code, "reference": "as its letter says", "amount": usd(amount)}
            for code, amount in (("WO", "5.00"), ("FB", "-1.00"), ("L6", "-1.00"), ("L6", "0.50"))
        ],
    }
    made = good(await desk.client.post("/v1/remittances", json=body), 201)
    found: Shown = next(one for one in [*made["take_backs"], *made["adjustments"]] if one["kind"] == kind)
    return found


async def take_back_cancellation(desk: FrontDesk) -> Shown:
    return await cancelled(desk, (await transfer_of_insurer(desk, "take_back"))["id"])


async def allocation_move(desk: FrontDesk) -> Shown:
    invoice = await desk.invoice("10.00")
    paid = await desk.paid("10.00", invoice)
    body = {"from": {"invoice_id": str(invoice)}, "to": None, "amount": usd("4.00"), "reason": "kept for later"}
    return good(await desk.client.post(f"/v1/payments/{paid['id']}/moves", json=body), 201)


async def move_cancellation(desk: FrontDesk) -> Shown:
    return await cancelled(desk, (await allocation_move(desk))["id"])


MADE: dict[Kind, Callable[[FrontDesk], Awaitable[Shown]]] = {
    "payment": payment,
    "refund": refund,
    "cancellation": cancellation,
    "refund_cancellation": refund_cancellation,
    "chargeback": chargeback,
    "credit_application": credit_application,
    "application_cancellation": application_cancellation,
    "credit_transfer_out": credit_transfer_out,
    "credit_transfer_in": credit_transfer_in,
    "release": release,
    "take_back": lambda desk: transfer_of_insurer(desk, "take_back"),
    "insurer_withheld": lambda desk: transfer_of_insurer(desk, "insurer_withheld"),
    "insurer_added": lambda desk: transfer_of_insurer(desk, "insurer_added"),
    "insurer_interest": lambda desk: transfer_of_insurer(desk, "insurer_interest"),
    "interest_taken_back": lambda desk: transfer_of_insurer(desk, "interest_taken_back"),
    "take_back_cancellation": take_back_cancellation,
    "allocation_move": allocation_move,
    "move_cancellation": move_cancellation,
}
TOLD_BY: dict[Kind, type[Any]] = {
    "payment": PaymentRecorded,
    "refund": PaymentRefunded,
    "cancellation": PaymentCancelled,
    "refund_cancellation": RefundCancelled,
    "chargeback": PaymentChargedBack,
    "credit_application": CreditApplied,
    "application_cancellation": CreditApplicationCancelled,
    "credit_transfer_out": CreditTransferred,
    "credit_transfer_in": CreditTransferred,
    "release": AllocationReleased,
    "take_back": PaymentTakenBack,
    "insurer_withheld": InsurerAdjusted,
    "insurer_added": InsurerAdjusted,
    "insurer_interest": InsurerAdjusted,
    "interest_taken_back": InsurerAdjusted,
    "take_back_cancellation": TakeBackCancelled,
    "allocation_move": AllocationMoved,
    "move_cancellation": AllocationMoved,
}
IDS = ("transaction_id", "release_id", "adjustment_id")
CODES: dict[str, str] = {"release": "cause", **dict.fromkeys(ADJUSTMENTS, "code")}


async def only(desk: FrontDesk, kind: str, patient_id: Any = None) -> Shown:
    """The one transaction of a kind in a patient's account."""
    (line,) = await desk.account(patient_id, kind=kind)
    return await read(desk, line["transaction_id"])


def why(shown: Shown) -> tuple[str | None, str | None]:
    return shown["reason_code"], shown["reason"]


@pytest.mark.rule("ALL-5.2")
@pytest.mark.parametrize("kind", get_args(Kind))
async def test_every_kind_of_transaction_says_who_and_why_wherever_it_is_shown(desk: FrontDesk, kind: Kind) -> None:
    """Made by each kind's own request: a new kind has no place here yet, and fails."""
    made = await MADE[kind](desk)
    shown = await read(desk, made["id"])
    (line,) = [one for one in await desk.account(shown["patient_id"]) if one["id"] == made["id"]]
    assert made["kind"] == shown["kind"] == line["kind"] == kind
    assert shown["recorded_by"] == ("consumer:payments" if kind == "release" else "clerk:ada")
    assert any(why(shown))
    assert (line["recorded_by"], *why(line)) == (shown["recorded_by"], *why(shown))
    events = await desk.events(TOLD_BY[kind])
    told = {str(next(getattr(one, name) for name in IDS if hasattr(one, name))): one for one in events}
    event = told[made["id"]]
    assert (event.by.subject, event.by.reason) == (shown["recorded_by"], shown["reason"])
    assert getattr(event, CODES.get(kind, "reason_code")) == shown["reason_code"]


async def test_the_day_sheet_says_who_and_why(desk: FrontDesk) -> None:
    paid = await desk.paid("10.00")
    good(await desk.cancel(paid["id"]), 201)
    found = good(await desk.client.get(f"/v1/day-sheets/{paid['booked_on']}/transactions"))["items"]
    assert [(one["recorded_by"], *why(one)) for one in found] == [
        ("clerk:ada", "deposit", None),
        ("clerk:ada", None, "entered twice"),
    ]


async def purpose(desk: FrontDesk, *named: dict[str, str], **how: Any) -> str | None:
    made = await desk.paid("10.00", allocations=list(named), **how)
    assert good(await desk.client.get(f"/v1/payments/{made['id']}"))["reason_code"] == made["reason_code"]
    found: str | None = made["reason_code"]
    return found


async def test_a_payment_says_what_it_was_taken_for(desk: FrontDesk) -> None:
    invoice = {"invoice_id": str(await desk.invoice("100.00"))}
    assert await purpose(desk, invoice) == "invoice_settlement"
    assert await purpose(desk) == "deposit"
    assert await purpose(desk, treatment_plan_id=PLAN) == "treatment_plan_deposit"
    assert await purpose(desk, invoice, treatment_plan_id=PLAN) == "invoice_settlement"
    assert await purpose(desk, invoice, payer=INSURER, method="insurance") == "insurer_remittance"
    assert await purpose(desk, payer=INSURER, method="insurance") == "insurer_remittance"


DONE: dict[str, tuple[Callable[[Any, Any], Awaitable[Any]], str]] = {
    "payment_cancelled": (lambda desk, paid: desk.cancel(paid), "entered twice"),
    "payment_charged_back": (lambda desk, paid: desk.charge_back(paid), "check bounced"),
}


@pytest.mark.parametrize("code", DONE)
async def test_what_is_brought_back_says_what_for(desk: FrontDesk, code: str) -> None:
    """Another patient held the payment's credit; nobody asked for it back by itself."""
    paid = await desk.paid("10.00", method="check")
    sister = (await transfer(desk))["into"]["patient_id"]
    do, words = DONE[code]
    good(await do(desk, paid["id"]), 201)
    back = [await only(desk, "credit_transfer_out", sister), await only(desk, "credit_transfer_in")]
    assert [(one["recorded_by"], *why(one)) for one in back] == [("clerk:ada", code, words)] * 2


async def test_both_sides_of_a_transfer_taken_back_say_who_and_why(desk: FrontDesk) -> None:
    await desk.paid("10.00")
    sides = await transfer(desk)
    await cancelled(desk, sides["out"]["id"])
    back = [
        await only(desk, "credit_transfer_in"),
        (await desk.account(sides["into"]["patient_id"], kind="credit_transfer_out"))[0],
    ]
    assert [(one["recorded_by"], *why(one)) for one in back] == [
        ("clerk:ada", "transfer_cancelled", "entered twice")
    ] * 2


@pytest.mark.parametrize("count", [1, 2, 5, 6])
async def test_a_release_names_what_it_follows_from(desk: FrontDesk, count: int) -> None:
    """Notes that arrive together release together, and are all named; of very many the latest."""
    credited = await desk.invoice("10.00")
    await desk.paid("10.00", credited)
    notes = [desk.credit_note(credited, "1.00") for _ in range(count)]
    await desk.harness.deliver(*notes)
    shown = await only(desk, "release")
    assert (shown["amount"], shown["linked_id"]) == (usd(f"{count}.00"), str(notes[-1].credit_note_id))
    numbers = ", ".join(note.number for note in notes[-5:])
    assert why(shown) == ("invoice_credited", f"credit note {numbers}{' and others' if count > 5 else ''}")


async def test_a_release_by_a_void_names_the_invoice(desk: FrontDesk) -> None:
    invoice = await desk.invoice("10.00")
    await desk.paid("10.00", invoice)
    await desk.harness.deliver(desk.voided(invoice))
    assert why(await only(desk, "release")) == ("invoice_voided", f"invoice {desk.numbers[invoice]} voided")


@pytest.mark.parametrize("given", [{}, {"reason": None}, {"reason": ""}, {"reason": "  "}])
@pytest.mark.parametrize("action", ["applications", "transfers", "withdrawals"])
async def test_credit_is_spent_only_with_a_reason(desk: FrontDesk, action: str, given: dict[str, Any]) -> None:
    await desk.invoice("10.00")
    await desk.paid("10.00")
    more = {"to_patient_id": str(new_id())} if action == "transfers" else {}
    body = {"amount": usd("5.00")} | more
    path = f"/v1/patients/{desk.patient_id}/credit/{action}"
    refused = problem(await desk.client.post(path, json=body | given), 422, "invalid-request")
    assert [error["field"] for error in refused["errors"]] == ["reason"]
    good(await desk.client.post(path, json=body | {"reason": "as agreed"}), 201)


async def test_a_payments_note_is_told_with_the_payment_alone(desk: FrontDesk) -> None:
    """PAY-1: it is no note of the refund, nor of what else is about the payment."""
    paid = await desk.paid("10.00", note="paid at the desk", method="check")
    refunded = good(await desk.refund(paid["id"], "4.00"), 201)
    good(await desk.cancel_refund(refunded["id"]), 201)
    good(await desk.charge_back(paid["id"]), 201)
    (recorded,) = await desk.events(PaymentRecorded)
    assert recorded.note == "paid at the desk"
    for contract in (PaymentRefunded, RefundCancelled, PaymentChargedBack):
        (told,) = await desk.events(contract)
        assert told.note is None
