"""The receipts service, as the keeper of the PDFs that go with a message."""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from chassis.http.tokens import TokenSource, TokenSourceUnavailable
from chassis.telemetry import client_span

from notifications.domain.notice import Document

LARGEST_BYTES: Final = 15 * 1024 * 1024
"""More than most mail servers take."""
_TIMEOUTS: Final = httpx.Timeout(10.0, read=1.5)
"""Their keeper makes us wait while a document is made; we rather ask again, so that others are not kept waiting."""
_ASK_AGAIN_SECONDS: Final = 1.0
_ROUTES: Final = {
    Document.RECEIPT: "/v1/receipts/{id}/pdf",
    Document.INVOICE: "/v1/invoices/{id}/pdf",
    Document.PLAN: "/v1/installment-plans/{id}/agreement.pdf",
}
_UNAUTHORIZED: Final = 401


class DocumentMissing(Exception):
    """The document cannot be had now. `retry_after_seconds` is set where its keeper only needs a moment."""

    def __init__(self, reason: str, retry_after_seconds: float | None = None) -> None:
        super().__init__(reason)
        self.retry_after_seconds = retry_after_seconds


class ReceiptsService:
    """Fetches documents over HTTP, with a token for the clinic they belong to."""

    def __init__(
        self, base_url: str, tokens: TokenSource | None, transport: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._tokens = tokens
        self._host = urlsplit(base_url).hostname or ""
        self._client = httpx.AsyncClient(base_url=base_url, transport=transport, timeout=_TIMEOUTS)

    async def fetch(self, clinic_id: UUID, document: Document, document_id: UUID) -> bytes:
        """The PDF. Raises DocumentMissing."""
        if self._tokens is None:
            raise DocumentMissing("no token issuer is configured (TOKEN_URL, CLIENT_ID, CLIENT_SECRET)")
        route = _ROUTES[document]
        try:
            with client_span("GET", self._host, route):
                headers = await self._tokens.headers(clinic_id) | {"Accept": "application/pdf"}
                answer = await self._client.get(route.replace("{id}", str(document_id)), headers=headers)
        except TokenSourceUnavailable as fault:
            raise DocumentMissing(f"no token for the receipts service: {type(fault).__name__}") from None
        except httpx.ReadTimeout:
            raise DocumentMissing("the receipts service takes its time", _ASK_AGAIN_SECONDS) from None
        except httpx.HTTPError as fault:
            raise DocumentMissing(f"the receipts service cannot be reached: {type(fault).__name__}") from None
        if answer.status_code == _UNAUTHORIZED:
            self._tokens.forget(clinic_id)
        return _pdf_of(answer)

    async def close(self) -> None:
        """Close its connections."""
        await self._client.aclose()
        if self._tokens is not None:
            await self._tokens.close()


def _pdf_of(answer: httpx.Response) -> bytes:
    if answer.status_code != httpx.codes.OK:
        raise DocumentMissing(f"the receipts service answered {answer.status_code}", _retry_after(answer))
    if len(answer.content) > LARGEST_BYTES or not answer.content.startswith(b"%PDF"):
        raise DocumentMissing("the receipts service answered with something that cannot be attached")
    return answer.content


def _retry_after(answer: httpx.Response) -> float | None:
    """The seconds that were asked for, within a minute; None for a date, which nobody sends for a moment's wait."""
    asked = answer.headers.get("Retry-After", "")
    return min(max(float(asked), 0.2), 60.0) if asked.isascii() and asked.isdigit() else None
