"""Settings: the groups of payments, what patients are told; and an invoice that comes of a visit by itself."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest
from at_the_desk import Clerk
from contracts.clinical import PlannedItem, TreatmentPlanAccepted
from local_stack.practice.events import Announced
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack
from playwright.async_api import Browser, expect

from contracts import Amount

pytestmark = pytest.mark.timeout(600)


async def test_groups_are_added_coloured_ordered_and_archived(chromium: Browser, stack: Stack, story: Story) -> None:
    """PAY-8: Settings, Glossary, Payments; an archived one is offered to no payment any more."""
    async with Clerk.signed_in(chromium, stack.layout, story, "olga") as clerk:
        page = clerk.page
        await clerk.open("/settings")
        for place, name in enumerate(("Front office", "Shop")):
            adding = page.locator("form[action='/settings/groups']")
            await adding.locator("input[name=name]").fill(name)
            await adding.locator("input[name=color]").nth(place).check()
            await adding.get_by_role("button", name="Add").click()
            await clerk.sees("Added.", name)
        await page.get_by_role("button", name="Up Shop").click()
        await clerk.sees("In the new order.")
        await expect(page.locator("[data-group]").first).to_contain_text("Shop")
        await page.locator("summary", has_text="Change Shop").click()
        changing = page.locator("details.pop[open] form")
        await changing.locator("input[name=name]").fill("Products")
        await changing.get_by_role("button", name="Save").click()
        await clerk.sees("Saved.", "Products")
        await page.locator("summary", has_text="Change Products").click()
        await page.locator("details.pop[open]").get_by_role("button", name="Archive", exact=True).click()
        await clerk.sees("Archived")
        await clerk.open(f"/patients/{clerk.patient}/payments/new")
        await clerk.sees("Front office")
        assert await page.get_by_text("Products").count() == 0


async def test_a_notice_is_switched_off_and_says_what_the_clinic_wants(
    chromium: Browser, stack: Stack, story: Story
) -> None:
    """NOT-1: Settings, Notifications; the preview says what patients will read."""
    async with Clerk.signed_in(chromium, stack.layout, story, "olga") as clerk:
        page = clerk.page
        await clerk.open("/settings/notifications")
        before = await page.locator("input[name='invoice_issued.enabled']").is_checked()
        await page.locator("input[name='invoice_issued.enabled']").set_checked(not before)
        await page.fill("input[name=reason]", "we hand them out")
        await clerk.press("Save")
        await clerk.sees("Saved.")
        assert await page.locator("input[name='invoice_issued.enabled']").is_checked() is not before
        await clerk.open("/settings/notifications/payment_recorded/en")
        await page.fill("input[name=subject]", "Thank you from {clinic}")
        await page.fill("textarea[name=body]", "We have received what you paid.")
        await expect(page.locator("#text-preview")).to_contain_text("We have received what you paid.")
        await page.fill("input[name=reason]", "our own words")
        await clerk.press("Save")
        await clerk.sees("Saved.")


async def test_an_invoice_comes_of_a_visit_by_itself_beside_its_treatment_plan_and_claim(
    clerk: Clerk, story: Story
) -> None:
    """INV-2, INV-10, INS-1: an invoice of completed procedures; the plan and the insurer's part are shown."""
    patient_id = story.scene.patient.id
    item = PlannedItem(
        item_id=uuid4(),
        code_system="CDT",
        code="D2740",
        description="Crown",
        fee=Amount(amount="900.00", currency="USD"),
    )
    plan = TreatmentPlanAccepted(
        clinic_id=story.clinic_id,
        occurred_at=datetime.now(UTC),
        treatment_plan_id=uuid4(),
        patient_id=patient_id,
        name="Crown on 36",
        items=(item,),
    )
    await story.announcer.announce([Announced(uuid4(), "/practice/clinical", plan.treatment_plan_id, plan)])
    invoice = await story.happen(8_000, 4_000)
    await clerk.open(f"/patients/{clerk.patient}/invoices")
    await clerk.sees(invoice["number"], "$120.00")
    await clerk.page.get_by_role("link", name=invoice["number"], exact=True).click()
    await clerk.sees("Dental consultation and report", "Outstanding", "$120.00")

    async def planned() -> bool:
        await clerk.open(f"/patients/{clerk.patient}/plans")
        return await clerk.page.get_by_text("Crown on 36").count() == 1

    await until(planned, "the treatment plan is known")
    estimate = {
        "payer_id": str(uuid4()),
        "payer_name": "Ohio Mutual",
        "expected": money(6_000),
        "patient_part": money(4_000),
    }
    line = {"kind": "extra_procedure", "description": "Scaling", "code": "D4341", "unit_price": money(10_000)}
    await story.desk.invoice([line | {"estimates": [estimate]}])
    await clerk.open(f"/invoices/{story.scene.invoice_id}")
    await clerk.sees("Insurers", "$60.00", "Patient", "$40.00")


