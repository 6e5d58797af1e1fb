"""Settings, Documents: how one pays them, and what of the clinic's own takes the place of the system's (`RCP-6`)."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter
from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import AtDesk, Desk, Notice, Submitted, text_of
from frontdesk.samples import KINDS, sample_of
from frontdesk.words import WRITTEN_IN

router = APIRouter()
WHERE = "/settings/documents"
SETTINGS = "/v1/document-settings"
TEMPLATES = "/v1/document-templates"
FAILURES_MAX = 20
_TO_BE_PAID = ("account_holder", "iban", "bic", "payment_link")


@router.get("/settings/documents")
async def show(desk: AtDesk) -> Response:
    """How documents say how to pay, and which templates and texts are the clinic's own."""
    return await _page(desk)


@router.post("/settings/documents")
async def save(desk: AtDesk, form: Submitted) -> Response:
    """Save how to pay, on the version that was seen; what is not on the form stays as it is (`RCP-11`)."""
    body = await _typed(desk, form) | {"reason": text_of(form, "reason")}
    key, version = text_of(form, "key"), text_of(form, "version")
    try:
        await desk.services.change("receipts", SETTINGS, body=body, key=key, method="PUT", version=version)
    except (Refused, Unreachable) as trouble:
        return await _page(desk, desk.told(trouble), 409)
    return desk.go(WHERE, Notice(desk.t("Saved.")))


@router.post("/settings/documents/preview")
async def preview(desk: AtDesk, form: Submitted) -> Response:
    """A sample with what is typed, by the clinic's own template where it has one; nothing is saved."""
    kind, own = text_of(form, "sample", "invoice"), await desk.services.get("receipts", TEMPLATES)
    would_be = {"settings": await _typed(desk, form), "template": own["templates"].get(kind), "texts": own["texts"]}
    made = await sample_of(desk, kind, "", **would_be)
    return await _page(desk, made, 409) if isinstance(made, Notice) else made


async def _typed(desk: Desk, form: Submitted) -> dict[str, Any]:
    now = await desk.services.get("receipts", SETTINGS)
    body = {name: value for name, value in now.items() if name != "version"}
    body |= {name: text_of(form, name) or None for name in _TO_BE_PAID}
    return body | {"show_procedures": text_of(form, "show_procedures") == "yes"}


async def _page(desk: Desk, notice: Notice | None = None, status: int = 200) -> Response:
    settings, own, failures = await asyncio.gather(
        desk.services.read("receipts", SETTINGS),
        desk.services.get("receipts", TEMPLATES),
        desk.services.get("receipts", TEMPLATES + "/failures", limit=FAILURES_MAX),
    )
    shown = {"settings": settings.body, "version": settings.etag, "own": own, "failures": failures["items"]}
    shown |= {"kinds": KINDS, "named": WRITTEN_IN, "tab": "documents"}
    return desk.page("settings_documents.html", status=status, notice=notice, **shown)
