"""A deposit becomes credit, is used and moved back; a bank takes the payment back; a late fee asks for more."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from at_the_desk import Clerk
from local_stack.practice.events import registration
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until
from playwright.async_api import TimeoutError as PlaywrightTimeout
from playwright.async_api import expect

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


async def test_several_invoices_are_paid_at_once_and_the_surplus_is_paid_out_and_handed_over(
    clerk: Clerk, story: Story
) -> None:
    """PAY-2, PAY-3: what is left of one payment over two invoices goes back in cash, and to the patient's son."""
    page, scene = clerk.page, story.scene
    son = replace(scene.patient, id=UUID(int=uuid4().int // 10 * 10), given_name="Ben")
    await story.announcer.announce([registration(scene.clinic, son)])
    for cents in (6_000, 4_000):
        await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(cents)}])
    await clerk.named()
    await clerk.open(f"/patients/{clerk.patient}/payments/new")
    await expect(page.locator("input[name=invoice]:checked")).to_have_count(2)
    await page.fill("input[name=amount]", "120")
    await clerk.press("Submit payment")
    await clerk.sees("This is more than is asked for.")
    await clerk.press("Keep it as credit")
    await clerk.sees("$120.00 received.", "$20.00 of it is credit now.")
    assert [await clerk.figure(name) for name in ("Balance", "Credit")] == ["-$20.00", "$20.00"]

    await clerk.open(f"/patients/{clerk.patient}/credit")
    back = page.locator("form[action$='/pay-out']")
    await back.locator("input[name=amount]").fill("5")
    await back.locator("input[name=reason]").fill("asked for it")
    await back.get_by_role("button", name="Pay it out").click()
    await clerk.sees("Credit paid out.")
    assert await clerk.figure("Credit") == "$15.00"

    async def found() -> bool:
        await clerk.open(f"/patients/{clerk.patient}/credit")
        await page.locator("form[action$='/transfer'] input[name=text]").press_sequentially("Ben")
        with suppress(PlaywrightTimeout):
            await page.locator(f"input[name=recipient][value='{son.id}']").check(timeout=3_000)
            return True
        return False

    await until(found, "the son is registered")
    over = page.locator("form[action$='/transfer']")
    await over.locator("input[name=reason]").fill("for his braces")
    await over.get_by_role("button", name="Hand it over").click()
    await clerk.sees("Credit handed over.")
    assert await clerk.figure("Credit") == "$0.00"
    await clerk.open(f"/patients/{son.id}")
    assert await clerk.figure("Credit") == "$15.00"
