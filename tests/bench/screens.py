"""The front desk's pages: over HTTP and in a browser, of a patient with ten transactions and of one with very many."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from uuid import UUID

import asyncpg
import httpx
import psutil
from books import TRANSACTIONS, record_payments
from clinic import Clinic
from figures import Figure, percentile
from local_stack.supervisor import Stack
from playwright.async_api import Page, async_playwright

FEW, INVOICES = 10, 5_000
WARM_UP, TIMES, VISITS = 5, 40, 15
PAGE_MS, PAGE_KB = 150, 100
MADE = (Path(__file__).parent / "many_invoices.sql").read_text()
PERSON = "olga"
IN_BROWSER = ("patients", "account of many", "create invoice", "submit payment", "day", "overview")


@dataclass(frozen=True)
class Shown:
    """Two patients of a clinic, each with an invoice that their payments are on."""

    few: UUID
    many: UUID
    invoice_of_few: UUID
    invoice_of_many: UUID

    def pages(self) -> dict[str, str]:
        """Each page that is measured, by what it is called."""
        few, many = f"/patients/{self.few}", f"/patients/{self.many}"
        found = {"patients": "/patients", "account of few": few, "account of many": many}
        for name in ("invoices", "payments", "plans", "documents", "messages"):
            found |= {f"{name} of few": f"{few}/{name}", f"{name} of many": f"{many}/{name}"}
        found |= {"invoice of few": f"/invoices/{self.invoice_of_few}", "create invoice": f"{many}/invoices/new"}
        found |= {"invoice of many": f"/invoices/{self.invoice_of_many}", "submit payment": f"{many}/payments/new"}
        found |= {"plan": f"/invoices/{self.invoice_of_few}/plan", "day": "/day", "overview": "/overview"}
        return found | {
            f"settings, {one}": f"/settings/{one}" for one in ("groups", "notifications", "clinic", "prices", "taxes")
        }


@dataclass(frozen=True)
class Taken:
    """The milliseconds of each answer, and how many of the processors' one of them took, by who worked for it."""

    each: list[float]
    worked: dict[str, float]

    def __str__(self) -> str:
        whole = sum(self.worked.values())
        parts = ", ".join(f"{name} {ms:.0f}" for name, ms in self.worked.items() if ms >= 0.5)
        times = f"p50 {percentile(self.each, 0.5):.0f} ms over {len(self.each)}, one at a time"
        return f"{times}; the processors worked {whole:.0f} ms for one ({parts})"


async def screens(stack: Stack, clinic: Clinic) -> list[Figure]:
    """Every page, one at a time, by a person who is signed in."""
    shown = await _shown(stack, clinic)
    pages = shown.pages()
    async with signed_in(stack, clinic.id) as desk:
        by_name = {name: await _asked(stack, lambda path=path: desk.get(path)) for name, path in pages.items()}
        token = await _form_token(desk)
        searched = await _asked(stack, lambda: _search(desk, token))
    found = [_figure(name, taken, by_name) for name, taken in by_name.items()]
    found.append(_figure("search as one types", searched, {}))
    return [*found, *await _in_a_browser(stack, clinic.id, {name: pages[name] for name in IN_BROWSER})]


@asynccontextmanager
async def signed_in(stack: Stack, clinic_id: UUID) -> AsyncIterator[httpx.AsyncClient]:
    """A client with the session of a person, who signed in as a browser does."""
    base = stack.layout.url("frontdesk")
    async with httpx.AsyncClient(base_url=base, follow_redirects=True, timeout=60) as desk:
        asked = await desk.get("/sign-in")
        form = {"username": PERSON, "password": stack.layout.passwords["people"], "clinic": str(clinic_id)}
        answer = await desk.post(asked.url, data=form)
        if answer.url.path != "/patients":
            raise RuntimeError(f"nobody is signed in: {answer.status_code} at {answer.url}")
        yield desk


async def _shown(stack: Stack, clinic: Clinic) -> Shown:
    few, many = await clinic.open(2)
    one, other = [await clinic.issue_invoice(each, price_minor=10_000_000) for each in (few, many)]
    paid = await clinic.pay(few, one, 100)
    await clinic.pay(many, other, 100)
    day = date.fromisoformat(paid["booked_on"])
    connection = await asyncpg.connect(stack.database_dsn("payments"))
    try:
        await record_payments(connection, clinic.id, few, one, FEW - 1, day)
        await record_payments(connection, clinic.id, many, other, TRANSACTIONS - 1, day)
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()
    await _invoiced(stack, clinic.id, many, day)
    return Shown(few, many, one, other)


async def _invoiced(stack: Stack, clinic_id: UUID, patient: UUID, today: date) -> None:
    """Years of invoices, all of one patient: as rows, whose payments nobody recorded."""
    told = {"clinic": str(clinic_id), "from": "1001", "to": str(1_000 + INVOICES), "of": str(1_000 + INVOICES)}
    connection = await asyncpg.connect(stack.database_dsn("invoicing"))
    try:
        for name, value in (told | {"today": today.isoformat()}).items():
            await connection.execute("SELECT set_config($1, $2, false)", f"many.{name}", value)
        await connection.execute(MADE)
        await connection.execute("SET session_replication_role = replica")
        moved = "UPDATE invoices SET patient_id = $2 WHERE clinic_id = $1 AND created_by = 'bench'"
        await connection.execute(moved, clinic_id, patient)
        await connection.execute("SET session_replication_role = DEFAULT")
        await connection.execute("VACUUM ANALYZE")
    finally:
        await connection.close()


