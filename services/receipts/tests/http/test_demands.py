"""What one installment asks for, printed with the figures of invoicing and payments, both played (`PLN-10`)."""

from __future__ import annotations

from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pypdf
import pytest
import pytest_asyncio
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.documents.figures.books import Books
from receipts.documents.figures.installments import Installments
from receipts_events import Practice

INSTALLMENT = "018f0000-0000-7000-8000-0000000000a8"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


class Invoicing:
    """What invoicing would answer; a status other than 200 answers nothing else."""

    def __init__(self, practice: Practice) -> None:
        self.status = 200
        self.asked: list[httpx.Request] = []
        self.credit: tuple[int, dict[str, Any]] = (200, {"balance": usd("0.00"), "insurers": []})
        """What payments would answer of the patient's credit."""
        self.answer: dict[str, Any] = {
            "id": INSTALLMENT,
            "patient_id": str(practice.patient_id),
            "invoice_number": "INV-2026-000118",
            "position": 2,
            "installments": 4,
            "due_date": "2027-01-31",
            "amount": usd("250.00"),
            "paid": usd("50.00"),
            "remaining": usd("200.00"),
            "state": "partly_paid",
            "costs": [
                {"line_id": None, "description": "Crown, porcelain", "amount": usd("210.00")},
                {"line_id": None, "description": "Filling", "amount": usd("40.00")},
            ],
            "payments": [],
        }

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.url.path.endswith("/credit"):
            return httpx.Response(self.credit[0], json=self.credit[1])
        return httpx.Response(self.status, json=self.answer)


@pytest_asyncio.fixture(loop_scope="session")
async def invoicing(harness: ServiceHarness, practice: Practice) -> AsyncIterator[Invoicing]:
    played = Invoicing(practice)
    state = harness.resources.state
    real = state.installments, state.books
    state.installments = Installments(
        "http://invoicing.test", timeout_seconds=2.0, transport=httpx.MockTransport(played)
    )
    state.books = Books("http://payments.test", timeout_seconds=2.0, transport=httpx.MockTransport(played))
    yield played
    for asked in (state.installments, state.books):
        await asked.close()
    state.installments, state.books = real


async def got(harness: ServiceHarness, practice: Practice, wanted: dict[str, str] | None = None) -> httpx.Response:
    async with harness.client("receipts:read invoices:read", practice.clinic_id) as client:

        async def answered() -> httpx.Response | None:
            answer = await client.get(f"/v1/installments/{INSTALLMENT}/demand.pdf", params=wanted)
            return None if answer.status_code == 404 and "Retry-After" in answer.headers else answer

        return await eventually(answered, within_seconds=60)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@pytest.mark.usefixtures("worker")
async def test_a_demand_says_what_it_is_for_by_when_and_what_remains(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing
) -> None:
    answer = await got(harness, practice)
    assert answer.status_code == 200, answer.text
    shown = text_of(answer.content)
    for expected in (
        "Installment 2 of 4",
        "Invoice INV-2026-000118",
        "Andrés Muñoz",
        "Crown, porcelain $210.00",
        "Filling $40.00",
        "Installment $250.00",
        "Already paid -$50.00",
        "Still to pay $200.00",
        "Please pay by Jan 31, 2027.",
    ):
        assert expected in shown, (expected, shown)
    asked = {request.url.path for request in invoicing.asked}
    assert asked == {f"/v1/installments/{INSTALLMENT}", f"/v1/patients/{practice.patient_id}/credit"}


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("wanted", "asked"), [({}, "$10.00"), ({"estimated": "false"}, "$80.00")])
async def test_a_demand_of_an_insured_invoice_asks_for_the_patients_part(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing, wanted: dict[str, str], asked: str
) -> None:
    """INS-4: as insurers are estimated to, as its invoice says; where asked, only what they decided."""
    invoicing.answer |= {"patient_part": usd("80.00"), "patient_part_estimated": usd("10.00")}
    shown = text_of((await got(harness, practice, wanted)).content)
    assert f"Still to pay {asked}" in shown
    assert "Still to pay $200.00" not in shown


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"remaining": usd("0.00"), "state": "paid"}, "nothing is unpaid of"),
        ({"remaining": usd("0.00"), "state": "cancelled"}, "is cancelled"),
        ({"patient_part": usd("0.00")}, "insurers are to pay the 200.00 USD"),
    ],
)
async def test_a_refusal_says_why_nothing_is_asked(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing, changes: dict[str, Any], why: str
) -> None:
    invoicing.answer |= changes
    refused = await got(harness, practice)
    assert (refused.status_code, why in refused.json()["detail"]) == (409, True), refused.text


@pytest.mark.usefixtures("worker")
async def test_a_demand_in_another_language_leaves_out_procedures_where_the_clinic_does(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing
) -> None:
    await harness.deliver(practice.registered(language="de-DE", version=2))
    invoicing.answer["paid"], invoicing.answer["remaining"] = usd("0.00"), usd("250.00")
    invoicing.credit = (200, {"balance": usd("500.00")})
    shown = text_of((await got(harness, practice)).content)
    assert "Rate 2 von 4" in shown
    assert "Bitte zahlen Sie bis zum" in shown
    assert "Bereits gezahlt" not in shown
    assert "Sie haben bei uns ein Guthaben von 500,00" in shown


@pytest.mark.parametrize(
    ("status", "changes", "expected"),
    [
        (404, {}, (404, "no-such-installment")),
        (403, {}, (403, "insufficient-scope")),
        (500, {}, (503, "figures-unavailable")),
        (200, {"state": 7, "costs": None}, (503, "figures-unavailable")),
        (200, {"paid": usd("250.00"), "remaining": usd("0.00"), "state": "paid"}, (409, "nothing-to-demand")),
        (200, {"state": "cancelled"}, (409, "nothing-to-demand")),
        (200, {"patient_part": usd("0.00")}, (409, "nothing-to-demand")),
        (200, {"patient_id": str(new_id())}, (404, "patient-not-known-yet")),
    ],
)
async def test_what_cannot_be_demanded_is_refused(
    harness: ServiceHarness,
    practice: Practice,
    invoicing: Invoicing,
    status: int,
    changes: dict[str, Any],
    expected: tuple[int, str],
) -> None:
    invoicing.credit = (500, {})  # as it would be found out, were it asked for first
    invoicing.status = status
    invoicing.answer |= changes
    async with harness.client("receipts:read invoices:read", practice.clinic_id) as client:
        answer = await client.get(f"/v1/installments/{INSTALLMENT}/demand.pdf")
    assert (answer.status_code, answer.json()["type"].rpartition(":")[2]) == expected


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(("status", "answered"), [(403, 200), (500, 503)])
async def test_who_may_not_read_payments_gets_the_demand_without_credit(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing, status: int, answered: int
) -> None:
    """While payments cannot be asked, it is to be asked for again: a demand names the credit (D19)."""
    invoicing.credit = (status, {})
    answer = await got(harness, practice)
    assert answer.status_code == answered, answer.text
    assert answered != 200 or "You have a credit" not in text_of(answer.content)


async def test_a_demand_while_invoicing_cannot_be_reached_is_to_be_asked_for_again(
    harness: ServiceHarness, practice: Practice, invoicing: Invoicing
) -> None:
    def refuse(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    asked = Installments("http://invoicing.test", timeout_seconds=2.0, transport=httpx.MockTransport(refuse))
    harness.resources.state.installments = asked
    async with harness.client("receipts:read invoices:read", practice.clinic_id) as client:
        answer = await client.get(f"/v1/installments/{INSTALLMENT}/demand.pdf")
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    await asked.close()
