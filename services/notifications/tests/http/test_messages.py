"""The log over HTTP (NOT-6): filtered, paged, masked, one clinic's only; and its proof (ALL-8)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from chassis.identifiers import new_id
from notifications.app import service
from notifications.domain.message import Message, State, Subject
from notifications.domain.notice import ONLY_STEP, Notice
from notifications.domain.settings import Channel
from notifications.http.message_responses import MessageOut
from sqlalchemy import text

OF_A_NOTE = Message(
    id=new_id(),
    clinic_id=new_id(),
    patient_id=new_id(),
    about_event_id="of a note",
    about_event_type="billing.invoice.credited.v1",
    notice=Notice.INVOICE_CREDITED,
    step=ONLY_STEP,
    channel=Channel.EMAIL,
    recipient="whoever",
    subject=Subject(),
    state=State.SENT,
    planned_at=datetime(2026, 11, 30, tzinfo=UTC),
    next_attempt_at=None,
)


async def told(desk: Any, practice: Any, count: int = 1) -> None:
    payments = [practice.paid() for _ in range(count)]
    receipts = [practice.receipt(payment) for payment in payments]
    await desk.harness.deliver(practice.configured(), practice.registered(), *payments, *receipts)
    for _ in range(count):
        await desk.send()


@pytest.mark.rule("NOT-6.1")
async def test_the_log_shows_what_happened_and_masks_the_recipient(desk: Any, practice: Any) -> None:
    await told(desk, practice)
    (message,) = await desk.messages(practice)
    assert message["recipient"] == "z***r@e***.org"
    assert message["about_event_type"] == "billing.receipt.issued.v1"
    assert message["provider_answer"] == "250 taken"
    said = [message[name] for name in ("channel", "state", "attempts", "template")]
    assert said == ["email", "sent", 1, "payment_recorded.en"]
    assert message["template_version"] >= 1
    async with desk.harness.client("notifications:read", practice.clinic_id) as client:
        answer = await client.get(f"/v1/messages/{message['id']}")
        assert answer.json()["history"][0]["by"] == "notifications:sending"
        assert "zoe.miller" not in answer.text


async def test_pages_follow_each_other_while_messages_are_added(desk: Any, practice: Any) -> None:
    await told(desk, practice, 5)
    async with desk.harness.client("notifications:read", practice.clinic_id) as client:
        first = (await client.get("/v1/messages", params={"limit": 2})).json()
        await told(desk, practice, 2)
        seen = [item["id"] for item in first["items"]]
        cursor = first["next"]
        while cursor:
            page = (await client.get("/v1/messages", params={"limit": 2, "cursor": cursor})).json()
            seen += [item["id"] for item in page["items"]]
            cursor = page["next"]
    assert len(seen) == len(set(seen)) == 5
    assert seen == sorted(seen, reverse=True)


async def test_filters_narrow_the_log(desk: Any, practice: Any) -> None:
    await told(desk, practice)
    await desk.tell(practice.issued_invoice())
    (invoice, receipt) = await desk.messages(practice)
    today = desk.clock.now().astimezone().date()
    assert await desk.messages(practice, patient_id=str(new_id())) == []
    assert await desk.messages(practice, state="refused") == []
    assert await desk.messages(practice, notice="invoice_issued") == [invoice]
    assert await desk.messages(practice, event_id=receipt["about_event_id"]) == [receipt]
    assert await desk.messages(practice, patient_id=str(practice.patient_id), state="sent") == [invoice, receipt]
    assert await desk.messages(practice, to=str(today - timedelta(days=2))) == []
    around = {"from": str(today - timedelta(days=1)), "to": str(today + timedelta(days=1))}
    assert len(await desk.messages(practice, **around)) == 2


@pytest.mark.rule("NOT-6.1")
async def test_each_says_which_invoice_note_or_receipt_it_is_about(desk: Any, practice: Any) -> None:
    await told(desk, practice)
    issued = practice.issued_invoice()
    await desk.tell(issued)
    (invoice, receipt) = await desk.messages(practice)
    named = ("number", "invoice_id", "invoice_number")
    assert [invoice[name] for name in named] == [issued.number, str(issued.invoice_id), issued.number]
    assert [receipt[name] for name in named[1:]] == [None, None]
    assert receipt["number"].startswith("R-")
    about = Subject(number="CN-1", invoice_id=issued.invoice_id, invoice_number=issued.number)
    note = replace(OF_A_NOTE, subject=about)
    assert [getattr(MessageOut.of(note), name) for name in named] == ["CN-1", issued.invoice_id, issued.number]


async def test_another_clinics_messages_are_out_of_reach(desk: Any, practice: Any) -> None:
    await told(desk, practice)
    (message,) = await desk.messages(practice)
    async with desk.harness.client("notifications:read notifications:write operations") as stranger:
        assert (await stranger.get("/v1/messages")).json()["items"] == []
        assert (await stranger.get(f"/v1/messages/{message['id']}")).status_code == 404
        again = await stranger.post(f"/v1/messages/{message['id']}/resend", json={"reason": "x"})
        assert again.status_code == 404
        assert (await stranger.get("/v1/prove")).json()["counts"]["sent"] == 0


@pytest.mark.rule("ALL-8.1")
async def test_the_proof_counts_and_finds_what_contradicts_itself(desk: Any, practice: Any) -> None:
    await told(desk, practice, 2)
    async with desk.harness.client("operations", practice.clinic_id) as operator:
        proof = (await operator.get("/v1/prove")).json()
        assert (proof["proven"], proof["counts"]["sent"], proof["due"], proof["differences"]) == (True, 2, 0, [])
        async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
            await work.connection.execute(text("UPDATE messages SET state = 'refused'"))
        found = (await operator.get("/v1/prove")).json()["differences"]
    assert len(found) == 4
    assert {(one["what"].split(" message")[0], one["expected"], one["found"]) for one in found} == {
        ("times accepted of refused", "0", "1"),
        ("outcome of refused", "refused", "sent"),
    }
    (prove,) = service.proofs
    proven = await prove.run(desk.harness.resources)
    assert (len(proven.differences), proven.figures >= 2) == (4, True)
    async with desk.harness.database.transaction([practice.clinic_id], "test") as work:
        await work.connection.execute(text("UPDATE messages SET state = 'sent'"))


async def test_the_history_cannot_be_rewritten(desk: Any, practice: Any) -> None:
    await told(desk, practice)
    async with desk.harness.database.reading([practice.clinic_id]) as connection:
        rights = text(
            "SELECT has_table_privilege('attempts', 'UPDATE') OR has_table_privilege('attempts', 'DELETE')"
            " OR has_table_privilege('settings', 'UPDATE') OR has_table_privilege('messages', 'DELETE')"
        )
        assert await connection.scalar(rights) is False
