"""A connection to the broker that ends between two turns of the loop that services run on: a fault like any other."""

from __future__ import annotations

import asyncio

import pytest
import uvloop
from aiokafka.conn import create_conn
from aiokafka.errors import KafkaConnectionError
from aiokafka.protocol.metadata import MetadataRequest
from chassis.messaging.connections import Connection


def test_what_falls_on_a_connection_that_was_just_closed_is_told_that_it_is_broken(kafka_server: str) -> None:
    """ALL-1: of anything but a broken connection aiokafka ends the task that fetches, commits or publishes."""

    async def asks() -> None:
        host, _, port = kafka_server.partition(":")
        connection = await create_conn(host, int(port))
        assert type(connection) is Connection
        connection._writer.transport.abort()
        await asyncio.sleep(0)  # it is closed now, and aiokafka's own task hears of it in the next turn
        with pytest.raises(KafkaConnectionError, match="it is closed"):
            connection.send(MetadataRequest(["sample"], allow_auto_topic_creation=False))
        assert not connection.connected()

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(asks())
