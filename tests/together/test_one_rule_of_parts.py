"""What of a patient's invoices is the patient's and what insurers': statement and ageing of one moment say the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from itertools import permutations
from typing import Any

import pytest
from chassis.identifiers import new_id
from chassis.testing.harness import ServiceHarness
from insurers_cases import DENIED, FIRST, REVERSAL, SECOND, Decided, Forgiven, Paid
from office import NAMES, TURNS, Office, good, office_of, usd
from sqlalchemy import text

Estimated = Sequence[tuple[int, int, int]]
"""By insurer in turn: what it is expected to pay, to have written off, and to leave to the patient."""
BOTH: Estimated = [(50, 10, 40), (20, 0, 20)]
PENDING = Decided(0, 0, [("CO", "16", 100)])
PARTLY = Decided(0, 50, [("CO", "45", 10), ("OA", "100", 15), ("PR", "2", 25)])


@dataclass(frozen=True)
class Charged:
    """A late fee: what the patient is asked more."""

    amount: int


Step = Decided | Paid | Forgiven | Charged
AGES = ("not_due", "days_1_30", "days_31_60", "days_61_90", "over_90_days", "total")
CASES: dict[str, tuple[Estimated, Sequence[Step], tuple[str, str]]] = {
    "nobody is insured": ([], [Paid(30)], ("70.00", "0.00")),
    "none has decided": (BOTH, [], ("20.00", "80.00")),
    "none has decided, and the patient's part is paid": (BOTH, [Paid(20)], ("0.00", "80.00")),
    "none has decided, and one pays": (BOTH, [Paid(50, 0)], ("20.00", "30.00")),
    "none has decided, and some is forgiven": (BOTH, [Forgiven(30)], ("0.00", "70.00")),
    "the primary has decided": (BOTH, [FIRST], ("20.00", "70.00")),
    "the primary has decided and paid": (BOTH, [FIRST, Paid(50, 0)], ("20.00", "20.00")),
    "both have decided, the second pays": (BOTH, [FIRST, SECOND, Paid(20, 1)], ("20.00", "50.00")),
    "without an estimate, decided": ([], [FIRST], ("40.00", "50.00")),
    "a document is missing": (BOTH[:1], [PENDING], ("40.00", "60.00")),
    "a document is missing, and the patient's part is paid": (BOTH[:1], [PENDING, Paid(40)], ("0.00", "60.00")),
    "a document is missing, and then decided": (BOTH[:1], [PENDING, FIRST], ("40.00", "50.00")),
    "a document is missing of the first, the second has decided": (BOTH, [PENDING, SECOND], ("20.00", "70.00")),
    "a document is missing, without an estimate": ([], [PENDING], ("0.00", "100.00")),
    "some is left undecided": ([], [PARTLY], ("25.00", "65.00")),
    "some is left undecided, and paid": ([], [PARTLY, Paid(50, 0), Paid(10)], ("15.00", "15.00")),
    "denied": ([], [DENIED], ("0.00", "0.00")),
    "decided and reversed": (BOTH[:1], [FIRST, REVERSAL], ("40.00", "60.00")),
    "decided and reversed, without an estimate": ([], [FIRST, REVERSAL], ("0.00", "100.00")),
    "all is forgiven, and a late fee comes": (BOTH, [Forgiven(100), Charged(10)], ("10.00", "0.00")),
    "some is forgiven, one pays, and a late fee comes": (
        BOTH[:1],
        [Forgiven(50), Paid(30, 0), Charged(10)],
        ("10.00", "20.00"),
    ),
    "the rest is forgiven once decided, and a late fee comes": (
        BOTH[:1],
        [FIRST, Forgiven(90), Charged(10)],
        ("10.00", "0.00"),
    ),
    "a late fee comes, and is forgiven": (BOTH, [Charged(10), Forgiven(10)], ("20.00", "80.00")),
    "a late fee comes, and the insurers pay all that is theirs": (
        BOTH,
        [Charged(10), Paid(60, 0), Paid(20, 1)],
        ("30.00", "0.00"),
    ),
    "paid too much by all": (BOTH, [FIRST, Paid(100), Paid(50, 0)], ("0.00", "0.00")),
}


async def insured(office: Office, estimated: Estimated) -> dict[str, Any]:
    estimates = [
        {
            "payer_id": str(office.insurers[by]),
            "payer_name": NAMES[by],
            "payer_sequence": TURNS[by],
            "expected": usd(expected),
            "write_off": usd(write_off),
            "patient_part": usd(patient_part),
        }
        for by, (expected, write_off, patient_part) in enumerate(estimated)
    ]
    line: dict[str, Any] = {"kind": "custom", "description": "Crown", "unit_price": usd(100)}
    line |= {"estimates": estimates} if estimates else {}
    body = {"patient_id": str(new_id()), "issue": True, "lines": [line]}
    invoice: dict[str, Any] = good(await office.bills.post("/v1/invoices", json=body), 201)
    return invoice


async def by_statement(office: Office, patient: str) -> tuple[str, str]:
    """What is asked of the patient, own credit left aside as the ageing leaves it, and what is left to insurers."""
    found = good(await office.till.get(f"/v1/patients/{patient}/statement"))
    credit = good(await office.till.get(f"/v1/patients/{patient}/credit"))["balance"]["amount"]
    theirs = found["insurers_to_pay"]["amount"]
    patients = float(found["closing_balance"]["amount"]) + float(credit) - float(theirs)
    due = found["next_due"]["amount"]["amount"] if found["next_due"] else "0.00"
    assert due == f"{patients:.2f}", "the whole of one invoice is due next"
    return due, theirs


async def named_by_statement(office: Office, patient: str) -> tuple[dict[str, str], dict[str, str]]:
    """What a statement leaves to each insurer, and what of it is expected to be written off."""
    found = good(await office.till.get(f"/v1/patients/{patient}/statement"))["insurers"]
    left, off = ({one["payer_id"]: one[what]["amount"] for one in found} for what in ("amount", "expected_write_off"))
    return left, off


async def written_off_by_ageing(office: Office) -> dict[str, str]:
    """What of what each insurer owes is expected to be written off."""
    found = good(await office.bills.get("/v1/reports/ageing"))["items"]
    return {one["id"]: one["expected_write_off"]["amount"] for one in found if one["debtor"] == "insurer"}


async def by_ageing(office: Office) -> dict[str, str]:
    """What each debtor owes."""
    return {id_: ages["total"] for id_, ages in (await by_age(office)).items()}


async def by_age(office: Office) -> dict[str, dict[str, str]]:
    """What each debtor owes, by age and in all."""
    found = good(await office.bills.get("/v1/reports/ageing"))["items"]
    return {one["id"]: {age: one[age]["amount"] for age in AGES} for one in found}


@pytest.mark.rule("INS-4.8")
@pytest.mark.parametrize("case", CASES)
async def test_statement_and_ageing_of_one_moment_agree_to_the_cent(
    services: tuple[ServiceHarness, ServiceHarness], case: str
) -> None:
    """INS-1, INS-4, PAY-9, PAY-16: before any decision, after each, with what is undecided, with money of each."""
    estimated, steps, expected = CASES[case]
    async with office_of(services) as office:
        invoice = await insured(office, estimated)
        await office.listen()
        for step in (None, *steps):
            if isinstance(step, Decided):
                await office.decide([(invoice, step)])
            elif isinstance(step, Paid):
                await office.pay([(invoice, step)])
            elif isinstance(step, Forgiven):
                await office.forgive([(invoice, step)])
            elif isinstance(step, Charged):
                await charge(office, invoice, step)
            await office.listen()
            aged = await by_ageing(office)
            patients = aged.pop(invoice["patient_id"], "0.00")
            insurers = f"{sum(map(float, aged.values())):.2f}"
            assert await by_statement(office, invoice["patient_id"]) == (patients, insurers)
            off = await written_off_by_ageing(office)
            assert await named_by_statement(office, invoice["patient_id"]) == (aged, off)
            assert aged.keys() <= {str(insurer) for insurer in office.insurers}
        assert (patients, insurers) == expected
        await office.prove()


@pytest.mark.rule("INS-1.3", "INS-4.8")
async def test_the_invoice_says_the_same_once_some_of_the_insurers_money_is_refunded(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """PAY-4: 10.00 were given back and credited. The invoice expected them of the insurer still, for ever."""
    async with office_of(services) as office:
        invoice = await insured(office, BOTH[:1])
        await office.listen()
        await office.decide([(invoice, FIRST)])
        await office.listen()
        await office.pay([(invoice, Paid(50, 0))])
        await office.listen()
        patient = invoice["patient_id"]
        (payment,) = good(await office.till.get("/v1/payments", params={"patient_id": patient}))["items"]
        body = {"amount": usd(10), "reason_code": "billing_error", "allocations": [{"invoice_id": invoice["id"]}]}
        refund = good(await office.till.post(f"/v1/payments/{payment['id']}/refunds", json=body), 201)
        await office.listen()
        assert await by_statement(office, patient) == ("40.00", "0.00")
        assert await by_ageing(office) == {patient: "40.00"}
        assert await by_invoice(office, invoice["id"]) == ("40.00", "40.00", "40.00", "0.00")
        undo = f"/v1/refunds/{refund['id']}/cancellation"
        good(await office.till.post(undo, json={"reason": "not paid out"}), 201)
        await office.listen()
        assert await by_invoice(office, invoice["id"]) == ("40.00", "50.00", "50.00", "0.00")
        await office.prove()


async def charge(office: Office, invoice: dict[str, Any], charged: Charged) -> None:
    note = {"kind": "late_fee", "reason": "45 days after the due date", "amount": usd(charged.amount)}
    good(await office.bills.post(f"/v1/invoices/{invoice['id']}/debit-notes", json=note), 201)


@pytest.mark.rule("INS-4.9")
async def test_a_late_fee_after_a_courtesy_of_all_is_the_patients_on_the_invoice_and_its_plan_too(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """INS-1, INS-4: what the estimate reached beyond the fees that are left took the late fee for the insurer's."""
    async with office_of(services) as office:
        invoice = await insured(office, BOTH[:1])
        await office.forgive([(invoice, Forgiven(100))])
        await charge(office, invoice, Charged(10))
        assert await by_invoice(office, invoice["id"]) == ("10.00", "0.00", "0.00", "0.00")
        plan = {"count": 1, "first_due_date": invoice["due_date"]}
        made = good(await office.bills.post(f"/v1/invoices/{invoice['id']}/installment-plan", json=plan), 201)
        shown = good(await office.bills.get(f"/v1/installments/{made['installments'][0]['id']}"))
        assert shown["patient_part_estimated"] == shown["remaining"] == usd(10)
        await office.listen()
        await office.prove()


