"""The four services as a test has them answer, behind the front desk as it runs; what is asked of them is noted."""

from __future__ import annotations

import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from fastapi import FastAPI
from frontdesk.app import build_app
from frontdesk.sealing import COOKIE, Seal
from frontdesk.settings import FrontDeskSettings
from pydantic import SecretStr

SECRET = "a secret of the tests' own making"
HERE = "http://desk.test"
PATIENT = "01a22a21-2210-773b-a240-f2d7cb240990"
EVERYTHING = (
    "invoices:read invoices:write payments:read payments:write payments:reverse receipts:read "
    "notifications:read settings:read settings:write"
)
Answering = Callable[[httpx.Request], httpx.Response]
FORM_TOKEN = "of this session"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


CLINIC = {
    "name": "Smile & <b>Sons</b>",
    "currency": "USD",
    "time_zone": "America/New_York",
    "language": "en-US",
    "version": 1,
    "tax_categories": [],
}
WHO = {
    "patient_id": PATIENT,
    "name": "Ana <script>alert(1)</script>",
    "given_name": "Ana",
    "family_name": "<script>",
    "birth_date": "1980-05-17",
    "chart_number": "7",
    "outstanding": usd("40.00"),
    "overdue": usd("0.00"),
}
ANSWERS: dict[str, Any] = {
    "GET invoicing /v1/clinic": CLINIC,
    "GET invoicing /v1/patients/ID": WHO,
    "GET payments /v1/patients/ID/credit": {"balance": usd("0.00")},
    "GET payments /v1/patients/ID/account": {"items": [], "next": None},
    "GET payments /v1/payment-groups": {"items": [], "next": None},
    "GET invoicing /v1/invoices": {"items": [], "next": None},
    "POST invoicing /v1/patients/search": {"items": [WHO | {"open_invoices": 1}], "next": None},
}


class Sent(httpx.AsyncByteStream):
    """A body as a network brings it: once, on a connection that is `busy` with it until it is closed."""

    def __init__(self, content: bytes, busy: set[Sent]) -> None:
        self._content, self._busy = content, busy
        busy.add(self)

    async def __aiter__(self) -> AsyncIterator[bytes]:
        yield self._content

    async def aclose(self) -> None:
        self._busy.discard(self)


@dataclass
class Office:
    """A browser at the front desk, and what the services were asked."""

    browser: httpx.AsyncClient
    answers: dict[str, Any] = field(default_factory=lambda: dict(ANSWERS))
    asked: list[httpx.Request] = field(default_factory=list)
    places: Counter[str] = field(default_factory=Counter)
    busy: set[Sent] = field(default_factory=set)
    app: FastAPI = field(default_factory=FastAPI)

    def sign_in(self, scopes: str = EVERYTHING, **more: Any) -> None:
        session = {"access": "token", "refresh": "", "ends": time.time() + 600, "scopes": scopes, "subject": "person:1"}
        session |= {"name": "Dana Desk", "clinic_id": "c", "form_token": FORM_TOKEN, "began": time.time()} | more
        self.browser.cookies.set(f"{COOKIE}-0", Seal(SECRET, 3_600).close(session), domain="desk.test")

    async def get(self, path: str, **how: Any) -> httpx.Response:
        return await self.browser.get(path, **how)

    async def send(self, path: str, _token: str = FORM_TOKEN, **fields: Any) -> httpx.Response:
        return await self.browser.post(path, data={"form_token": _token} | fields)

    def changes(self) -> list[httpx.Request]:
        return [one for one in self.asked if "idempotency-key" in one.headers]

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        path = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", request.url.path)
        found = self.answers.get(f"{request.method} {request.url.host} {path}")
        if found is None:
            return httpx.Response(404, json={"type": "urn:problem:dental-billing:not-found", "title": "None"})
        if isinstance(found, Exception):
            raise found
        return found if isinstance(found, httpx.Response) else httpx.Response(200, json=found)

    async def send_answer(self, request: httpx.Request) -> httpx.Response:
        answer = self.answer(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=Sent(answer.content, self.busy))


def settings_of(**more: Any) -> FrontDeskSettings:
    urls = {f"{name}_url": f"http://{name}" for name in ("invoicing", "payments", "receipts", "notifications")}
    given: dict[str, Any] = {"environment": "local", "session_secret": SecretStr(SECRET), "public_url": HERE}
    return FrontDeskSettings(**(given | {"provider_url": "http://provider.test"} | urls | more))


@asynccontextmanager
async def office(**more: Any) -> AsyncIterator[Office]:
    """The front desk, told what a test tells it besides (`settings_of`)."""
    opened = Office(httpx.AsyncClient())
    app = build_app(settings_of(**more), transport=httpx.MockTransport(opened.send_answer))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app)
        async with httpx.AsyncClient(transport=transport, base_url=more.get("public_url", HERE)) as browser:
            opened.browser, opened.places, opened.app = browser, app.state.places, app
            yield opened
