"""Insurers' money: one transfer for many patients, and what they overpay stays theirs (INS-4, INS-5)."""

from __future__ import annotations

import asyncio
import csv
import io
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from chassis.identifiers import new_id
from contracts.invoicing import InvoiceCredited, InvoiceDebited
from contracts.payments import PaymentRecorded
from insurers_told import Claims
from payments_desk import FrontDesk, good, problem, usd

DAY = timedelta(days=1)
DELTA = {"payer_id": str(new_id()), "name": "Delta Dental"}
FROM_DELTA = {"payer": {"kind": "insurer", **DELTA}, "method": "insurance", "allow_overpayment": True}


def transfer(amount: str, *parts: dict[str, Any], **more: Any) -> dict[str, Any]:
    body = {"insurer": DELTA, "amount": usd(amount), "external_reference": "ERA 1", "payments": list(parts)}
    return body | more


def part(patient_id: UUID, amount: str, *invoices: UUID) -> dict[str, Any]:
    allocations = [{"invoice_id": str(invoice_id)} for invoice_id in invoices]
    return {"patient_id": str(patient_id), "amount": usd(amount), "allocations": allocations}


async def credit(desk: FrontDesk, patient_id: UUID | None = None) -> dict[str, Any]:
    return good(await desk.client.get(f"/v1/patients/{patient_id or desk.patient_id}/credit"))


@pytest.mark.rule("INS-5.1")
async def test_one_transfer_pays_the_invoices_of_many_patients(desk: FrontDesk) -> None:
    """INS-5: a payment for each patient, with its own event and receipt, under one external reference."""
    sister = new_id()
    own = [await desk.invoice("50.00"), await desk.invoice("30.00")]
    hers = await desk.invoice("40.00", patient_id=sister)
    body = transfer("115.00", part(desk.patient_id, "75.00", *own), part(sister, "40.00", hers))
    made = good(await desk.client.post("/v1/remittances", json=body), 201)
    assert [
        (payment["patient_id"], payment["amount"]["amount"], payment["payer"]["name"]) for payment in made["payments"]
    ] == [
        (str(desk.patient_id), "75.00", "Delta Dental"),
        (str(sister), "40.00", "Delta Dental"),
    ]
    assert [await desk.outstanding(id_) for id_ in (*own, hers)] == ["0.00", "5.00", "0.00"]
    events = await desk.events(PaymentRecorded)
    assert {(event.payer.kind, event.external_reference, event.method) for event in events} == {
        ("insurer", "ERA 1", "insurance")
    }
    listed = good(await desk.client.get("/v1/payments", params={"external_reference": "ERA 1"}))["items"]
    assert {one["id"] for one in listed} == {payment["id"] for payment in made["payments"]}
    await desk.prove()


@pytest.mark.parametrize(
    ("slug", "field", "change"),
    [
        ("remittance-unbalanced", "amount", {"amount": usd("80.01")}),
        ("wrong-currency", "amount.currency", {"amount": {"amount": "80.00", "currency": "EUR"}}),
        ("patient-named-twice", "payments[1].patient_id", {"twice": True}),
        ("more-than-outstanding", "payments[1].amount", {"parts": ("40.00", "40.00")}),
        ("invoice-unknown", "payments[1].allocations[0].invoice_id", {"unknown": True}),
        ("invoice-void", "payments[0].allocations[0].invoice_id", {"void": True}),
    ],
)
async def test_a_transfer_is_recorded_as_a_whole_or_not_at_all(
    desk: FrontDesk, slug: str, field: str, change: dict[str, Any]
) -> None:
    """INS-5: the error names the payment's field, and nothing is recorded."""
    sister = new_id()
    first, second = await desk.invoice("60.00"), await desk.invoice("20.00", patient_id=sister)
    if "void" in change:
        await desk.harness.deliver(desk.voided(first))
    amounts = change.get("parts", ("60.00", "20.00"))
    unknown = new_id() if "unknown" in change else second
    patient = desk.patient_id if "twice" in change else sister
    body = transfer("80.00", part(desk.patient_id, amounts[0], first), part(patient, amounts[1], unknown))
    body |= {name: value for name, value in change.items() if name == "amount"}
    refused = (await desk.client.post("/v1/remittances", json=body)).json()
    assert (refused["type"].rpartition(":")[2], refused["errors"][0]["field"]) == (slug, field)
    assert await desk.events(PaymentRecorded) == []
    assert await desk.outstanding(second) == "20.00"
    await desk.prove()


