"""A PDF as an answer: inline, named, with the hash of its bytes as its ETag."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Collection
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any
from urllib.parse import quote
from uuid import UUID

from chassis.http import Arrivals
from chassis.http.admission import Admission, stepping_out
from chassis.http.auth import CLINIC_HEADER
from fastapi import Request
from starlette.responses import Response

from receipts.domain.render_task import ASKED_FOR, EVENT
from receipts.domain.requested_document import Rendered
from receipts.domain.stored_document import StoredDocument
from receipts.use_cases.find_document import FindDocument, Waiting, find_document

MEDIA_TYPE = "application/pdf"
PDF: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The PDF. Its ETag is the SHA-256 of its bytes.",
        "content": {MEDIA_TYPE: {"schema": {"type": "string", "format": "binary"}}},
        "headers": {"ETag": {"schema": {"type": "string"}}, "Content-Disposition": {"schema": {"type": "string"}}},
    },
    304: {"description": "If-None-Match names these very bytes"},
}


async def document_answer(request: Request, wanted: FindDocument, name: str) -> Response:
    """The stored bytes of a rendition. Raises what find_document raises."""
    async with in_line(request):
        resources = request.app.state.resources
        wanted = replace(wanted, priority=priority_of(request))
        found = await find_document(resources.database, resources.state.store, wanted, waiting(request))
        return pdf_answer(request, found, name)


def asks_a_service(request: Request) -> bool:
    """Whether a service asks that works for all clinics, which names the one that it asks for (decision 0045).

    Whoever has a token of one clinic is answered as a person is, also a program of the practice.
    """
    return CLINIC_HEADER in request.headers


def priority_of(request: Request) -> int:
    """A service that asks (for an email) queues with the receipts, or a day's invoices would hold them up."""
    return EVENT if asks_a_service(request) else ASKED_FOR


def patience(request: Request) -> float:
    """How many seconds a request waits for what is about to be there (`RCP-5`); services ask again instead."""
    seconds: float = request.app.state.resources.settings.document_wait_seconds
    return 0.0 if asks_a_service(request) else seconds


def waiting(request: Request) -> Waiting:
    """Waits for documents as long as this caller waits: one look for all who do, and no connection held meanwhile."""
    arrivals: Arrivals = request.app.state.resources.state.documents
    seconds = patience(request)

    async def wait(clinic_id: UUID, documents: Collection[Rendered]) -> None:
        if seconds:
            await asyncio.gather(*(arrivals.wait(clinic_id, document, seconds) for document in documents))

    return wait


@asynccontextmanager
async def in_line(request: Request) -> AsyncIterator[None]:
    """Services queue behind each other: however many documents they want, persons find connections to the database.

    The clinics that they ask for take turns (`ALL-4`). While they queue, others of their clinic work in their places.
    """
    if not asks_a_service(request):
        yield
        return
    line: Admission = request.app.state.resources.state.for_services
    async with line.present(UUID(request.headers[CLINIC_HEADER])) as place:
        async with stepping_out():
            await place.come_in()
        yield


def pdf_answer(request: Request, document: StoredDocument, name: str) -> Response:
    """The answer, or 304 where the client has these bytes."""
    etag = f'"{document.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": _disposition(name)}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(document.pdf, 200, headers, MEDIA_TYPE)


def _disposition(name: str) -> str:
    """RFC 6266: an ASCII name for all, the true one for those that read it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "document"
    return f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(name, safe='')}.pdf"
