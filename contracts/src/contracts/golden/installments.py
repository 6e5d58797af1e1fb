"""Amara's crown, paid in installments: agreed, due, overdue, rescheduled and cancelled; and an old invoice overdue."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from contracts.event import Actor
from contracts.golden.example import AMARA, CLINIC, CROWN_INVOICE, OLD_INVOICE, Golden, at, numbered, usd
from contracts.installments import (
    InstallmentDue,
    InstallmentDueSoon,
    InstallmentOverdue,
    InstallmentPlanAgreed,
    InstallmentPlanCancelled,
    InstallmentPlanChanged,
    InvoiceOverdue,
    PlannedInstallment,
)

INVOICING = "/dental-billing/invoicing"
INSTALLMENT_PLAN = numbered(0x11, 1)
DOWN_PAYMENT, FIRST, SECOND, THIRD = (numbered(0x12, number) for number in range(1, 5))
LATER = tuple(numbered(0x12, number) for number in range(5, 9))
CLERK = Actor(subject="clerk:7f1c")
PLAN: dict[str, Any] = {
    "clinic_id": CLINIC,
    "plan_id": INSTALLMENT_PLAN,
    "invoice_id": CROWN_INVOICE,
    "patient_id": AMARA,
    "invoice_number": "INV-2026-000101",
    "agreed_on": date(2026, 11, 3),
    "total": usd("1180.00"),
}


def planned(installment_id: Any, position: int, due: date, amount: str, remaining: str) -> PlannedInstallment:
    """One installment; the first of all is the down payment."""
    return PlannedInstallment(
        installment_id=installment_id,
        position=position,
        kind="down_payment" if installment_id == DOWN_PAYMENT else "installment",
        due_date=due,
        amount=usd(amount),
        remaining=usd(remaining),
        patient_part=usd(remaining),
    )


PAID_DOWN = planned(DOWN_PAYMENT, 1, date(2026, 11, 3), "280.00", "0.00")
RESCHEDULED = (
    PAID_DOWN,
    *(
        planned(installment_id, position, due, "225.00", "225.00")
        for position, (installment_id, due) in enumerate(
            zip(LATER, (date(2026, 11, 30), date(2026, 12, 30), date(2027, 1, 30), date(2027, 2, 28)), strict=True),
            start=2,
        )
    ),
)

AGREED = InstallmentPlanAgreed(
    **PLAN,
    occurred_at=at(3, 15, 20),
    version=1,
    outstanding=usd("1180.00"),
    installments=(
        planned(DOWN_PAYMENT, 1, date(2026, 11, 3), "280.00", "280.00"),
        planned(FIRST, 2, date(2026, 11, 13), "300.00", "300.00"),
        planned(SECOND, 3, date(2026, 12, 13), "300.00", "300.00"),
        planned(THIRD, 4, date(2027, 1, 13), "300.00", "300.00"),
    ),
    exact_cause="agreed",
    by=CLERK,
)

CHANGED = InstallmentPlanChanged(
    **PLAN,
    occurred_at=at(16, 16, 5),
    version=2,
    outstanding=usd("900.00"),
    installments=RESCHEDULED,
    cause="rescheduled",
    exact_cause="rescheduled",
    by=Actor(subject="clerk:7f1c", reason="Smaller steps, from the end of the month"),
)

CANCELLED = InstallmentPlanCancelled(
    **PLAN,
    occurred_at=at(27, 10, 40),
    version=3,
    outstanding=usd("900.00"),
    installments=RESCHEDULED,
    cause="cancelled",
    exact_cause="cancelled",
    by=Actor(subject="clerk:7f1c", reason="She pays the rest at once"),
)

REMINDER: dict[str, Any] = {
    "clinic_id": CLINIC,
    "installment_id": FIRST,
    "plan_id": INSTALLMENT_PLAN,
    "invoice_id": CROWN_INVOICE,
    "patient_id": AMARA,
    "invoice_number": "INV-2026-000101",
    "position": 2,
    "installments": 4,
    "due_date": date(2026, 11, 13),
    "amount": usd("300.00"),
    "remaining": usd("300.00"),
    "outstanding": usd("900.00"),
}
DUE_SOON = InstallmentDueSoon(**REMINDER, occurred_at=at(10, 5), on=date(2026, 11, 10))
DUE = InstallmentDue(**REMINDER, occurred_at=at(13, 5), on=date(2026, 11, 13))
OVERDUE = InstallmentOverdue(**REMINDER, occurred_at=at(14, 5), on=date(2026, 11, 14))

INVOICE_OVERDUE = InvoiceOverdue(
    clinic_id=CLINIC,
    occurred_at=datetime(2026, 10, 12, 4, 0, tzinfo=UTC),
    invoice_id=OLD_INVOICE,
    patient_id=AMARA,
    number="INV-2026-000089",
    due_date=date(2026, 10, 11),
    on=date(2026, 10, 12),
    total=usd("120.00"),
    outstanding=usd("80.00"),
)

EXAMPLES = (
    Golden(AGREED, INVOICING, INSTALLMENT_PLAN, 1, numbered(0xE7, 1)),
    Golden(CHANGED, INVOICING, INSTALLMENT_PLAN, 2, numbered(0xE7, 2)),
    Golden(CANCELLED, INVOICING, INSTALLMENT_PLAN, 3, numbered(0xE7, 3)),
    Golden(DUE_SOON, INVOICING, FIRST, 1, numbered(0xE7, 4)),
    Golden(DUE, INVOICING, FIRST, 2, numbered(0xE7, 5)),
    Golden(OVERDUE, INVOICING, FIRST, 3, numbered(0xE7, 6)),
    Golden(INVOICE_OVERDUE, INVOICING, OLD_INVOICE, 3, numbered(0xE7, 7)),
)
