"""Installment plans over HTTP: agreed, read, rescheduled, cancelled, and what notes and money do to them (`PLN-1`)."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.installments import InstallmentPlanAgreed, InstallmentPlanCancelled, InstallmentPlanChanged
from contracts.payments import AllocationReleased, PaymentCancelled, PaymentRefunded
from sqlalchemy import text

MONTHLY = {"count": 4, "first_due_date": "2026-12-31"}


async def planned(clinic: Any, total: str = "100.00", **wanted: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """An invoice and its plan."""
    invoice = await clinic.invoice(clinic.custom(total))
    return invoice, await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", wanted or MONTHLY)


async def plan_of(clinic: Any, invoice: dict[str, Any]) -> dict[str, Any]:
    answer = await clinic.api.get(f"/v1/invoices/{invoice['id']}/installment-plan")
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    await adds_up(clinic, found)
    return found


async def adds_up(clinic: Any, plan: dict[str, Any]) -> None:
    """PLN-3: what remains sums to the outstanding; costs are exact by row and by column."""
    invoice = await clinic.read(plan["invoice_id"])
    assert cents(plan["remaining"]) == sum(cents(one["remaining"]) for one in plan["installments"])
    if plan["state"] == "cancelled":
        return
    assert plan["remaining"] == invoice["outstanding"]
    rows: dict[str, int] = {}
    for one in plan["installments"]:
        assert sum(cents(cost["amount"]) for cost in one["costs"]) == cents(one["amount"])
    for cost in [*plan["settled_before_costs"], *(cost for one in plan["installments"] for cost in one["costs"])]:
        rows[cost["description"]] = rows.get(cost["description"], 0) + cents(cost["amount"])
    asked = cents(invoice["totals"]["total"]) + cents(invoice["debited"]) - cents(invoice["credited"])
    refunded = sum(cents(note["total"]) for note in invoice["notes"] if note["kind"] == "refund_adjustment")
    assert sum(rows.values()) == asked + refunded


def cents(money: dict[str, str]) -> int:
    return int(money["amount"].replace(".", ""))


def amounts(plan: dict[str, Any], what: str = "remaining") -> list[str]:
    return [one[what]["amount"] for one in plan["installments"]]


def states(plan: dict[str, Any]) -> list[str]:
    return [one["state"] for one in plan["installments"]]


@pytest.mark.rule("PLN-1.1")
async def test_a_plan_divides_what_is_outstanding_of_a_partly_paid_invoice(clinic: Any) -> None:
    invoice = await clinic.invoice(clinic.custom("130.00"))
    await clinic.settle(invoice, "30.00")
    made = await clinic.post(
        f"/v1/invoices/{invoice['id']}/installment-plan",
        {"count": 3, "first_due_date": "2027-01-31", "down_payment": {"amount": clinic.usd("25.00")}, "reason": "r"},
    )
    assert amounts(made, "amount") == ["25.00", "25.00", "25.00", "25.00"]
    days = [one["due_date"] for one in made["installments"]]
    assert days == ["2026-11-23", "2027-01-31", "2027-02-28", "2027-03-31"]
    assert [one["kind"] for one in made["installments"]] == ["down_payment", *["installment"] * 3]
    assert states(made) == ["due", "planned", "planned", "planned"]
    assert (made["settled_before"], made["total"], made["version"]) == (clinic.usd("30.00"), clinic.usd("100.00"), 1)
    (version,) = made["versions"]
    assert (version["cause"], version["by"], version["reason"]) == ("agreed", "clerk:test", "r")
    await adds_up(clinic, made)
    read = await clinic.read(invoice["id"])
    assert (read["installment_plan_id"], read["next_installment"]["position"]) == (made["id"], 1)
    (event,) = await clinic.announced(InstallmentPlanAgreed)
    assert (str(event.plan_id), event.outstanding.amount, len(event.installments)) == (made["id"], "100.00", 4)
    assert event.installments[0].remaining.amount == "25.00"


async def test_the_other_two_ways_to_divide(clinic: Any) -> None:
    _, by_amount = await planned(
        clinic,
        amount_per_period=clinic.usd("30.00"),
        first_due_date="2026-12-01",
        every=2,
        unit="weeks",
    )
    assert amounts(by_amount, "amount") == ["30.00", "30.00", "30.00", "10.00"]
    assert by_amount["installments"][1]["due_date"] == "2026-12-15"
    given = [
        {"amount": clinic.usd("90.00"), "due_date": "2026-12-01"},
        {"amount": clinic.usd("10.00"), "due_date": "2027-05-05"},
    ]
    _, as_given = await planned(clinic, installments=given)
    assert [{"amount": one["amount"], "due_date": one["due_date"]} for one in as_given["installments"]] == given


async def test_a_preview_shows_the_division_and_changes_nothing(clinic: Any) -> None:
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    shown = await clinic.post(f"{path}/preview", MONTHLY, 200)
    assert [one["amount"]["amount"] for one in shown["installments"]] == ["25.00"] * 4
    assert (await clinic.api.get(path)).status_code == 404
    assert await clinic.announced(InstallmentPlanAgreed) == []
    await clinic.post(path, MONTHLY)
    assert await clinic.post(f"{path}/preview", MONTHLY, 200) == shown


@pytest.mark.parametrize(
    ("wanted", "field"),
    [
        ({}, "count"),
        ({"count": 0, "first_due_date": "2026-12-31"}, "count"),
        ({"count": 3}, "first_due_date"),
        ({"count": 3, "first_due_date": "2026-11-22"}, "first_due_date"),
        ({"count": 3, "first_due_date": "2026-12-31", "every": 0}, "every"),
        ({"count": 3, "first_due_date": "2026-12-31", "unit": "years"}, "unit"),
        ({"amount_per_period": {"amount": "0.00", "currency": "USD"}, "first_due_date": "2026-12-31"}, None),
        ({"amount_per_period": {"amount": "10.00", "currency": "EUR"}, "first_due_date": "2026-12-31"}, None),
        ({"installments": [{"amount": {"amount": "99.99", "currency": "USD"}, "due_date": "2026-12-31"}]}, None),
        (MONTHLY | {"down_payment": {"amount": {"amount": "100.00", "currency": "USD"}}}, "down_payment.amount"),
        (MONTHLY | {"colour": "red"}, "colour"),
    ],
)
async def test_what_cannot_be_divided_is_refused_naming_the_field(clinic: Any, wanted: Any, field: str | None) -> None:
    """ALL-2: bad input changes nothing."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    for answer in (await clinic.api.post(path, json=wanted), await clinic.api.post(f"{path}/preview", json=wanted)):
        assert answer.status_code == 422, answer.text
        named = [one["field"] for one in answer.json()["errors"]]
        assert named == [field or next(iter(wanted))], answer.text
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] is None


