"""Samples of documents as they would be, before what makes them so is saved (`RCP-6`)."""

from __future__ import annotations

from typing import Any

from starlette.responses import Response

from frontdesk.clients import Refused, Unreachable
from frontdesk.desk import Desk, Notice

KINDS = (
    "receipt",
    "roll",
    "invoice",
    "credit_note",
    "debit_note",
    "plan_agreement",
    "demand",
    "statement",
    "day_sheet",
)
"""What can be shown as a sample, and has a template."""
NOT_FOUND = 404


async def sample_of(desk: Desk, kind: str, language: str, **would_be: Any) -> Response | Notice:
    """A sample as PDF; without a `language` in the clinic's. Or what to say where there is none.

    `would_be` is what is not saved yet: `letterhead`, `settings`, `template`, `texts`.
    """
    body = {"kind": kind, "language": language or None} | would_be
    try:
        made = await desk.services.made("receipts", "/v1/document-previews", body)
    except (Refused, Unreachable) as trouble:
        if isinstance(trouble, Refused) and trouble.status == NOT_FOUND:
            return Notice(desk.t("It is not printed yet. Try again in a moment."), "trouble")
        return desk.told(trouble)
    return Response(made.content, media_type="application/pdf")
