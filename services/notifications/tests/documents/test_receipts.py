"""What the receipts service can answer, and what is made of it (NOT-5)."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from chassis.http import TokenSource
from notifications.documents.receipts import LARGEST_BYTES, DocumentMissing, ReceiptsService
from notifications.domain.notice import Document

CLINIC, DOCUMENT = UUID(int=1), UUID(int=2)
Answer = Callable[[httpx.Request], httpx.Response]


def service(answer: Answer) -> tuple[ReceiptsService, list[str]]:
    """The service behind a transport that answers as told; and which tokens were given out."""
    given: list[str] = []

    def answered(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            given.append(f"token-{len(given) + 1}")
            return httpx.Response(200, json={"access_token": given[-1], "expires_in": 300})
        return answer(request)

    transport = httpx.MockTransport(answered)
    tokens = TokenSource(
        token_url="http://issuer.test/token",
        client_id="notifications",
        client_secret="secret",
        scope="receipts:read",
        transport=transport,
    )
    return ReceiptsService("http://receipts.test", tokens, transport), given


def taking_its_time(request: httpx.Request) -> httpx.Response:
    raise httpx.ReadTimeout("slow", request=request)


def away(request: httpx.Request) -> httpx.Response:
    raise httpx.ConnectError("refused", request=request)


async def test_the_pdf_is_fetched_with_the_clinics_token() -> None:
    seen: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request)
        return httpx.Response(200, content=b"%PDF-1.7")

    receipts, _ = service(answer)
    assert await receipts.fetch(CLINIC, Document.INVOICE, DOCUMENT) == b"%PDF-1.7"
    assert seen[0].url.path == f"/v1/invoices/{DOCUMENT}/pdf"
    assert seen[0].headers["Authorization"] == "Bearer token-1"
    await receipts.close()


@pytest.mark.parametrize(
    ("answer", "ready_in"),
    [
        (lambda _: httpx.Response(404, headers={"Retry-After": "1"}), 1.0),
        (lambda _: httpx.Response(404, headers={"Retry-After": "86400"}), 60.0),
        (lambda _: httpx.Response(404), None),
        (lambda _: httpx.Response(503, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), None),
        (lambda _: httpx.Response(200, content=b"<html>"), None),
        (lambda _: httpx.Response(200, content=b"%PDF" + b"0" * LARGEST_BYTES), None),
        (taking_its_time, 1.0),
        (away, None),
    ],
    ids=["soon", "very late", "unknown", "by date", "no pdf", "too large", "slow", "away"],
)
async def test_what_is_no_document_says_whether_it_will_be_one_soon(answer: Answer, ready_in: float | None) -> None:
    receipts, _ = service(answer)
    with pytest.raises(DocumentMissing) as missing:
        await receipts.fetch(CLINIC, Document.RECEIPT, DOCUMENT)
    assert missing.value.retry_after_seconds == ready_in
    assert str(DOCUMENT) not in str(missing.value)
    await receipts.close()


async def test_a_token_that_is_refused_is_replaced() -> None:
    receipts, given = service(lambda _: httpx.Response(401))
    for _ in range(2):
        with pytest.raises(DocumentMissing):
            await receipts.fetch(CLINIC, Document.RECEIPT, DOCUMENT)
    assert given == ["token-1", "token-2"]
    await receipts.close()


async def test_without_a_token_issuer_the_reason_says_what_is_missing() -> None:
    receipts = ReceiptsService("http://receipts.test", None)
    with pytest.raises(DocumentMissing, match="TOKEN_URL"):
        await receipts.fetch(CLINIC, Document.RECEIPT, DOCUMENT)
    await receipts.close()
