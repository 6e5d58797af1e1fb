"""Installment plans over HTTP: agreed in three ways, read, divided anew, paid by name (`PLN-1` to `PLN-5`)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID

from asking import COUNT, Ask, Asking, Given, prepare
from clinic import money
from figures import Figure

PATH = "/v1/invoices/{invoice_id}/installment-plan"
ONE = "/v1/installments/{installment_id}"
TOTAL = 36_000
BY_COUNT, BY_AMOUNT, BY_HAND = "plan agreed by count", "plan agreed by amount", "plan agreed by dates and amounts"
RESCHEDULED = "plan rescheduled"


@dataclass(slots=True)
class Invoices:
    """Three invoices for each request that can be made once."""

    asking: Asking
    patients: list[UUID] = field(default_factory=list)
    ids: dict[str, list[UUID]] = field(default_factory=dict)


async def plans(asking: Asking) -> list[Figure]:
    """Prepare the invoices and ask."""
    there = Invoices(asking, await asking.clinic.open(COUNT))
    for way in (BY_COUNT, BY_AMOUNT, BY_HAND):
        there.ids[way] = await prepare(COUNT, lambda n: asking.clinic.issue_invoice(there.patients[n]))
    return await asking.all(asks(there))


def asks(there: Invoices) -> list[Ask]:
    """What is measured, in this order."""
    made = there.asking.body if there is not None else None
    agreed = [
        Ask(way, "invoicing", f"POST {PATH}", lambda n, w=way, d=division: Given(_invoice(there, w, n), d))
        for way, division in _divisions().items()
    ]
    return [
        Ask(
            "plan previewed",
            "invoicing",
            f"POST {PATH}/preview",
            lambda n: Given(_invoice(there, BY_COUNT, n), _divisions()[BY_COUNT]),
        ),
        *agreed,
        Ask("plan of an invoice", "invoicing", f"GET {PATH}", lambda n: Given(_invoice(there, BY_COUNT, n))),
        Ask(
            "plan by its id",
            "invoicing",
            "GET /v1/installment-plans/{plan_id}",
            lambda n: Given({"plan_id": made(BY_COUNT, n)["id"]}),
        ),
        Ask("plans of the clinic", "invoicing", "GET /v1/installment-plans"),
        Ask(
            "plans that are active",
            "invoicing",
            "GET /v1/installment-plans",
            lambda _: Given(query={"state": "active"}),
        ),
        Ask(
            "plans of a patient",
            "invoicing",
            "GET /v1/installment-plans",
            lambda n: Given(query={"patient_id": str(there.patients[n])}),
        ),
        Ask(
            RESCHEDULED,
            "invoicing",
            f"POST {PATH}/reschedule",
            lambda n: Given(
                _invoice(there, BY_COUNT, n),
                {"count": 4, "first_due_date": _day(40), "reason": "bench", "outstanding": money(TOTAL)},
                version=there.asking.etag(BY_COUNT, n),
            ),
        ),
        Ask("installment", "invoicing", f"GET {ONE}", lambda n: Given(_installment(made, n, -1))),
        Ask(
            "installment moved",
            "invoicing",
            f"POST {ONE}/move",
            lambda n: Given(_installment(made, n, -1), {"due_date": _day(400), "reason": "bench"}),
        ),
        Ask(
            "installment cancelled",
            "invoicing",
            f"POST {ONE}/cancel",
            lambda n: Given(_installment(made, n, -2), {"reason": "bench"}),
        ),
        Ask(
            "plan cancelled",
            "invoicing",
            f"POST {PATH}/cancel",
            lambda n: Given(_invoice(there, BY_HAND, n), {"reason": "bench"}),
        ),
        Ask(
            "payment of a named installment", "payments", "POST /v1/payments", lambda n: Given(body=_payment(there, n))
        ),
    ]


def _invoice(there: Invoices, way: str, number: int) -> dict[str, object]:
    return {"invoice_id": there.ids[way][number]}


def _installment(made: Any, number: int, place: int) -> dict[str, object]:
    """One of the later installments of a plan that was divided anew; the second is paid by name."""
    return {"installment_id": made(RESCHEDULED, number)["installments"][place]["id"]}


def _divisions() -> dict[str, dict[str, Any]]:
    """The three ways in which an outstanding is divided."""
    by_hand = [{"amount": money(TOTAL // 3), "due_date": _day(30 * place)} for place in (1, 2, 3)]
    return {
        BY_COUNT: {"count": 6, "first_due_date": _day(30), "outstanding": money(TOTAL)},
        BY_AMOUNT: {"amount_per_period": money(TOTAL // 6), "first_due_date": _day(30), "outstanding": money(TOTAL)},
        BY_HAND: {"installments": by_hand, "outstanding": money(TOTAL)},
    }


def _payment(there: Invoices, number: int) -> dict[str, Any]:
    plan = there.asking.body(RESCHEDULED, number)
    named = {"invoice_id": plan["invoice_id"], "installment_id": plan["installments"][1]["id"]}
    patient = str(there.patients[number])
    return {"patient_id": patient, "amount": money(1_000), "method": "cash", "allocations": [named]}


def _day(days: int) -> str:
    today: date = datetime.now(UTC).date()
    return str(today + timedelta(days=days))
