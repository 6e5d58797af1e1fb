"""Statements and day sheets as a front desk asks for them; payments is played by a transport."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import httpx
import pypdf
import pytest
import pytest_asyncio
from chassis.clock import ManualClock
from chassis.identifiers import new_id
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.documents.figures.books import MOST_LINES, Books
from receipts.jobs.remove_composed_documents import KEPT
from receipts.jobs.render_documents import Rendering
from receipts_events import Practice
from receipts_set_aside import all_set_aside, break_documents
from sqlalchemy import text

FIGURE = {"count": 1, "amount": {"amount": "250.00", "currency": "USD"}}
NOTHING = {"count": 0, "amount": {"amount": "0.00", "currency": "USD"}}
FIGURES = {
    "payments": FIGURE,
    "refunds": NOTHING,
    "cancellations": NOTHING,
    "refund_cancellations": NOTHING,
    "chargebacks": NOTHING,
    "net": FIGURE["amount"],
}
SHEET = {
    "date": "2026-11-23",
    "totals": FIGURES,
    "by_method": [
        {"method": "cash", "method_label": None, "opening": NOTHING["amount"], "closing": FIGURE["amount"]} | FIGURES
    ],
    "by_group": [{"group_id": None, "group_name": None} | FIGURES],
}


class Payments:
    """What payments would answer; `down` answers nothing."""

    def __init__(self) -> None:
        self.down = False
        self.lines: list[dict[str, Any]] = []
        self.more: dict[str, Any] = {}
        self.asked: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if self.down:
            raise httpx.ConnectError("refused", request=request)
        if request.url.path.startswith("/v1/day-sheets/"):
            return httpx.Response(200, json=SHEET)
        closing = self.lines[-1]["balance"] if self.lines else usd(0)
        balances = {"opening_balance": usd(0), "closing_balance": closing, "insurers_to_pay": usd(0)}
        return httpx.Response(200, json=balances | {"items": self.lines, "next": None} | self.more)

    def add(self, kind: str, minor: int, **named: Any) -> None:
        before = sum(int(line["change"]["amount"].replace(".", "")) for line in self.lines)
        self.lines.append(
            {
                "id": "0199f0a2-7c1e-7d33-9a51-3f3a5b0e8c06",
                "kind": kind,
                "number": None,
                "date": "2026-11-23",
                "amount": usd(abs(minor)),
                "change": usd(minor),
                "balance": usd(before + minor),
                "payment_id": None,
                "method": None,
                "method_label": None,
            }
            | named
        )


def usd(minor: int) -> dict[str, str]:
    sign, cents = "-" if minor < 0 else "", abs(minor)
    return {"amount": f"{sign}{cents // 100}.{cents % 100:02}", "currency": "USD"}


@pytest_asyncio.fixture(loop_scope="session")
async def payments(harness: ServiceHarness) -> AsyncIterator[Payments]:
    played = Payments()
    real = harness.resources.state.books
    books = Books("http://payments.test", timeout_seconds=2.0, transport=httpx.MockTransport(played))
    harness.resources.state.books = books
    yield played
    harness.resources.state.books = real
    await books.close()


@pytest_asyncio.fixture(loop_scope="session")
async def client(harness: ServiceHarness, practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    async with harness.client("receipts:read payments:read", practice.clinic_id) as one:
        yield one


async def got(client: httpx.AsyncClient, path: str, **params: Any) -> httpx.Response:
    async def answered() -> httpx.Response | None:
        answer = await client.get(path, params=params)
        return None if answer.status_code == 404 and "Retry-After" in answer.headers else answer

    return await eventually(answered, within_seconds=60)


def text_of(answer: httpx.Response) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(answer.content)).pages)


async def composed(harness: ServiceHarness, practice: Practice) -> int:
    async with harness.database.reading([practice.clinic_id]) as connection:
        count = await connection.scalar(
            text("SELECT count(*) FROM composed_documents WHERE clinic_id = :id"), {"id": practice.clinic_id}
        )
    return int(count or 0)


@pytest.mark.rule("PAY-9.3")
@pytest.mark.usefixtures("worker")
async def test_a_statement_has_the_figures_of_payments_and_the_numbers_of_receipts(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """PAY-9, RCP-4: asked of payments with the caller's own token."""
    payment = practice.paid(None, 0, credit=20_000)
    await harness.deliver(payment)
    payments.add("invoice", 34_775, number="INV-2026-000118")
    payments.add("payment", -20_000, id=str(payment.transaction_id), method="bank_card")
    path = f"/v1/patients/{practice.patient_id}/statement.pdf"
    answer = await got(client, path, **{"from": "2026-11-01", "to": "2026-11-30"})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert 'filename="statement-2026-11-01-2026-11-30.pdf"' in answer.headers["content-disposition"]
    shown = text_of(answer)
    for expected in (
        "Account statement Date Nov 23, 2026",
        "Beacon Hill Dental",
        "Andrés Muñoz",
        "Invoice INV-2026-000118 $347.75 $347.75",
        "Payment Receipt REC-2026-000001 · Bank card $200.00 $147.75",
        "To pay $147.75",
    ):
        assert expected in shown, expected
    asked = payments.asked[-1]
    assert asked.headers["authorization"] == client.headers["authorization"]
    assert dict(asked.url.params) == {"from": "2026-11-01", "to": "2026-11-30", "limit": "200"}