async def by_invoice(office: Office, invoice_id: str) -> tuple[str, ...]:
    """The patient's and the insurers' part, as its list has them, too; what came of the one insurer, and is to come."""
    shown = good(await office.bills.get(f"/v1/invoices/{invoice_id}"))
    (listed,) = good(await office.bills.get("/v1/invoices", params={"patient_id": shown["patient_id"]}))["items"]
    assert listed["parts"] == shown["parts"]
    (payer,) = shown["insurance"]["payers"]
    parts = [shown["parts"][name]["amount"] for name in ("patient", "insurers")]
    return (*parts, payer["received"]["amount"], payer["still_expected"]["amount"])


@dataclass(frozen=True)
class LineForgiven:
    """A courtesy of all that is left of the line that the insurer decides on."""


@pytest.mark.rule("INS-4.8")
async def test_what_a_contract_takes_off_is_asked_of_nobody_although_nothing_was_left_to_credit(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """INS-3, INS-4: two lines of 100.00, the insurer decides on the first, which is a courtesy; in every order."""
    steps: list[Step | LineForgiven] = [FIRST, LineForgiven(), Paid(50, 0), Paid(30)]
    orders = list(permutations(steps))
    async with office_of(services) as office:
        invoices = [await two_lines(office) for _ in orders]
        await office.listen()
        for place in range(len(steps)):
            for invoice, order in zip(invoices, orders, strict=True):
                await do(office, invoice, order[place])
            await office.listen()
            aged = await by_ageing(office)
            said = [await by_statement(office, invoice["patient_id"]) for invoice in invoices]
            assert [patients for patients, _ in said] == [aged.get(one["patient_id"], "0.00") for one in invoices]
            theirs = sum(float(amount) for id_, amount in aged.items() if id_ in map(str, office.insurers))
            assert sum(float(insurers) for _, insurers in said) == theirs
        assert said == [("20.00", "0.00")] * len(orders)
        await office.prove()


async def two_lines(office: Office) -> dict[str, Any]:
    line = {"kind": "custom", "description": "Crown", "unit_price": usd(100)}
    body = {"patient_id": str(new_id()), "issue": True, "lines": [line, line]}
    invoice: dict[str, Any] = good(await office.bills.post("/v1/invoices", json=body), 201)
    return invoice


async def do(office: Office, invoice: dict[str, Any], step: Step | LineForgiven) -> None:
    if isinstance(step, Decided):
        await office.decide([(invoice, step)])
    elif isinstance(step, Paid):
        await office.pay([(invoice, step)])
    else:
        note = {"kind": "courtesy", "reason": "as asked", "lines": [{"line_id": invoice["lines"][0]["id"]}]}
        good(await office.bills.post(f"/v1/invoices/{invoice['id']}/credit-notes", json=note), 201)


FORGET = (
    "UPDATE invoices SET insurers_estimated_minor = 0 WHERE clinic_id = :clinic",
    "UPDATE insurers_parts SET estimated_minor = 0 WHERE clinic_id = :clinic",
)
UNTOLD = "INSERT INTO untold_estimates (clinic_id, issued_before) VALUES (:clinic, :now)"


@pytest.mark.rule("INS-4.8")
async def test_of_invoices_from_before_payments_is_told_what_is_estimated(
    services: tuple[ServiceHarness, ServiceHarness],
) -> None:
    """INS-1, INS-4: issued before payments kept it, and decided on in part by a release that did not say it."""
    async with office_of(services) as office:
        invoices = [await insured(office, BOTH) for _ in range(2)]
        await office.listen()
        await office.decide([(invoices[1], FIRST)])
        await office.listen()
        said = [await by_statement(office, invoice["patient_id"]) for invoice in invoices]
        assert said == [("20.00", "80.00"), ("20.00", "70.00")]
        async with office.payments.database.transaction([office.clinic], "test") as work:
            for sql in FORGET:
                await work.connection.execute(text(sql), {"clinic": office.clinic})
        assert [await by_statement(office, invoice["patient_id"]) for invoice in invoices] != said
        office.invoicing.clock.advance(timedelta(seconds=1))
        async with office.invoicing.database.transaction([office.clinic], "test") as work:
            await work.connection.execute(text(UNTOLD), {"clinic": office.clinic, "now": work.now})
        await office.invoicing.run_job("announce_estimates")
        await office.listen()
        assert [await by_statement(office, invoice["patient_id"]) for invoice in invoices] == said
        await office.decide([(invoices[0], FIRST)])
        await office.listen()
        assert await by_statement(office, invoices[0]["patient_id"]) == ("20.00", "70.00")
        await office.prove()


@pytest.mark.rule("PAY-9.4")
async def test_a_statement_says_the_ages_that_the_ageing_says(services: tuple[ServiceHarness, ServiceHarness]) -> None:
    """PAY-16: an invoice with a plan and two insurers, one without; each month something becomes older, and is paid."""
    async with office_of(services) as office:
        invoice = await insured(office, BOTH)
        patient = invoice["patient_id"]
        line = {"kind": "custom", "description": "Night guard", "unit_price": usd(70)}
        plain = {"patient_id": patient, "issue": True, "lines": [line]}
        other = good(await office.bills.post("/v1/invoices", json=plain), 201)
        plan = {"count": 4, "first_due_date": invoice["due_date"]}
        good(await office.bills.post(f"/v1/invoices/{invoice['id']}/installment-plan", json=plan), 201)
        await office.listen()
        for step in (None, FIRST, Paid(10), Paid(50, 0)):
            if isinstance(step, Decided):
                await office.decide([(invoice, step)])
            elif step is not None:
                await office.pay([(invoice, step), (other, Paid(5))])
            await office.listen()
            statement = good(await office.till.get(f"/v1/patients/{patient}/statement"))
            said = {age: amount["amount"] for age, amount in statement["ageing"].items()}
            assert said == (await by_age(office))[patient]
            for service in services:
                service.clock.advance(timedelta(days=32))
        assert sum(amount != "0.00" for amount in said.values()) > 2
        await office.prove()
