"""Two people at once on one patient: each sees what the other did, neither acts twice, the one too late is told."""

from __future__ import annotations

import pytest
from at_the_desk import Clerk
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from playwright.async_api import Browser, expect

pytestmark = pytest.mark.timeout(600)


async def test_both_pay_the_same_invoice_and_one_is_asked_what_to_do_with_the_surplus(
    chromium: Browser, stack: Stack, story: Story, clerk: Clerk
) -> None:
    """PAY-2, PAY-11: never more than was outstanding; the second is told, and keeps it as credit knowingly."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    where = f"/patients/{clerk.patient}/payments/new?invoice={story.scene.invoice_id}"
    async with Clerk.signed_in(chromium, stack.layout, story, "olga") as other:
        for one in (clerk, other):
            await one.open(where)
            await expect(one.page.locator("input[name=amount]")).to_have_value("100.00")
        await clerk.press("Submit payment")
        await clerk.sees("$100.00 received.")
        await other.press("Submit payment")
        await other.sees("This is more than is asked for.")
        await other.press("Keep it as credit")
        await other.sees("$100.00 received.", "is credit now")
        await clerk.open_patient()
        assert [await one.figure("Credit") for one in (clerk, other)] == ["$100.00", "$100.00"]


async def test_a_form_sent_again_after_going_back_does_nothing_twice(clerk: Clerk, story: Story) -> None:
    """ALL-1: the page's key is the request's."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    await clerk.open(f"/patients/{clerk.patient}/payments/new?invoice={story.scene.invoice_id}")
    page = clerk.page
    form: dict[str, str | float | bool] = {
        "form_token": await value(clerk, "form_token"),
        "key": await value(clerk, "key"),
    }
    form |= {"amount": "40.00", "method": "cash", "invoice": story.scene.invoice_id}
    for _ in range(3):
        answer = await page.request.post(page.url.partition("?")[0], form=form, max_redirects=0)
        assert answer.status == 303
    await clerk.open_patient()
    assert await clerk.figure("Balance") == "$60.00"
    answer = await page.request.post(page.url + "/payments/new", form=form | {"amount": "50.00"}, max_redirects=0)
    assert "This form was already sent." in await answer.text()


async def value(clerk: Clerk, name: str) -> str:
    return await clerk.page.locator(f"form[data-payment] input[name={name}]").input_value()


async def test_a_selection_is_cancelled_whole_or_not_at_all_and_the_row_that_failed_says_why(
    clerk: Clerk, story: Story
) -> None:
    """PAY-7."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    first = await story.desk.pay(3_000, "cash")
    await story.desk.pay(2_000, "bank_card")
    await story.desk.refund(first, 1_000, "goodwill", "long wait")
    await clerk.open(f"/patients/{clerk.patient}/payments")
    for box in await clerk.page.locator("input[name=transaction]").all():
        await box.check()
    await clerk.press("Cancel")
    await clerk.page.fill("input[name=reason]", "typed twice")
    await clerk.press("Cancel them")
    await expect(clerk.page.locator("li.failed")).to_have_count(1)
    assert await clerk.figure("Balance") == "$50.00"


async def test_a_setting_that_somebody_changed_meanwhile_is_told_and_not_overwritten(
    chromium: Browser, stack: Stack, story: Story
) -> None:
    """ALL-3."""
    async with (
        Clerk.signed_in(chromium, stack.layout, story, "olga") as one,
        Clerk.signed_in(chromium, stack.layout, story, "olga") as other,
    ):
        for each, name in ((one, "Harbor Dental"), (other, "Hill Dental")):
            await each.open("/settings/clinic")
            await each.page.fill("input[name=name]", name)
            await each.page.fill("input[name=reason]", "a new sign")
        await one.press("Save")
        await one.sees("Saved.")
        await other.press("Save")
        await other.sees("Somebody else changed this meanwhile.")
        await other.sees("As it is now: Harbor Dental")
        await expect(other.page.locator("main input[name=name]")).to_have_value("Hill Dental")
