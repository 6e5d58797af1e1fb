"""A partner to whom events are sent (webhooks): it notes what it takes, by the id under which it knows it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import UUID, uuid4

from local_stack.practice.api import Api

EVENT_TYPES = ("billing.payment.recorded.v1", "billing.payment.refunded.v1")
_TAKEN = b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n"
_LENGTH = "content-length"


@dataclass
class Partner:
    """How often each event came, by its id."""

    url: str = ""
    taken: Counter[str] = field(default_factory=Counter)
    endpoints: dict[UUID, str] = field(default_factory=dict)
    """The endpoint of each clinic that tells it."""

    async def be_told_by(self, api: Api, clinic: UUID) -> None:
        """Have a clinic's events sent here from now on."""
        body = {"url": self.url, "event_types": list(EVENT_TYPES), "reason": "a round of faults"}
        made = await api.post("notifications", clinic, "/v1/webhook-endpoints", body, uuid4())
        self.endpoints[clinic] = made.body["id"]

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")[1:]
            headers = {name.lower(): value.strip() for name, _, value in (one.partition(":") for one in head if one)}
            await reader.readexactly(int(headers.get(_LENGTH, "0")))
            self.taken[headers["webhook-id"]] += 1
            writer.write(_TAKEN)
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError):
            pass  # who was to tell is gone, and tells it again
        finally:
            writer.close()


@asynccontextmanager
async def partner() -> AsyncIterator[Partner]:
    """One that listens on this machine."""
    one = Partner()
    async with await asyncio.start_server(one._take, "127.0.0.1", 0) as server:
        one.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/events"
        yield one
