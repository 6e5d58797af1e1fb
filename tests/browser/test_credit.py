"""A deposit becomes credit, is used and moved back; a bank takes the payment back; a late fee asks for more."""

from __future__ import annotations

import pytest
from at_the_desk import Clerk
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story

pytestmark = pytest.mark.timeout(600)


async def test_a_deposit_is_used_moved_back_and_taken_back_by_the_bank(clerk: Clerk, story: Story) -> None:
    """PAY-2, PAY-3, PAY-6, PAY-13, INV-6: at every step the head says what is owed and what is credit."""
    page = clerk.page
    await clerk.named()
    await clerk.open(f"/patients/{clerk.patient}/payments/new")
    await page.fill("input[name=amount]", "100")
    await clerk.press("Submit payment")
    await clerk.sees("$100.00 received.", "is credit now")
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(6_000)}])

    await page.get_by_role("link", name="$100.00").first.click()
    await clerk.sees("What was received and settles nothing yet.")
    await page.get_by_role("button", name="Use credit").click()
    await clerk.sees("Credit applied.")
    assert await clerk.figure("Credit") == "$40.00"

    await page.locator("td.what a[href^='/payments/']").click()
    await clerk.sees("Can be refunded")
    moving = page.locator("form[action$='/move']")
    await moving.locator("input[name=reason]").fill("she keeps it for the filling")
    await moving.get_by_role("button", name="Move").click()
    await clerk.sees("Moved.", "she keeps it for the filling")
    assert [await clerk.figure(name) for name in ("Balance", "Credit")] == ["-$40.00", "$100.00"]

    back = page.locator("form[action$='/chargeback']")
    await back.locator("input[name=reason]").fill("disputed")
    await back.get_by_role("button", name="Charge back").click()
    await clerk.sees("The bank took it back.", "Charged back")
    assert await clerk.figure("Credit") == "$0.00"

    await clerk.open(f"/invoices/{story.scene.invoice_id}")
    await page.locator("summary", has_text="Ask for more").click()
    more = page.locator("form[action$='/debit']")
    await more.locator("input[name=amount]").fill("10")
    await more.locator("input[name=reason]").fill("second reminder")
    await more.get_by_role("button", name="Debit").click()
    await clerk.sees("Debited.", "Late fee")
