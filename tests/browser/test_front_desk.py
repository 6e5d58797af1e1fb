"""What the product's description says of invoices and payments, each sentence acted out in a browser.

The description is of the front desk that this product was commissioned to equal: create an invoice, submit a payment,
print a receipt, refund and cancel from the bar over selected transactions.
"""

from __future__ import annotations

import httpx
import pytest
from at_the_desk import Clerk
from local_stack.practice.events import of_visit
from local_stack.practice.story import Story, until
from playwright.async_api import expect

pytestmark = pytest.mark.timeout(600)


async def test_an_invoice_of_extras_and_a_payment_in_part_then_refund_and_cancel(clerk: Clerk, story: Story) -> None:
    """INV-3, INV-5, PAY-1, PAY-4, PAY-5, PAY-7: without an appointment, discounted, paid in part, printed, returned."""
    page = clerk.page
    await clerk.named()
    await page.get_by_role("link", name="Create invoice").click()
    await clerk.add_line("Extra procedure", description="Night guard", code="D9944", tooth="8", price="120.00")
    await clerk.add_line("Other item", description="Whitening gel", price="30.00")
    await page.locator("input[name=discount]").fill("10")
    await page.locator("input[name=discount_reason]").fill("Family")
    await expect(page.locator("#totals .sum dd")).to_have_text("$135.00", timeout=60_000)
    await clerk.press("Issue and pay")
    await clerk.sees("issued: $135.00", "INV-")
    amount = page.locator("input[name=amount]")
    await expect(amount).to_have_value("135.00")
    await amount.fill("50")
    await page.get_by_label("Bank card").check()
    await page.fill("textarea[name=note]", "by the window")
    await clerk.press("Submit payment")
    await clerk.sees("$50.00 received.")
    assert await clerk.figure("Balance") == "$85.00"

    # Print the receipt from the selection bar.
    await clerk.select("Select Payment")
    await until(lambda: prints(clerk), "the receipt is printed")
    await expect(page.locator(".selection .count")).to_have_text("1 selected")

    # A refund leaves the invoice's balance as it is.
    await clerk.press("Refund")
    await clerk.sees("what the invoice asks for stays as it is", "Asks for now", "$85.00")
    await page.locator("input[name^='amount.']").fill("20.00")
    await clerk.press("Refund")
    await clerk.sees("1 refunded.")
    assert await clerk.figure("Balance") == "$85.00"

    # With a refund standing the payment is not cancelled, and its row says why.
    await clerk.select("Select Payment")
    await clerk.press("Cancel")
    await page.fill("input[name=reason]", "typed twice")
    await clerk.press("Cancel them")
    await expect(page.locator("li.failed .wrong")).to_contain_text("refund")
    await clerk.open_patient()
    await clerk.select("Select Refund")
    await clerk.press("Cancel")
    await page.fill("input[name=reason]", "not given back after all")
    await clerk.press("Cancel them")
    await clerk.sees("1 cancelled.")

    # A cancellation raises it again.
    await clerk.select("Select Payment")
    await clerk.press("Cancel")
    await clerk.sees("Asks for now", "$135.00")
    await page.fill("input[name=reason]", "typed twice")
    await clerk.press("Cancel them")
    await clerk.sees("1 cancelled.")
    assert await clerk.figure("Balance") == "$135.00"


async def test_an_invoice_of_an_appointments_procedures_paid_in_full_with_a_group(clerk: Clerk, story: Story) -> None:
    """INV-3, PAY-1, PAY-8: the procedures of a visit are ticked, the whole is paid, and sorted into a group."""
    page, api = clerk.page, story.api
    group = {"name": "Front office", "color": "#7c3aed"}
    await api.post("payments", story.clinic_id, "/v1/payment-groups", group, story.scene.patient.id)
    settings = (await api.get("invoicing", story.clinic_id, "/v1/clinic")).body
    etag = (await api.get("invoicing", story.clinic_id, "/v1/clinic")).etag
    wanted = {name: value for name, value in settings.items() if name not in ("clinic_id", "version")}
    wanted |= {"billing_policy": "manual", "auto_issue": False, "reason": "the desk bills"}
    await api.put("invoicing", story.clinic_id, "/v1/clinic", wanted, etag)
    await story.announcer.announce(list(of_visit(story.visit(8_000, 4_000))))

    async def there() -> bool:
        await clerk.open(f"/patients/{clerk.patient}/invoices/new")
        return await page.get_by_role("checkbox").count() >= 2

    await until(there, "both procedures wait to be billed")
    await clerk.sees("Appointment of")
    for box in await page.locator("input[name=procedure]").all():
        await box.check()
    await expect(page.locator("#totals .sum dd")).to_have_text("$120.00", timeout=60_000)
    await clerk.press("Issue and pay")
    await expect(page.locator("input[name=amount]")).to_have_value("120.00")
    await page.get_by_label("Cash", exact=True).check()
    await page.locator(".chip", has_text="Front office").locator("input").check()
    await clerk.press("Submit payment")
    await clerk.sees("$120.00 received.", "Front office")
    assert await clerk.figure("Balance") == "$0.00"


async def test_nobody_reaches_a_page_without_signing_in_or_after_signing_out(clerk: Clerk) -> None:
    """ALL-5: and a session that was signed out opens nothing any more."""
    await clerk.page.locator(".me summary").click()
    await clerk.page.get_by_role("button", name="Sign out").click()
    await expect(clerk.page.get_by_role("main")).to_contain_text("You are signed out.")
    async with httpx.AsyncClient() as anybody:
        answer = await anybody.get(f"{clerk.layout.url('frontdesk')}/patients")
    assert answer.headers["location"] == "/sign-in?to=%2Fpatients"
    await clerk.open("/day")
    assert "/authorize" in clerk.page.url


async def prints(clerk: Clerk) -> bool:
    """Press Print over the selection; whether a PDF comes, in a window of its own."""
    context = clerk.page.context
    async with context.expect_event("response", lambda answer: "/print?" in answer.url) as asked:
        await clerk.press("Print")
    answer = await asked.value
    for beside in context.pages[1:]:
        await beside.close()
    return bool(answer.headers["content-type"] == "application/pdf")
