"""A service that is stopped in the middle, and a click that is one trace to the receipt."""

from __future__ import annotations

import json

import httpx
import pytest
from at_the_desk import Clerk
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack
from playwright.async_api import expect

pytestmark = pytest.mark.timeout(600)


async def test_a_payment_typed_while_the_cash_desk_is_away_is_made_once_when_it_is_back(
    stack: Stack, story: Story, clerk: Clerk
) -> None:
    """ALL-1, ALL-7: the page says which part is missing and shows the rest; nothing typed is lost or done twice."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    await clerk.named()
    await clerk.open(f"/patients/{clerk.patient}/payments/new?invoice={story.scene.invoice_id}")
    await clerk.page.fill("textarea[name=note]", "by the window")
    await stack.stop_service("payments", "api")
    try:
        await clerk.press("Submit payment")
        await clerk.sees("The cash desk does not answer right now.", "never done twice")
        await expect(clerk.page.locator("textarea[name=note]")).to_have_value("by the window")
        await expect(clerk.page.locator("input[name=amount]")).to_have_value("100.00")
    finally:
        await stack.start_service("payments", "api")
    await clerk.press("Submit payment")
    await clerk.sees("$100.00 received.")
    assert await clerk.figure("Balance") == "$0.00"


async def test_a_click_is_one_trace_to_the_receipt(stack: Stack, story: Story, clerk: Clerk) -> None:
    """ALL-6: which names nobody."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    await clerk.open(f"/patients/{clerk.patient}/payments/new?invoice={story.scene.invoice_id}")
    await clerk.press("Submit payment")
    await clerk.sees("$100.00 received.")
    wanted = {"frontdesk", "payments", "receipts"}

    async def traced() -> str:
        return next((trace for trace, services in _traces(stack).items() if services >= wanted), "")

    trace = await until(traced, "a trace from the front desk to the receipt")
    async with httpx.AsyncClient() as client:
        told = (await client.get(f"{stack.layout.edge_url}/traces/{trace}")).text
    assert "Peña" not in told


def _traces(stack: Stack) -> dict[str, set[str]]:
    """The services of each trace that began at a form of the front desk."""
    found: dict[str, set[str]] = {}
    for line in (stack.home / "edge" / "traces" / "spans.jsonl").read_text(encoding="utf-8").splitlines():
        span = json.loads(line)
        found.setdefault(span["trace_id"], set()).add(span["service"])
    return found
