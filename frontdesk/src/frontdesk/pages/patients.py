"""Patients: one box for a name, a birth date, a chart number, an invoice's or a receipt's number."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import RedirectResponse, Response

from frontdesk.clients import Missing, Refused, attempt
from frontdesk.desk import AtDesk, Desk, Submitted, text_of

router = APIRouter()
SHOWN_MAX = 20


@router.get("/")
async def first_page() -> Response:
    """A day begins with a patient."""
    return RedirectResponse("/patients", 303)


@router.get("/patients")
async def list_patients(desk: AtDesk, cursor: str | None = None) -> Response:
    """The box, and some patients below it."""
    found = await attempt(desk.services.search("invoicing", "/v1/patients/search", {}, limit=SHOWN_MAX, cursor=cursor))
    return desk.page("patients.html", found=found, typed_text="", receipts=[])


@router.post("/patients")
async def find_patients(desk: AtDesk, form: Submitted) -> Response:
    """Who was meant. What was typed is a body and no address, for addresses stand in logs (`ALL-6`)."""
    text = text_of(form, "text")[:200]
    found, receipts = await asyncio.gather(attempt(search(desk, text)), _receipts(desk, text))
    template = "part_patients.html" if desk.partial else "patients.html"
    return desk.page(template, found=found, typed_text=text, receipts=receipts)


async def search(desk: Desk, text: str) -> Any:
    """The patients that this text means; nobody where it has no words to find anybody by. Raises Unreachable."""
    try:
        body = {"text": text} if text else {}
        return await desk.services.search("invoicing", "/v1/patients/search", body, limit=SHOWN_MAX)
    except Refused as refused:
        if refused.status == 422:  # noqa: PLR2004 - no words that anybody could be found by
            return {"items": [], "next": None}
        raise


async def _receipts(desk: Desk, number: str) -> list[dict[str, Any]]:
    """Receipts of this number, each with its patient; none where it is none, or receipts does not answer."""
    if not any(sign.isdigit() for sign in number) or not desk.person.may("receipts:read"):
        return []
    try:
        page = await attempt(desk.services.get("receipts", "/v1/receipts", number=number, limit=5))
    except Refused:
        return []
    return [] if isinstance(page, Missing) else list(page["items"])
