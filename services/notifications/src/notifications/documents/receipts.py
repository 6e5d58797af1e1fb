"""The receipts service, as the keeper of the PDFs that go with a message, and of how a clinic is paid.

Whoever wants documents of a clinic at the same moment shares one inquiry for all of them; only what is made is fetched.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

import httpx
from chassis.http.tokens import TokenSource, TokenSourceUnavailable
from chassis.messaging.batching import Batcher
from chassis.telemetry import client_span
from pydantic import TypeAdapter

from notifications.documents.remembered import AGAIN_SECONDS, Remembered
from notifications.domain.notice import Document
from notifications.domain.payment_details import PaymentDetails

LARGEST_BYTES: Final = 15 * 1024 * 1024
"""More than most mail servers take."""
_TIMEOUTS: Final = httpx.Timeout(10.0, read=1.5)
"""Their keeper makes us wait while a document is made; we rather ask again, so that others are not kept waiting."""
_ONE_FOR_ALL: Final = httpx.Timeout(10.0)
"""For what is asked once for all messages of a clinic."""
_ASK_AGAIN_SECONDS: Final = 1.0
_STATES: Final = "/v1/documents"
_PAYMENT_DETAILS: Final = "/v1/payment-details"
_MOST_INQUIRED: Final = 100
_NAMES: Final = {
    Document.RECEIPT: "receipt",
    Document.INVOICE: "invoice",
    Document.PLAN: "installment_plan",
}
"""Kinds that can be inquired about; others are fetched at once, and their keeper says when they are made."""
_ROUTES: Final = {
    Document.CREDIT_NOTE: "/v1/credit-notes/{id}/pdf",
    Document.DEBIT_NOTE: "/v1/debit-notes/{id}/pdf",
    Document.RECEIPT: "/v1/receipts/{id}/pdf",
    Document.INVOICE: "/v1/invoices/{id}/pdf",
    Document.PLAN: "/v1/installment-plans/{id}/agreement.pdf",
}
_UNAUTHORIZED: Final = 401
_DETAILS: Final = TypeAdapter(PaymentDetails)
_COPY: Final = httpx.QueryParams({"copy": "true"})
Wanted = tuple[str, UUID]
"""The kind of a document as the inquiry names it, and its id."""


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
        self._inquiries = Batcher(self._inquire, most=_MOST_INQUIRED, name="inquire for documents of")
        self._payment_details = Remembered(self._ask_payment_details, (DocumentMissing,))

    async def fetch(self, clinic_id: UUID, document: Document, document_id: UUID, *, copy: bool = False) -> bytes:
        """The PDF; a receipt's `copy` says so on it (`RCP-1.3`). Raises DocumentMissing."""
        kind = _NAMES.get(document)
        if kind is not None and await self._is_being_made(clinic_id, (kind, document_id)):
            raise DocumentMissing("the document is being made", _ASK_AGAIN_SECONDS)
        route = _ROUTES[document]
        stamp = _COPY if copy and document is Document.RECEIPT else httpx.QueryParams()
        answer = await self._answer(clinic_id, route, route.replace("{id}", str(document_id)), stamp)
        return _pdf_of(answer)

    async def payment_details(self, clinic_id: UUID) -> PaymentDetails | None:
        """How the clinic is paid, as it was within the minute; None where it does not say, or nobody says for it.

        Raises DocumentMissing while that is worth waiting for.
        """
        if self._tokens is None:
            return None
        try:
            return await self._payment_details.of(clinic_id)
        except DocumentMissing as missing:
            raise DocumentMissing(str(missing), missing.retry_after_seconds or AGAIN_SECONDS) from None

    async def _ask_payment_details(self, clinic_id: UUID) -> PaymentDetails | None:
        """Of a keeper that does not know this question, nothing is known."""
        answer = await self._answer(clinic_id, _PAYMENT_DETAILS, _PAYMENT_DETAILS, httpx.QueryParams(), _ONE_FOR_ALL)
        if answer.status_code == httpx.codes.NOT_FOUND:
            return None
        if answer.status_code != httpx.codes.OK:
            raise DocumentMissing(f"the receipts service answered {answer.status_code}", _retry_after(answer))
        return _DETAILS.validate_json(answer.content)

    async def _is_being_made(self, clinic_id: UUID, wanted: Wanted) -> bool:
        """By one inquiry for all that are asked for in this moment. Raises DocumentMissing."""
        return wanted in await self._inquiries.add(clinic_id, wanted)

    async def _inquire(self, clinic_id: UUID, wanted: Sequence[Wanted]) -> frozenset[Wanted]:
        """Those that are still being made; of a keeper that does not know this question, none is said to be."""
        query = httpx.QueryParams([(kind, str(one)) for kind, one in wanted])
        answer = await self._answer(clinic_id, _STATES, _STATES, query)
        if answer.status_code != httpx.codes.OK:
            retry_after = _retry_after(answer) if answer.is_server_error else None
            if retry_after is None:
                return frozenset()
            raise DocumentMissing(f"the receipts service answered {answer.status_code}", retry_after)
        items = answer.json()["items"]
        return frozenset((item["kind"], UUID(item["id"])) for item in items if item["state"] == "being_made")

    async def _answer(
        self, clinic_id: UUID, route: str, url: str, query: httpx.QueryParams, timeouts: httpx.Timeout = _TIMEOUTS
    ) -> httpx.Response:
        if self._tokens is None:
            raise DocumentMissing("no token issuer is configured (TOKEN_URL, CLIENT_ID, CLIENT_SECRET)")
        try:
            with client_span("GET", self._host, route):
                headers = await self._tokens.headers(clinic_id) | {"Accept": "application/pdf, application/json"}
                answer = await self._client.get(url, headers=headers, params=query, timeout=timeouts)
        except TokenSourceUnavailable as fault:
            raise DocumentMissing(f"no token for the receipts service: {type(fault).__name__}") from None
        except httpx.ReadTimeout:
            raise DocumentMissing("the receipts service takes its time", _ASK_AGAIN_SECONDS) from None
        except httpx.HTTPError as fault:
            raise DocumentMissing(f"the receipts service cannot be reached: {type(fault).__name__}") from None
        if answer.status_code == _UNAUTHORIZED:
            self._tokens.forget()
        return answer

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
