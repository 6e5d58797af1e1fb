"""The API as a front desk, a printer and another service use it."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import httpx
import pypdf
import pytest
import pytest_asyncio
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from chassis.testing.planting import planted
from receipts.domain.receipt import ReceiptFilter
from receipts.jobs.render_documents import Rendering
from receipts.persistence import receipts
from receipts.persistence.queries import receipts_where
from receipts_events import Practice
from receipts_rendering import render_due


@pytest_asyncio.fixture(loop_scope="session")
async def client(harness: ServiceHarness, practice: Practice) -> AsyncIterator[httpx.AsyncClient]:
    scopes = "receipts:read settings:read settings:write operations"
    async with harness.client(scopes, practice.clinic_id) as one:
        yield one


async def got(client: httpx.AsyncClient, path: str, **params: Any) -> httpx.Response:
    """A document, asked for until it is made, as its Retry-After says."""

    async def answered() -> httpx.Response | None:
        answer = await client.get(path, params=params)
        if answer.status_code == 404 and "Retry-After" in answer.headers:
            return None
        return answer

    return await eventually(answered, within_seconds=60)


def text_of(answer: httpx.Response) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(answer.content)).pages)


@pytest.mark.rule("RCP-1.2")
@pytest.mark.usefixtures("worker")
async def test_a_payments_receipt_is_served_as_it_was_stored(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-1."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    await harness.deliver(invoice, payment)
    answer = await got(client, f"/v1/transactions/{payment.transaction_id}/receipt.pdf")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/pdf"
    assert 'inline; filename="REC-2026-000001.pdf"' in answer.headers["content-disposition"]
    assert answer.headers["etag"] == f'"{hashlib.sha256(answer.content).hexdigest()}"'
    found = (await client.get(f"/v1/transactions/{payment.transaction_id}/receipt")).json()
    assert found["state"] == "issued"
    assert found["amount"] == {"amount": "200.00", "currency": "USD"}
    assert found["sha256"] == answer.headers["etag"].strip('"')
    again = await client.get(f"/v1/receipts/{found['id']}/pdf", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await client.get(f"/v1/receipts/{found['id']}/pdf")).content == answer.content


@pytest.mark.rule("RCP-1.3", "RCP-3.1", "RCP-3.2")
@pytest.mark.usefixtures("worker")
async def test_a_cancelled_payments_receipt_says_void_and_the_original_stays(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-3."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    path = f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
    await harness.deliver(invoice, payment)
    before = await got(client, path)
    copy = await got(client, path, copy=True)
    assert "COPY" in text_of(copy)
    await harness.deliver(practice.cancelled(payment, "Entered twice"))
    void = await got(client, path)
    assert "VOID" in text_of(void)
    assert "Reason: Entered twice" in text_of(void)
    assert 'filename="REC-2026-000001-void.pdf"' in void.headers["content-disposition"]
    assert (await got(client, path, original=True)).content == before.content
    assert "VOID" in text_of(await got(client, path, copy=True))
    assert (await got(client, path)).content == void.content
    shown = (await client.get(f"/v1/transactions/{payment.transaction_id}/receipt")).json()
    assert shown["state"] == "void"
    assert shown["voided"]["reason"] == "Entered twice"


@pytest.mark.usefixtures("worker")
async def test_what_a_payment_was_taken_for_and_why_it_was_refunded_is_the_practices_own(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """ALL-5, RCP-2: told by the events, and on no receipt, roll or VOID stamp."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000, reason_code="invoice_settlement")
    refund = practice.refunded(payment, invoice, 5_000, reason_code="goodwill")
    codes = ("settlement", "goodwill", "reason")
    await harness.deliver(invoice, payment, refund)
    for one in (payment, refund):
        for paper in ("sheet", "roll"):
            told = text_of(await got(client, f"/v1/transactions/{one.transaction_id}/receipt.pdf", paper=paper)).lower()
            assert "receipt" in told
            assert [code for code in codes if code in told] == []
    await harness.deliver(practice.refund_cancelled(refund))
    void = text_of(await got(client, f"/v1/transactions/{refund.transaction_id}/receipt.pdf"))
    assert "Reason: Wrong patient" in void
    assert "goodwill" not in void.lower()


