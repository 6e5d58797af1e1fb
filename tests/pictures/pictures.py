"""`make pictures`: every screen of the front desk, in two languages and two widths, with something to show on it.

Into `.local/pictures`, to be looked at; those of `KEPT` small into `docs/pictures`, where the README shows them.
`ARGS="--only account"` takes one screen. A stack of its own is started for them, and thrown away.
"""

# ruff: noqa: E402 - its neighbours are imported by their bare names

from __future__ import annotations

import argparse
import asyncio
import shutil
import sys
from pathlib import Path
from uuid import uuid4

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "browser")]

from at_the_desk import NARROW, WIDE, Clerk
from local_stack.places import passable_folder
from local_stack.practice.announcing import Announcer
from local_stack.practice.api import Api
from local_stack.practice.story import Story
from local_stack.supervisor import Stack
from playwright.async_api import Browser, async_playwright, expect
from practice_to_show import Shown, show_practice

ROOT = Path(__file__).parents[2]
TAKEN, KEPT_IN = ROOT / ".local" / "pictures", ROOT / "docs" / "pictures"
LANGUAGES = ("en", "ar")
KEPT = {("account", "en", WIDE): "account.jpg", ("invoice-new", "en", WIDE): "invoice.jpg"}
KEPT |= {("payment", "ar", NARROW): "payment-ar.jpg", ("day", "en", WIDE): "day.jpg"}
QUALITY = 72
LINES_OF_TOTALS = 6
"""Three procedures, the discount, the tax, the total."""


def screens(of: Shown) -> dict[str, str]:
    """Each screen's address, by its name."""
    patient, invoice = f"/patients/{of.patient}", f"/invoices/{of.invoice}"
    return {
        "patients": "/patients",
        "account": patient,
        "invoices": f"{patient}/invoices",
        "payments": f"{patient}/payments",
        "plans": f"{patient}/plans",
        "documents": f"{patient}/documents",
        "messages": f"{patient}/messages",
        "credit": f"{patient}/credit",
        "payment-one": f"/payments/{of.payment}",
        "payment": f"{patient}/payments/new",
        "invoice-new": f"{patient}/invoices/new",
        "invoice": invoice,
        "draft": f"/invoices/{of.draft}",
        "plan": f"/invoices/{of.planned}/plan",
        "plan-new": f"{invoice}/plan",
        "day": "/day",
        "overview": "/overview",
        "settings-groups": "/settings/groups",
        "settings-notifications": "/settings/notifications",
        "settings-text": "/settings/notifications/payment_recorded/de",
        "settings-clinic": "/settings/clinic",
        "settings-documents": "/settings/documents",
        "settings-template": "/settings/documents/templates/receipt",
        "settings-texts": "/settings/documents/texts/de",
        "settings-prices": "/settings/prices",
        "settings-price-list": f"/settings/prices/lists/{of.price_list}",
        "settings-taxes": "/settings/taxes",
        "settings-webhooks": "/settings/webhooks",
        "settings-webhook": f"/settings/webhooks/{of.webhook}",
    }


async def take(browser: Browser, stack: Stack, story: Story, of: Shown, only: str | None) -> None:
    """Every screen, as the owner sees it, who may do everything."""
    for language in LANGUAGES:
        for size in (WIDE, NARROW):
            async with Clerk.signed_in(browser, stack.layout, story, "olga", size, language) as clerk:
                await clerk.speak(language)
                for name, path in screens(of).items():
                    if only in (None, name):
                        await one(clerk, name, path, language, size)


async def one(clerk: Clerk, name: str, path: str, language: str, size: tuple[int, int]) -> None:
    """One screen, when nothing more comes."""
    await clerk.open(path)
    await clerk.page.wait_for_load_state("networkidle")
    if name == "invoice-new":
        for box in await clerk.page.locator("input[name=procedure]").all():
            await box.check()
        await clerk.page.locator("input[name=discount]").fill("5")
        await expect(clerk.page.locator("#totals .totals > div")).to_have_count(LINES_OF_TOTALS)
    where = TAKEN / f"{name}-{size[0]}-{language}.png"
    await clerk.page.screenshot(path=where, full_page=True)
    print(where.relative_to(ROOT))  # noqa: T201 - its result
    if kept := KEPT.get((name, language, size)):
        await clerk.page.screenshot(path=KEPT_IN / kept, type="jpeg", quality=QUALITY)


async def main(only: str | None) -> None:
    """Start a stack, have a practice day happen, take the pictures."""
    TAKEN.mkdir(parents=True, exist_ok=True)
    KEPT_IN.mkdir(parents=True, exist_ok=True)
    home = passable_folder("pictures")
    stack = Stack(home, durable=False, say=print)
    try:
        async with stack:
            addresses = stack.layout.addresses()
            async with Api(addresses) as api, Announcer(addresses.kafka_bootstrap) as announcer:
                story = await Story.begin(api, announcer)
                shown = await show_practice(story, uuid4)
                async with async_playwright() as playwright:
                    program = shutil.which("chromium")
                    browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
                    await take(browser, stack, story, shown, only)
                    await browser.close()
    finally:
        stack.erase()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="make pictures")
    parser.add_argument("--only", help="one screen, by its name")
    asyncio.run(main(parser.parse_args().only))
