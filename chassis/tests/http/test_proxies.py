"""Who a request comes from is what the connection says, or what a proxy says that was named (`ALL-4`)."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from chassis.http.listening import Listening
from chassis.settings import Settings
from pydantic import ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

SAID = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "Forwarded": "for=203.0.113.10;proto=https"}


async def seen_by(settings: Settings) -> tuple[str, str]:
    """What an application sees of a request that claims to come from elsewhere: address and scheme."""

    async def app(scope: object, receive: object, send: object) -> None:
        request = Request(scope, receive, send)  # type: ignore[arg-type]
        seen = [request.client.host if request.client else "", request.url.scheme]
        await JSONResponse(seen)(scope, receive, send)  # type: ignore[arg-type]

    listening = Listening(app, settings, 0)  # type: ignore[arg-type]
    serving = asyncio.create_task(listening.run())
    try:
        async with httpx.AsyncClient() as client:
            address, scheme = (await client.get(f"http://127.0.0.1:{listening.port}/", headers=SAID)).json()
    finally:
        listening.stop()
        await serving
    return address, scheme


async def test_nobodys_word_is_taken_for_where_a_request_comes_from() -> None:
    """Not even of this machine: who is not named may be anybody behind it."""
    assert await seen_by(Settings(http_host="127.0.0.1")) == ("127.0.0.1", "http")
    assert await seen_by(Settings(http_host="127.0.0.1", http_trusted_proxies="192.0.2.1")) == ("127.0.0.1", "http")


async def test_proxy_that_is_named_is_believed() -> None:
    trusting = Settings(http_host="127.0.0.1", http_trusted_proxies="192.0.2.1, 127.0.0.0/8")
    assert await seen_by(trusting) == ("203.0.113.9", "https")


@pytest.mark.parametrize("given", ["*", "proxy.example", "10.0.0.1/8", "0.0.0.0/0", "::/0"])
def test_what_is_no_proxy_is_refused_at_the_start(given: str) -> None:
    with pytest.raises(ValidationError) as refused:
        Settings(http_trusted_proxies=given)
    assert refused.value.errors()[0]["loc"] == ("http_trusted_proxies",)
