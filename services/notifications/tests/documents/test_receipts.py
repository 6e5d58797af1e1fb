"""What the receipts service can answer, and what is made of it (NOT-5)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from uuid import UUID

import httpx
import pytest
from chassis.http import TokenSource
from notifications.documents.receipts import LARGEST_BYTES, DocumentMissing, ReceiptsService
from notifications.domain.notice import Document
from notifications.domain.payment_details import PaymentDetails

CLINIC, DOCUMENT = UUID(int=1), UUID(int=2)
Answer = Callable[[httpx.Request], httpx.Response]


def all_made(request: httpx.Request) -> httpx.Response:
    items = [{"kind": kind, "id": one, "state": "ready"} for kind, one in request.url.params.multi_items()]
    return httpx.Response(200, json={"items": items})


def service(answer: Answer, look: Answer = all_made) -> tuple[ReceiptsService, list[str]]:
    """The service behind a transport that answers as told, to looks too; and which tokens were given out."""
    given: list[str] = []

    def answered(request: httpx.Request) -> httpx.Response:
        if request.url.path == "/token":
            given.append(f"token-{len(given) + 1}")
            return httpx.Response(200, json={"access_token": given[-1], "expires_in": 300})
        if request.url.path == "/v1/documents":
            return look(request)
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


@pytest.mark.rule("NOT-11.1")
async def test_how_the_clinic_is_paid_is_asked_with_its_token() -> None:
    said = {"account_holder": "Linde", "iban": "DE89370400440532013000", "bic": None, "payment_link": None, "new": 1}
    receipts, given = service(lambda _: httpx.Response(200, json=said))
    found = await receipts.payment_details(CLINIC)
    assert found == PaymentDetails("Linde", "DE89370400440532013000")
    assert given == ["token-1"]
    await receipts.close()


@pytest.mark.rule("NOT-11.3")
async def test_a_keeper_that_does_not_know_the_question_says_nothing_and_one_that_is_away_is_waited_for() -> None:
    receipts, _ = service(lambda _: httpx.Response(404))
    assert await receipts.payment_details(CLINIC) is None
    await receipts.close()
    assert await ReceiptsService("http://receipts.test", None).payment_details(CLINIC) is None
    for answer in (away, taking_its_time, lambda _: httpx.Response(503)):
        receipts, _ = service(answer)
        with pytest.raises(DocumentMissing):
            await receipts.payment_details(CLINIC)
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


async def test_all_that_are_wanted_in_one_moment_share_a_look_and_only_what_is_made_is_fetched() -> None:
    """NOT-5: a clinic's documents by one question, however many messages wait for them."""
    looks: list[list[tuple[str, str]]] = []
    fetched: list[str] = []
    other = UUID(int=9)

    def look(request: httpx.Request) -> httpx.Response:
        looks.append(request.url.params.multi_items())
        items = [
            {"kind": kind, "id": one, "state": "ready" if UUID(one).int % 2 else "being_made"}
            for kind, one in request.url.params.multi_items()
        ]
        return httpx.Response(200, json={"items": items})

    def answer(request: httpx.Request) -> httpx.Response:
        fetched.append(request.url.path)
        return httpx.Response(200, content=b"%PDF-1.7")

    receipts, _ = service(answer, look)
    wanted = [UUID(int=number) for number in range(1, 21)]
    fetching = [receipts.fetch(CLINIC, Document.INVOICE, id_) for id_ in wanted]
    made = await asyncio.gather(*fetching, receipts.fetch(other, Document.PLAN, DOCUMENT), return_exceptions=True)
    assert sorted(looks, key=len) == [
        [("installment_plan", str(DOCUMENT))],
        [("invoice", str(id_)) for id_ in wanted],
    ]
    assert sorted(fetched) == sorted(f"/v1/invoices/{id_}/pdf" for id_ in wanted if id_.int % 2)
    missing = [one for one in made if isinstance(one, DocumentMissing)]
    assert len(missing) == 11
    assert {one.retry_after_seconds for one in missing} == {1.0}
    await receipts.close()


async def test_more_than_fit_into_one_look_are_looked_for_by_several() -> None:
    sizes: list[int] = []

    def look(request: httpx.Request) -> httpx.Response:
        sizes.append(len(request.url.params.multi_items()))
        return all_made(request)

    receipts, _ = service(lambda _: httpx.Response(200, content=b"%PDF-1.7"), look)
    await asyncio.gather(*(receipts.fetch(CLINIC, Document.RECEIPT, UUID(int=one)) for one in range(250)))
    assert sizes == [100, 100, 50]
    await receipts.close()


@pytest.mark.parametrize(
    ("look", "ready_in"),
    [
        (lambda _: httpx.Response(503, headers={"Retry-After": "2"}), 2.0),
        (taking_its_time, 1.0),
        (away, None),
    ],
    ids=["busy", "slow", "away"],
)
async def test_where_the_look_fails_nothing_is_fetched(look: Answer, ready_in: float | None) -> None:
    receipts, _ = service(lambda _: httpx.Response(200, content=b"%PDF-1.7"), look)
    with pytest.raises(DocumentMissing) as missing:
        await receipts.fetch(CLINIC, Document.RECEIPT, DOCUMENT)
    assert missing.value.retry_after_seconds == ready_in
    await receipts.close()


async def test_a_keeper_from_before_there_was_the_look_is_asked_for_each() -> None:
    receipts, _ = service(lambda _: httpx.Response(200, content=b"%PDF-1.7"), lambda _: httpx.Response(404))
    assert await receipts.fetch(CLINIC, Document.RECEIPT, DOCUMENT) == b"%PDF-1.7"
    await receipts.close()
