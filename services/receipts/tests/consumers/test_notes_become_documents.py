"""Credit and debit notes in, frozen documents out (`INV-6`, `RCP-4`)."""

from __future__ import annotations

from io import BytesIO

import asyncpg
import pypdf
import pytest
from chassis.testing import eventually
from chassis.testing.harness import ServiceHarness
from receipts.persistence import notes
from receipts_events import Practice


async def pdf_of(harness: ServiceHarness, practice: Practice, path: str) -> bytes:
    async with harness.client("receipts:read", practice.clinic_id) as client:

        async def made() -> bytes | None:
            answer = await client.get(path)
            return answer.content if answer.status_code == 200 else None

        return await eventually(made, within_seconds=60)


def text_of(pdf: bytes) -> str:
    return " ".join(" ".join(page.extract_text().split()) for page in pypdf.PdfReader(BytesIO(pdf)).pages)


@pytest.mark.usefixtures("worker")
async def test_a_credit_notes_pdf_is_frozen_when_its_event_arrives_and_the_same_bytes_ever_after(
    harness: ServiceHarness, practice: Practice
) -> None:
    """RCP-4, INV-6: however often it is told, and whatever the clinic and the patient change afterwards."""
    invoice = practice.invoiced()
    credit = practice.credited(invoice)
    messages = await harness.deliver(invoice, credit)
    await harness.deliver(
        practice.configured(version=2, name="Renamed Dental"), practice.registered(version=2, family_name="Other")
    )
    path = f"/v1/credit-notes/{credit.credit_note_id}/pdf"
    first = await pdf_of(harness, practice, path)
    await harness.deliver(*messages)
    await harness.deliver(credit.model_copy(update={"reason": "told once more, in other words"}))
    assert await pdf_of(harness, practice, path) == first
    text = text_of(first)
    for expected in ("Credit note No. CN-2026-000007", "Beacon Hill Dental", "Andrés Muñoz", "Waited an hour"):
        assert expected in text, expected


@pytest.mark.usefixtures("worker")
async def test_a_debit_note_names_what_it_undoes_also_when_both_come_at_once(
    harness: ServiceHarness, practice: Practice
) -> None:
    invoice = practice.invoiced()
    credit = practice.credited(invoice)
    debit = practice.debited(invoice, credit)
    await harness.deliver(invoice, credit, debit)
    path = f"/v1/debit-notes/{debit.debit_note_id}/pdf"
    assert "Reverses CN-2026-000007" in text_of(await pdf_of(harness, practice, path))


async def test_a_note_waits_for_clinic_and_patient_behind_its_invoice(harness: ServiceHarness) -> None:
    """Topics are read each at its own pace: clinic and patient may come later."""
    practice = Practice()
    invoice = practice.invoiced()
    credit = practice.credited(invoice)
    await harness.deliver(invoice, credit)
    waiting = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert [one.state for one in waiting] == ["waiting", "waiting"]
    async with harness.client("receipts:read", practice.clinic_id) as client:
        path = f"/v1/credit-notes/{credit.credit_note_id}/pdf"
        answer = await client.get(path)
        assert (answer.status_code, answer.headers["retry-after"]) == (404, "1")
        assert answer.json()["type"].endswith("note-not-known-yet")
        assert (await client.get(path.replace("credit", "debit"))).status_code == 404
    await harness.deliver(practice.configured(), practice.registered())

    async def known() -> bool:
        await harness.retry()
        async with harness.database.reading([practice.clinic_id]) as connection:
            return await notes.find(connection, credit.credit_note_id) is not None

    await eventually(known, within_seconds=30)


async def test_a_note_about_an_invoice_that_nobody_told_of_waits_and_names_it(
    harness: ServiceHarness, practice: Practice
) -> None:
    unknown = practice.invoiced()
    await harness.deliver(practice.credited(unknown))
    (waiting,) = [one for one in await harness.set_aside() if one.key == str(practice.patient_id)]
    assert (waiting.state, str(unknown.invoice_id) in waiting.reason) == ("waiting", True)


async def test_a_credit_note_is_no_debit_note_and_another_clinic_sees_neither(
    harness: ServiceHarness, practice: Practice
) -> None:
    """ALL-4."""
    invoice = practice.invoiced()
    credit = practice.credited(invoice)
    await harness.deliver(invoice, credit)
    async with harness.client("receipts:read", practice.clinic_id) as client:
        assert (await client.get(f"/v1/debit-notes/{credit.credit_note_id}/pdf")).status_code == 404
    async with harness.client("receipts:read") as other:
        answer = await other.get(f"/v1/credit-notes/{credit.credit_note_id}/pdf")
        assert answer.json()["type"].endswith("note-not-known-yet")
    async with harness.client("payments:read", practice.clinic_id) as without:
        assert (await without.get(f"/v1/credit-notes/{credit.credit_note_id}/pdf")).status_code == 403


@pytest.mark.parametrize("statement", ["UPDATE notes SET content = '{}'", "DELETE FROM notes", "TRUNCATE notes"])
async def test_what_a_note_says_cannot_be_changed(harness: ServiceHarness, practice: Practice, statement: str) -> None:
    """INV-6: not even by the owner of the tables."""
    invoice = practice.invoiced()
    await harness.deliver(invoice, practice.credited(invoice))
    connection = await asyncpg.connect(harness.owned.owner_url.replace("postgresql+asyncpg", "postgresql"))
    try:
        await connection.execute("SELECT set_config('app.clinic_ids', $1, false)", str(practice.clinic_id))
        with pytest.raises(asyncpg.RestrictViolationError):
            await connection.execute(statement)
    finally:
        await connection.close()