async def test_an_invoice_that_asks_for_nothing_has_no_plan(clinic: Any) -> None:
    draft = await clinic.invoice(clinic.custom("100.00"), issue=False)
    problem = await clinic.post(f"/v1/invoices/{draft['id']}/installment-plan", MONTHLY, 409)
    assert problem["type"].endswith("wrong-state")
    paid = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(paid, "100.00")
    problem = await clinic.post(f"/v1/invoices/{paid['id']}/installment-plan", MONTHLY, 409)
    assert problem["type"].endswith("nothing-outstanding")
    await clinic.post(f"/v1/invoices/{new_id()}/installment-plan", MONTHLY, 404)


@pytest.mark.rule("PLN-5.3")
async def test_of_two_plans_at_once_one_wins_and_the_other_is_told_which(clinic: Any) -> None:
    """PLN-5."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    answers = await asyncio.gather(*(clinic.api.post(path, json=MONTHLY) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409, 409]
    (won,) = [answer.json() for answer in answers if answer.status_code == 201]
    for answer in answers:
        if answer.status_code == 409:
            assert answer.json()["plan_id"] == won["id"]
    assert len(await clinic.announced(InstallmentPlanAgreed)) == 1


@pytest.mark.rule("PLN-2.1", "PLN-2.2", "PLN-2.3")
async def test_money_settles_reopens_and_refunds(clinic: Any) -> None:
    """PLN-2, PLN-3."""
    invoice, plan = await planned(clinic)
    third = plan["installments"][2]["id"]
    payment = await clinic.settle(invoice, "30.00", installment=third)
    assert amounts(await plan_of(clinic, invoice)) == ["20.00", "25.00", "0.00", "25.00"]
    first = payment.settlements[0].payment_id
    await clinic.settle(invoice, "-10.00", PaymentRefunded, of_payment=first, credited="10.00", installment=third)
    assert amounts(await plan_of(clinic, invoice)) == ["20.00", "25.00", "0.00", "25.00"]
    assert states(await plan_of(clinic, invoice)) == ["partly_paid", "planned", "paid", "planned"]
    other = await clinic.settle(invoice, "20.00")
    assert amounts(await plan_of(clinic, invoice)) == ["0.00", "25.00", "0.00", "25.00"]
    await clinic.settle(invoice, "-20.00", PaymentCancelled, of_payment=other.settlements[0].payment_id)
    assert amounts(await plan_of(clinic, invoice)) == ["20.00", "25.00", "0.00", "25.00"]
    assert await clinic.announced(InstallmentPlanChanged) == [], "money makes no version"
    await clinic.prove()


@pytest.mark.rule("PLN-5.2")
async def test_a_credit_note_reduces_the_latest_unpaid_as_a_version_of_its_own(clinic: Any) -> None:
    """PLN-2, PLN-5."""
    invoice, _ = await planned(clinic)
    await clinic.settle(invoice, "30.00")
    body = {"kind": "courtesy", "reason": "long wait", "amount": clinic.usd("40.00")}
    note = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    plan = await plan_of(clinic, invoice)
    assert (amounts(plan, "amount"), amounts(plan)) == (["25.00", "25.00", "10.00"], ["0.00", "20.00", "10.00"])
    version = plan["versions"][-1]
    assert (version["cause"], version["note_id"]) == ("invoice_credited", note["id"])
    assert (version["by"], version["reason"]) == ("clerk:test", f"{note['number']}: long wait")
    (event,) = await clinic.announced(InstallmentPlanChanged)
    assert (event.cause, event.version, event.outstanding.amount) == ("invoice_credited", 2, "30.00")
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "no wait"})
    assert amounts(await plan_of(clinic, invoice)) == ["0.00", "20.00", "25.00", "25.00"]
    await clinic.prove()


async def test_what_a_credit_note_makes_too_much_is_released_and_nothing_is_negative(clinic: Any) -> None:
    invoice, _ = await planned(clinic)
    payment = await clinic.settle(invoice, "90.00")
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("30.00")}
    await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    plan = await plan_of(clinic, invoice)
    assert (amounts(plan, "amount"), plan["state"]) == (["25.00", "25.00", "20.00"], "completed")
    more = {"release_id": new_id(), "cause": "invoice_credited", "of_payment": payment.settlements[0].payment_id}
    await clinic.settle(invoice, "-20.00", AllocationReleased, **more)
    assert amounts(await plan_of(clinic, invoice)) == ["0.00", "0.00", "0.00"]


async def test_a_debit_note_is_asked_with_the_last_installment(clinic: Any) -> None:
    invoice, _ = await planned(clinic)
    body = {"kind": "late_fee", "reason": "second reminder", "amount": clinic.usd("12.00")}
    await clinic.post(f"/v1/invoices/{invoice['id']}/debit-notes", body)
    plan = await plan_of(clinic, invoice)
    assert amounts(plan) == ["25.00", "25.00", "25.00", "37.00"]
    assert plan["installments"][-1]["costs"][-1]["description"] == "second reminder"


async def test_crediting_everything_and_voiding_end_the_plan(clinic: Any) -> None:
    """PLN-5: recorded as a version, with who and why."""
    credited, _ = await planned(clinic)
    await clinic.post(f"/v1/invoices/{credited['id']}/credit-notes", {"kind": "write_off", "reason": "r"})
    voided, _ = await planned(clinic)
    await clinic.post(f"/v1/invoices/{voided['id']}/void", {"reason": "wrong patient"}, 200)
    for invoice, cause in ((credited, "invoice_credited"), (voided, "invoice_voided")):
        plan = await plan_of(clinic, invoice)
        assert (plan["state"], states(plan), plan["next_installment"]) == ("cancelled", ["cancelled"] * 4, None)
        assert plan["versions"][-1]["cause"] == cause
        assert (await clinic.read(invoice["id"]))["installment_plan_id"] is None
    events = await clinic.announced(InstallmentPlanCancelled)
    assert [(event.cause, event.outstanding.amount) for event in events] == [
        ("invoice_credited", "0.00"),
        ("invoice_voided", "0.00"),
    ]


@pytest.mark.rule("PLN-5.1", "PLN-5.2")
async def test_rescheduling_keeps_what_is_paid_and_names_the_version(clinic: Any) -> None:
    invoice, plan = await planned(clinic)
    await clinic.settle(invoice, "30.00")
    path = f"/v1/invoices/{invoice['id']}/installment-plan/reschedule"
    wanted = {"count": 2, "first_due_date": "2027-06-30", "reason": "a new job"}
    assert (await clinic.api.post(path, json=wanted)).status_code == 428
    stale = await clinic.api.post(path, json=wanted, headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    answer = await clinic.api.post(path, json=wanted, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.headers["etag"]) == (200, '"2"')
    changed = await plan_of(clinic, invoice)
    assert amounts(changed, "amount") == ["25.00", "5.00", "35.00", "35.00"]
    assert [one["id"] for one in changed["installments"][:2]] == [one["id"] for one in plan["installments"][:2]]
    assert [one["version"] for one in changed["versions"]] == [1, 2]
    assert [one["amount"]["amount"] for one in changed["versions"][0]["installments"]] == ["25.00"] * 4
    (event,) = await clinic.announced(InstallmentPlanChanged)
    assert (event.cause, event.by.reason) == ("rescheduled", "a new job")


async def test_a_payment_and_a_rescheduling_at_once_both_count(clinic: Any) -> None:
    """PLN-3, PLN-5: in whichever order they come, what remains is what is outstanding."""
    for _ in range(3):
        invoice, _ = await planned(clinic)
        path = f"/v1/invoices/{invoice['id']}/installment-plan/reschedule"
        wanted = {"count": 2, "first_due_date": "2027-06-30", "reason": "r"}
        _, answer = await asyncio.gather(
            clinic.settle(invoice, "30.00"), clinic.api.post(path, json=wanted, headers={"If-Match": '"1"'})
        )
        assert answer.status_code == 200
        plan = await plan_of(clinic, invoice)
        assert plan["remaining"] == clinic.usd("70.00")


@pytest.mark.rule("PLN-5.1", "PLN-5.2")
async def test_a_cancelled_plan_stays_and_another_can_be_agreed(clinic: Any) -> None:
    invoice, plan = await planned(clinic)
    await clinic.settle(invoice, "25.00")
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    ended = await clinic.post(f"{path}/cancel", {"reason": "pays at once"}, 200)
    assert states(ended) == ["paid", "cancelled", "cancelled", "cancelled"]
    await clinic.post(f"{path}/cancel", {"reason": "again"}, 404)
    again = await clinic.post(path, {"count": 3, "first_due_date": "2027-01-01"})
    assert amounts(again) == ["25.00", "25.00", "25.00"]
    assert (await plan_of(clinic, invoice))["id"] == again["id"]
    await clinic.settle(invoice, "25.00")
    assert amounts(await plan_of(clinic, invoice)) == ["0.00", "25.00", "25.00"]
    old = (await clinic.api.get(f"/v1/installment-plans/{plan['id']}")).json()
    assert states(old) == ["paid", "cancelled", "cancelled", "cancelled"]
    (event,) = await clinic.announced(InstallmentPlanCancelled)
    assert (event.cause, event.by.reason, event.outstanding.amount) == ("cancelled", "pays at once", "75.00")


@pytest.mark.rule("PLN-3.2")
async def test_procedure_costs_fill_the_installments_in_order(clinic: Any) -> None:
    """PLN-3: exact by row and by column, with tax, discounts and what was paid before."""
    lines = [
        clinic.custom("70.00") | {"description": "crown"},
        clinic.custom("33.33", tax_category="S") | {"description": "whitening"},
        clinic.custom("10.00") | {"description": "x-ray"},
    ]
    invoice = await clinic.invoice(*lines)
    total = cents(invoice["totals"]["total"])
    assert total == 7000 + 3333 + 733 + 1000
    await clinic.settle(invoice, "20.66")
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", MONTHLY)
    plan = await plan_of(clinic, invoice)
    shown = [[(one["description"], cents(one["amount"])) for one in part["costs"]] for part in plan["installments"]]
    assert [(one["description"], cents(one["amount"])) for one in plan["settled_before_costs"]] == [("crown", 2066)]
    assert shown == [
        [("crown", 2500)],
        [("crown", 2434), ("whitening", 66)],
        [("whitening", 2500)],
        [("whitening", 1500), ("x-ray", 1000)],
    ]


async def test_plans_are_listed_by_patient_and_state_page_by_page(clinic: Any) -> None:
    made = [await planned(clinic) for _ in range(3)]
    (paid, _), (ended, _), (active, _) = made
    await clinic.settle(paid, "100.00")
    await clinic.post(f"/v1/invoices/{ended['id']}/installment-plan/cancel", {"reason": "r"}, 200)
    path = "/v1/installment-plans"
    for state, invoice in (("completed", paid), ("cancelled", ended), ("active", active)):
        (found,) = await clinic.listed(path, state=state)
        assert (found["invoice_id"], found["state"]) == (invoice["id"], state)
    assert [one["id"] for one in await clinic.listed(path)] == [plan["id"] for _, plan in reversed(made)]
    assert await clinic.listed(path, patient_id=str(new_id())) == []
    page = (await clinic.api.get(path, params={"limit": 2, "patient_id": str(clinic.patient_id)})).json()
    rest = await clinic.listed(path, cursor=page["next"], limit=2, patient_id=str(clinic.patient_id))
    assert [one["id"] for one in rest] == [made[0][1]["id"]]


async def test_another_clinic_sees_no_plan(clinic: Any) -> None:
    """ALL-4."""
    invoice, plan = await planned(clinic)
    async with clinic.harness.client() as other:
        assert (await other.get(f"/v1/installment-plans/{plan['id']}")).status_code == 404
        assert (await other.get(f"/v1/invoices/{invoice['id']}/installment-plan")).status_code == 404
        assert (await other.get("/v1/installment-plans")).json()["items"] == []


async def test_plans_need_the_scopes_of_invoices(clinic: Any) -> None:
    """ALL-5."""
    invoice, _ = await planned(clinic)
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    async with clinic.harness.client(["invoices:read"], clinic_id=clinic.id) as reader:
        assert (await reader.get(path)).status_code == 200
        assert (await reader.post(f"{path}/preview", json=MONTHLY)).status_code == 200
        assert (await reader.post(f"{path}/cancel", json={"reason": "r"})).status_code == 403


async def test_the_proof_finds_a_plan_that_does_not_ask_what_its_invoice_asks(clinic: Any) -> None:
    """ALL-8: a settlement that was written past the rules is noticed on the plan, too."""
    clinic.leaves_wrong_rows = True
    invoice, plan = await planned(clinic)
    await clinic.settle(invoice, "30.00")
    await clinic.prove()
    async with clinic.harness.database.transaction([clinic.id], "test") as work:
        spoil = text("UPDATE invoices SET settled_minor = settled_minor - 100 WHERE id = :id")
        await work.connection.execute(spoil, {"id": invoice["id"]})
    found = (await clinic.api.get("/v1/prove")).json()["differences"]
    expected = {"what": f"installment plan {plan['id']} remaining", "expected": "7100", "found": "7000"}
    assert expected in found


async def test_the_invoices_story_tells_of_its_plans(clinic: Any) -> None:
    invoice, _ = await planned(clinic)
    path = f"/v1/invoices/{invoice['id']}"
    await clinic.post(f"{path}/debit-notes", {"kind": "late_fee", "reason": "late", "amount": clinic.usd("5.00")})
    await clinic.post(f"{path}/installment-plan/cancel", {"reason": "pays at once"}, 200)
    steps = (await clinic.api.get(f"{path}/story")).json()["steps"]
    told = [(one["kind"], one["detail"], one["event_type"]) for one in steps if one["kind"].startswith("plan_")]
    assert told == [
        ("plan_agreed", "agreed", "billing.installment_plan.agreed.v1"),
        ("plan_changed", "invoice_debited", "billing.installment_plan.changed.v1"),
        ("plan_cancelled", "cancelled", "billing.installment_plan.cancelled.v1"),
    ]
    assert steps[-1]["reason"] == "pays at once"


async def test_costs_are_exact_with_gross_prices_cash_rounding_and_credited_lines(clinic: Any) -> None:
    """PLN-3, MON-6."""
    await clinic.configure(prices_include_tax=True, cash_rounding="0.05")
    lines = [clinic.custom("33.33", tax_category="S"), clinic.custom("20.01"), clinic.custom("0.04")]
    invoice = await clinic.invoice(*(one | {"description": str(n)} for n, one in enumerate(lines)))
    named = {"line_id": invoice["lines"][1]["id"], "amount": clinic.usd("5.00")}
    body = {"kind": "price_correction", "reason": "r", "lines": [named]}
    await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", MONTHLY)
    plan = await plan_of(clinic, invoice)
    rows: dict[str, int] = {}
    for part in plan["installments"]:
        for cost in part["costs"]:
            rows[cost["description"]] = rows.get(cost["description"], 0) + cents(cost["amount"])
    assert (rows["0"], rows["1"]) == (3333, 1501)