@pytest.mark.rule("INS-4.3")
async def test_a_void_invoice_holds_up_no_other_of_its_transfer(desk: FrontDesk) -> None:
    """Its money is the insurer's credit, which a later transfer may take back."""
    sister = new_id()
    void, second = await desk.invoice("60.00"), await desk.invoice("20.00", patient_id=sister)
    await desk.harness.deliver(desk.voided(void))
    named = {"allocations": [{"invoice_id": str(void), "amount": usd("60.00")}]}
    body = transfer(
        "80.00", part(desk.patient_id, "60.00") | named, part(sister, "20.00", second), allow_overpayment=True
    )
    made = good(await desk.client.post("/v1/remittances", json=body), 201)["payments"]
    assert [(one["allocations"] == [], one["unallocated"]) for one in made] == [
        (True, usd("60.00")),
        (False, usd("0.00")),
    ]
    assert (await desk.outstanding(void), await desk.outstanding(second)) == ("0.00", "0.00")
    assert [insurer["balance"] for insurer in (await credit(desk))["insurers"]] == [usd("60.00")]
    back = transfer("-60.00", take_backs=[{"invoice_id": str(void), "amount": usd("60.00")}], external_reference="E 2")
    good(await desk.client.post("/v1/remittances", json=back), 201)
    assert (await credit(desk))["insurers"] == []
    await desk.prove()


async def test_an_insurers_payment_for_a_void_invoice_is_its_credit_where_that_is_allowed(desk: FrontDesk) -> None:
    invoice = await desk.invoice("60.00")
    await desk.harness.deliver(desk.voided(invoice))
    problem(await desk.pay("60.00", invoice, **FROM_DELTA | {"allow_overpayment": False}), 409, "invoice-void")
    paid = good(await desk.pay("60.00", invoice, **FROM_DELTA), 201)
    assert (paid["allocations"], paid["unallocated"]) == ([], usd("60.00"))
    problem(await desk.pay("60.00", invoice, allow_overpayment=True), 409, "invoice-void")
    await desk.prove()


async def test_the_same_transfer_told_twice_is_recorded_once(desk: FrontDesk) -> None:
    """ALL-1."""
    body = transfer("10.00", part(desk.patient_id, "10.00", await desk.invoice("10.00")))
    headers = {"Idempotency-Key": "era-1"}
    first = await desk.client.post("/v1/remittances", json=body, headers=headers)
    again = await desk.client.post("/v1/remittances", json=body, headers=headers)
    assert (again.headers["idempotency-replayed"], again.json()) == ("true", first.json())
    assert len(await desk.events(PaymentRecorded)) == 1


async def test_transfers_that_meet_on_the_same_patients_settle_no_more_than_is_asked(desk: FrontDesk) -> None:
    """PAY-11: patients in opposite orders, at once; every transfer is recorded, and nothing is allocated twice."""
    patients = [new_id() for _ in range(4)]
    invoices = [await desk.invoice("30.00", patient_id=one) for one in patients]
    pairs = list(zip(patients, invoices, strict=True))
    bodies = []
    for number in range(8):
        ordered = pairs if number % 2 else pairs[::-1]
        parts = [part(patient, "10.00", invoice) for patient, invoice in ordered]
        bodies.append(transfer("40.00", *parts, allow_overpayment=True, external_reference=f"ERA {number}"))
    answers = await asyncio.gather(*(desk.client.post("/v1/remittances", json=body) for body in bodies))
    assert {answer.status_code for answer in answers} == {201}
    for patient, invoice in pairs:
        assert await desk.outstanding(invoice) == "0.00"
        held = await credit(desk, patient)
        assert (held["balance"], held["insurers"][0]["balance"]) == (usd("0.00"), usd("50.00"))
    await desk.prove()


@pytest.mark.rule("INS-4.3")
async def test_what_an_insurer_overpays_is_the_insurers_credit_and_not_the_patients(desk: FrontDesk) -> None:
    """INS-4."""
    invoice = await desk.invoice("60.00")
    paid = await desk.paid("100.00", invoice, **FROM_DELTA)
    await desk.paid("7.00")
    held = await credit(desk)
    assert held["balance"] == usd("7.00")
    assert held["insurers"] == [{**DELTA, "balance": usd("40.00")}]
    line = next(one for one in await desk.account() if one["payment_id"] == paid["id"])
    assert (line["payer_kind"], line["payer_name"]) == ("insurer", "Delta Dental")
    good(await desk.refund(paid["id"], "40.00", "overpayment"), 201)
    assert (await credit(desk))["insurers"] == []
    await desk.prove()


