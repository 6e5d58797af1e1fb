"""Every screen for everybody: nothing that axe-core finds (WCAG 2.2 AA), by keyboard, mirrored, narrow, wide, small."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from at_the_desk import NARROW, WIDE, Clerk
from local_stack.practice.front_desk import money
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from playwright.async_api import Browser, expect

pytestmark = pytest.mark.timeout(900)

AXE = Path(__file__).parents[2] / "frontdesk" / "tests" / "vendor" / "axe-core-4.14.1.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGE_BYTES_MAX = 100_000
SHORT = [("ar", NARROW)]
LONG = [(language, size) for language in ("en", "de", "es", "fr", "ar") for size in (WIDE, NARROW)]
BY_MOUSE_ONLY = """() => [...document.body.querySelectorAll("*")].filter(one => one.checkVisibility()
    && (one.matches("a[href], button, input, select, textarea, summary") ? one.tabIndex !== 0
        : getComputedStyle(one).cursor === "pointer" && !one.closest("a, button, summary, label"))
).map(one => one.outerHTML.slice(0, 160))"""
"""What is pressed with a mouse and has no place in the order of the keys, or another than where it stands."""
LOOKS = LONG if os.environ.get("JOURNEYS") == "long" else SHORT


async def with_something(story: Story) -> dict[str, str]:
    """An invoice paid in part, a draft and a plan; each screen's address, by its name."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(12_000)}])
    invoice = story.scene.invoice_id
    payment = await story.desk.pay(5_000, "bank_card", note="by the window")
    line = {"kind": "custom", "description": "Aligners", "unit_price": money(90_000)}
    patient_id = str(story.scene.patient.id)
    body = {"patient_id": patient_id, "lines": [line], "issue": True}
    planned = (await story.api.post("invoicing", story.clinic_id, "/v1/invoices", body, story.scene.patient.id)).body
    plan = {"count": 3, "first_due_date": story.scene.day.isoformat()}
    path = f"/v1/invoices/{planned['id']}/installment-plan"
    await story.api.post("invoicing", story.clinic_id, path, plan, story.scene.clinic.id)
    rates = {"name": "Members", "reason": "a new offer"}
    prices = await story.api.post("invoicing", story.clinic_id, "/v1/price-lists", rates, uuid4())
    hook = {"url": "https://partner.example/hooks", "event_types": ["billing.receipt.voided.v1"], "reason": "the books"}
    webhook = await story.api.post("notifications", story.clinic_id, "/v1/webhook-endpoints", hook, uuid4())
    patient = f"/patients/{patient_id}"
    tabs = ("invoices", "payments", "plans", "documents", "messages", "payments/new", "invoices/new", "credit")
    settings = ["groups", "notifications", "notifications/payment_recorded/de", "clinic", "prices", "taxes", "webhooks"]
    settings += [f"webhooks/{webhook.body['id']}", "documents", "documents/templates/receipt", "documents/texts/de"]
    screens = ["/patients", patient, *(f"{patient}/{tab}" for tab in tabs), "/day", "/overview"]
    screens += [
        f"/settings/prices/lists/{prices.body['id']}",
        f"/payments/{payment}",
        f"/invoices/{invoice}",
        f"/invoices/{invoice}/plan",
        f"/invoices/{planned['id']}/plan",
    ]
    return {path.strip("/") or "first": path for path in [*screens, *(f"/settings/{setting}" for setting in settings)]}


@pytest.mark.parametrize(("language", "size"), LOOKS, ids=str)
async def test_axe_finds_nothing_on_any_screen(
    chromium: Browser, stack: Stack, story: Story, language: str, size: tuple[int, int]
) -> None:
    screens = await with_something(story)
    async with Clerk.signed_in(chromium, stack.layout, story, "olga", size) as clerk:
        await clerk.speak(language)
        found: dict[str, Any] = {}
        for name, path in screens.items():
            await clerk.open(path)
            await clerk.page.wait_for_load_state("networkidle")
            if wrong := await faults_of(clerk):
                found[name] = wrong
            if by_mouse := await clerk.page.evaluate(BY_MOUSE_ONLY):
                found[f"{name} has what is not reached by keys"] = by_mouse
            assert await clerk.page.evaluate("document.documentElement.lang") == language
            wider = await clerk.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            if wider > 0:
                found[f"{name} is wider than the window"] = wider
        assert not found, "\n".join(f"{name}: {wrong}" for name, wrong in found.items())


async def faults_of(clerk: Clerk) -> list[str]:
    """What axe-core finds on the page as it is; it comes in by the debugger, past the page's policy."""
    await clerk.page.evaluate(AXE.read_text(encoding="utf-8"))
    told = await clerk.page.evaluate(
        "rules => axe.run(document, {runOnly: rules}).then(found => found.violations)", RULES
    )
    return [f"{one['id']}: {one['nodes'][0]['html'][:160]} ({len(one['nodes'])})" for one in told]


async def test_a_payment_is_submitted_by_keyboard_alone(clerk: Clerk, story: Story) -> None:
    """From the search to the receipt: `/` finds, Tab goes on, Enter submits; what has the focus is seen."""
    await story.desk.invoice([{"kind": "custom", "description": "Night guard", "unit_price": money(12_000)}])
    page = clerk.page
    await clerk.named()
    await page.locator("body").press("/")
    await expect(page.locator("#find")).to_be_focused()
    await page.keyboard.type("Peña")
    async with page.expect_navigation():
        await page.keyboard.press("Enter")
    await tab_to(clerk, "a.row")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/patients/*-*")
    await expect(page.locator("a[href$='/payments/new']")).to_be_visible()
    await tab_to(clerk, "a[href$='/payments/new']")
    await page.keyboard.press("Enter")
    await expect(page.locator("[data-amount]")).to_be_focused()
    await page.keyboard.press("Control+A")
    await page.keyboard.type("20")
    await page.keyboard.press("Enter")
    await clerk.sees("$20.00 received.")


async def tab_to(clerk: Clerk, selector: str, most: int = 40) -> None:
    """Tab on until it has the focus, which is drawn around it."""
    for _ in range(most):
        await clerk.page.keyboard.press("Tab")
        if await clerk.page.evaluate("wanted => document.activeElement.matches(wanted)", selector):
            drawn = await clerk.page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
            assert drawn != "none"
            return
    raise AssertionError(f"{selector} is not reached by Tab")


async def test_a_page_is_small_and_nothing_comes_from_elsewhere(clerk: Clerk) -> None:
    """Under 100 kB with everything, as it goes over the wire; no other host is asked; printed, it is bare."""
    page, sizes, hosts = clerk.page, [], set()
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    await session.send("Network.clearBrowserCache")
    session.on("Network.loadingFinished", lambda told: sizes.append(told["encodedDataLength"]))
    page.on("request", lambda request: hosts.add(request.url.split("/")[2]))
    await clerk.open_patient()
    await page.wait_for_load_state("networkidle")
    assert 0 < sum(sizes) < PAGE_BYTES_MAX
    assert hosts == {clerk.layout.url("frontdesk").split("/")[2]}
    await page.emulate_media(media="print")
    await expect(page.locator("h1")).to_be_visible()
    for around in (".bar", ".side", ".tabs", ".actions.noprint"):
        await expect(page.locator(around).first).to_be_hidden()
