"""What waits for somebody at the Day screen: approved by a second person, looked at, dismissed; and debts that end."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest
from at_the_desk import Clerk
from contracts.clinical import ProcedureReverted
from contracts.insurance import AdjudicatedLine, ClaimAdjudicated
from local_stack.practice.events import Announced, of_visit
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story, until
from local_stack.supervisor import Stack
from playwright.async_api import Browser

from contracts import Amount

pytestmark = pytest.mark.timeout(600)


async def test_a_refund_above_the_limit_waits_for_a_second_person_and_is_made_once(
    chromium: Browser, stack: Stack, story: Story, clerk: Clerk
) -> None:
    """PAY-15: nobody approves what they asked for; approved twice at once, it is made once."""
    limit = {"refund_limit": money(5_000), "reason": "as the owner asked"}
    etag = (await story.api.get("payments", story.clinic_id, "/v1/settings")).etag
    await story.api.put("payments", story.clinic_id, "/v1/settings", limit, etag)
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(10_000)}])
    await story.desk.pay(10_000, "bank_card")
    await clerk.open_patient()
    await clerk.select("Select Payment")
    await clerk.press("Refund")
    await clerk.press("Refund")
    await clerk.sees("a second person has to approve it")
    await clerk.open("/day")
    await clerk.sees("Refunds and cancellations to approve", "Withdraw")
    assert await clerk.page.get_by_role("main").get_by_role("button", name="Approve").count() == 0
    async with (
        Clerk.signed_in(chromium, stack.layout, story, "olga") as one,
        Clerk.signed_in(chromium, stack.layout, story, "olga") as other,
    ):
        for each in (one, other):
            await each.open("/day")
            await each.sees("$100.00")
        await one.press("Approve")
        await one.sees("Approved.")
        await other.press("Approve")
        await other.sees("Approved.")
    await clerk.open_patient()
    await clerk.sees("Refund")
    assert await clerk.page.get_by_role("checkbox", name="Select Refund").count() == 1
    assert await clerk.figure("Balance") == "$0.00"


async def test_a_review_and_a_parked_adjudication_wait_until_somebody_looked_at_them(
    clerk: Clerk, story: Story
) -> None:
    """INV-1, INS-8."""
    page, visit = clerk.page, story.visit(10_000)
    invoice_id = (await story.announced(list(of_visit(visit))))["id"]
    invoice = (await story.api.get("invoicing", story.clinic_id, f"/v1/invoices/{invoice_id}")).body
    now, payer, claim = datetime.now(UTC), uuid4(), uuid4()
    (procedure,), patient_id = visit.procedures, story.scene.patient.id
    reverted = ProcedureReverted(
        clinic_id=story.clinic_id, occurred_at=now, procedure_id=procedure.id, patient_id=patient_id, reason="not done"
    )
    whole = Amount(amount="100.00", currency="USD")
    line = AdjudicatedLine(invoice_line_id=UUID(invoice["lines"][0]["id"]), charge=whole, adjustments=(), paid=whole)
    decided = ClaimAdjudicated(
        clinic_id=story.clinic_id,
        occurred_at=now,
        claim_id=claim,
        decision_id=uuid4(),
        patient_id=patient_id,
        invoice_id=UUID(invoice["id"]),
        payer_id=payer,
        payer_name="Ohio Mutual",
        charge=Amount(amount="90.00", currency="USD"),
        paid=whole,
        lines=(line,),
    )
    told = [Announced(uuid4(), "/practice/clinical", procedure.id, reverted)]
    await story.announcer.announce([*told, Announced(uuid4(), "/practice/insurance-claims", claim, decided)])

    async def both() -> bool:
        await clerk.open("/day")
        return (
            await page.get_by_text("Procedure reverted").count() == await page.get_by_text("Ohio Mutual").count() == 1
        )

    await until(both, "both wait at the desk")
    for button, reason, said in (("Dismiss", "sums differ", "Dismissed."), ("Done", "she was told", "Looked at.")):
        await page.locator("summary", has_text=button).click()
        form = page.locator("details.pop[open] form")
        await form.locator("input[name=reason]").fill(reason)
        await form.get_by_role("button", name=button).click()
        await clerk.sees(said)
    assert await page.get_by_text("Ohio Mutual").count() == await page.get_by_text("Procedure reverted").count() == 0


async def test_a_debt_is_written_off_and_an_invoice_made_void(clerk: Clerk, story: Story) -> None:
    """INV-6, INV-8, INV-17: for a reason, and neither is owed any more."""
    page = clerk.page
    night_guard = [{"kind": "custom", "description": "Night guard", "unit_price": money(6_000)}]
    await story.desk.invoice(night_guard)
    await clerk.open(f"/invoices/{story.scene.invoice_id}")
    await page.locator("summary", has_text="Credit a part of it").click()
    crediting = page.locator("form[action$='/credit']")
    await crediting.locator("select[name=kind]").select_option("bad_debt")
    await crediting.locator("input[name=reason]").fill("moved away")
    await crediting.get_by_role("button", name="Credit").click()
    await clerk.sees("Credited.", "Written off", "moved away")
    await story.desk.invoice(night_guard)
    await clerk.open(f"/invoices/{story.scene.invoice_id}")
    await page.locator("summary", has_text="Void it").click()
    voiding = page.locator("form[action$='/void']")
    await voiding.locator("input[name=reason]").fill("another patient's")
    await voiding.get_by_role("button", name="Void").click()
    await clerk.sees("The invoice is void.", "Void", "another patient's")

    async def nothing_owed() -> bool:
        await clerk.open_patient()
        return await clerk.figure("Balance") == "$0.00"

    await until(nothing_owed, "neither is owed")