async def test_what_an_insurer_overpaid_is_not_the_patients_in_account_and_statement(desk: FrontDesk) -> None:
    """INS-4, PAY-9: it is no money of the patient's and hides no debt; it stands beside the balance."""
    paid = await desk.paid("150.00", await desk.invoice("100.00"), **FROM_DELTA)
    invoice, payment = await desk.account()
    assert (invoice["balance"], invoice["insurers_credit"]) == (usd("100.00"), usd("0.00"))
    assert (payment["amount"], payment["change"], payment["balance"]) == (usd("150.00"), usd("-100.00"), usd("0.00"))
    assert (payment["insurers_credit_change"], payment["insurers_credit"]) == (usd("50.00"), usd("50.00"))
    owed = await desk.invoice("50.00")
    path = f"/v1/patients/{desk.patient_id}"
    told = good(await desk.client.get(f"{path}/statement"))
    assert (told["closing_balance"], told["closing_insurers_credit"]) == (usd("50.00"), usd("50.00"))
    desk.harness.clock.advance(DAY)
    day = str(desk.harness.clock.now().date())
    good(await desk.refund(paid["id"], "20.00", "overpayment"), 201)
    body = {"insurer_id": DELTA["payer_id"], "reason": "overpaid", "allocations": [{"invoice_id": str(owed)}]}
    good(await desk.client.post(f"{path}/credit/applications", json=body), 201)
    told = good(await desk.client.get(f"{path}/statement", params={"from": day}))
    assert (told["opening_balance"], told["opening_insurers_credit"]) == (usd("50.00"), usd("50.00"))
    assert (told["closing_balance"], told["closing_insurers_credit"]) == (usd("20.00"), usd("0.00"))
    assert [item["insurers_credit_change"] for item in told["items"]] == [usd("-20.00"), usd("-30.00")]
    assert [item["balance"] for item in told["items"]] == [usd("50.00"), usd("20.00")]
    newest = good(await desk.client.get(f"{path}/account", params={"order": "newest_first", "limit": "2"}))["items"]
    assert newest == told["items"][::-1]
    file = (await desk.client.get(f"{path}/statement.csv", params={"from": day})).text
    rows = list(csv.DictReader(io.StringIO(file, newline="")))
    assert [(row["kind"], row["balance"], row["insurers_credit_change"], row["insurers_credit"]) for row in rows] == [
        ("opening_balance", "50.00", "", "50.00"),
        ("refund", "50.00", "-20.00", "30.00"),
        ("credit_application", "20.00", "-30.00", "0.00"),
        ("closing_balance", "20.00", "", "0.00"),
    ]
    assert await desk.outstanding(owed) == "20.00"
    assert (await credit(desk))["insurers"] == []
    await desk.prove()


async def test_credit_that_nobody_names_is_the_patients_own_only(desk: FrontDesk) -> None:
    """INS-4, PAY-3: an insurer's credit settles no other invoice by itself, and goes to no other patient."""
    await desk.paid("100.00", **FROM_DELTA)
    path = f"/v1/patients/{desk.patient_id}/credit"
    invoice = await desk.invoice("30.00")
    problem(await desk.client.post(f"{path}/applications", json={"reason": "as agreed"}), 409, "nothing-to-settle")
    moving = {"to_patient_id": str(new_id()), "amount": usd("10.00"), "reason": "family"}
    problem(await desk.client.post(f"{path}/transfers", json=moving), 422, "credit-insufficient")
    body: dict[str, Any] = {"insurer_id": DELTA["payer_id"], "reason": "overpaid"}
    refused = problem(await desk.client.post(f"{path}/applications", json=body), 422, "insurers-credit-unnamed")
    assert refused["errors"][0]["field"] == "allocations"
    body["allocations"] = [{"invoice_id": str(invoice)}]
    good(await desk.client.post(f"{path}/applications", json=body), 201)
    assert await desk.outstanding(invoice) == "0.00"
    assert (await credit(desk))["insurers"][0]["balance"] == usd("70.00")
    await desk.prove()


@pytest.mark.rule("INS-4.3")
async def test_a_contracts_write_off_gives_back_what_the_patient_paid_first(desk: FrontDesk) -> None:
    """INS-4: what was paid too much becomes credit of whoever paid it; the insurer decided both, so it did not."""
    invoice = await desk.invoice("100.00")
    await desk.paid("40.00", invoice)
    await desk.paid("60.00", invoice, **FROM_DELTA)
    note = desk.credit_note(invoice, "10.00").model_copy(update={"kind": "contractual_write_off"})
    decision = Claims(desk).applied(invoice, "60.00", "30.00")
    decision = decision.model_copy(update={"payer_id": UUID(DELTA["payer_id"])})
    await desk.harness.deliver(note, decision)
    held = await credit(desk)
    assert (held["balance"], held["insurers"]) == (usd("10.00"), [])
    await desk.harness.deliver(desk.credit_note(invoice, "5.00"))
    held = await credit(desk)  # a courtesy: the insurer paid just what it decided to pay, so it is the patient's
    assert (held["balance"], held["insurers"]) == (usd("15.00"), [])
    await desk.prove()


async def test_a_write_off_taken_back_leaves_the_books_as_if_it_had_been_smaller(desk: FrontDesk) -> None:
    """PAY-12: the account of write-offs, not that of revenue."""
    invoice = await desk.invoice("100.00")
    note: InvoiceCredited = desk.credit_note(invoice, "30.00").model_copy(update={"kind": "contractual_write_off"})
    back: InvoiceDebited = desk.debit_note(invoice, "12.00").model_copy(
        update={"kind": "undo_credit_note", "decision_id": new_id()}
    )
    await desk.harness.deliver(note, back)
    assert await desk.outstanding(invoice) == "82.00"
    balance = good(await desk.client.get("/v1/journal/trial-balance"))
    totals = {account["account"]: account["balance"]["amount"] for account in balance["accounts"]}
    assert (totals["write_offs"], totals["revenue"]) == ("18.00", "-100.00")
    await desk.prove()