@pytest.mark.usefixtures("worker")
async def test_the_brief_one_is_made_when_it_is_asked_for(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-2."""
    invoice = practice.invoiced()
    payment = practice.paid(invoice, 20_000)
    path = f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
    await harness.deliver(invoice, payment)
    brief = await got(client, path, variant="brief")
    assert "Extraction" not in text_of(brief)
    assert "Extraction" in text_of(await got(client, path))
    await harness.deliver(practice.cancelled(payment))
    stamped = text_of(await got(client, path, variant="brief"))
    assert "VOID" in stamped
    assert "Extraction" not in stamped


@pytest.mark.usefixtures("worker")
async def test_an_invoices_pdf_is_the_same_bytes_ever_after_and_void_once_it_is(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-4, INV-8."""
    invoice = practice.invoiced()
    await harness.deliver(invoice)
    path = f"/v1/invoices/{invoice.invoice_id}/pdf"
    first = await got(client, path)
    await harness.deliver(practice.configured(version=2, name="Renamed Dental"))
    assert (await got(client, path)).content == first.content
    assert "Invoice No. INV-2026-000118" in text_of(first)
    await harness.deliver(practice.voided(invoice))
    assert "VOID" in text_of(await got(client, path))
    assert (await got(client, path, original=True)).content == first.content


@pytest.mark.rule("RCP-5.1")
@pytest.mark.usefixtures("worker")
async def test_several_receipts_print_as_one_or_not_at_all(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-5, PAY-7."""
    await harness.deliver(*(practice.paid(None, 0, credit=1_000 + number) for number in range(3)))
    ids = [item["id"] for item in (await client.get("/v1/receipts")).json()["items"]]
    assert len(ids) == 3
    printed = await got(client, "/v1/receipts/print", id=ids)
    assert len(pypdf.PdfReader(BytesIO(printed.content)).pages) == 3
    stranger = str(practice.clinic_id)
    refused = await client.get("/v1/receipts/print", params={"id": [*ids, stranger]})
    assert refused.status_code == 422
    assert refused.json()["missing"] == [stranger]
    assert refused.json()["errors"][0]["field"] == "id"
    assert (await client.get("/v1/receipts/print")).status_code == 422
    assert (await client.get("/v1/receipts/print", params={"id": [stranger] * 51})).status_code == 422


@pytest.mark.rule("PAY-7.3")
@pytest.mark.usefixtures("worker")
async def test_selected_transactions_are_printed_in_their_order_each_once(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """PAY-7: all of them, or none and the answer names each that is missing."""
    payments = [practice.paid(None, 0, credit=1_000 + number) for number in range(3)]
    await harness.deliver(*payments)
    wanted = [str(payments[number].transaction_id) for number in (2, 0, 2)]
    printed = await got(client, "/v1/receipts/print", transaction_id=wanted, paper="roll", copy=True)
    pages = [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(printed.content)).pages]
    assert [page.split("No. ")[1][:15] for page in pages] == ["REC-2026-000003", "REC-2026-000001"]
    assert all(page.startswith("COPY") for page in pages)
    strangers = [str(practice.clinic_id), str(practice.patient_id)]
    refused = await client.get("/v1/receipts/print", params={"transaction_id": [*wanted, *strangers]})
    assert (refused.status_code, refused.json()["missing"]) == (404, strangers)
    assert refused.headers["retry-after"] == "1"
    both = await client.get("/v1/receipts/print", params={"transaction_id": wanted, "id": wanted})
    assert both.status_code == 422


@pytest.mark.rule("RCP-5.1", "RCP-5.2")
@pytest.mark.usefixtures("worker")
async def test_receipts_of_transactions_just_recorded_are_waited_for_as_one_is(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """D7: asked for before their events have come, they are printed together all the same."""
    for module in ("receipts", "pdf"):
        monkeypatch.setattr(f"receipts.http.{module}.patience", lambda _request: 60.0)
    payments = [practice.paid(None, 0, credit=1_000 + number) for number in range(2)]
    wanted = {"transaction_id": [str(payment.transaction_id) for payment in payments]}
    asked = asyncio.create_task(client.get("/v1/receipts/print", params=wanted))
    await harness.deliver(*payments)
    printed = await asked
    assert (printed.status_code, len(pypdf.PdfReader(BytesIO(printed.content)).pages)) == (200, 2)


async def test_receipts_that_are_not_rendered_yet_are_each_named(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, rendering: Rendering
) -> None:
    """PAY-7, RCP-5: those that are there are not printed without the others."""
    there, not_yet = practice.paid(None, 0, credit=1_000), practice.paid(None, 0, credit=2_000)
    await harness.deliver(there)
    while await render_due(rendering):
        pass
    await harness.deliver(not_yet)
    wanted = [str(there.transaction_id), str(not_yet.transaction_id)]
    answer = await client.get("/v1/receipts/print", params={"transaction_id": wanted})
    assert (answer.status_code, answer.headers["retry-after"]) == (404, "1")
    pending = (await client.get(f"/v1/transactions/{not_yet.transaction_id}/receipt")).json()
    assert answer.json()["missing"] == [pending["id"]]
    while await render_due(rendering):
        pass
    assert (await client.get("/v1/receipts/print", params={"transaction_id": wanted})).status_code == 200


@pytest.mark.usefixtures("worker")
async def test_a_receipt_is_printed_on_a_roll_void_once_it_is(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-3, RCP-4."""
    payment = practice.paid(None, 0, credit=1_000)
    path = f"/v1/transactions/{payment.transaction_id}/receipt.pdf"
    await harness.deliver(payment)
    roll = await got(client, path, paper="roll")
    assert 'filename="REC-2026-000001-roll.pdf"' in roll.headers["content-disposition"]
    assert round(float(pypdf.PdfReader(BytesIO(roll.content)).pages[0].mediabox.width)) == 227
    assert (await got(client, path, paper="roll")).content == roll.content
    await harness.deliver(practice.cancelled(payment, "Entered twice"))
    assert text_of(await got(client, path, paper="roll")).startswith("VOID")
    assert (await got(client, path, paper="roll", original=True)).content == roll.content
    assert (await client.get(path, params={"paper": "scroll"})).status_code == 422


@pytest.mark.rule("RCP-5.2")
async def test_a_receipt_asked_for_before_its_event_is_to_be_asked_for_again(
    practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-5."""
    for path in (
        f"/v1/transactions/{practice.patient_id}/receipt",
        f"/v1/transactions/{practice.patient_id}/receipt.pdf",
        f"/v1/invoices/{practice.patient_id}/pdf",
    ):
        answer = await client.get(path)
        assert answer.status_code == 404
        assert answer.headers["retry-after"] == "1"
        assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.rule("RCP-5.2")
async def test_one_asked_for_while_its_event_is_on_its_way_is_found(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-5."""
    payment = practice.paid(None, 0, credit=1_000)
    asked = asyncio.create_task(client.get(f"/v1/transactions/{payment.transaction_id}/receipt"))
    await asyncio.sleep(0)
    await harness.deliver(payment)
    assert (await asked).json()["state"] == "pending"


async def test_a_list_has_all_receipts_newest_first_and_stays_stable_while_some_are_added(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """ALL-3."""
    other = Practice(clinic_id=practice.clinic_id)
    await harness.deliver(other.registered())
    await harness.deliver(*(practice.paid(None, 0, credit=100 + number) for number in range(5)))
    first = (await client.get("/v1/receipts", params={"limit": 2})).json()
    await harness.deliver(other.paid(None, 0, credit=1))
    second = (await client.get("/v1/receipts", params={"limit": 200, "cursor": first["next"]})).json()
    numbers = [one["number"][-1] for one in first["items"] + second["items"]]
    assert numbers == ["5", "4", "3", "2", "1"]
    assert second["next"] is None
    its = (await client.get("/v1/receipts", params={"patient_id": str(other.patient_id)})).json()["items"]
    assert [one["number"] for one in its] == ["REC-2026-000006"]
    by_number = await client.get("/v1/receipts", params={"number": "REC-2026-000003", "from": "2026-11-23"})
    assert len(by_number.json()["items"]) == 1
    assert (await client.get("/v1/receipts", params={"to": "2026-11-22"})).json()["items"] == []


async def test_another_clinic_sees_nothing(harness: ServiceHarness, practice: Practice) -> None:
    """ALL-4."""
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    async with harness.client("receipts:read") as other:
        assert (await other.get("/v1/receipts")).json()["items"] == []
        assert (await other.get(f"/v1/transactions/{payment.transaction_id}/receipt")).status_code == 404
        assert (await other.get("/v1/document-settings")).status_code == 403


async def test_a_new_receipt_follows_the_settings(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """RCP-2, RCP-4."""
    wanted = {"paper": "Letter", "show_note": True, "show_procedures": False, "reason": "as agreed"}
    await client.put("/v1/document-settings", json=wanted, headers={"If-Match": '"0"'})
    await harness.deliver(practice.paid(None, 0, credit=1_000, note="Thank you"))
    async with harness.database.reading([practice.clinic_id]) as connection:
        (receipt,) = await receipts_where(connection, practice.clinic_id, ReceiptFilter(), before_serial=None, limit=1)
        content = await receipts.content_of(connection, receipt.receipt_id)
    assert (content["paper"], content["note"], content["show_procedures"]) == ("Letter", "Thank you", False)


@pytest.mark.usefixtures("worker")
async def test_the_proof_counts_and_finds_a_planted_difference(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient
) -> None:
    """ALL-8."""
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    await got(client, f"/v1/transactions/{payment.transaction_id}/receipt.pdf")
    proof = (await client.get("/v1/prove")).json()
    assert proof["proven"]
    assert (proof["receipts"], proof["stored"], proof["last_number"]) == (1, 1, 1)
    async with planted(harness.owned, practice.clinic_id, "stored_documents SET pdf = 'x', in_store = false"):
        broken = (await client.get("/v1/prove")).json()
    assert not broken["proven"]
    assert "SHA-256" in broken["differences"][0]["what"]


@pytest.mark.usefixtures("worker")
@pytest.mark.parametrize(
    ("change", "named"),
    [
        ("receipts SET amount_minor = amount_minor + 7", "receipt {receipt_id} amount as printed"),
        ("receipts SET number = 'X'", "receipt {receipt_id} number as printed"),
        ("receipts SET kind = 'refund'", "receipt {receipt_id} kind as printed"),
        ("receipts SET currency = 'EUR'", "receipt {receipt_id} currency as printed"),
        (
            "receipts SET content = jsonb_set(content, '{credit,minor}', '1'::jsonb)",
            "receipt {receipt_id} allocations and credit",
        ),
        ("receipts SET sha256 = repeat('0', 64)", "receipt {receipt_id} SHA-256 of its original"),
        ("receipts SET size_bytes = 1", "receipt {receipt_id} bytes of its original"),
        ("receipts SET numbered_on = numbered_on - 1", "receipt {number} date"),
        ("receipts SET serial = serial + 1", "the highest number, against the last number given"),
    ],
)
async def test_wrong_receipt_is_named(
    harness: ServiceHarness, practice: Practice, client: httpx.AsyncClient, change: str, named: str
) -> None:
    """ALL-8."""
    payment = practice.paid(None, 0, credit=1_000)
    await harness.deliver(payment)
    await got(client, f"/v1/transactions/{payment.transaction_id}/receipt.pdf")
    assert (await client.get("/v1/prove")).json()["differences"] == []
    async with planted(harness.owned, practice.clinic_id, change) as row:
        found = (await client.get("/v1/prove")).json()["differences"]
    assert named.format(**row) in [one["what"] for one in found]
