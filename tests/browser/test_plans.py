"""A plan of each kind at the desk: agreed, printed, paid, moved, divided anew, ended (PLN-1, PLN-5, PLN-10)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from at_the_desk import Clerk
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story
from playwright.async_api import expect

pytestmark = pytest.mark.timeout(600)


async def invoiced(clerk: Clerk, story: Story, cents: int) -> None:
    await story.desk.invoice([{"kind": "custom", "description": "Aligners", "unit_price": money(cents)}])
    await clerk.open(f"/invoices/{story.scene.invoice_id}/plan")


async def preview_has(clerk: Clerk, *amounts: str) -> None:
    cells = clerk.page.locator("#plan-preview tbody .num")
    await expect(cells).to_have_text(list(amounts), timeout=60_000)


async def test_equal_installments_with_a_down_payment_paid_moved_and_ended(clerk: Clerk, story: Story) -> None:
    """PLN-1, PLN-2, PLN-5: what is previewed is what is agreed; the last takes the rest."""
    page = clerk.page
    await invoiced(clerk, story, 100_000)
    await page.fill("input[name=count]", "3")
    await page.fill("input[name=first]", (story.scene.day + timedelta(days=30)).isoformat())
    await page.fill("input[name=down_payment]", "100")
    await preview_has(clerk, "$100.00", "$300.00", "$300.00", "$300.00")
    await clerk.press("Agree")
    await clerk.sees("The plan is agreed.", "Down payment")
    await page.get_by_role("link", name="Pay 1", exact=True).click()
    await expect(page.locator("input[name=amount]")).to_have_value("100.00")
    await clerk.press("Submit payment")
    await clerk.sees("$100.00 received.")
    await clerk.open(f"/invoices/{story.scene.invoice_id}/plan")
    await page.locator("summary", has_text="Change 3").click()
    moved = (story.scene.day + timedelta(days=75)).isoformat()
    form = page.locator("details.pop[open] form").first
    await form.locator("input[name=due_date]").fill(moved)
    await form.locator("input[name=reason]").fill("salary comes later")
    await form.get_by_role("button", name="Move").click()
    await clerk.sees("The installment is moved.")


@pytest.mark.parametrize("way", ["amount_per_period", "installments"])
async def test_an_amount_per_period_and_given_dates(clerk: Clerk, story: Story, way: str) -> None:
    """PLN-1: n = ceil(R/a), the last is the rest; or exactly what was given."""
    page = clerk.page
    await invoiced(clerk, story, 50_000)
    await page.locator(f"input[name=way][value={way}]").check()
    first = story.scene.day + timedelta(days=10)
    if way == "amount_per_period":
        await page.fill("input[name=amount_per_period]", "200")
        await page.fill("input[name=first]", first.isoformat())
    else:
        for place, amount in enumerate(("200", "200", "100")):
            await page.locator("input[name=given_date]").nth(place).fill((first + timedelta(days=place)).isoformat())
            await page.locator("input[name=given_amount]").nth(place).fill(amount)
    await preview_has(clerk, "$200.00", "$200.00", "$100.00")
    await clerk.press("Agree")
    await clerk.sees("The plan is agreed.", "Agreement to sign")
