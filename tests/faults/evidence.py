"""Collects what is there once everything has come to rest: over HTTP, from the topics, and from the outboxes."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

import asyncpg
from aiokafka import AIOKafkaConsumer
from asked_requests import AskingApi
from contracts.participants import ANNOUNCES, SERVICES
from fault_load import Visits
from local_stack.edge.mailbox import Mailbox
from local_stack.looking import compare_all, prove_each
from local_stack.practice.streams import Streams
from local_stack.supervisor import Stack
from partner import Partner
from planted import in_files, in_record
from survival import Evidence, Published

REST_SECONDS_MAX = 1_800.0
"""Of an hour of faults on a machine with two cores, thousands of messages are left: all of them are to be handled."""
DRAFTS_SECONDS_MAX = 240.0
"""A draft of what came late is issued by the minute's job, once it was left alone."""
SENT_SECONDS_MAX = 180.0
"""A claim that nobody closed lasts a minute."""
LEFT_ALONE_TIMES = 4
"""How much longer than a look takes it is until the next."""
AT_ONCE = 8
OURS = "/dental-billing/"


async def come_to_rest(api: AskingApi, clinics: Sequence[UUID], kafka: str, told: Partner) -> list[str]:
    """Wait until nothing is under way any more; what is not so in the end, in words."""
    async with Streams(api, kafka) as streams:
        for clinic in clinics:
            await streams.quiet(clinic, REST_SECONDS_MAX)
        await _until_none(
            lambda: _of_all(api, clinics, "invoicing", "/v1/invoices", status="draft"), DRAFTS_SECONDS_MAX
        )
        for clinic in clinics:
            await streams.quiet(clinic, REST_SECONDS_MAX)
        await _until_none(lambda: _on_the_way(api, clinics), SENT_SECONDS_MAX)
        await _until_none(lambda: _unprinted(api, clinics), SENT_SECONDS_MAX)
        for clinic, endpoint in told.endpoints.items():
            path = f"/v1/webhook-endpoints/{endpoint}/deliveries"
            await _until_none(
                lambda clinic=clinic, path=path: _of_all(api, [clinic], "notifications", path, state="waiting"),
                SENT_SECONDS_MAX,
            )
        points = [await streams.quiet(clinic, REST_SECONDS_MAX) for clinic in clinics]
    return [str(one) for point in points for one in point.set_aside]


async def settle(api: AskingApi) -> None:
    """Ask once more for all that was acknowledged or is unknown, under its key."""
    turns = asyncio.Semaphore(AT_ONCE)

    async def one_of(asked: Any) -> None:
        async with turns:
            await api.settle(asked)

    await asyncio.gather(*(one_of(one) for one in list(api.asked) if one.outcome != "refused"))


async def collected(
    stack: Stack,
    api: AskingApi,
    visits: Iterable[Visits],
    clinics: Sequence[UUID],
    set_aside: Sequence[str],
    told: Partner,
) -> Evidence:
    """All of it. Nothing may be under way."""
    ended = {visit: clinic for one in visits for visit, clinic in one.told.items()}
    well = await asyncio.to_thread(prove_each, stack.layout)
    _, differences = await compare_all(stack.layout)
    outbox = {name: await _outbox(stack, name) for name in SERVICES}
    transactions = await _of_all(api, clinics, "payments", "/v1/tallies/transactions")
    records, misplaced = await published(stack.layout.addresses().kafka_bootstrap)
    return Evidence(
        asked=api.asked,
        visits=ended,
        invoices=await _of_all(api, clinics, "invoicing", "/v1/invoices"),
        transactions={transaction["id"]: transaction["figures"]["kind"] for transaction in transactions},
        receipts=await _of_all(api, clinics, "receipts", "/v1/receipts"),
        messages=await _of_all(api, clinics, "notifications", "/v1/messages"),
        mails=_mails(stack),
        unpublished={name: unpublished for name, (_, unpublished) in outbox.items()},
        outbox={name: ids for name, (ids, _) in outbox.items()},
        published=records,
        told=told.taken if told.endpoints else None,
        misplaced=[*misplaced, *in_files(stack.home / "logs")],
        set_aside=set_aside,
        differences=[*differences, *([] if well else ["a service finds one within itself, see above"])],
    )


