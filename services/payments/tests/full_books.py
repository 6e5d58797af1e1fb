"""A clinic's books with some of everything that payments keeps, so that a wrong row of any kind can be planted."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from contracts.installments import InstallmentPlanAgreed, PlannedInstallment
from contracts.receipts import ReceiptIssued
from payments_desk import FrontDesk, good, usd

from contracts import Actor, Amount

INSURER = {"kind": "insurer", "payer_id": str(new_id()), "name": "Delta Dental"}


async def full_books(desk: FrontDesk) -> None:
    """Five days in which every kind of transaction and document happens; all but the last are summed."""
    groups = [
        good(await desk.client.post("/v1/payment-groups", json={"name": name, "position": place}), 201)["id"]
        for place, name in enumerate(("Surgery", "Implants"))
    ]
    payment = await _paid_and_refunded(desk, *groups)
    desk.harness.clock.advance(timedelta(days=1))
    await _undone(desk, groups[0])
    await _notes_and_voids(desk)
    await _credit_moved(desk)
    await _taken_back(desk)
    await _moved(desk)
    await _approved(desk)
    await desk.harness.deliver(_receipt(desk, payment))
    desk.harness.clock.advance(timedelta(days=4))
    await desk.paid("3.00", method="check")
    await desk.harness.run_job("sum_days")


async def _paid_and_refunded(desk: FrontDesk, surgery: str, implants: str) -> str:
    """A payment of an installment and more, refunded beyond its credit, its group changed on a later day."""
    invoice = await desk.invoice("100.00")
    plan = _plan(desk, invoice)
    await desk.harness.deliver(plan)
    named = [{"invoice_id": str(invoice), "installment_id": str(plan.installments[0].installment_id)}]
    payment = await desk.paid("120.00", allocations=named, allow_overpayment=True, group_id=surgery)
    refund = good(await desk.refund(payment["id"], "30.00"), 201)
    await desk.harness.deliver(desk.credit_note(invoice, "10.00", refund_id=refund["id"]))
    desk.harness.clock.advance(timedelta(hours=1))
    tag = (await desk.client.get(f"/v1/payments/{payment['id']}")).headers["ETag"]
    edit = {"group_id": implants}
    good(await desk.client.patch(f"/v1/payments/{payment['id']}", json=edit, headers={"If-Match": tag}))
    insured = await desk.invoice("40.00")
    await desk.paid("40.00", insured, payer=INSURER, method="insurance")
    found: str = payment["id"]
    return found


async def _undone(desk: FrontDesk, group: str) -> None:
    cancelled = await desk.paid("11.00", await desk.invoice("11.00"), method="check", group_id=group)
    good(await desk.cancel(cancelled["id"]), 201)
    bounced = await desk.paid("12.00", await desk.invoice("12.00"), method="check")
    good(await desk.refund(bounced["id"], "2.00"), 201)
    good(await desk.charge_back(bounced["id"]), 201)
    card = await desk.paid("13.00", await desk.invoice("13.00"), method="other", method_label="voucher")
    refund = good(await desk.refund(card["id"], "3.00"), 201)
    good(await desk.cancel_refund(refund["id"]), 201)


async def _notes_and_voids(desk: FrontDesk) -> None:
    invoice = await desk.invoice("50.00")
    await desk.paid("50.00", invoice)
    await desk.harness.deliver(
        desk.debit_note(invoice, "4.00"),
        desk.credit_note(invoice, "9.00"),
        desk.credit_note(invoice, "6.00").model_copy(update={"kind": "write_off"}),
    )
    crossed = await desk.invoice("20.00")
    payment = await desk.paid("20.00", crossed)
    refund = good(await desk.refund(payment["id"], "10.00"), 201)
    await desk.harness.deliver(desk.credit_note(crossed, "15.00"))
    await desk.harness.deliver(desk.answer(crossed, refund["id"], "10.00", "0.00"))
    voided = await desk.invoice("21.00")
    await desk.harness.deliver(desk.voided(voided))


async def _credit_moved(desk: FrontDesk) -> None:
    sister, path = new_id(), f"/v1/patients/{desk.patient_id}/credit"
    await desk.paid("30.00")
    given = {"to_patient_id": str(sister), "amount": usd("5.00"), "reason": "as agreed"}
    await _once_by_mistake(desk, f"{path}/transfers", given, "out")
    applied = {"allocations": [{"invoice_id": str(await desk.invoice("7.00"))}], "reason": "as agreed"}
    await _once_by_mistake(desk, f"{path}/applications", applied)


async def _once_by_mistake(desk: FrontDesk, path: str, body: dict[str, Any], side: str | None = None) -> None:
    done = good(await desk.client.post(path, json=body), 201)
    mistaken = (done[side] if side else done)["id"]
    reason = {"reason": "recorded by mistake"}
    good(await desk.client.post(f"/v1/transactions/{mistaken}/cancellation", json=reason), 201)
    good(await desk.client.post(path, json=body), 201)


async def _taken_back(desk: FrontDesk) -> None:
    """A transfer that takes a part of a payment back, withholds and adds, with interest; and a take-back by mistake."""
    invoice, insurer = await desk.invoice("60.00"), {name: INSURER[name] for name in ("payer_id", "name")}
    await desk.paid("60.00", invoice, payer=INSURER, method="insurance")
    body = {
        "insurer": insurer,
        "amount": usd("-15.50"),
        "external_reference": f"ERA {new_id()}",
        "take_backs": [{"invoice_id": str(invoice), "amount": usd(amount)} for amount in ("10.00", "3.00")],
        "adjustments": [
            {"code": code, "amount": usd(amount)}
            for code, amount in (("WO", "5.00"), ("FB", "-2.00"), ("L6", "-1.00"), ("L6", "0.50"))
        ],
    }
    made = good(await desk.client.post("/v1/remittances", json=body), 201)
    mistaken, reason = made["take_backs"][1]["id"], {"reason": "recorded by mistake"}
    good(await desk.client.post(f"/v1/transactions/{mistaken}/cancellation", json=reason), 201)


async def _moved(desk: FrontDesk) -> None:
    """A part of what a payment settles, moved to credit by mistake and back."""
    invoice = await desk.invoice("9.00")
    payment = await desk.paid("9.00", invoice)
    body = {"from": {"invoice_id": str(invoice)}, "to": None, "amount": usd("4.00"), "reason": "kept for later"}
    moved = good(await desk.client.post(f"/v1/payments/{payment['id']}/moves", json=body), 201)
    reason = {"reason": "recorded by mistake"}
    good(await desk.client.post(f"/v1/transactions/{moved['id']}/cancellation", json=reason), 201)


async def _approved(desk: FrontDesk) -> None:
    """A refund that a second person approved, and one that is only asked for."""
    await desk.limit_refunds("5.00")
    payment = await desk.paid("17.00")
    request = good(await desk.refund(payment["id"], "8.00"), 202)
    async with desk.person("manager:bo") as manager:
        good(await manager.post(f"/v1/refund-requests/{request['id']}/approval"))
    good(await desk.refund(payment["id"], "9.00"), 202)


def _plan(desk: FrontDesk, invoice_id: UUID) -> InstallmentPlanAgreed:
    amount = Amount(**usd("50.00"))
    return InstallmentPlanAgreed(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        plan_id=new_id(),
        version=1,
        invoice_id=invoice_id,
        patient_id=desk.patient_id,
        invoice_number=desk.numbers[invoice_id],
        agreed_on=date(2026, 11, 23),
        total=Amount(**usd("100.00")),
        outstanding=Amount(**usd("100.00")),
        installments=tuple(
            PlannedInstallment(
                installment_id=new_id(),
                position=position,
                kind="installment",
                due_date=date(2026, 12, position),
                amount=amount,
                remaining=amount,
            )
            for position in (1, 2)
        ),
        by=Actor(subject="clerk:ada"),
    )


def _receipt(desk: FrontDesk, transaction_id: str) -> ReceiptIssued:
    return ReceiptIssued(
        clinic_id=desk.clinic_id,
        occurred_at=desk.harness.clock.now(),
        receipt_id=new_id(),
        patient_id=desk.patient_id,
        number="REC-2026-000001",
        kind="payment",
        transaction_id=UUID(transaction_id),
        amount=Amount(**usd("120.00")),
        sha256="0" * 64,
        size_bytes=1,
        language="en-US",
        recorded_at=desk.harness.clock.now(),
    )


async def kinds_in(desk: FrontDesk) -> dict[str, Any]:
    """How many transactions of each kind the books have."""
    async with desk.harness.database.reading([desk.clinic_id]) as connection:
        rows = await connection.exec_driver_sql("SELECT kind, count(*) FROM transactions GROUP BY kind")
        return {row.kind: row.count for row in rows}
