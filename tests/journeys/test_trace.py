"""One trace runs from where something began, through outbox and broker, to the receipt and the email."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from typing import Any

import httpx
import pytest
from local_stack.practice.events import of_visit
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack


@pytest.mark.rule("ALL-6.2")
async def test_a_payment_is_one_trace_from_the_request_to_the_email(stack: Stack, story: Story) -> None:
    await story.happen(5_000)
    trace = secrets.token_hex(16)
    story.api.traceparent = f"00-{trace}-{secrets.token_hex(8)}-01"
    payment = await story.desk.pay(5_000, "cash")
    await story.receipt(payment)
    await story.messages("payment_recorded")
    wanted = {"payments", "receipts", "notifications", "invoicing"}
    assert await until(lambda: _services(stack, trace, wanted), "the trace") >= wanted
    spans = await _spans(stack, trace)
    assert not any("Peña" in str(span) or "example.org" in str(span) for span in spans), "ALL-6"


async def test_a_completed_procedure_is_one_trace_from_the_practice_to_the_email(stack: Stack, story: Story) -> None:
    trace = secrets.token_hex(16)
    events = list(of_visit(story.visit(5_000)))
    await story.announcer.announce(events, trace=f"00-{trace}-{secrets.token_hex(8)}-01")
    await story.invoice_of(events[-1].subject)
    await story.messages("invoice_issued")
    wanted = {"invoicing", "payments", "receipts", "notifications"}
    assert await until(lambda: _services(stack, trace, wanted), "the trace") >= wanted


async def _services(stack: Stack, trace: str, wanted: Iterable[str]) -> set[str]:
    found = {span["service"] for span in await _spans(stack, trace)}
    return found if found >= set(wanted) else set()


async def _spans(stack: Stack, trace: str) -> list[dict[str, Any]]:
    async with httpx.AsyncClient() as client:
        answer = await client.get(f"{stack.layout.edge_url}/traces/{trace}")
    spans: list[dict[str, Any]] = answer.json()["spans"]
    return spans
