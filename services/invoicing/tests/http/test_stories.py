"""An invoice's whole story in one read: documents, money and reviews in the order of time."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from chassis.identifiers import new_id
from contracts.event import Actor
from contracts.payments import PaymentCancelled, PaymentRefunded, RefundCancelled
from invoicing_insurers import Insurer, usd


async def story(clinic: Any, invoice_id: str, **params: Any) -> dict[str, Any]:
    answer = await clinic.api.get(f"/v1/invoices/{invoice_id}/story", params=params)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def told(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(step["kind"], step["outstanding"]["amount"]) for step in found["steps"]]


async def test_a_story_tells_every_document_payment_and_review_in_order(clinic: Any) -> None:
    visit, tick = new_id(), timedelta(minutes=1)
    clock, procedure = clinic.harness.clock, clinic.completed(visit)
    await clinic.harness.deliver(procedure)
    clock.advance(tick)
    await clinic.harness.deliver(clinic.closed(visit))
    (made,) = await clinic.listed()
    clock.advance(tick)
    body = {"kind": "courtesy", "reason": "long wait", "amount": clinic.usd("10.00")}
    note = await clinic.post(f"/v1/invoices/{made['id']}/credit-notes", body)
    clock.advance(tick)
    who = Actor(subject="clerk:7", reason="typed twice")
    payment = await clinic.settle(made, "60.00", occurred_at=clock.now(), by=Actor(subject="clerk:7"))
    clock.advance(tick)
    await clinic.settle(
        made,
        "-60.00",
        PaymentCancelled,
        of_payment=payment.settlements[0].payment_id,
        occurred_at=clock.now(),
        by=who,
    )
    clock.advance(tick)
    await clinic.harness.deliver(clinic.reverted(procedure))
    clock.advance(tick)
    await clinic.post(f"/v1/invoices/{made['id']}/review", {"reason": "void it"}, 200)
    clock.advance(tick)
    await clinic.post(f"/v1/invoices/{made['id']}/void", {"reason": "charted wrong"}, 200)
    found = await story(clinic, made["id"])
    assert told(found) == [
        ("drafted", "0.00"),
        ("issued", "100.00"),
        ("credited", "90.00"),
        ("payment", "30.00"),
        ("cancellation", "90.00"),
        ("review_opened", "90.00"),
        ("review_closed", "90.00"),
        ("voided", "0.00"),
    ]
    steps = {step["kind"]: step for step in found["steps"]}
    assert steps["issued"]["number"] == made["number"]
    assert (steps["credited"]["number"], steps["credited"]["document_id"]) == (note["number"], note["id"])
    assert (steps["credited"]["detail"], steps["credited"]["by"]) == ("courtesy", "clerk:test")
    assert (steps["payment"]["method"], steps["payment"]["amount"]) == ("cash", clinic.usd("60.00"))
    assert steps["payment"]["event_type"] == "billing.payment.recorded.v1"
    assert (steps["cancellation"]["by"], steps["cancellation"]["reason"]) == ("clerk:7", "typed twice")
    assert steps["review_opened"]["procedure_id"] == str(procedure.procedure_id)
    assert (steps["review_closed"]["reason"], steps["voided"]["reason"]) == ("void it", "charted wrong")
    assert found["invoice"]["status"] == "void"
    assert found["next"] is None


async def test_a_refund_and_its_cancellation_never_show_a_higher_outstanding(clinic: Any) -> None:
    """PAY-4, PAY-5: the note stands at the instant of what it goes with."""
    made = await clinic.invoice(clinic.custom("100.00"))
    clock = clinic.harness.clock

    def moved(**more: Any) -> dict[str, Any]:
        clock.advance(timedelta(minutes=1))
        return {"occurred_at": clock.now()} | more

    payment = await clinic.settle(made, "100.00", **moved())
    of = payment.settlements[0].payment_id
    refund = await clinic.settle(made, "-30.00", PaymentRefunded, **moved(credited="30.00", of_payment=of))
    refund_id = refund.transaction_id
    await clinic.settle(made, "30.00", RefundCancelled, **moved(credited="-30.00", of_payment=of, refund_id=refund_id))
    assert told(await story(clinic, made["id"])) == [
        ("drafted", "0.00"),
        ("issued", "100.00"),
        ("payment", "0.00"),
        ("credited", "0.00"),
        ("refund", "0.00"),
        ("debited", "0.00"),
        ("refund_cancellation", "0.00"),
    ]


async def test_a_story_is_paged_and_stays_the_same_while_steps_are_added(clinic: Any) -> None:
    made = await clinic.invoice(clinic.custom("100.00"))
    for _ in range(4):
        clinic.harness.clock.advance(timedelta(minutes=1))
        await clinic.settle(made, "1.00", occurred_at=clinic.harness.clock.now())
    whole = (await story(clinic, made["id"]))["steps"]
    seen: list[dict[str, Any]] = []
    params: dict[str, Any] = {"limit": 2}
    while True:
        page = await story(clinic, made["id"], **params)
        seen += page["steps"]
        if page["next"] is None:
            break
        params["cursor"] = page["next"]
    assert [(one["kind"], one["at"]) for one in seen] == [(one["kind"], one["at"]) for one in whole]


async def test_another_clinics_story_is_not_told(harness: Any, clinic: Any) -> None:
    """ALL-4."""
    made = await clinic.invoice(clinic.custom("1.00"))
    async with harness.client() as other:
        assert (await other.get(f"/v1/invoices/{made['id']}/story")).status_code == 404


async def test_a_decision_is_a_step_of_the_invoices_story(clinic: Any) -> None:
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    event = insurer.decides(made, [insurer.line(made["lines"][0], "60.00", CO="10.00", PR="30.00")])
    await clinic.harness.deliver(event.model_copy(update={"clinic_id": clinic.id}))
    steps = (await clinic.api.get(f"/v1/invoices/{made['id']}/story")).json()["steps"]
    assert [(step["kind"], step["outstanding"]["amount"]) for step in steps[-2:]] == [
        ("credited", "90.00"),
        ("insurer_decided", "90.00"),
    ]
    assert (steps[-1]["detail"], steps[-1]["amount"]) == ("Delta", clinic.usd("60.00"))


async def test_a_decision_that_was_set_aside_and_dismissed_is_told_in_the_invoices_story(clinic: Any) -> None:
    """INS-3."""
    insurer = Insurer()
    made = await clinic.invoice(clinic.custom("100.00"))
    line = insurer.line(made["lines"][0], "60.00", PR="40.00").model_copy(update={"paid": usd("61.00")})
    await clinic.harness.deliver(
        insurer.decides(made, [line]).model_copy(update={"paid": usd("61.00"), "clinic_id": clinic.id})
    )
    (found,) = await clinic.listed("/v1/set-aside-decisions", state="open")
    answer = await clinic.api.post(
        f"/v1/set-aside-decisions/{found['id']}/dismiss", json={"reason": "the insurer sent it anew"}
    )
    assert answer.is_success, answer.text
    steps = (await clinic.api.get(f"/v1/invoices/{made['id']}/story")).json()["steps"]
    assert [(step["kind"], step["event_type"], step["reason"]) for step in steps[-2:]] == [
        ("decision_set_aside", "billing.adjudication.set_aside.v1", found["detail"]),
        ("decision_dismissed", None, "the insurer sent it anew"),
    ]
    assert {step["outstanding"]["amount"] for step in steps[-2:]} == {"100.00"}


def reminded(found: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Of each step that was announced on the clock: its kind, event, installment's number and what was unpaid."""
    steps = [step for step in found["steps"] if step["kind"].startswith(("installment_", "invoice_"))]
    return [
        (step["kind"], step["event_type"], (step["installment"] or {}).get("position"), step["amount"]["amount"])
        for step in steps
    ]


