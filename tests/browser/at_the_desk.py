"""What a person does at the front desk in a browser, in the words of the page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from local_stack.layout import Layout
from local_stack.practice.story import Story, until
from playwright.async_api import Browser, Page, expect

PATIENCE_MS = 60_000
"""On a machine that others use too; nothing waits so long by itself."""
USUAL = ("the server responded with a status of", "htmx:responseError", "htmx:sendError", "htmx:sendAbort")
WIDE, NARROW = (1440, 900), (390, 844)


@dataclass
class Clerk:
    """Somebody at the desk, with a browser of their own."""

    page: Page
    story: Story
    layout: Layout
    troubles: list[str] = field(default_factory=list)

    @classmethod
    @asynccontextmanager
    async def signed_in(
        cls,
        browser: Browser,
        layout: Layout,
        story: Story,
        person: str = "dana",
        size: tuple[int, int] = WIDE,
        language: str = "en",
    ) -> AsyncIterator[Clerk]:
        """Sign in as one of the people of the local issuer; in the end, no script or style was refused or failed."""
        context = await browser.new_context(viewport={"width": size[0], "height": size[1]}, locale=language)
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        clerk = cls(page, story, layout)
        page.on("pageerror", lambda error: clerk.troubles.append(str(error)))
        page.on("console", lambda said: clerk.note(said.text) if said.type == "error" else None)
        try:
            await clerk.sign_in(person)
            yield clerk
        finally:
            await context.close()
        assert clerk.troubles == [], clerk.troubles

    def note(self, said: str) -> None:
        """Keep what the browser complains of, but statuses, which are the page's matter, and what one left behind."""
        if not any(usual in said for usual in USUAL):
            self.troubles.append(said)

    async def sign_in(self, person: str) -> None:
        """At the provider's page, and back."""
        await self.page.goto(self.layout.url("frontdesk"))
        await self.page.check(f"input[value={person}]")
        await self.page.fill("input[name=password]", self.layout.passwords["people"])
        await self.page.fill("input[name=clinic]", str(self.story.clinic_id))
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url("**/patients")

    @property
    def patient(self) -> str:
        """The patient's id."""
        return str(self.story.scene.patient.id)

    async def speak(self, language: str) -> None:
        """Choose the language of the pages."""
        await self.page.locator(".me summary").click()
        await self.page.select_option("select[name=language]", language)
        async with self.page.expect_navigation():
            await self.page.locator(".me form[action='/language'] button").click()

    async def named(self) -> None:
        """Open the patient, as soon as their name has come from the register."""

        async def there() -> bool:
            await self.open_patient()
            return self.story.scene.patient.given_name in await self.page.locator("h1").inner_text()

        await until(there, "the patient is registered")

    async def open(self, path: str) -> None:
        """Go to a page by its address."""
        await self.page.goto(f"{self.layout.url('frontdesk')}{path}")

    async def open_patient(self) -> None:
        """As a link would."""
        await self.open(f"/patients/{self.patient}")

    async def press(self, name: str) -> None:
        """The button of this name in the page's main part."""
        await self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    async def sees(self, *texts: str) -> None:
        """Every text is in the page's main part, at once or soon."""
        for text in texts:
            await expect(self.page.get_by_role("main")).to_contain_text(text, timeout=PATIENCE_MS)

    async def figure(self, name: str) -> str:
        """A figure of the patient's head: Balance, Credit, Overdue."""
        term = self.page.locator(".figures div", has=self.page.get_by_text(name, exact=True))
        return await term.locator("dd").first.inner_text()

    async def select(self, *names: str) -> None:
        """Tick rows by what their boxes are called."""
        for name in names:
            await self.page.get_by_role("checkbox", name=name).first.check()

    async def add_line(self, kind: str, **fields: str) -> None:
        """One more line of an invoice, typed in."""
        lines = self.page.locator("[data-line]")
        before = await lines.count()
        await self.press(kind)
        await expect(lines).to_have_count(before + 1, timeout=PATIENCE_MS)
        for name, value in fields.items():
            await lines.last.locator(f"[name$='.{name}']").first.fill(value)
