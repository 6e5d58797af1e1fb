"""Installment plans as invoicing announces them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from chassis.identifiers import new_id
from contracts.installments import InstallmentPlanAgreed, InstallmentPlanEvent, PlannedInstallment
from payments_desk import FrontDesk, usd

from contracts import Actor, Amount


def plan(
    desk: FrontDesk, invoice_id: UUID, *parts: tuple[date, str], ids: list[UUID] | None = None, **more: Any
) -> InstallmentPlanEvent:
    """The event of a plan with these due dates and amounts."""
    ids = ids or [new_id() for _ in parts]
    total = Amount(**usd(str(sum(Decimal(amount) for _, amount in parts))))
    given: dict[str, Any] = {
        "clinic_id": desk.clinic_id,
        "occurred_at": desk.harness.clock.now(),
        "plan_id": new_id(),
        "version": 1,
        "invoice_id": invoice_id,
        "patient_id": desk.patient_id,
        "invoice_number": desk.numbers[invoice_id],
        "agreed_on": date(2026, 11, 23),
        "total": total,
        "outstanding": total,
        "installments": tuple(
            PlannedInstallment(
                installment_id=installment_id,
                position=position,
                kind="installment",
                due_date=due,
                amount=Amount(**usd(amount)),
                remaining=Amount(**usd(amount)),
            )
            for position, (installment_id, (due, amount)) in enumerate(zip(ids, parts, strict=True), start=1)
        ),
        "by": Actor(subject="clerk:ada"),
    }
    event_class: type[InstallmentPlanEvent] = more.pop("event_class", InstallmentPlanAgreed)
    return event_class(**(given | more))


def monthly(*amounts: str) -> list[tuple[date, str]]:
    return [(date(2026, 12, 1) + timedelta(days=31 * n), amount) for n, amount in enumerate(amounts)]


async def planned(desk: FrontDesk, total: str, *amounts: str) -> tuple[UUID, list[UUID]]:
    """An invoice with a live plan, and its installments."""
    invoice = await desk.invoice(total)
    event = plan(desk, invoice, *monthly(*amounts))
    await desk.harness.deliver(event)
    return invoice, [installment.installment_id for installment in event.installments]


def naming(invoice: UUID, installment: UUID, **more: Any) -> list[dict[str, Any]]:
    return [{"invoice_id": str(invoice), "installment_id": str(installment)} | more]
