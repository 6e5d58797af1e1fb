"""An installment is worked with like an invoice: read, moved, cancelled alone; agreements that run (`PLN-10`)."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from contracts.adjudications import AdjudicationApplied
from contracts.installments import InstallmentPlanAgreed, InstallmentPlanChanged
from contracts.payments import Payer, PaymentCancelled
from invoicing_insurers import Insurer

Json = dict[str, Any]


def day(clinic: Any, days: int) -> str:
    return str(clinic.harness.clock.now().date() + timedelta(days=days))


async def planned(clinic: Any, total: str = "100.00", **wanted: Any) -> tuple[Json, Json]:
    """Four, weekly, the first in ten days."""
    invoice = await clinic.invoice(clinic.custom(total))
    given = wanted or {"count": 4, "first_due_date": day(clinic, 10), "unit": "weeks"}
    return invoice, await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", given)


async def plan_of(clinic: Any, invoice: Json) -> Json:
    answer = await clinic.api.get(f"/v1/invoices/{invoice['id']}/installment-plan")
    assert answer.status_code == 200, answer.text
    found: Json = answer.json()
    return found


def ids(plan: Json) -> list[str]:
    return [one["id"] for one in plan["installments"]]


def amounts(plan: Json, what: str = "remaining") -> list[str]:
    return [one[what]["amount"] for one in plan["installments"]]


async def installment(clinic: Any, installment_id: str, status: int = 200) -> Json:
    answer = await clinic.api.get(f"/v1/installments/{installment_id}")
    assert answer.status_code == status, answer.text
    found: Json = answer.json()
    return found


@pytest.mark.rule("PLN-10.1", "PLN-10.2")
async def test_an_installment_says_what_it_is_for_what_remains_and_who_paid_it(clinic: Any) -> None:
    """PLN-10: its share of the procedures, due date, remaining, its payments, each as far as it settles it."""
    invoice = await clinic.invoice(
        clinic.custom("60.00", description="Crown"), clinic.custom("40.00", description="Filling")
    )
    given = {"count": 2, "first_due_date": day(clinic, 10)}
    plan = await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan", given)
    first, second = ids(plan)
    one = await clinic.settle(invoice, "20.00")
    two = await clinic.settle(invoice, "40.00")
    shown = await installment(clinic, first)
    assert (shown["position"], shown["installments"], shown["invoice_number"]) == (1, 2, invoice["number"])
    assert (shown["amount"], shown["paid"], shown["state"]) == (clinic.usd("50.00"), clinic.usd("50.00"), "paid")
    assert [(cost["description"], cost["amount"]["amount"]) for cost in shown["costs"]] == [("Crown", "50.00")]
    assert [(paid["payment_id"], paid["settled"]["amount"]) for paid in shown["payments"]] == [
        (str(one.settlements[0].payment_id), "20.00"),
        (str(two.settlements[0].payment_id), "30.00"),
    ]
    shown = await installment(clinic, second)
    assert [(cost["description"], cost["amount"]["amount"]) for cost in shown["costs"]] == [
        ("Crown", "10.00"),
        ("Filling", "40.00"),
    ]
    assert [paid["settled"]["amount"] for paid in shown["payments"]] == ["10.00"]
    await clinic.settle(invoice, "-40.00", PaymentCancelled, of_payment=two.settlements[0].payment_id)
    assert (await installment(clinic, second))["payments"] == []
    await installment(clinic, str(new_id()), 404)
    async with clinic.harness.client() as other:
        assert (await other.get(f"/v1/installments/{first}")).status_code == 404


@pytest.mark.rule("PLN-10.4")
async def test_an_installment_is_moved_alone(clinic: Any) -> None:
    """PLN-10: a version with who and why; what is paid of it stays, and the others stay where they are."""
    invoice, plan = await planned(clinic)
    second = ids(plan)[1]
    await clinic.settle(invoice, "10.00", installment=second)
    body = {"due_date": day(clinic, 40), "reason": "her salary comes then"}
    moved = await clinic.post(f"/v1/installments/{second}/move", body, 200)
    assert ids(moved) == [ids(plan)[0], *ids(plan)[2:], second]
    assert moved["installments"][-1]["due_date"] == day(clinic, 40)
    assert amounts(moved) == ["25.00", "25.00", "25.00", "15.00"]
    version = moved["versions"][-1]
    assert (version["version"], version["cause"], version["by"], version["reason"]) == (
        2,
        "installment_moved",
        "clerk:test",
        "her salary comes then",
    )
    (event,) = await clinic.announced(InstallmentPlanChanged)
    assert (event.version, event.cause, str(event.installments[-1].installment_id)) == (2, "rescheduled", second)


@pytest.mark.rule("PLN-10.4")
async def test_an_installment_is_cancelled_alone_and_another_asks_for_what_remains_of_it(clinic: Any) -> None:
    """PLN-10: the last, or the named; what is paid of it stays on it."""
    invoice, plan = await planned(clinic)
    first, second, third, fourth = ids(plan)
    await clinic.settle(invoice, "10.00", installment=second)
    done = await clinic.post(f"/v1/installments/{second}/cancel", {"reason": "both at the end"}, 200)
    assert (ids(done), amounts(done)) == ([first, second, third, fourth], ["25.00", "0.00", "25.00", "40.00"])
    assert done["versions"][-1]["cause"] == "installment_cancelled"
    body = {"reason": "r", "to_installment_id": first}
    done = await clinic.post(f"/v1/installments/{third}/cancel", body, 200)
    assert (ids(done), amounts(done)) == ([first, second, fourth], ["50.00", "0.00", "40.00"])
    gone = await installment(clinic, third)
    assert (gone["state"], gone["amount"], gone["remaining"]) == ("cancelled", clinic.usd("25.00"), clinic.usd("0.00"))
    assert (gone["costs"], gone["payments"], gone["patient_part"]) == ([], [], clinic.usd("0.00"))
    assert done["remaining"] == clinic.usd("90.00")


@pytest.mark.rule("INS-4.4", "INS-4.5")
async def test_an_installment_says_what_of_it_the_patient_is_asked_for(clinic: Any) -> None:
    """INS-4: the patient's part fills the oldest first. Estimated 10.00 of 100.00, then 50.00, 20.00 of it paid."""
    insurer = Insurer()
    invoice = await clinic.invoice(clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00")]))
    plan = await clinic.post(
        f"/v1/invoices/{invoice['id']}/installment-plan", {"count": 2, "first_due_date": day(clinic, 10)}
    )

    async def parts(what: str = "patient_part") -> list[str]:
        return [(await installment(clinic, id_))[what]["amount"] for id_ in ids(plan)]

    assert (await parts(), await parts("patient_part_estimated")) == (["50.00", "50.00"], ["10.00", "0.00"])
    decided = insurer.line(invoice["lines"][0], "30.00", CO="20.00", PR="50.00")
    await clinic.harness.deliver(insurer.decides(invoice, [decided], clinic_id=clinic.id))
    assert await parts() == await parts("patient_part_estimated") == ["50.00", "0.00"]
    await clinic.settle(invoice, "20.00")
    assert await parts() == ["30.00", "0.00"]
    await clinic.settle(invoice, "30.00", payer=Payer(kind="insurer", payer_id=insurer.id, name="Delta"))
    assert await parts() == ["0.00", "30.00"]


@pytest.mark.rule("INS-4.6")
async def test_what_the_secondary_is_still_estimated_to_pay_is_not_asked_of_the_patient(clinic: Any) -> None:
    """INS-1, INS-4: estimated where not decided, by payer: the primary's decision does not end the secondary's."""
    first, second = Insurer(), Insurer("Guard", "secondary")
    estimates = [first.estimate("52.00", "20.00", "30.00"), second.estimate("30.00")]
    invoice = await clinic.invoice(clinic.custom("102.00", estimates=estimates))
    plan = await clinic.post(
        f"/v1/invoices/{invoice['id']}/installment-plan", {"count": 2, "first_due_date": day(clinic, 10)}
    )

    async def asked() -> list[tuple[str, str]]:
        found = [await installment(clinic, id_) for id_ in ids(plan)]
        parts = (await clinic.read(invoice["id"]))["parts"]
        return [
            (parts["patient"]["amount"], parts["insurers"]["amount"]),
            *((one["patient_part"]["amount"], one["patient_part_estimated"]["amount"]) for one in found),
        ]

    decided = first.line(invoice["lines"][0], "52.00", CO="20.00", PR="30.00")
    await clinic.harness.deliver(first.decides(invoice, [decided], clinic_id=clinic.id))
    assert await asked() == [("0.00", "82.00"), ("0.00", "0.00"), ("0.00", "0.00")]
    (applied,) = await clinic.announced(AdjudicationApplied)
    assert (applied.shares.patient_part.amount, applied.estimated.amount) == ("30.00", "30.00")
    decided = second.line(invoice["lines"][0], "20.00", OA="72.00", PR="10.00")
    await clinic.harness.deliver(second.decides(invoice, [decided], clinic_id=clinic.id))
    assert await asked() == [("10.00", "72.00"), ("10.00", "10.00"), ("0.00", "0.00")]


async def test_a_plan_is_announced_with_what_of_it_the_patient_is_asked_for(clinic: Any) -> None:
    """INS-4, PLN-5: as estimated until insurers decide; the patient's part fills the oldest first."""
    insurer = Insurer()
    invoice = await clinic.invoice(clinic.custom("100.00", estimates=[insurer.estimate("70.00", "20.00", "10.00")]))
    other, _ = await planned(clinic)
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    await clinic.post(path, {"count": 2, "first_due_date": day(clinic, 10)})
    decided = insurer.line(invoice["lines"][0], "30.00", CO="20.00", PR="50.00")
    await clinic.harness.deliver(insurer.decides(invoice, [decided], clinic_id=clinic.id))
    agreed = {str(one.invoice_id): one for one in await clinic.announced(InstallmentPlanAgreed)}
    (changed,) = await clinic.announced(InstallmentPlanChanged)

    def parts(event: Any) -> list[tuple[str, str]]:
        return [(one.remaining.amount, one.patient_part.amount) for one in event.installments]

    assert parts(agreed[other["id"]]) == [("25.00", "25.00")] * 4
    assert parts(agreed[invoice["id"]]) == [("50.00", "10.00"), ("50.00", "0.00")]
    assert parts(changed) == [("50.00", "50.00"), ("30.00", "0.00")]


async def test_what_cannot_be_moved_or_cancelled_is_refused_and_changes_nothing(clinic: Any) -> None:
    """ALL-2, PLN-10."""
    invoice, plan = await planned(clinic)
    first, second, *_ = ids(plan)
    await clinic.settle(invoice, "25.00")
    move, cancel = {"due_date": day(clinic, 40), "reason": "r"}, {"reason": "r"}
    for path, body in ((f"{first}/move", move), (f"{first}/cancel", cancel)):
        problem = await clinic.post(f"/v1/installments/{path}", body, 409)
        assert problem["type"].endswith("installment-settled")
    for path, body, field in (
        (f"{second}/move", move | {"due_date": day(clinic, -1)}, "due_date"),
        (f"{second}/move", move | {"due_date": plan["installments"][1]["due_date"]}, "due_date"),
        (f"{second}/cancel", cancel | {"to_installment_id": second}, "to_installment_id"),
        (f"{second}/cancel", cancel | {"to_installment_id": str(new_id())}, "to_installment_id"),
        (f"{second}/cancel", {}, "reason"),
    ):
        problem = await clinic.post(f"/v1/installments/{path}", body, 422)
        assert [error["field"] for error in problem["errors"]] == [field]
    await clinic.post(f"/v1/installments/{new_id()}/move", move, 404)
    assert (await plan_of(clinic, invoice))["version"] == 1
    _, only = await planned(clinic, count=1, first_due_date=day(clinic, 10))
    problem = await clinic.post(f"/v1/installments/{ids(only)[0]}/cancel", cancel, 422)
    assert [error["field"] for error in problem["errors"]] == ["to_installment_id"]
    await clinic.post(f"/v1/invoices/{invoice['id']}/installment-plan/cancel", cancel, 200)
    assert (await clinic.post(f"/v1/installments/{second}/move", move, 409))["type"].endswith("plan-ended")


async def test_what_was_moved_and_cancelled_alone_stays_so_when_an_earlier_note_is_undone(clinic: Any) -> None:
    """PLN-7: the credit note of 60 had dropped the last two; undone, they are back, and the rest stays as decided."""
    invoice, plan = await planned(clinic)
    first, second, third, fourth = ids(plan)
    body = {"kind": "courtesy", "reason": "r", "amount": clinic.usd("60.00")}
    note = await clinic.post(f"/v1/invoices/{invoice['id']}/credit-notes", body)
    await clinic.post(f"/v1/installments/{second}/move", {"due_date": day(clinic, 60), "reason": "r"}, 200)
    await clinic.post(f"/v1/installments/{first}/cancel", {"reason": "r", "to_installment_id": second}, 200)
    assert amounts(await plan_of(clinic, invoice)) == ["40.00"]
    await clinic.post(f"/v1/credit-notes/{note['id']}/undo", {"reason": "r"})
    found = await plan_of(clinic, invoice)
    assert (ids(found), amounts(found)) == ([third, fourth, second], ["25.00", "25.00", "50.00"])
    assert found["installments"][-1]["due_date"] == day(clinic, 60)


@pytest.mark.rule("PLN-6.1")
async def test_a_plan_that_names_another_outstanding_than_there_is_is_refused_with_the_new_figure(clinic: Any) -> None:
    """PLN-6: 40 of 100 paid, the plan divides the 100 that was seen; then the 60 that is there. A rescheduling too."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(invoice, "40.00")
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    given = {"count": 3, "first_due_date": day(clinic, 10), "outstanding": clinic.usd("100.00")}
    answer = await clinic.api.post(path, json=given)
    assert (answer.status_code, answer.headers["retry-after"]) == (409, "1")
    problem = answer.json()
    assert (problem["type"].rpartition(":")[2], problem["outstanding"]) == ("outstanding-changed", clinic.usd("60.00"))
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] is None
    assert (await clinic.api.post(f"{path}/preview", json=given)).status_code == 409
    plan = await clinic.post(path, given | {"outstanding": clinic.usd("60.00")})
    assert amounts(plan) == ["20.00"] * 3
    await clinic.settle(invoice, "10.00")
    again = {"count": 2, "first_due_date": day(clinic, 10), "reason": "r", "outstanding": clinic.usd("60.00")}
    answer = await clinic.api.post(f"{path}/reschedule", json=again, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["outstanding"]) == (409, clinic.usd("50.00"))


async def test_a_plan_waits_for_the_payment_after_which_its_outstanding_was_seen(clinic: Any) -> None:
    """PLN-6: payments has answered that 60 is outstanding, and its event is on its way here."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    given = {"count": 3, "first_due_date": day(clinic, 10), "outstanding": clinic.usd("60.00")}
    with clinic.harness.patient():
        asked = asyncio.create_task(clinic.api.post(path, json=given))
        await clinic.settle(invoice, "40.00")
        answer = await asked
    assert answer.status_code == 201, answer.text
    assert amounts(answer.json()) == ["20.00"] * 3


@pytest.mark.rule("PLN-6.2")
async def test_a_plan_that_names_no_figure_lets_what_payments_has_just_answered_come_first(clinic: Any) -> None:
    """PLN-6: as clients of before the figure could be named ask."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    given = {"count": 3, "first_due_date": day(clinic, 10)}
    with clinic.harness.patient(60.0):
        asked = asyncio.create_task(clinic.api.post(f"/v1/invoices/{invoice['id']}/installment-plan", json=given))
        await clinic.settle(invoice, "40.00")
        answer = await asked
    assert amounts(answer.json()) == ["20.00"] * 3


@pytest.mark.rule("PLN-9.1")
async def test_an_agreement_that_already_runs_is_recorded_with_its_past(clinic: Any) -> None:
    """PLN-9: agreed ninety days ago, two of four paid: money that was settled before settles the oldest."""
    invoice = await clinic.invoice(clinic.custom("130.00"))
    await clinic.settle(invoice, "30.00")
    latest = await clinic.settle(invoice, "60.00")
    days = [day(clinic, days) for days in (-80, -50, -20, 10)]
    given = {
        "installments": [{"amount": clinic.usd("25.00"), "due_date": one} for one in days],
        "agreed_on": day(clinic, -90),
        "already_paid": clinic.usd("60.00"),
        "outstanding": clinic.usd("40.00"),
    }
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    assert amounts(await clinic.post(f"{path}/preview", given, 200), "amount") == ["25.00"] * 4
    plan = await clinic.post(path, given)
    assert (plan["agreed_on"], plan["settled_before"]) == (day(clinic, -90), clinic.usd("30.00"))
    assert (amounts(plan), plan["remaining"]) == (["0.00", "0.00", "15.00", "25.00"], clinic.usd("40.00"))
    assert [one["state"] for one in plan["installments"]] == ["paid", "paid", "overdue", "planned"]
    assert (await clinic.read(invoice["id"]))["overdue"] is True
    (event,) = await clinic.announced(InstallmentPlanAgreed)
    assert [one.remaining.amount for one in event.installments] == ["0.00", "0.00", "15.00", "25.00"]
    await clinic.settle(invoice, "-60.00", PaymentCancelled, of_payment=latest.settlements[0].payment_id)
    assert amounts(await plan_of(clinic, invoice)) == ["25.00"] * 4


async def test_the_past_of_an_agreement_has_bounds(clinic: Any) -> None:
    """PLN-9, ALL-2: no date before the agreement, no agreement of tomorrow, no more paid than is settled."""
    invoice = await clinic.invoice(clinic.custom("100.00"))
    await clinic.settle(invoice, "20.00")
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    good = {"count": 4, "first_due_date": day(clinic, -80), "agreed_on": day(clinic, -90)}
    for wrong, field in (
        ({"first_due_date": day(clinic, -91)}, "first_due_date"),
        ({"agreed_on": None}, "first_due_date"),
        ({"agreed_on": day(clinic, 1)}, "agreed_on"),
        ({"already_paid": clinic.usd("20.01")}, "already_paid"),
        ({"already_paid": {"amount": "1.00", "currency": "EUR"}}, "already_paid"),
    ):
        problem = await clinic.post(path, good | wrong, 422)
        assert [error["field"] for error in problem["errors"]] == [field], problem
    assert (await clinic.read(invoice["id"]))["installment_plan_id"] is None
    plan = await clinic.post(path, good | {"already_paid": clinic.usd("20.00")})
    assert amounts(plan) == ["5.00", "25.00", "25.00", "25.00"]


@pytest.mark.rule("MON-12.1")
async def test_where_cash_is_rounded_a_plan_is_in_its_steps(clinic: Any) -> None:
    """MON-12: 100 in three, where cash is rounded to 0.05; a given amount that cannot be paid in cash is refused."""
    await clinic.configure(cash_rounding="0.05")
    invoice, plan = await planned(clinic, count=3, first_due_date=day(clinic, 10))
    assert amounts(plan) == ["33.35", "33.35", "33.30"]
    path = f"/v1/invoices/{invoice['id']}/installment-plan/reschedule"
    body = {"amount_per_period": clinic.usd("33.33"), "first_due_date": day(clinic, 10), "reason": "r"}
    answer = await clinic.api.post(path, json=body, headers={"If-Match": '"1"'})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "amount_per_period")
    assert "0.05" in answer.json()["errors"][0]["detail"]
