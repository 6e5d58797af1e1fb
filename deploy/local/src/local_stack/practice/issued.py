"""Hearing which visits were invoiced: a listener on invoicing's topic, from where it began on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any, Self
from uuid import UUID

import orjson
from aiokafka import AIOKafkaConsumer
from aiokafka.errors import KafkaError
from contracts.invoicing import InvoiceIssued

from local_stack.practice.problems import StackUnreachable

Heard = Callable[[UUID, UUID], Awaitable[None]]
"""Is told the appointment and its invoice."""

_TYPE = InvoiceIssued.event_type.encode()


class IssuedInvoices:
    """Listens without a consumer group, so that no other consumer notices."""

    def __init__(self, bootstrap: str, heard: Heard) -> None:
        self._bootstrap = bootstrap
        self._heard = heard
        self._consumer = AIOKafkaConsumer(
            InvoiceIssued.topic,
            bootstrap_servers=bootstrap,
            group_id=None,
            enable_auto_commit=False,
            auto_offset_reset="latest",
            fetch_max_wait_ms=50,
        )
        self._listening: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        """Listen from the topic's present end on. Raises StackUnreachable."""
        try:
            await self._consumer.start()
            await self._consumer.seek_to_end()
        except (KafkaError, OSError) as error:
            await self._consumer.stop()
            raise StackUnreachable(f"Kafka does not answer at {self._bootstrap}: {error}") from error
        self._listening = asyncio.create_task(self._listen())
        return self

    async def __aexit__(self, *_: object) -> None:
        """Stop listening."""
        if self._listening is not None:
            self._listening.cancel()
            with suppress(asyncio.CancelledError):
                await self._listening
        await self._consumer.stop()

    async def _listen(self) -> None:
        while True:
            for records in (await self._consumer.getmany(timeout_ms=1_000)).values():
                for record in records:
                    await self._hear(record)

    async def _hear(self, record: Any) -> None:
        if ("ce_type", _TYPE) not in record.headers:
            return
        invoice = orjson.loads(record.value)
        if invoice.get("appointment_id"):
            await self._heard(UUID(invoice["appointment_id"]), UUID(invoice["invoice_id"]))
