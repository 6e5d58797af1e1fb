"""What carries requests to the services: httpx above, aiohttp below, which reads an answer in a third of the time."""

from __future__ import annotations

from http.cookiejar import CookieJar, DefaultCookiePolicy

import aiohttp
import httpx
from httpx_aiohttp import AiohttpTransport

CONNECTIONS_MAX = 60
IDLE_SECONDS = 20.0
"""A connection that nobody uses for so long is closed, before the services close it."""


class Carrier(AiohttpTransport):
    """Connections that know no cookie, as they carry everybody's requests. Raises httpx.TransportError alone."""

    def get_client(self) -> aiohttp.ClientSession:
        """Its connections, made with the first request."""
        connector = aiohttp.TCPConnector(limit=CONNECTIONS_MAX, keepalive_timeout=IDLE_SECONDS, ssl=self.ssl_context)
        return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """The service's answer; what is none of HTTP is as if it had not answered."""
        try:
            return await super().handle_async_request(request)
        except aiohttp.ClientError as fault:
            raise httpx.RemoteProtocolError(type(fault).__name__) from fault


def no_cookies() -> CookieJar:
    """What keeps none: a client carries the requests of all persons, and what is set for one is not sent for others."""
    return CookieJar(DefaultCookiePolicy(allowed_domains=[]))