async def pass_days(clinic: Any, days: int) -> None:
    clinic.harness.clock.advance(timedelta(days=days))
    for job in ("announce_due_installments", "announce_overdue_invoices"):
        await clinic.harness.run_job(job)


async def test_a_story_tells_each_reminder_of_an_installment_when_it_was_sent(clinic: Any) -> None:
    """PLN-4: also after a rescheduling took the installments away, and after days in which nothing ran."""
    await pass_days(clinic, 0)
    today = clinic.harness.clock.now().date()
    invoice = await clinic.invoice(clinic.custom("25.00"), clinic.custom("25.00"))
    path = f"/v1/invoices/{invoice['id']}/installment-plan"
    due = [today + timedelta(days=day) for day in (3, 6)]
    plan = await clinic.post(path, {"installments": [{"amount": clinic.usd("25.00"), "due_date": str(d)} for d in due]})
    for days in (0, 3, 0, 1):
        await pass_days(clinic, days)
    now = clinic.harness.clock.now()
    await clinic.settle(invoice, "10.00", installment=plan["installments"][1]["id"], occurred_at=now)
    await pass_days(clinic, 40)
    clinic.harness.clock.advance(timedelta(minutes=1))
    wanted = {"count": 1, "first_due_date": str(today + timedelta(days=90)), "reason": "holiday"}
    answer = await clinic.api.post(f"{path}/reschedule", json=wanted, headers={"If-Match": '"1"'})
    assert answer.status_code == 200
    found = await story(clinic, invoice["id"])
    event = "billing.installment.{}.v1".format
    assert sorted(reminded(found)) == [
        ("installment_due", event("due"), 1, "25.00"),
        ("installment_due_soon", event("due_soon"), 1, "25.00"),
        ("installment_due_soon", event("due_soon"), 2, "25.00"),
        ("installment_overdue", event("overdue"), 1, "25.00"),
        ("installment_overdue", event("overdue"), 2, "15.00"),
    ]
    told_of = [step for step in found["steps"] if step["installment"]]
    assert [one["at"] for one in told_of] == sorted(one["at"] for one in told_of)
    assert {one["document_id"] for one in told_of} == {plan["id"]}
    assert told_of[-1]["installment"] == {
        "id": plan["installments"][1]["id"],
        "position": 2,
        "due_date": str(due[1]),
    }
    assert {one["outstanding"]["amount"] for one in told_of} == {"50.00", "40.00"}
    assert (told_of[0]["by"], found["steps"][-1]["kind"]) == (None, "plan_changed")


async def test_a_story_tells_once_that_the_invoice_was_announced_as_overdue(clinic: Any) -> None:
    """INV-9."""
    await clinic.configure(due_days=2)
    invoice = await clinic.invoice(clinic.custom("40.00"))
    await clinic.settle(invoice, "15.00")
    for days in (2, 3, 30):
        await pass_days(clinic, days)
        if days == 3:
            at = clinic.harness.clock.now()
    found = await story(clinic, invoice["id"])
    assert reminded(found) == [("invoice_overdue", "billing.invoice.overdue.v1", None, "25.00")]
    assert datetime.fromisoformat(found["steps"][-1]["at"]) == at
    assert found["steps"][-1]["outstanding"] == clinic.usd("25.00")
