"""A PDF as an answer: inline, named, with the hash of its bytes as its ETag."""

from __future__ import annotations

import hashlib
import re
from functools import partial
from typing import Any
from urllib.parse import quote

from chassis.http import until_known
from fastapi import Request
from starlette.responses import Response

from receipts.persistence.stored_documents import StoredDocument
from receipts.use_cases.find_document import FindDocument, find_document

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
    """The stored bytes of a rendition. Raises DocumentNotReady, DocumentSetAside."""
    resources = request.app.state.resources
    wait = partial(until_known, seconds=resources.settings.document_wait_seconds)
    return pdf_answer(request, await find_document(resources.database, wanted, wait), name)


def pdf_answer(request: Request, document: StoredDocument, name: str) -> Response:
    """The answer, or 304 where the client has these bytes."""
    etag = f'"{document.sha256}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache", "Content-Disposition": _disposition(name)}
    known = {one.strip() for one in request.headers.get("if-none-match", "").split(",")}
    if etag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(document.pdf, 200, headers, MEDIA_TYPE)


def unstored(pdf: bytes) -> StoredDocument:
    """Bytes that were put together for this answer only."""
    return StoredDocument(hashlib.sha256(pdf).hexdigest(), pdf)


def _disposition(name: str) -> str:
    """RFC 6266: an ASCII name for all, the true one for those that read it."""
    plain = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.") or "document"
    return f"inline; filename=\"{plain}.pdf\"; filename*=UTF-8''{quote(name, safe='')}.pdf"