async def published(kafka: str) -> tuple[list[Published], list[str]]:
    """All records of our topics, from the first, in the order of their partitions; what names stand amiss in them."""
    consumer = AIOKafkaConsumer(bootstrap_servers=kafka, enable_auto_commit=False, auto_offset_reset="earliest")
    await consumer.start()
    try:
        topics = [topic for topic, service in ANNOUNCES.items() if service in SERVICES]
        consumer.subscribe(topics)
        while not consumer.assignment():
            await consumer.getmany(timeout_ms=100)
        await consumer.seek_to_beginning()
        ends = await consumer.end_offsets(consumer.assignment())
        found: list[Published] = []
        misplaced: list[str] = []
        while any([await consumer.position(one) < end for one, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500, max_records=5_000)).values():
                found += (these := [_published(record) for record in records])
                for record, one in zip(records, these, strict=True):
                    misplaced += in_record(one.topic, one.event_type, record.key, record.headers, record.value)
        return found, misplaced
    finally:
        await consumer.stop()


def _published(record: Any) -> Published:
    said = {name: value.decode() for name, value in record.headers}
    return Published(
        said["ce_source"].removeprefix(OURS),
        record.topic,
        record.key.decode(),
        said["ce_clinicid"],
        said["ce_subject"],
        int(said["ce_sequence"]),
        said["ce_id"],
        said["ce_type"],
    )


async def _outbox(stack: Stack, service: str) -> tuple[frozenset[str], int]:
    connection = await asyncpg.connect(stack.database_dsn(service))
    try:
        rows = await connection.fetch("SELECT event_id, published_at IS NULL AS open FROM outbox")
    finally:
        await connection.close()
    return frozenset(str(row["event_id"]) for row in rows), sum(row["open"] for row in rows)


async def _of_all(
    api: AskingApi, clinics: Sequence[UUID], service: str, path: str, **query: str
) -> list[dict[str, Any]]:
    return [
        page | {"clinic_id": str(clinic)}
        for clinic in clinics
        async for page in api.pages(service, clinic, path, **query)
    ]


async def _on_the_way(api: AskingApi, clinics: Sequence[UUID]) -> list[dict[str, Any]]:
    """Messages that are not sent yet, whatever they wait for: their documents are made in an order of its own."""
    found: list[dict[str, Any]] = []
    for state in ("planned", "claimed", "retrying"):
        found += await _of_all(api, clinics, "notifications", "/v1/messages", state=state)
    return found


async def _unprinted(api: AskingApi, clinics: Sequence[UUID]) -> list[dict[str, Any]]:
    return [one for one in await _of_all(api, clinics, "receipts", "/v1/receipts") if one["state"] == "pending"]


async def _until_none(look: Any, seconds: float) -> None:
    """Wait for a list to be empty, for as long as it gets shorter; what stays in it is found later, by name.

    Looking at a list of thousands is work for the very service that is to make it shorter: it is let be for longer
    than that took.
    """
    loop = asyncio.get_running_loop()
    deadline, least, began = loop.time() + seconds, None, loop.time()
    while loop.time() < deadline and (left := len(await look())):
        if least is None or left < least:
            deadline, least = loop.time() + seconds, left
        await asyncio.sleep(min(seconds / 4, max(1.0, LEFT_ALONE_TIMES * (loop.time() - began))))
        began = loop.time()


def _mails(stack: Stack) -> dict[str, int]:
    """How often the mail server took each message, by the message's id."""
    sent = Counter(mail.message_id for mail in Mailbox(stack.home / "edge" / "mails").newest_first())
    return {message_id.strip("<").partition("@")[0]: times for message_id, times in sent.items()}
