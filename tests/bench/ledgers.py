"""Payments over HTTP, what is read: payments, credit, accounts, statements, day sheets, journal, and CSV of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from asking import Ask, Asking, Given
from figures import Figure
from till import Till, filled

PATIENT, SHEET = "/v1/patients/{patient_id}", "/v1/day-sheets/{day}"


async def ledgers(asking: Asking) -> list[Figure]:
    """Record some 1,300 payments, and read what became of them."""
    return await asking.all(asks(await filled(asking)))


def asks(there: Till) -> list[Ask]:
    """What is measured, in this order."""
    return [*of_payments(there), *of_patients(there), *of_the_clinic(), *of_the_day()]


def of_payments(there: Till) -> list[Ask]:
    """Single ones and lists."""
    today = _today()

    def listing(name: str, given: Callable[[int], dict[str, Any]]) -> Ask:
        return Ask(f"payments {name}", "payments", "GET /v1/payments", lambda n: Given(query=given(n)))

    def paid(number: int) -> str:
        return str(there.paid["labelled"][number]["id"])

    return [
        Ask("payment read", "payments", "GET /v1/payments/{payment_id}", lambda n: Given({"payment_id": paid(n)})),
        Ask(
            "transaction read",
            "payments",
            "GET /v1/transactions/{transaction_id}",
            lambda n: Given({"transaction_id": paid(n)}),
        ),
        listing("of the clinic", lambda _: {}),
        listing("of a patient", lambda n: {"patient_id": str(there.patients[n])}),
        listing("by day and method", lambda _: {"booked_from": today, "booked_to": today, "method": "bank_card"}),
        Ask(
            "balance of an invoice",
            "payments",
            "GET /v1/invoices/{invoice_id}",
            lambda n: Given({"invoice_id": there.invoices[n]}),
        ),
    ]


def of_patients(there: Till) -> list[Ask]:
    """Credit, account and statement of a patient."""
    month = {"from": f"{_today()[:8]}01", "to": _today()}

    def of(name: str, path: str, query: dict[str, Any] | None = None) -> Ask:
        given = lambda n: Given({"patient_id": there.patients[n]}, query=query or {})  # noqa: E731 - in a line
        return Ask(name, "payments", f"GET {PATIENT}/{path}", given)

    return [
        of("credit of a patient", "credit"),
        of("parts of a patient's credit", "credit/parts"),
        of("account of a patient", "account"),
        of("account of a patient, CSV", "account.csv"),
        of("statement of a patient", "statement", month),
        of("statement of a patient, CSV", "statement.csv", month),
    ]


def of_the_clinic() -> list[Ask]:
    """The journal, and what the operators ask."""
    return [
        Ask("trial balance", "payments", "GET /v1/journal/trial-balance"),
        Ask("journal entries", "payments", "GET /v1/journal/entries"),
        Ask("journal entries, CSV", "payments", "GET /v1/journal/entries.csv"),
        Ask("proof of payments", "payments", "GET /v1/prove"),
        Ask("position of payments", "payments", "GET /v1/position"),
        Ask("tally of transactions", "payments", "GET /v1/tallies/{name}", lambda _: Given({"name": "transactions"})),
    ]


def of_the_day() -> list[Ask]:
    """The sheet of a day and of a period."""
    period = {"from": f"{_today()[:8]}01", "to": _today()}
    day = {"day": _today()}
    return [
        Ask("days of a month", "payments", "GET /v1/day-sheets", lambda _: Given(query=period)),
        Ask("days of a month, CSV", "payments", "GET /v1/day-sheets.csv", lambda _: Given(query=period)),
        Ask("day sheet", "payments", f"GET {SHEET}", lambda _: Given(day)),
        Ask("totals of a day sheet, CSV", "payments", f"GET {SHEET}/totals.csv", lambda _: Given(day)),
        Ask("transactions of a day", "payments", f"GET {SHEET}/transactions", lambda _: Given(day)),
        Ask("transactions of a day, CSV", "payments", f"GET {SHEET}/transactions.csv", lambda _: Given(day)),
    ]


def _today() -> str:
    """The clinic's day."""
    return str(datetime.now(ZoneInfo("America/New_York")).date())
