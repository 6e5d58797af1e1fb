"""Throw-away servers: real ones, shared by a run, gone with it."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import asyncpg
from aiokafka.admin import AIOKafkaAdminClient
from chassis.testing.eventually import eventually
from local_stack.throwaway import end_held, held_server

from contracts import TOPICS


async def test_postgres_18_takes_connections(postgres_server: str) -> None:
    connection = await asyncpg.connect(postgres_server)
    try:
        assert (await connection.fetchval("SHOW server_version")).startswith("18.")
    finally:
        await connection.close()


async def test_kafka_has_every_topic_of_the_contracts_with_twelve_partitions(kafka_server: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka_server)
    await admin.start()
    try:
        described = {topic["topic"]: len(topic["partitions"]) for topic in await admin.describe_topics()}
    finally:
        await admin.close()
    assert {name: described.get(name) for name in TOPICS} == dict.fromkeys(TOPICS, 12)


async def test_all_who_ask_share_one_server_and_it_ends_with_its_owner(tmp_path: Path) -> None:
    owner = await asyncio.create_subprocess_exec(sys.executable, "-c", "input()", stdin=subprocess.PIPE)
    try:
        address = held_server("postgres", tmp_path, owner.pid)
        assert held_server("postgres", tmp_path, owner.pid) == address
        await (await asyncpg.connect(address)).close()
    finally:
        owner.kill()
        await owner.wait()
    await eventually(lambda: is_gone(address))


async def test_what_is_held_is_gone_when_ending_it_returns(tmp_path: Path) -> None:
    """As at the end of a run: nothing is left running that whoever started it did not see."""
    address = await asyncio.to_thread(held_server, "postgres", tmp_path, os.getpid())
    await asyncio.to_thread(end_held, tmp_path)
    assert await is_gone(address)


async def is_gone(address: str) -> bool:
    try:
        await (await asyncpg.connect(address)).close()
    except (OSError, asyncpg.PostgresError):
        return True
    return False