async def _asked(stack: Stack, ask: Callable[[], Awaitable[httpx.Response]]) -> Taken:
    """Many answers, one at a time, warm. Raises RuntimeError where a page is not shown whole."""
    taken: list[float] = []
    before: dict[str, float] = {}
    for number in range(WARM_UP + TIMES):
        if number == WARM_UP:
            taken.clear()
            before = _worked(stack)
        began = time.perf_counter()
        answer = await ask()
        taken.append((time.perf_counter() - began) * 1000)
        if answer.status_code != httpx.codes.OK or 'class="absent"' in answer.text:
            said = re.findall(r'class="(?:notice|absent)[^>]*>(.*?)</div>', answer.text, re.DOTALL)
            told = " ".join(re.sub(r"<[^>]+>", " ", " ".join(said)).split())
            raise RuntimeError(f"{answer.url.path} is not shown whole: {answer.status_code}, {told}")
    return Taken(taken, {name: (now - before[name]) * 1000 / TIMES for name, now in _worked(stack).items()})


def _worked(stack: Stack) -> dict[str, float]:
    """The seconds of processor time that whoever answers has taken: by service, as all of its processes that answer."""
    found: dict[str, float] = {}
    for name, child in stack.processes.items():
        service, _, role = name.partition("-")
        if service != "edge" and not role.startswith("worker"):
            found[service] = found.get(service, 0.0) + _seconds(psutil.Process(child.pid))
    database = psutil.Process(stack.database_pid)
    return found | {"PostgreSQL": sum(_seconds(one) for one in [database, *database.children(recursive=True)])}


def _seconds(process: psutil.Process) -> float:
    try:
        return sum(process.cpu_times()[:2])
    except psutil.NoSuchProcess:
        return 0.0


async def _form_token(desk: httpx.AsyncClient) -> str:
    """What every form of this session carries."""
    found = re.search(r'name="form_token" value="([^"]+)"', (await desk.get("/patients")).text)
    if found is None:
        raise RuntimeError("the page has no form")
    return found[1]


async def _search(desk: httpx.AsyncClient, token: str) -> httpx.Response:
    form = {"form_token": token, "text": "Bench 1"}
    return await desk.post("/patients", data=form, headers={"HX-Request": "true"})


def _figure(name: str, taken: Taken, others: dict[str, Taken]) -> Figure:
    few = others.get(name.replace("of many", "of few")) if name.endswith("of many") else None
    return Figure(
        f"page {name}, p95",
        percentile(taken.each, 0.95),
        "ms",
        PAGE_MS,
        at_least=False,
        floor=percentile(few.each, 0.95) if few else None,
        floor_of=f"the patient with {FEW}" if few else "",
        detail=str(taken),
    )


async def _in_a_browser(stack: Stack, clinic_id: UUID, pages: dict[str, str]) -> list[Figure]:
    """From the click to the page with all that belongs to it, files kept; and how much comes where none are."""
    program = shutil.which("chromium")
    if program is None:
        raise RuntimeError("there is no chromium: `make test` installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-gpu"])
        page = await browser.new_page(viewport={"width": 1440, "height": 900})
        await _sign_in(page, stack, clinic_id)
        base, found = stack.layout.url("frontdesk"), []
        for name, path in pages.items():
            taken = [await _loaded(page, f"{base}{path}") for _ in range(WARM_UP + VISITS)][WARM_UP:]
            detail = f"p50 {percentile(taken, 0.5):.0f} ms over {len(taken)} visits, until all is loaded"
            p95 = percentile(taken, 0.95)
            found.append(Figure(f"page {name} in Chromium, p95", p95, "ms", PAGE_MS, at_least=False, detail=detail))
        found.append(await _largest(page, {name: f"{base}{path}" for name, path in pages.items()}))
        await browser.close()
    return found


async def _sign_in(page: Page, stack: Stack, clinic_id: UUID) -> None:
    await page.goto(stack.layout.url("frontdesk"))
    await page.check(f"input[value={PERSON}]")
    await page.fill("input[name=password]", stack.layout.passwords["people"])
    await page.fill("input[name=clinic]", str(clinic_id))
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url("**/patients")


async def _loaded(page: Page, url: str) -> float:
    await page.goto(url)
    asked = "performance.getEntriesByType('navigation')[0].loadEventEnd"
    return float(await page.evaluate(asked))


async def _largest(page: Page, urls: dict[str, str]) -> Figure:
    """The page that most comes with, of the kilobytes that go over the wire when a browser has kept nothing."""
    sizes: dict[str, float] = {}
    session = await page.context.new_cdp_session(page)
    await session.send("Network.enable")
    received: list[float] = []
    session.on("Network.loadingFinished", lambda told: received.append(told["encodedDataLength"]))
    for name, url in urls.items():
        await session.send("Network.clearBrowserCache")
        received.clear()
        await page.goto(url)
        await page.wait_for_load_state("networkidle")
        sizes[name] = sum(received) / 1000
    name, most = max(sizes.items(), key=lambda one: one[1])
    detail = ", ".join(f"{one} {size:.0f} kB" for one, size in sizes.items())
    return Figure(f"largest page with everything ({name})", most, "kB", PAGE_KB, at_least=False, detail=detail)