@pytest.mark.usefixtures("worker")
async def test_a_statement_names_installments_and_what_is_due_next(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """PLN-10: a payment's as its receipt names them, what is due next as payments says."""
    invoice = practice.invoiced(30_000)
    parts = [(new_id(), date(2027, month, 28), 15_000, 15_000) for month in (1, 2)]
    payment = practice.paid(invoice, 15_000)
    await harness.deliver(invoice, practice.agreed(invoice, new_id(), parts), payment)
    payments.add("invoice", 30_000, number=invoice.number)
    payments.add("payment", -15_000, id=str(payment.transaction_id), method="cash")
    payments.more = {
        "next_due": {
            "invoice_id": str(invoice.invoice_id),
            "invoice_number": invoice.number,
            "installment_id": str(parts[1][0]),
            "position": 2,
            "due_date": "2027-02-28",
            "amount": usd(15_000),
        }
    }
    shown = text_of(await got(client, f"/v1/patients/{practice.patient_id}/statement.pdf"))
    assert f"Installment 1 of 2, {invoice.number}" in shown
    assert f"Due next: Installment 2, {invoice.number}, Feb 28, 2027 $150.00" in shown


async def test_a_period_of_more_lines_than_a_document_can_have_is_refused_with_what_to_ask_for(
    practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """ALL-2."""
    for _ in range(MOST_LINES + 1):
        payments.add("invoice", 100)
    refused = await client.get(f"/v1/patients/{practice.patient_id}/statement.pdf")
    told = refused.json()
    assert (refused.status_code, told["type"].split(":")[-1]) == (422, "period-too-long")
    assert told["errors"][0]["field"] == "from"
    assert "ask for a shorter one, or for its CSV" in told["detail"]


@pytest.mark.usefixtures("worker")
async def test_the_same_figures_are_rendered_once_and_new_ones_anew(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    payments.add("invoice", 10_000, number="INV-1")
    path = f"/v1/patients/{practice.patient_id}/statement.pdf"
    first = await got(client, path)
    again = await got(client, path)
    assert again.content == first.content
    assert await composed(harness, practice) == 1
    unchanged = await client.get(path, headers={"If-None-Match": first.headers["etag"]})
    assert unchanged.status_code == 304
    payments.add("payment", -10_000)
    assert "Balance after $0.00" in text_of(await got(client, path))
    assert await composed(harness, practice) == 2


@pytest.mark.usefixtures("worker")
async def test_a_day_sheet_is_printed_in_the_clinics_language(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """PAY-10, RCP-4."""
    await harness.deliver(practice.configured(version=2, language="de-DE"))
    answer = await got(client, "/v1/day-sheets/2026-11-23.pdf")
    assert 'filename="day-sheet-2026-11-23.pdf"' in answer.headers["content-disposition"]
    assert "Tagesabschluss Tag 23.11.2026" in text_of(answer)
    assert "Bar 250,00 $ (1)" in text_of(answer).replace("\N{NO-BREAK SPACE}", " ")
    assert "Bar 0,00 $ 250,00 $ 250,00 $" in text_of(answer).replace("\N{NO-BREAK SPACE}", " ")
    assert payments.asked[-1].url.path == "/v1/day-sheets/2026-11-23"


async def test_while_payments_is_down_the_answer_says_when_to_ask_again(
    practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    payments.down = True
    for path in (f"/v1/patients/{practice.patient_id}/statement.pdf", "/v1/day-sheets/2026-11-23.pdf"):
        answer = await client.get(path)
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
        assert answer.json()["type"].endswith("figures-unavailable")


async def test_figures_that_do_not_add_up_are_not_printed(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    payments.add("invoice", 10_000)
    payments.add("payment", -4_000, balance=usd(6_001))
    answer = await client.get(f"/v1/patients/{practice.patient_id}/statement.pdf")
    assert answer.status_code == 503
    assert "does not add up" in answer.json()["detail"]
    assert await composed(harness, practice) == 0


async def test_refusals_name_what_is_wrong(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """ALL-2, ALL-4, ALL-5."""
    path = f"/v1/patients/{practice.patient_id}/statement.pdf"
    backwards = await client.get(path, params={"from": "2026-11-02", "to": "2026-11-01"})
    assert (backwards.status_code, backwards.json()["errors"][0]["field"]) == (422, "to")
    assert (await client.get("/v1/day-sheets/yesterday.pdf")).status_code == 422
    stranger = await client.get(f"/v1/patients/{practice.clinic_id}/statement.pdf")
    assert (stranger.status_code, stranger.json()["type"].split(":")[-1]) == (404, "patient-not-known-yet")
    async with harness.client("receipts:read") as other:
        assert (await other.get(path)).json()["type"].endswith("clinic-not-configured")
        assert (await other.get("/v1/day-sheets/2026-11-23.pdf")).status_code == 409
    async with harness.client("payments:read", practice.clinic_id) as without:
        assert (await without.get(path)).status_code == 403
    assert payments.asked == []


@pytest.mark.usefixtures("worker")
async def test_what_was_printed_is_removed_a_day_after_it_was_last_asked_for(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments
) -> None:
    """Nothing grows without bound; what is not evidence is not kept."""
    del payments
    await got(client, "/v1/day-sheets/2026-11-23.pdf")
    clock: ManualClock = harness.clock
    almost, past = KEPT - timedelta(minutes=1), timedelta(minutes=2)
    clock.advance(almost)
    await harness.run_job("remove_composed_documents")
    assert await composed(harness, practice) == 1
    clock.advance(past)
    await harness.run_job("remove_composed_documents")
    clock.advance(-almost - past)
    assert await composed(harness, practice) == 0


async def test_what_could_not_be_rendered_is_removed_with_its_place_among_what_was_set_aside(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, payments: Payments, rendering: Rendering
) -> None:
    """Nobody can retry what is gone: no operator is shown it, and the proof is not spoilt by it for ever."""
    payments.add("invoice", 10_000)
    path = f"/v1/patients/{practice.patient_id}/statement.pdf"
    assert (await client.get(path)).status_code == 404
    asked = await task_ids(harness, practice)
    assert len(asked) == 1
    await break_documents(harness, practice)
    await all_set_aside(harness, practice, rendering, *asked)
    clock: ManualClock = harness.clock
    async with harness.client("operations", practice.clinic_id) as operator:
        assert not (await operator.get("/v1/prove")).json()["proven"]
        clock.advance(KEPT + timedelta(minutes=1))
        try:
            await harness.run_job("remove_composed_documents")
        finally:
            clock.advance(-KEPT - timedelta(minutes=1))
        assert await composed(harness, practice) == 0
        assert await task_ids(harness, practice) == []
        assert (await operator.get("/v1/set-aside-documents")).json()["items"] == []
        assert (await operator.get("/v1/prove")).json()["proven"]


async def task_ids(harness: ServiceHarness, practice: Practice) -> list[UUID]:
    async with harness.database.reading([practice.clinic_id]) as connection:
        found = await connection.scalars(
            text("SELECT document_id FROM render_tasks WHERE clinic_id = :id"), {"id": practice.clinic_id}
        )
    return list(found)