async def test_an_invoice_of_a_product_with_tax_a_discount_and_a_charge_is_kept_as_a_draft_and_issued(
    clerk: Clerk, story: Story
) -> None:
    """INV-5, INV-13, MON-4: of the price list; changed before it is issued."""
    page = clerk.page
    products = [{"sku": "BR-01", "description": "Sonic toothbrush", "unit_price": money(10_000)}]
    body = {"products": products, "reason": "the shelf"}
    await story.api.post("invoicing", story.clinic_id, "/v1/products", body, uuid4())
    await clerk.open(f"/patients/{clerk.patient}/invoices/new")
    lines = page.locator("[data-line]")
    before = await lines.count()
    await clerk.press("Product")
    await expect(lines).to_have_count(before + 1)
    line = lines.last
    await line.locator("select[name$='.sku']").select_option("BR-01")
    await line.locator("summary").click()
    await line.locator("input[name$='.discount']").fill("10")
    await line.locator("input[name$='.reason']").first.fill("Family")
    await page.locator("input[name=charge]").fill("5")
    await page.locator("select[name=charge_unit]").select_option("amount")
    await page.locator("input[name=charge_reason]").fill("Parcel")
    await clerk.sees("6.25")
    await clerk.press("Save as a draft")
    await clerk.sees("Saved as a draft", "Draft", "Family", "Parcel")
    await page.get_by_role("main").get_by_role("link", name="Change").click()
    await page.fill("textarea[name=note]", "by the window")
    await clerk.press("Issue")
    await clerk.sees("issued:", "INV-", "by the window")


async def test_a_template_of_the_clinics_own_is_refused_saved_and_taken_back(
    chromium: Browser, stack: Stack, story: Story
) -> None:
    """RCP-6: what cannot make its sample is refused, what can is the clinic's own, and the system's comes back."""
    async with Clerk.signed_in(chromium, stack.layout, story, "olga") as clerk:
        page = clerk.page
        await clerk.open("/settings/documents/templates/receipt")
        begun = await page.locator("textarea[name=template]").input_value()
        await page.fill("textarea[name=template]", '{% extends "receipt.html" %}{% block end %}{{ nobody.knows }}')
        await page.fill("input[name=reason]", "a slip")
        await clerk.press("Save")
        await clerk.sees("line 1")
        assert "nobody.knows" in await page.locator("textarea[name=template]").input_value()
        await page.fill("textarea[name=template]", begun)
        await page.fill("input[name=reason]", "as we like it")
        await clerk.press("Save")
        await clerk.sees("Saved.", "The clinic's own")
        await clerk.open("/settings/documents/templates/receipt")
        await page.fill("input[name=reason]", "the system's after all")
        await clerk.press("Back to the system's template")
        await clerk.sees("Saved.")
        assert await page.get_by_text("The clinic's own", exact=True).count() == 0
